"""RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR, by every rule for where pixels lie."""

import numpy as np
import pytest

import compare
import judge
import ours
from movement import OUTPUTS, one_input, quantization, repeat_until_enough

RULES = {"plain": {}, "corners": {"align_corners": True}, "half": {"half_pixel_centers": True},
         "both": {"align_corners": True, "half_pixel_centers": True}}
# The float formula is one multiply-add a tap; LiteRT's kernels order theirs differently.
FLOAT_TOLERANCE = 1e-5


def resize(op, rng, dtype, rule):
    height, width, channels = (int(n) for n in rng.integers(1, 14, 3))
    if rng.integers(4) == 0:  # whole factors have kernels of their own in LiteRT
        factor = int(rng.choice([2, 4, 8]))
        size, channels = [height * factor, width * factor], 8
    else:
        size = [int(n) for n in rng.integers(1, 30, 2)]
    net, x, data = one_input(rng, [1, height, width, channels], dtype, samples=8)
    y = net.op(op, [x, net.constant(np.array(size, np.int32))], [1, *size, channels], dtype,
               **RULES[rule], **quantization(dtype))
    return net.finish([y]), [data]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8", "int16"])
@pytest.mark.parametrize("rule", RULES)
def test_nearest_neighbour_is_exact(rule, dtype, arithmetic):
    repeat_until_enough(lambda rng: resize("RESIZE_NEAREST_NEIGHBOR", rng, dtype, rule),
                        arithmetic, f"nearest {rule} {dtype}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16"])
@pytest.mark.parametrize("rule", ["plain", "corners", "half"])
def test_bilinear_integers_are_exact(rule, dtype, arithmetic):
    repeat_until_enough(lambda rng: resize("RESIZE_BILINEAR", rng, dtype, rule), arithmetic,
                        f"bilinear {rule} {dtype}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("rule", ["plain", "corners", "half"])
def test_bilinear_floats_are_close(rule, arithmetic):
    rng = np.random.default_rng(3)
    compared = 0
    while compared < OUTPUTS:
        model, inputs = resize("RESIZE_BILINEAR", rng, "float32", rule)
        theirs = judge.run(model, inputs, arithmetic)
        compare.tensors(ours.run(model, inputs, arithmetic), theirs, FLOAT_TOLERANCE,
                        f"bilinear {rule}")
        compared += theirs[0].size
