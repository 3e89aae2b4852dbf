"""QUANTIZE and DEQUANTIZE: float to integers and back, one scale to another, one a channel."""

import numpy as np
import pytest

import judge
from element_cases import RANGES, codes, scale, shape_of, zero_point
from judged import check
from single_op import Network

REQUANTIZED = [("int8", "int8"), ("int8", "uint8"), ("int8", "int16"), ("uint8", "int8"),
               ("uint8", "uint8"), ("uint8", "int16"), ("int16", "int8"), ("int16", "int16"),
               ("int16", "int32"), ("int32", "int8"), ("int32", "int16")]


def point(rng, dtype):
    return int(rng.integers(-100, 101)) if dtype == "int32" else zero_point(rng, dtype)


def one_op(op, shape, dtype, values, quantization, out_dtype, out_quantization):
    net = Network()
    x = net.input(shape, dtype, **quantization)
    y = net.tensor(shape, out_dtype, **out_quantization)
    net.op_to(op, [x], [y])
    return net.finish([y]), [values]


def from_float(rng, dtype):
    """Over the range and beyond; a third on the halves between steps, a third with huge numbers."""
    shape = shape_of(rng)
    step, zero = scale(rng, -9, 1), zero_point(rng, dtype)
    low, high = (end - zero for end in RANGES[dtype])
    kind = rng.integers(3)
    if kind == 0:
        halves = np.round(rng.uniform(low - 5, high + 5, shape)) + 0.5
        values = (halves * np.float32(step)).astype(np.float32)
    else:
        values = (rng.uniform(low - 20, high + 20, shape) * step).astype(np.float32)
    if kind == 1:
        extremes = [3e38, -3e38, 1e30, -1e30, 3e9 * step, -3e9 * step, 0.0, -0.0]
        values.reshape(-1)[:8] = extremes[:values.size]
    return one_op("QUANTIZE", shape, "float32", values, {}, dtype,
                  dict(scale=step, zero_point=zero))


def requantize(rng, dtype, out_dtype):
    shape = shape_of(rng)
    out = dict(scale=scale(rng, -9, 1), zero_point=point(rng, out_dtype))
    step = float(np.float32(out["scale"] * scale(rng, -9, 8)))
    zero = point(rng, dtype)
    other_sign = {("int8", "uint8"): -128, ("uint8", "int8"): 128}.get((dtype, out_dtype))
    if other_sign is not None and rng.random() < 0.3:  # the same numbers, 128 codes apart
        same = out["zero_point"] + other_sign
        if RANGES[dtype][0] <= same <= RANGES[dtype][1]:
            step, zero = out["scale"], same
    if dtype == "int32":
        values = rng.integers(-100_000, 100_001, shape).astype(np.int32)
    else:
        values = codes(rng, shape, dtype)
    return one_op("QUANTIZE", shape, dtype, values, dict(scale=step, zero_point=zero), out_dtype, out)


def to_float(rng, dtype):
    shape = shape_of(rng)
    if dtype == "float16":
        return one_op("DEQUANTIZE", shape, dtype, rng.normal(0, 20, shape).astype(np.float16), {},
                      "float32", {})
    quantization = dict(scale=scale(rng, -9, 1), zero_point=zero_point(rng, dtype))
    return one_op("DEQUANTIZE", shape, dtype, codes(rng, shape, dtype), quantization, "float32", {})


def per_channel(rng, dtype):
    shape, dimension = [([30, 40, 5], 1), ([60, 170], 0), ([2, 300, 19], 2)][rng.integers(3)]
    channels = shape[dimension]
    scales = np.exp2(rng.uniform(-9, 1, channels)).astype(np.float32)
    points = np.array([zero_point(rng, dtype) for _ in range(channels)])
    return shape, dict(scale=scales, zero_point=points, dimension=dimension)


def from_float_per_channel(rng, dtype):
    shape, quantization = per_channel(rng, dtype)
    values = rng.normal(0, 20, shape).astype(np.float32)
    return one_op("QUANTIZE", shape, "float32", values, {}, dtype, quantization)


def to_float_per_channel(rng, dtype):
    shape, quantization = per_channel(rng, dtype)
    return one_op("DEQUANTIZE", shape, dtype, codes(rng, shape, dtype), quantization, "float32", {})


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype", RANGES)
@pytest.mark.parametrize("make", [from_float, from_float_per_channel])
def test_from_float(make, dtype, arithmetic):
    check(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype, out_dtype", REQUANTIZED)
def test_between_integers(dtype, out_dtype, arithmetic):
    check(lambda rng: requantize(rng, dtype, out_dtype), arithmetic, f"{dtype} to {out_dtype}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("make, dtype", [(to_float, "int8"), (to_float, "uint8"),
                                         (to_float, "int16"), (to_float, "float16"),
                                         (to_float_per_channel, "int8"),
                                         (to_float_per_channel, "uint8")])
def test_to_float_is_exact(make, dtype, arithmetic):
    check(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}", tolerance=0)
