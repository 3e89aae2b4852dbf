"""TRANSPOSE, SLICE, STRIDED_SLICE, TILE, BROADCAST_TO, SPACE_TO_DEPTH, DEPTH_TO_SPACE: elements on
another lattice."""

import numpy as np
import pytest

import judge
from movement import one_input, quantization, random_shape, repeat_until_enough

COMMON = ["float32", "int8", "uint8", "int16", "int32", "int64", "bool"]


def transpose(rng, dtype):
    shape = random_shape(rng, int(rng.integers(2, 6)), 12)
    order = rng.permutation(len(shape)).astype(np.int32)
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("TRANSPOSE", [x, net.constant(order)], [shape[i] for i in order], dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def slice_(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 6)), 13)
    begin = np.array([rng.integers(0, n) for n in shape], np.int32)
    size = np.array([rng.integers(1, n - b + 1) for n, b in zip(shape, begin)], np.int32)
    made = list(map(int, size))
    for i in range(len(size)):
        if rng.integers(4) == 0:
            size[i], made[i] = -1, shape[i] - begin[i]
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("SLICE", [x, net.constant(begin), net.constant(size)], made, dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def strided_slice(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 13)
    begin, end, strides, cuts = [], [], [], []
    begin_mask = end_mask = shrink = 0
    for i, n in enumerate(shape):
        stride = int(rng.choice([1, 1, 2, 3, -1, -2]))
        low, high = sorted(int(v) for v in rng.integers(0, n + 1, 2))
        first, last = (low, high) if stride > 0 else (high - 1, low - 1)
        if stride < 0 and first < 0:
            first, last = 0, -n - 1
        cut = [first, last if stride > 0 else (last if last >= 0 else None), stride]
        begin.append(first - n if rng.integers(3) == 0 and first >= 0 else first)
        end.append(last if stride > 0 or last >= 0 else -n - 1)
        strides.append(stride)
        if i > 0 and rng.integers(6) == 0:
            shrink |= 1 << i
            first = int(rng.integers(0, n))
            begin[-1], end[-1], strides[-1], cut = first, first + 1, 1, first
        elif rng.integers(4) == 0:
            begin_mask |= 1 << i
            cut[0] = None
        elif rng.integers(4) == 0:
            end_mask |= 1 << i
            cut[1] = None
        cuts.append(slice(*cut) if isinstance(cut, list) else cut)
    made = np.zeros(shape, np.int8)[tuple(cuts)].shape
    if 0 in made:  # nothing to compare
        return strided_slice(rng, dtype)
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("STRIDED_SLICE", [x, *(net.constant(np.array(v, np.int32))
                                      for v in (begin, end, strides))], made, dtype,
               begin_mask=begin_mask, end_mask=end_mask, shrink_axis_mask=shrink, ellipsis_mask=0,
               new_axis_mask=0, **quantization(dtype))
    return net.finish([y]), [data]


def tile(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 7)
    times = rng.integers(1, 4, len(shape)).astype(np.int32)
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("TILE", [x, net.constant(times)], [n * t for n, t in zip(shape, times)], dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def broadcast_to(rng, dtype):
    target = random_shape(rng, int(rng.integers(1, 6)), 7)
    start = int(rng.integers(0, len(target)))
    shape = [n if rng.integers(2) else 1 for n in target[start:]]
    net, x, data = one_input(rng, shape, dtype, samples=8)
    y = net.op("BROADCAST_TO", [x, net.constant(np.array(target, np.int32))], target, dtype,
               version=2, **quantization(dtype))
    return net.finish([y]), [data]


def blocks(rng, dtype, op):
    block = int(rng.integers(1, 5))
    n, h, w, c = random_shape(rng, 4, 6)
    image, deep = [n, h * block, w * block, c], [n, h, w, c * block * block]
    shape, made = (image, deep) if op == "SPACE_TO_DEPTH" else (deep, image)
    net, x, data = one_input(rng, shape, dtype)
    y = net.op(op, [x], made, dtype, block_size=block, **quantization(dtype))
    return net.finish([y]), [data]


def space_to_depth(rng, dtype):
    return blocks(rng, dtype, "SPACE_TO_DEPTH")


def depth_to_space(rng, dtype):
    return blocks(rng, dtype, "DEPTH_TO_SPACE")


CASES = [(transpose, d) for d in COMMON]
CASES += [(slice_, d) for d in COMMON]
CASES += [(strided_slice, d) for d in COMMON]
CASES += [(tile, d) for d in COMMON]
CASES += [(broadcast_to, d) for d in COMMON]
CASES += [(op, d) for op in (space_to_depth, depth_to_space)
          for d in ("float32", "int8", "uint8", "int32", "int64")]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("make, dtype", CASES, ids=lambda v: getattr(v, "__name__", v))
def test_moves_exactly(make, dtype, arithmetic):
    repeat_until_enough(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}")
