"""PAD, PADV2, MIRROR_PAD."""

import numpy as np
import pytest

import judge
from movement import one_input, quantization, random_shape, repeat_until_enough, values

TYPES = ["float32", "int8", "uint8", "int16", "int32", "int64"]


def padded(shape, amounts):
    return [n + int(a) + int(b) for n, (a, b) in zip(shape, amounts)]


def pad(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 6)), 8)
    amounts = rng.integers(0, 4, (len(shape), 2)).astype(np.int32)
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("PAD", [x, net.constant(amounts)], padded(shape, amounts), dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def pad_v2(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 6)), 8)
    amounts = rng.integers(0, 4, (len(shape), 2)).astype(np.int32)
    net, x, data = one_input(rng, shape, dtype)
    border = net.constant(values(rng, [1], dtype), **quantization(dtype))
    y = net.op("PADV2", [x, net.constant(amounts), border], padded(shape, amounts), dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def mirror_pad(rng, dtype):
    shape = [n + 1 for n in random_shape(rng, int(rng.integers(1, 5)), 7)]
    mode = str(rng.choice(["REFLECT", "SYMMETRIC"]))
    most = 1 if mode == "REFLECT" else 0
    amounts = np.array([rng.integers(0, n - most + 1, 2) for n in shape], np.int32)
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("MIRROR_PAD", [x, net.constant(amounts)], padded(shape, amounts), dtype, mode=mode,
               **quantization(dtype))
    return net.finish([y]), [data]


CASES = [(make, d) for make in (pad, pad_v2, mirror_pad) for d in TYPES]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("make, dtype", CASES, ids=lambda v: getattr(v, "__name__", v))
def test_moves_exactly(make, dtype, arithmetic):
    repeat_until_enough(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}")
