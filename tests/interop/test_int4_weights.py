"""Weights of int4: LiteRT unpacks them for its int8 kernels, but for dense layers of floats; TFLite Micro always."""

import numpy as np
import pytest

import compare
import judge
import ours
import tflm
from single_op import Network

QUANTIZATION = {"int8": {"scale": 0.03, "zero_point": 5}, "int16": {"scale": 0.0003, "zero_point": 0}, "float32": {}}
MADE = {"int8": {"scale": 0.2, "zero_point": -3}, "int16": {"scale": 0.001, "zero_point": 0}, "float32": {}}
BIAS = {"int8": np.int32, "int16": np.int64, "float32": np.float32}
# 8 units of 33 inputs: a row ends within a byte, and XNNPACK refuses it; 3 units are too few for the 4-bit kernels.
DENSE = [(37, 96, None), (64, 512, "RELU6"), (8, 33, None), (3, 64, "RELU")]


def values(rng, shape, dtype):
    if dtype == "float32":
        return rng.normal(rng.normal(), 1, shape).astype(np.float32)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max + 1, shape).astype(dtype)


def weights(rng, net, shape, channels, dimension, dtype, per_channel):
    """Without -8, which LiteRT's 4-bit kernels mangle."""
    scale = (0.01 + 0.05 * rng.random(channels if per_channel else 1)).astype(np.float32)
    w = net.narrow(rng.integers(-7, 8, shape), 4, scale=scale, dimension=dimension)
    of_bias = {} if dtype == "float32" else {"scale": QUANTIZATION[dtype]["scale"] * scale}
    return w, net.constant(rng.integers(-200, 200, channels).astype(BIAS[dtype]), **of_bias)


def dense(rng, dtype, per_channel, layer, asymmetric=False, rows=300):
    units, depth, activation = layer
    net = Network()
    x = net.input([rows, depth], dtype, **QUANTIZATION[dtype])
    w, b = weights(rng, net, (units, depth), units, 0, dtype, per_channel)
    y = net.op("FULLY_CONNECTED", [x, w, b], [rows, units], dtype, version=12, activation=activation,
               asymmetric_quantize_inputs=asymmetric, **MADE[dtype])
    return net.finish([y]), values(rng, (rows, depth), dtype)


def convolution(rng, op, dtype, per_channel, samples=20):
    depthwise = op == "DEPTHWISE_CONV_2D"
    inputs, outputs = 8, 8 if depthwise else 13
    net = Network()
    x = net.input([1, 9, 9, inputs], dtype, **QUANTIZATION[dtype])
    shape = (1, 3, 3, outputs) if depthwise else (outputs, 3, 3, inputs)
    w, b = weights(rng, net, shape, outputs, 3 if depthwise else 0, dtype, per_channel)
    multiplier = {"depth_multiplier": 1} if depthwise else {}
    y = net.op(op, [x, w, b], [1, 9, 9, outputs], dtype, version=7, padding="SAME", stride_w=1, stride_h=1,
               **multiplier, **MADE[dtype])
    return net.finish([y]), values(rng, (samples, 9, 9, inputs), dtype)


def check(model, x, arithmetics=judge.ARITHMETICS):
    for arithmetic in arithmetics:
        mine, = ours.run(model, [x], arithmetic)
        theirs, = judge.run(model, [x], arithmetic)
        compare.integers(*(each.view(np.int32) if each.dtype == np.float32 else each for each in (mine, theirs)),
                         arithmetic)


@pytest.mark.parametrize("layer", DENSE, ids=str)
@pytest.mark.parametrize("dtype", ["int8", "int16", "float32"])
def test_dense(dtype, layer):
    for per_channel in (False, True):
        check(*dense(np.random.default_rng(3), dtype, per_channel, layer))
        if dtype == "float32":
            check(*dense(np.random.default_rng(4), dtype, per_channel, layer, asymmetric=True))


# The reference resolver knows no version of DEPTHWISE_CONV_2D that has them.
@pytest.mark.parametrize("op, dtype, arithmetics", [
    ("CONV_2D", "int8", judge.ARITHMETICS), ("CONV_2D", "int16", judge.ARITHMETICS),
    ("CONV_2D", "float32", judge.ARITHMETICS), ("DEPTHWISE_CONV_2D", "int8", ["builtin", "litert"])])
def test_convolution(op, dtype, arithmetics):
    for per_channel in (False, True):
        check(*convolution(np.random.default_rng(5), op, dtype, per_channel), arithmetics)


@pytest.mark.parametrize("bits", [2, 4])
@pytest.mark.parametrize("scales", ["one", "zero point", "each"])
def test_dequantized(bits, scales):
    """Weights that are taken back to float when the file runs, beside something that has an input."""
    rng = np.random.default_rng(9)
    scale = (0.01 + rng.random(20 if scales == "each" else 1)).astype(np.float32)
    net = Network()
    x = net.input([1, 20, 11], "float32")
    w = net.narrow(rng.integers(-2**(bits - 1), 2**(bits - 1), (1, 20, 11)), bits, scale=scale,
                   zero_point=1 if scales == "zero point" else 0, dimension=1)
    y = net.op("MAXIMUM", [x, net.op("DEQUANTIZE", [w], [1, 20, 11], "float32", version=8)], [1, 20, 11], "float32")
    check(net.finish([y]), np.full((3, 20, 11), -9, np.float32))


@pytest.mark.parametrize("op", ["FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D"])
def test_in_tflite_micro(op):
    rng = np.random.default_rng(6)
    model, x = dense(rng, "int8", False, DENSE[0], rows=1) if op == "FULLY_CONNECTED" else convolution(
        rng, op, "int8", True)
    x = values(rng, (20, *x.shape[1:]), "int8")
    mine, = ours.run(model, [x], "tflm")
    theirs, = tflm.run(model, [x[:, np.newaxis]])
    compare.integers(mine, theirs.reshape(mine.shape), op)


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_refuses_depthwise_layers_that_litert_has_no_kernel_for(dtype, tmp_path):
    """In int16 LiteRT reads the packed bytes as int8."""
    model, x = convolution(np.random.default_rng(7), "DEPTHWISE_CONV_2D", dtype, True)
    (tmp_path / "model.tflite").write_bytes(model)
    np.save(tmp_path / "x.npy", x)
    done = ours.call("run", tmp_path / "model.tflite", "--input", tmp_path / "x.npy", "--output", tmp_path / "y.npy",
                     check=False)
    compare.equal("DEPTHWISE_CONV_2D" in done.stderr and "no kernel takes these types" in done.stderr, True, done.stderr)


def test_are_taken_back_to_float():
    model, x = dense(np.random.default_rng(8), "float32", True, DENSE[0])
    made = ours.convert(model, "float32")
    mine, = ours.run(made, [x], "litert")
    theirs, = judge.run(made, [x], "litert")
    compare.floats(mine, theirs, 1e-5)
    hybrid, = ours.run(model, [x], "reference")
    compare.floats(mine, hybrid, 0.03)  # which quantizes its activations
