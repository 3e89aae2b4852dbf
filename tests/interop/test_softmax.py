"""SOFTMAX and LOG_SOFTMAX, of rows short and long."""

import numpy as np
import pytest

import judge
from element_cases import codes, numbers, scale, zero_point
from judged import check
from single_op import Network

CASES = [("SOFTMAX", "float32"), ("SOFTMAX", "int8"), ("SOFTMAX", "uint8"), ("SOFTMAX", "int16"),
         ("LOG_SOFTMAX", "float32"), ("LOG_SOFTMAX", "int8"), ("LOG_SOFTMAX", "uint8")]
OUTPUT = {  # what LiteRT demands
    ("SOFTMAX", "int8"): dict(scale=1 / 256, zero_point=-128),
    ("SOFTMAX", "uint8"): dict(scale=1 / 256, zero_point=0),
    ("SOFTMAX", "int16"): dict(scale=1 / 32768, zero_point=0),
    ("LOG_SOFTMAX", "int8"): dict(scale=16 / 256, zero_point=127),
    ("LOG_SOFTMAX", "uint8"): dict(scale=16 / 256, zero_point=255),
}
SHAPES = [[700, 10], [9, 7, 133], [8, 1000], [2, 500, 2], [3000, 1], [2, 3, 1000, 3], [2, 4000]]
LONG = 400  # terms; LiteRT's reference kernel aborts where all of so many have one size


def softmax(rng, op, dtype):
    shape = SHAPES[rng.integers(len(SHAPES))]
    attributes = {}
    if op == "SOFTMAX":
        attributes["beta"] = float(np.float32(rng.choice([1.0, 1.0, 0.5, 2.0, 1.7, 0.01])))
    net = Network()
    if dtype == "float32":
        x = net.input(shape, dtype)
        y = net.op(op, [x], shape, dtype, **attributes)
        return net.finish([y]), [numbers(rng, shape, dtype)]
    first = scale(rng, -16, -6) if dtype == "int16" else scale(rng, -9, 1)
    values = codes(rng, shape, dtype)
    if shape[-1] > LONG and dtype != "int16" and op == "SOFTMAX":
        values = rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max + 1, shape).astype(dtype)
        attributes["beta"] = 1.0
        first = max(first, 0.0625)
    x = net.input(shape, dtype, scale=first, zero_point=zero_point(rng, dtype))
    y = net.op(op, [x], shape, dtype, **OUTPUT[op, dtype], **attributes)
    return net.finish([y]), [values]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op, dtype", CASES)
def test_rows(op, dtype, arithmetic):
    check(lambda rng: softmax(rng, op, dtype), arithmetic, f"{op} {dtype}")


def softmax_to_int16(rng):
    shape = SHAPES[rng.integers(len(SHAPES))]
    net = Network()
    values = codes(rng, shape, "int8")
    first = scale(rng, -9, 1)
    if shape[-1] > LONG:
        values = rng.integers(-128, 128, shape).astype(np.int8)
        first = max(first, 0.0625)
    x = net.input(shape, "int8", scale=first, zero_point=zero_point(rng, "int8"))
    y = net.op("SOFTMAX", [x], shape, "int16", scale=1 / 65536, zero_point=-32768, beta=1.0)
    return net.finish([y]), [values]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_rows_to_int16(arithmetic):
    check(softmax_to_int16, arithmetic, "SOFTMAX int8 to int16")
