"""Writes the seeds of fuzz_tflite: small networks through TensorFlow's converter in every mode, and
files with what the converter rarely makes.

    python fuzz/seed_tflite.py fuzz/corpus/fuzz_tflite

Run by hand, with TensorFlow (tests/interop/requirements.txt); its output is kept in the repository.
"""

import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import flatbuffers
import keras
import numpy as np
import tensorflow as tf
from flatbuffers import flexbuffers
from keras import layers as L
from tensorflow.lite.python import schema_py_generated as schema

keras.utils.set_random_seed(1)


def networks():
    conv = dict(padding="valid", activation="relu")
    yield "conv", keras.Sequential([
        keras.Input((6, 5, 1)), L.Conv2D(2, 3, **conv), L.MaxPooling2D(2), L.Flatten(),
        L.Dense(2, activation="softmax")])
    x = keras.Input((4, 4, 2), batch_size=1)
    y = L.DepthwiseConv2D(3, padding="same")(x)
    y = L.Add()([L.ReLU(6)(y), x])
    y = L.Concatenate()([L.AveragePooling2D(2)(y), L.MaxPooling2D(2)(y)])
    y = L.UpSampling2D(2, interpolation="bilinear")(L.ZeroPadding2D(1)(y))
    y = L.GlobalAveragePooling2D()(L.LeakyReLU()(L.Cropping2D(1)(y)))
    yield "branches", keras.Model(x, L.Activation("sigmoid")(y))
    x = keras.Input((6,), batch_size=1)
    y = L.Reshape((3, 2))(L.Dense(6, activation="tanh")(x))
    y = L.Permute((2, 1))(y)
    yield "dense", keras.Model(x, [L.Dense(2)(y), L.Subtract()([y, y])])
    # Dynamic range leaves constants of fewer than 1,024 elements alone.
    x = keras.Input((3, 3, 16), batch_size=1)
    y = L.Flatten()(L.Conv2D(8, 3, padding="same")(x))
    yield "wide", keras.Model(x, L.Dense(15)(y))


def convert(model, mode):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if mode != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if mode.startswith("int"):
        rng = np.random.default_rng(1)
        shape = (1,) + model.inputs[0].shape[1:]
        converter.representative_dataset = lambda: (
            [rng.standard_normal(shape).astype(np.float32)] for _ in range(8))
    if mode == "int16x8":
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8,
            tf.lite.OpsSet.TFLITE_BUILTINS]
    if mode == "int8":
        converter.inference_input_type = converter.inference_output_type = tf.uint8
    return converter.convert()


def tensor(name, shape, kind=schema.TensorType.FLOAT32, buffer=0):
    made = schema.TensorT()
    made.name, made.shape, made.type, made.buffer = name, shape, kind, buffer
    return made


def op(code, inputs, outputs):
    made = schema.OperatorT()
    made.opcodeIndex, made.inputs, made.outputs = code, inputs, outputs
    return made


def code(builtin, custom=None):
    made = schema.OperatorCodeT()
    made.builtinCode, made.deprecatedBuiltinCode = builtin, min(builtin, 127)
    made.customCode = custom
    return made


def pack(model):
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def unusual():
    """Two subgraphs, a custom op, sparsity, blockwise scales, options from two slots. Returns the model."""
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes = [code(119), code(32, "Mine"), code(19), code(206)]
    model.buffers = [schema.BufferT() for _ in range(3)]
    model.buffers[1].data = np.arange(8, dtype=np.uint8)
    model.metadataBuffer = [2]
    main, other = schema.SubGraphT(), schema.SubGraphT()
    sparse = tensor("sparse", [2, 4], schema.TensorType.INT8, 1)
    sparse.sparsity = schema.SparsityParametersT()
    sparse.sparsity.traversalOrder = [0, 1]
    dense, csr = schema.DimensionMetadataT(), schema.DimensionMetadataT()
    dense.denseSize = 2
    csr.format = 1
    csr.arraySegmentsType, csr.arrayIndicesType = 1, 3
    csr.arraySegments, csr.arrayIndices = schema.Int32VectorT(), schema.Uint8VectorT()
    csr.arraySegments.values, csr.arrayIndices.values = [0, 1, 2], [1, 3]
    sparse.sparsity.dimMetadata = [dense, csr]
    block = tensor("block", [8], schema.TensorType.INT4)
    block.quantization = schema.QuantizationParametersT()
    block.quantization.detailsType = 2
    block.quantization.details = schema.BlockwiseQuantizationT()
    block.quantization.details.blockSize = 4
    main.tensors = [tensor("x", [1]), tensor("y", [1]), sparse, block]
    main.inputs, main.outputs = [0], [1]
    custom = op(1, [0, -1], [1])
    custom.customOptions = np.frombuffer(b"\x01options", np.uint8)
    custom.intermediates, custom.mutatingVariableInputs = [2], [True, False]
    loop = op(0, [0], [1])
    loop.builtinOptionsType = schema.BuiltinOptions.WhileOptions
    loop.builtinOptions = schema.WhileOptionsT()
    loop.builtinOptions.bodySubgraphIndex = 1
    composite = op(3, [0], [1])
    composite.builtinOptions2Type = schema.BuiltinOptions2.StableHLOCompositeOptions
    composite.builtinOptions2 = schema.StableHLOCompositeOptionsT()
    composite.builtinOptions2.name = "thing"
    composite.builtinOptions2.compositeAttributes = np.frombuffer(b"abc", np.uint8)
    main.operators = [loop, custom, composite]
    other.tensors = [tensor("a", [1]), tensor("b", [1])]
    other.inputs, other.outputs, other.operators = [0], [1], [op(2, [0], [1])]
    other.name = "body"
    model.subgraphs = [main, other]
    note = schema.MetadataT()
    note.name, note.buffer = "note", 2
    model.metadata = [note]
    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = "serving_default", 0
    signature.inputs, signature.outputs = [schema.TensorMapT()], [schema.TensorMapT()]
    signature.inputs[0].name, signature.inputs[0].tensorIndex = "x", 0
    signature.outputs[0].name, signature.outputs[0].tensorIndex = "y", 1
    model.signatureDefs = [signature]
    return model


