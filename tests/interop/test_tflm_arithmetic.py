"""`--arithmetic tflm` against TFLite Micro: stored outputs of its own, and its wheel where it installs."""

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

import compare
import ours
import tflm
from single_op import Network, pack, unpack

SEANET = "models/tensorflow+tflite-micro/tensorflow/lite/micro/integration_tests/seanet"
TYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64, 6: np.bool_,
         7: np.int16, 9: np.int8}


def with_constants(model, arrays):
    """The file with a name for every tensor and, where its inputs differ in their first dimension, all but the last
    input made constants: `litesmith run` takes as many samples of each."""
    parsed = unpack(model)
    graph = parsed.subgraphs[0]
    for i, tensor in enumerate(graph.tensors):
        tensor.name = tensor.name or f"tensor{i}"
    if len({array.shape[0] for array in arrays}) > 1:
        for index, array in zip(graph.inputs[:-1], arrays[:-1]):
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(array.tobytes(), np.uint8)
            graph.tensors[int(index)].buffer = len(parsed.buffers)
            parsed.buffers.append(buffer)
        graph.inputs, arrays = graph.inputs[-1:], arrays[-1:]
        parsed.signatureDefs = None
    return pack(parsed), arrays


def csv(path):
    return np.array(path.read_text().rstrip(",\n").split(","), np.int64)


def seanet_files(data):
    found = sorted((data / SEANET).rglob("*.tflite"))
    assert len(found) > 100
    return found


def test_seanet_models_give_their_stored_outputs(data):
    """127 files of one int16 operator each, with inputs and outputs that TFLite Micro's tests hold."""
    for path in seanet_files(data):
        model = path.read_bytes()
        graph = unpack(model).subgraphs[0]
        inputs = []
        for i, index in enumerate(graph.inputs):
            tensor = graph.tensors[int(index)]
            stored, = path.parent.glob(f"{path.stem}_input{i}_*.csv")
            inputs.append(csv(stored).astype(TYPES[tensor.type]).reshape(tensor.shape))
        golden, = path.parent.glob(f"{path.stem}_golden_*.csv")
        made, = ours.run(*with_constants(model, inputs), "tflm")
        compare.integers(made.ravel(), csv(golden).astype(made.dtype), path.name)


@pytest.mark.parametrize("folder, name, file, samples, right", [
    ("mlperf_tiny/kws", "kws_ref_model.tflite", "features_int8.npy", 1000, 901),
    ("mlperf_tiny/image_classification", "pretrainedResnet_quant.tflite", "images_uint8.npy", 500, 441),
])
def test_counts_are_those_measured_with_tflite_micro(data, tmp_path, folder, name, file, samples, right):
    values = np.load(data / folder / file)
    if values.dtype == np.uint8:
        values = (values.astype(np.int16) - 128).astype(np.int8)
    np.save(tmp_path / "x.npy", values)
    ours.call("run", data / folder / name, "--input", tmp_path / "x.npy", "--output", tmp_path / "y.npy",
              "--arithmetic", "tflm")
    made = np.load(tmp_path / "y.npy").reshape(samples, -1)
    compare.equal(int((made.argmax(1) == np.load(data / folder / "labels.npy")).sum()), right, name)


# (RELU and LEAKY_RELU are held to stored outputs and files: the wheel computes their ratios in double, TFLite Micro
# until autumn 2026 in float.)
def one_op(op, dtype, operands, scales):
    net = Network()
    shape = [1, 40, 64]
    inputs = [net.input(shape, dtype, scale=scale, zero_point=0) for scale in scales[:operands]]
    y = net.op(op, inputs, shape, dtype, scale=scales[-1], zero_point=0)
    return net.finish([y]), [[40, *shape]] * operands


# Scales of many bits: what is rounded to float on the way to a multiplier shows. (TFLite Micro's int16 PRELU has int8
# slopes, and no test here.)
@pytest.mark.parametrize("op, dtype", [
    ("MUL", "int8"), ("MUL", "int16"), ("PRELU", "int8"), ("ADD", "int8"), ("ADD", "int16"), ("SUB", "int8"),
    ("SUB", "int16"), ("QUANTIZE", "int8"), ("QUANTIZE", "int16")])
def test_operators_of_one_kind(op, dtype):
    info = np.iinfo(dtype)
    rng = np.random.default_rng(4)
    for scales in ([0.0097403167, 0.0123456789, 0.0074851187], [0.31415926, 0.027182818, 0.0141421356]):
        if op == "MUL":
            scales = [*scales[:2], scales[0] * scales[1] * info.max / 3.3]
        model, shapes = one_op(op, dtype, 1 if op == "QUANTIZE" else 2, scales)
        inputs = [rng.integers(info.min, info.max + 1, shape).astype(dtype) for shape in shapes]
        theirs, = tflm.run(model, inputs)
        made, = ours.run(model, [x.reshape(-1, *x.shape[2:]) for x in inputs], "tflm")
        compare.integers(made.ravel(), theirs.ravel(), f"{op} {dtype} {scales}")
