"""`litesmith analyze` prints what TensorFlow's own Analyzer prints, byte for byte."""

import contextlib
import io

import flatbuffers
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

import compare
import ours


def analyzer(path):
    """What TensorFlow prints, or None for a file that it refuses."""
    text = io.StringIO()
    try:
        with contextlib.redirect_stdout(text):
            tf.lite.experimental.Analyzer.analyze(model_path=str(path))
    except UnicodeDecodeError:  # it quotes the bytes of files that are no .tflite at all
        return None
    return None if "Failed to mmap" in text.getvalue() else text.getvalue()


def assert_same(path):
    theirs = analyzer(path)
    done = ours.call("analyze", path, check=False)
    if theirs is None:
        assert done.returncode != 0 and "TFL3" in done.stderr, path
        return False
    assert done.returncode == 0, done.stderr
    compare.equal(done.stdout, theirs, path)
    return True


def test_every_file_at_hand(data):
    paths = [path for kind in ("*.tflite", "*.bin") for path in sorted(data.rglob(kind))]
    accepted = sum(assert_same(path) for path in paths)
    assert accepted > 380 and accepted > len(paths) - 20


# What the files at hand do not hold, made for the purpose.
def tensor(model, kind, elements=None, name=None):
    made = schema.TensorT()
    made.type, made.shape, made.name = kind, [1], name
    if elements is not None:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(elements, np.uint8)
        model.buffers.append(buffer)
        made.buffer = len(model.buffers) - 1
    model.subgraphs[0].tensors.append(made)


def model_of(count):
    model = schema.ModelT()
    model.version = 3
    model.buffers, model.operatorCodes = [schema.BufferT()], []
    model.subgraphs = [schema.SubGraphT() for _ in range(count)]
    for graph in model.subgraphs:
        graph.tensors, graph.operators, graph.inputs, graph.outputs = [], [], [0], [1]
    return model


def every_type():
    model = model_of(1)
    for kind in range(25):
        tensor(model, kind, b"\x01\x02,a\n", f"t\xe9{kind}")
    return model


def unusual_numbers():
    model = model_of(1)
    nan = np.float32(np.nan)
    for floats in ([nan, np.copysign(nan, np.float32(-1)), np.inf, -np.inf, 1e-40],
                   [1e6, 123456789, 1e-5, 0.0001, -0.0], [100000, 999999.5, 3.4e38, 1.5, 2], []):
        tensor(model, schema.TensorType.FLOAT32, np.array(floats, np.float32).tobytes(), "f")
    tensor(model, schema.TensorType.UINT32, b"\xff" * 20, "u")
    tensor(model, schema.TensorType.INT32, b"\xff" * 24)
    tensor(model, schema.TensorType.STRING, b"hello!", "s")
    tensor(model, schema.TensorType.FLOAT32, bytes(4000), "zeros")
    return model


def unusual_operators():
    model = model_of(3)
    for graph in model.subgraphs:
        for _ in range(2):
            made = schema.TensorT()
            made.shape, made.type, made.shapeSignature = [2], schema.TensorType.INT32, [-1]
            graph.tensors.append(made)
    codes = [(209, 127, None), (210, 127, None), (0, 5, None), (127, 127, None), (32, 32, "My\x01Op")]
    for builtin, deprecated, custom in codes:
        code = schema.OperatorCodeT()
        code.builtinCode, code.deprecatedBuiltinCode, code.customCode = builtin, deprecated, custom
        model.operatorCodes.append(code)
        op = schema.OperatorT()
        op.opcodeIndex, op.inputs, op.outputs = len(model.operatorCodes) - 1, [0, -1], [1]
        for graph in model.subgraphs:
            graph.operators.append(op)
    model.subgraphs[1].name = "second"
    return model


@pytest.mark.parametrize("make", [every_type, unusual_numbers, unusual_operators,
                                  lambda: model_of(0), lambda: model_of(1)],
                         ids=["types", "numbers", "operators", "nothing", "no_tensors"])
def test_unusual_content(make, tmp_path):
    builder = flatbuffers.Builder(0)
    builder.Finish(make().Pack(builder), b"TFL3")
    path = tmp_path / "made.tflite"
    path.write_bytes(builder.Output())
    assert assert_same(path)