def detection():
    """The custom op TFLite_Detection_PostProcess, whose options are a map."""
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes = [code(32, "TFLite_Detection_PostProcess")]
    model.buffers = [schema.BufferT(), schema.BufferT()]
    anchors = np.array([[0, 0, 1, 1], [0.1, 0, 1, 1], [3, 0, 1, 1]], np.float32)
    model.buffers[1].data = np.frombuffer(anchors.tobytes(), np.uint8)
    graph = schema.SubGraphT()
    graph.tensors = [tensor("boxes", [1, 3, 4]), tensor("scores", [1, 3, 3]), tensor("anchors", [3, 4], buffer=1),
                     tensor("found", [1, 2, 4]), tensor("classes", [1, 2]), tensor("probabilities", [1, 2]),
                     tensor("count", [1])]
    graph.inputs, graph.outputs = [0, 1], [3, 4, 5, 6]
    detect = op(0, [0, 1, 2], [3, 4, 5, 6])
    detect.customOptions = np.frombuffer(bytes(flexbuffers.Dumps({
        "max_detections": 2, "max_classes_per_detection": 1, "use_regular_nms": True, "nms_score_threshold": 0.2,
        "nms_iou_threshold": 0.5, "num_classes": 2, "y_scale": 10.0, "x_scale": 10.0, "h_scale": 5.0,
        "w_scale": 5.0})), np.uint8)
    graph.operators = [detect]
    model.subgraphs = [graph]
    return pack(model)


def blocks():
    """A dense layer of int4 weights with scales by blocks."""
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes = [code(9)]
    model.buffers = [schema.BufferT() for _ in range(3)]
    model.buffers[1].data = np.arange(64, dtype=np.uint8)
    model.buffers[2].data = np.frombuffer(np.array([0.5, 1, 2, 4], np.float16).tobytes(), np.uint8)
    graph = schema.SubGraphT()
    weights = tensor("weights", [4, 32], schema.TensorType.INT4, 1)
    weights.quantization = schema.QuantizationParametersT()
    weights.quantization.detailsType = 2
    details = weights.quantization.details = schema.BlockwiseQuantizationT()
    details.scales, details.zeroPoints, details.blockSize = 2, -1, 32
    graph.tensors = [tensor("x", [1, 32]), weights, tensor("scales", [4, 1], schema.TensorType.FLOAT16, 2),
                     tensor("y", [1, 4])]
    graph.inputs, graph.outputs, graph.operators = [0], [3], [op(0, [0, 1], [3])]
    model.subgraphs = [graph]
    return pack(model)


class FutureOptions:
    """Options that no schema of today has: a field of each kind there is."""

    def Pack(self, builder):
        text = builder.CreateString("of a later release")
        numbers = builder.CreateNumpyVector(np.arange(5, dtype=np.int32))
        other = builder.CreateString("and another")
        builder.StartVector(4, 2, 4)
        for each in (text, other):
            builder.PrependUOffsetTRelative(each)
        texts = builder.EndVector()
        builder.StartObject(2)
        builder.PrependInt32Slot(1, 77, 0)
        inner = builder.EndObject()
        builder.StartObject(9)
        builder.PrependInt8Slot(0, 1, 0)
        builder.PrependInt16Slot(1, 300, 0)
        builder.PrependInt32Slot(2, 70000, 0)
        builder.PrependInt64Slot(3, 1 << 40, 0)
        builder.PrependFloat32Slot(4, 0.5, 0)
        for slot, offset in enumerate((text, numbers, texts, inner), 5):
            builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
        return builder.EndObject()


