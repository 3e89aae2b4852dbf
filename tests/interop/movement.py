"""What the tests of ops that only move data share: types, random shapes, the comparison."""

import numpy as np

import compare
import judge
import ours
from single_op import Network

OUTPUTS = 100_000  # compared for each op, type and arithmetic

# LiteRT's quantized types carry a scale; the movers must not touch the numbers.
QUANTIZATION = {"int8": {"scale": 0.05, "zero_point": -3}, "uint8": {"scale": 0.05, "zero_point": 7},
                "int16": {"scale": 0.001, "zero_point": 0}}


def quantization(dtype):
    return QUANTIZATION.get(dtype, {})


def values(rng, shape, dtype):
    """Random elements over the whole range of the type."""
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype == "float32":
        return rng.standard_normal(shape).astype(np.float32)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype=dtype, endpoint=True)


def random_shape(rng, rank, largest):
    return [int(n) for n in rng.integers(1, largest + 1, rank)]


def assert_equal(model, inputs, arithmetic, what):
    """Bit for bit, floats too: nothing is computed."""
    mine = ours.run(model, inputs, arithmetic)
    theirs = judge.run(model, inputs, arithmetic)
    assert len(mine) == len(theirs), what
    for a, b in zip(mine, theirs):
        # An op that moves the first dimension has no batch: litesmith then stacks what the runs made,
        # where the judge joins it.
        assert a.shape[-b.ndim + 1:] == b.shape[1:] or b.ndim == 1, what
        compare.integers(as_bits(a.reshape(b.shape)), as_bits(b), what)
    return sum(b.size for b in theirs)


def as_bits(array):
    return array.view(np.int32) if array.dtype == np.float32 else array


def repeat_until_enough(make, arithmetic, what, seed=1):
    """Compares `make(rng)`, a model and its inputs, with new random ones until OUTPUTS are made."""
    rng = np.random.default_rng(seed)
    compared = 0
    while compared < OUTPUTS:
        model, inputs = make(rng)
        compared += assert_equal(model, inputs, arithmetic, what)


def one_input(rng, shape, dtype, samples=None):
    """A network with one input of `shape`, and data: enough samples that few runs are needed."""
    net = Network()
    x = net.input(shape, dtype, **quantization(dtype))
    if samples is None:
        samples = max(1, min(500, OUTPUTS // 6 // max(1, int(np.prod(shape)))))
    return net, x, values(rng, [shape[0] * samples, *shape[1:]], dtype)
