"""Slices and positions by index: GATHER_ND, SCATTER_ND, DYNAMIC_UPDATE_SLICE, EMBEDDING_LOOKUP,
ARG_MAX, ARG_MIN, TOPK_V2."""

import numpy as np
import pytest

import judge
from judged import check
from movement import quantization, random_shape, repeat_until_enough, values
from single_op import Network

ARITHMETICS = ["reference", "litert"]


def gather_nd(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 9)
    length = int(rng.integers(1, len(shape) + 1))
    count = random_shape(rng, int(rng.integers(1, 3)), 90)
    kind = str(rng.choice(["int32", "int64"]))
    indices = np.stack([rng.integers(0, n, count) for n in shape[:length]], -1).astype(kind)
    net = Network()
    data = values(rng, shape, dtype)
    x = net.input(shape, dtype, **quantization(dtype))
    y = net.op("GATHER_ND", [x, net.constant(indices)], [*count, *shape[length:]], dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def update_slice(rng, dtype):
    shape = random_shape(rng, int(rng.integers(3, 6)), 14)
    part = [int(rng.integers(1, n + 1)) for n in shape]
    start = np.array([rng.integers(-2, n + 2) for n in shape], np.int32)
    net = Network()
    x = net.input(shape, dtype, **quantization(dtype))
    update = net.constant(values(rng, part, dtype), **quantization(dtype))
    y = net.op("DYNAMIC_UPDATE_SLICE", [x, update, net.constant(start)], shape, dtype,
               **quantization(dtype))
    return net.finish([y]), [values(rng, shape, dtype)]


def embedding_lookup(rng, dtype):
    table = random_shape(rng, int(rng.integers(2, 4)), 20)
    count = int(rng.integers(1, 3000))
    net = Network()
    x = net.input([count], "int32")
    y = net.op("EMBEDDING_LOOKUP", [x, net.constant(values(rng, table, dtype))],
               [count, *table[1:]], dtype)
    return net.finish([y]), [rng.integers(0, table[0], count).astype(np.int32)]


MOVED = [(gather_nd, d) for d in ("float32", "int8", "uint8", "int16", "int32", "int64", "bool")]
MOVED += [(update_slice, d) for d in ("float32", "int8", "int32", "int64", "bool")]
MOVED += [(embedding_lookup, "float32")]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("make, dtype", MOVED, ids=lambda v: getattr(v, "__name__", v))
def test_moves_exactly(make, dtype, arithmetic):
    repeat_until_enough(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}")


def scatter_nd(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 4)), 40)
    length = int(rng.integers(1, len(shape) + 1))
    count = int(rng.integers(1, 60))  # some land on others
    indices = np.stack([rng.integers(0, n, count) for n in shape[:length]], -1).astype(np.int32)
    updates = [count, *shape[length:]]
    data = (rng.normal(0, 1, updates) if dtype == "float32" else rng.integers(0, 100, updates))
    net = Network()
    x = net.input(updates, dtype)
    y = net.op("SCATTER_ND", [net.constant(indices), x, net.constant(np.array(shape, np.int32))],
               shape, dtype)
    return net.finish([y]), [data.astype(dtype)]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8", "int32", "int64"])
def test_scattered_sums(dtype, arithmetic):
    check(lambda rng: scatter_nd(rng, dtype), arithmetic, f"SCATTER_ND {dtype}")


def ranked(rng, shape, dtype):
    """With equal elements among them."""
    if dtype == "float32":
        return np.round(rng.normal(0, 5, shape), int(rng.integers(0, 4))).astype(dtype)
    return values(rng, shape, dtype) if rng.random() < 0.5 else rng.integers(0, 9, shape).astype(dtype)


def arg(rng, op, dtype):
    shape = random_shape(rng, int(rng.integers(2, 5)), 9)
    shape[0] *= 100
    axis = int(rng.integers(1, len(shape)))
    out = [n for i, n in enumerate(shape) if i != axis]
    kind = str(rng.choice(["int32", "int64"]))
    net = Network()
    x = net.input(shape, dtype, **quantization(dtype))
    given = axis - len(shape) if rng.random() < 0.3 else axis
    y = net.op(op, [x, net.constant(np.array(given, np.int32))], out, kind, output_type=kind.upper())
    return net.finish([y]), [ranked(rng, shape, dtype)]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8", "int32", "bool"])
@pytest.mark.parametrize("op", ["ARG_MAX", "ARG_MIN"])
def test_extremes(op, dtype, arithmetic):
    check(lambda rng: arg(rng, op, dtype), arithmetic, f"{op} {dtype}")


def top_k(rng, dtype):
    shape = [int(rng.integers(1, 300)), int(rng.integers(1, 60))]
    k = int(rng.integers(1, shape[-1] + 1))
    net = Network()
    x = net.input(shape, dtype, **quantization(dtype))
    largest = net.tensor([shape[0], k], dtype, **quantization(dtype))
    positions = net.tensor([shape[0], k], "int32")
    net.op_to("TOPK_V2", [x, net.constant(np.array([k], np.int32))], [largest, positions])
    return net.finish([largest, positions]), [ranked(rng, shape, dtype)]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8", "int16", "int32", "int64"])
def test_largest(dtype, arithmetic):
    check(lambda rng: top_k(rng, dtype), arithmetic, f"TOPK_V2 {dtype}")