def future():
    """What newer schemas brought: options unknown to this program, variants, weights of other files."""
    model = unusual()
    strange = op(2, [0], [1])
    strange.builtinOptionsType, strange.builtinOptions = 200, FutureOptions()
    model.subgraphs[1].operators.append(strange)
    variant = tensor("variant", [], schema.TensorType.VARIANT)
    variant.variantTensors = [schema.VariantSubTypeT()]
    variant.variantTensors[0].shape, variant.variantTensors[0].hasRank = [2], True
    far = tensor("far", [4])
    far.externalBuffer = 1
    model.subgraphs[0].tensors += [variant, far]
    group, external = schema.ExternalBufferGroupT(), schema.ExternalBufferT()
    group.name = "weights.bin"
    external.id, external.group, external.offset, external.length, external.packing = 1, 0, 8, 16, "none"
    model.externalBufferGroups, model.externalBuffers = [group], [external]
    return pack(model)


def outside():
    """A constant that lies behind the tables, as those of files beyond 2 GB do."""
    model = unusual()
    model.buffers[1].data = None
    for _ in range(2):  # the place is known once the tables' size is
        size = len(pack(model))
        model.buffers[1].offset, model.buffers[1].size = -(-size // 16) * 16, 8
    return pack(model).ljust(model.buffers[1].offset, b"\0") + bytes(range(8))


def damaged():
    """For each kind of list in a file, one whose first entry points far outside."""
    model = unusual()
    model.operatorCodes[0].customCode = "While"
    whole = pack(model)
    root = schema.Model.GetRootAs(whole, 0)
    entries = {"code": (root.OperatorCodes(0), 1), "subgraph": (root.Subgraphs(0), 0),
               "operator": (root.Subgraphs(0).Operators(0), 1), "tensor": (root.Subgraphs(0).Tensors(0), 0),
               "buffer": (root.Buffers(1), 0), "metadata": (root.Metadata(0), 0),
               "signature": (root.SignatureDefs(0), 2)}
    for name, (entry, slot) in entries.items():
        table = entry._tab
        at = table.Pos + table.Offset(4 + 2 * slot)
        yield name, whole[:at] + b"\xf0\xff\xff\x7f" + whole[at + 4:]


def mistakes():
    """Well-formed files that make no sense, one for each thing that can be wrong."""
    def change(what):
        model = schema.ModelT()
        model.version = 3
        model.operatorCodes = [code(19)]
        model.buffers = [schema.BufferT()]
        graph = schema.SubGraphT()
        graph.tensors = [tensor("x", [2, 2]), tensor("y", [2, 2])]
        graph.inputs, graph.outputs, graph.operators = [0], [1], [op(0, [0], [1])]
        model.subgraphs = [graph]
        quantization = schema.QuantizationParametersT()
        quantization.scale, quantization.zeroPoint = [0.5], [0]
        what(model, graph, graph.tensors[1], quantization)
        return pack(model)

    def quantized(model, graph, tensor, quantization):
        tensor.type, tensor.quantization = schema.TensorType.INT8, quantization

    def wrong(name, **values):
        def apply(model, graph, tensor, quantization):
            quantized(model, graph, tensor, quantization)
            for key, value in values.items():
                setattr(quantization, key, value)
        return name, change(apply)

    def set_in(name, place, field, value):
        def apply(model, graph, tensor, quantization):
            setattr({"model": model, "graph": graph, "tensor": tensor, "op": graph.operators[0]}[place], field, value)
        return name, change(apply)

    yield set_in("version", "model", "version", 2)
    yield set_in("no_subgraph", "model", "subgraphs", [])
    yield set_in("type", "tensor", "type", 99)
    yield set_in("buffer_index", "tensor", "buffer", 7)
    yield set_in("tensor_index", "op", "inputs", [9])
    yield set_in("code_index", "op", "opcodeIndex", 9)
    yield set_in("negative", "tensor", "shape", [2, -2])
    yield set_in("rank", "tensor", "shapeSignature", [-1, 2, 2])
    yield set_in("large", "tensor", "shape", [1 << 20, 1 << 20])
    yield wrong("scales", scale=[0.5, 0.25])
    yield wrong("dimension", scale=[0.5, 0.25], zeroPoint=[0, 0], quantizedDimension=5)
    yield wrong("nan_scale", scale=[float("nan")])


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in networks():
        wide = name == "wide"
        for mode in ["dynamic_range"] if wide else ["float32", "float16", "int8", "int16x8"]:
            (folder / f"{name}_{mode}").write_bytes(convert(model, mode))
    (folder / "unusual").write_bytes(pack(unusual()))
    (folder / "future").write_bytes(future())
    (folder / "outside").write_bytes(outside())
    (folder / "detection").write_bytes(detection())
    (folder / "blocks").write_bytes(blocks())
    for kind, files in (("damaged", damaged()), ("mistake", mistakes())):
        for name, content in files:
            (folder / f"{kind}_{name}").write_bytes(content)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
