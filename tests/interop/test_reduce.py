"""MEAN, SUM, REDUCE_MAX and REDUCE_MIN over one axis or several."""

import numpy as np
import pytest

import judge
from element_cases import RANGES, codes, scale, zero_point
from judged import check
from single_op import Network

TYPES = ["float32", "int8", "uint8", "int16", "int32", "int64"]
# What LiteRT's reference SUM makes of int16: it reads bytes. litesmith refuses.
REFUSED = {("SUM", "int16", "reference")}
CASES = [(op, dtype, arithmetic) for op in ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN")
         for dtype in TYPES for arithmetic in judge.ARITHMETICS
         if (op, dtype, arithmetic) not in REFUSED]

# Shapes and axes; MEAN over the two middle axes of four is the one that CNNs end with.
OPERANDS = [
    ([9, 5, 7, 777], [1, 2]),
    ([9, 7, 7, 1024], [2, 1]),
    ([8, 1, 1, 1000], [1, 2]),
    ([2, 40, 40, 19], [1, 2]),
    ([60, 90, 11], [1]),
    ([4, 500, 6], [0, 2]),
    ([20, 3, 40, 5, 3], [1, 3]),
    ([6000], [0]),
    ([12, 9, 80, 5], [3]),
    ([2, 600, 13], [0]),
    ([3, 4, 5], [0, 1, 2]),
    ([20, 40, 6, 8], [-1, -3]),
]


def reduction(rng, op, dtype):
    shape, axes = OPERANDS[rng.integers(len(OPERANDS))]
    keep = bool(rng.random() < 0.5)
    reduced = {axis % len(shape) for axis in axes}
    terms = int(np.prod([shape[axis] for axis in reduced]))
    out = [1 if i in reduced else n for i, n in enumerate(shape) if keep or i not in reduced]
    quantizations = [{}, {}]
    if dtype in RANGES:
        first = scale(rng, -9, 1)
        point = zero_point(rng, dtype)
        quantizations = [dict(scale=first, zero_point=point)] * 2
        if op in ("MEAN", "SUM"):
            size = terms ** 0.6 if op == "SUM" else 1
            quantizations = [quantizations[0], dict(scale=float(np.float32(first * scale(rng, -3, 2) * size)),
                                                    zero_point=zero_point(rng, dtype))]
        values = codes(rng, shape, dtype)
    elif dtype == "float32":
        values = rng.normal(1, 2, shape).astype(dtype)
    else:
        values = rng.integers(-1000, 1000, shape).astype(dtype)
    net = Network()
    x = net.input(shape, dtype, **quantizations[0])
    y = net.op(op, [x, net.constant(np.array(axes, np.int32))], out, dtype, **quantizations[1],
               keep_dims=keep)
    return net.finish([y]), [values]


@pytest.mark.parametrize("op, dtype, arithmetic", CASES)
def test_reductions(op, dtype, arithmetic):
    check(lambda rng: reduction(rng, op, dtype), arithmetic, f"{op} {dtype}")
