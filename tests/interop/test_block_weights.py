"""Weights of int4 and int2 with a scale for each block of neighbours: FULLY_CONNECTED and EMBEDDING_LOOKUP."""

import pathlib

import numpy as np
import pytest

import compare
import judge
import ours
from single_op import Network, unpack

# Units, inputs, block, rows, bias, activation. LiteRT's own kernel wants four units and 32 inputs, XNNPACK blocks of a
# multiple of 32; without them LiteRT takes every scale for 0.
LAYERS = [(64, 512, 32, 900, True, None), (130, 256, 128, 500, False, "RELU6"), (40, 96, 48, 300, True, "RELU"),
          (3, 96, 32, 50, True, "RELU"), (8, 32, 16, 50, False, None), (4, 16, 16, 50, True, None)]
# XNNPACK's kernels for VNNI add up in another order than its others (docs/numerics.md).
HAS_VNNI = "avx512_vnni" in pathlib.Path("/proc/cpuinfo").read_text()


def codes(rng, shape, bits):
    return rng.integers(-2**(bits - 1), 2**(bits - 1), shape)


def block_scales(rng, rows, blocks):
    """Spread over two decades, and no power of two: what is added first shows."""
    return (np.exp(rng.normal(0, 1, (rows, blocks))) * 0.01).astype(np.float16)


def dense(rng, units, inputs, block, rows, bias, activation):
    net = Network()
    x = net.input([rows, inputs], "float32")
    w = net.narrow(codes(rng, (units, inputs), 4), 4, blocks=block_scales(rng, units, inputs // block))
    operands = [x, w] + ([net.constant(rng.normal(0, 1, units).astype(np.float32))] if bias else [])
    y = net.op("FULLY_CONNECTED", operands, [rows, units], "float32", activation=activation)
    data = rng.normal(rng.normal(), 1, (rows, inputs)).astype(np.float32)
    data[0] = 0
    return net.finish([y]), data


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_dense(layer, arithmetic):
    model, x = dense(np.random.default_rng(7), *layer)
    mine, = ours.run(model, [x], arithmetic)
    theirs, = judge.run(model, [x], arithmetic)
    if arithmetic == "litert" and not HAS_VNNI:
        return compare.floats(mine, theirs, 1e-5, f"{layer}")
    compare.integers(mine.view(np.int32), theirs.view(np.int32), f"{layer}")


def lookup(rng, bits, scales):
    shape = (40, 96)
    net = Network()
    x = net.input([2000], "int32")
    if scales == "blocks":
        table = net.narrow(codes(rng, shape, bits), bits, blocks=block_scales(rng, shape[0], 3))
    else:
        scale = np.exp(rng.normal(0, 1, shape[0] if scales == "rows" else 1)).astype(np.float32)
        table = net.constant(codes(rng, shape, 8).astype(np.int8), scale=scale) if bits == 8 else \
            net.narrow(codes(rng, shape, bits), bits, scale=scale)
    y = net.op("EMBEDDING_LOOKUP", [x, table], [2000, shape[1]], "float32", version=4)
    return net.finish([y]), rng.integers(0, shape[0], 2000).astype(np.int32)


@pytest.mark.parametrize("bits, scales", [(8, "one"), (8, "rows"), (4, "one"), (4, "rows"), (4, "blocks"), (2, "rows"),
                                          (2, "blocks")])
def test_lookup(bits, scales):
    model, x = lookup(np.random.default_rng(8), bits, scales)
    for arithmetic in judge.ARITHMETICS:
        mine, = ours.run(model, [x], arithmetic)
        theirs, = judge.run(model, [x], arithmetic)
        compare.integers(mine.reshape(theirs.shape).view(np.int32), theirs.view(np.int32), f"{bits} {scales}")


def test_scales_are_not_unused(tmp_path):
    (tmp_path / "model.tflite").write_bytes(dense(np.random.default_rng(7), *LAYERS[0])[0])
    compare.equal("nothing uses" in ours.call("inspect", tmp_path / "model.tflite").stdout, False, "unused tensors")


def test_is_taken_back_to_float():
    model, x = dense(np.random.default_rng(9), *LAYERS[0])
    made = ours.convert(model, "float32")
    parsed = unpack(model)
    tensors = parsed.subgraphs[0].tensors
    weights, scales = tensors[1], tensors[2]
    packed = parsed.buffers[weights.buffer].data
    elements = np.stack([packed & 15, packed >> 4], -1).reshape(weights.shape).astype(np.int32)
    elements = (elements ^ 8) - 8
    scale = parsed.buffers[scales.buffer].data.view(np.float16).astype(np.float32).reshape(scales.shape)
    real = elements * np.repeat(scale, 32, axis=-1)
    bias = parsed.buffers[tensors[3].buffer].data.view(np.float32)
    mine, = ours.run(made, [x], "litert")
    compare.floats(mine, (x.astype(np.float64) @ real.T + bias).astype(np.float32), 1e-5)
