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


def unusual():
    """Two subgraphs, a custom op, sparsity, blockwise scales, buffers outside of the tables."""
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
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in networks():
        wide = name == "wide"
        for mode in ["dynamic_range"] if wide else ["float32", "float16", "int8", "int16x8"]:
            (folder / f"{name}_{mode}").write_bytes(convert(model, mode))
    (folder / "unusual").write_bytes(unusual())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
