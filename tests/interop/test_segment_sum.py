"""SEGMENT_SUM, bit for bit: floats are added in LiteRT's order. BUILTIN_REF has no kernel of it."""

import numpy as np
import pytest

import compare
import judge
import ours
from movement import OUTPUTS, as_bits, random_shape, values
from single_op import Network


def segments(rng, rows):
    return np.cumsum(np.r_[0, rng.integers(0, 2, rows - 1)]).astype(np.int32)


def network(rng, dtype, known):
    """Data, and segments that are a constant or an input beside it."""
    shape = [int(rng.integers(1, 90)), *random_shape(rng, int(rng.integers(0, 4)), 20)]
    ids = segments(rng, shape[0])
    net = Network()
    x = net.input(shape, dtype)
    number = net.constant(ids) if known else net.input([shape[0]], "int32")
    y = net.op("SEGMENT_SUM", [x, number], [int(ids[-1]) + 1, *shape[1:]], dtype)
    return net.finish([y]), [values(rng, shape, dtype)] + ([] if known else [ids])


@pytest.mark.parametrize("arithmetic", ["builtin", "litert"])
@pytest.mark.parametrize("known", [True, False], ids=["constant", "computed"])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_sums(dtype, known, arithmetic):
    rng = np.random.default_rng(1)
    compared = 0
    while compared < OUTPUTS:
        model, inputs = network(rng, dtype, known)
        theirs, = judge.run(model, inputs, arithmetic)
        mine, = ours.run(model, inputs, arithmetic)
        compare.integers(as_bits(mine.reshape(theirs.shape)), as_bits(theirs), f"SEGMENT_SUM {dtype}")
        compared += theirs.size


@pytest.mark.parametrize("ids", [[1, 1, 2], [0, 2, 2], [0, 1, 0], [-1, 0, 1]])
def test_segments_out_of_order_are_an_error_in_both(ids):
    net = Network()
    inputs = [net.input([3, 2], "float32"), net.input([3], "int32")]
    model = net.finish([net.op("SEGMENT_SUM", inputs, [2, 2], "float32")])
    given = [np.ones([3, 2], np.float32), np.array(ids, np.int32)]
    with pytest.raises(RuntimeError):
        judge.run(model, given, "builtin")
    with pytest.raises(AssertionError, match="SEGMENT_SUM: segment"):
        ours.run(model, given, "builtin")
