"""GATHER, and the ops that give the same elements another shape: RESHAPE, SQUEEZE, EXPAND_DIMS, SHAPE."""

import numpy as np
import pytest

import judge
import ours
from movement import one_input, quantization, random_shape, repeat_until_enough, values
from single_op import Network

TYPES = ["float32", "int8", "uint8", "int16", "int32", "int64", "bool"]


def gather(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 8)
    batch_dims = int(rng.integers(0, len(shape)))
    axis = int(rng.integers(batch_dims, len(shape)))
    # The harness joins and cuts along the first dimension, so the indices are constant.
    coords = [*shape[:batch_dims], *random_shape(rng, int(rng.integers(1, 3)), 5)]
    indices = rng.integers(0, shape[axis], coords).astype(rng.choice([np.int32, np.int64]))
    made = [*shape[:axis], *coords[batch_dims:], *shape[axis + 1:]]
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("GATHER", [x, net.constant(indices)], made, dtype, axis=axis, batch_dims=batch_dims,
               **quantization(dtype))
    return net.finish([y]), [data]


def reshape(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 8)
    target = [int(np.prod(shape[:1])), int(np.prod(shape[1:]))]
    stated = [-1, target[1]] if rng.integers(2) else target
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("RESHAPE", [x, net.constant(np.array(stated, np.int32))], target, dtype,
               **quantization(dtype))
    return net.finish([y]), [data]


def squeeze(rng, dtype):
    shape = [1 if rng.integers(2) else n for n in random_shape(rng, 4, 9)]
    shape[0] = 3
    dims = [i for i, n in enumerate(shape) if n == 1 and rng.integers(2)]
    made = [n for i, n in enumerate(shape) if i not in dims] if dims else \
        [n for n in shape if n != 1]
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("SQUEEZE", [x], made, dtype, squeezeDims=dims, **quantization(dtype))
    return net.finish([y]), [data]


def expand_dims(rng, dtype):
    shape = random_shape(rng, 3, 9)
    axis = int(rng.integers(-4, 4))
    at = axis + 4 if axis < 0 else axis
    net, x, data = one_input(rng, shape, dtype)
    y = net.op("EXPAND_DIMS", [x, net.constant(np.int32(axis))], [*shape[:at], 1, *shape[at:]],
               dtype, **quantization(dtype))
    return net.finish([y]), [data]


CASES = [(make, d) for make in (gather, reshape, squeeze, expand_dims) for d in TYPES]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("make, dtype", CASES, ids=lambda v: getattr(v, "__name__", v))
def test_moves_exactly(make, dtype, arithmetic):
    repeat_until_enough(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}")


@pytest.mark.parametrize("out_type", ["int32", "int64"])
def test_shape_is_the_shape(out_type):
    def make(rng):
        shape = random_shape(rng, int(rng.integers(1, 6)), 5)
        net, x, data = one_input(rng, shape, "float32", samples=2000)
        y = net.op("SHAPE", [x], [len(shape)], out_type, out_type=out_type.upper())
        return net.finish([y]), [data]
    repeat_until_enough(make, "litert", f"SHAPE {out_type}")


@pytest.mark.parametrize("index", [-1, 3])
def test_gather_outside_the_entries_is_an_error_in_both(index, tmp_path):
    net = Network()
    x = net.input([1, 3], "float32")
    i = net.input([1], "int32")
    y = net.op("GATHER", [x, i], [1, 1], "float32", axis=1, batch_dims=0)
    model = net.finish([y])
    data = [values(np.random.default_rng(1), [1, 3], "float32"), np.array([index], np.int32)]
    with pytest.raises(AssertionError, match=f"index {index} at position 0 is outside the 3 entries"):
        ours.run(model, data, "reference")
    with pytest.raises(RuntimeError, match="gather index out of bounds"):
        judge.run(model, data, "reference")
