"""AVERAGE_POOL_2D and MAX_POOL_2D: integers exact, floats close."""

import pytest

import compare
import conv_cases
import judge
import ours
from test_conv import check_exact

OPS = ["AVERAGE_POOL_2D", "MAX_POOL_2D"]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16"])
@pytest.mark.parametrize("op", OPS)
def test_integers_are_exact(op, dtype, arithmetic):
    check_exact(lambda seed: conv_cases.pool_layer(op, seed, dtype), arithmetic, f"{op} {dtype}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op", OPS)
def test_float_is_close(op, arithmetic):
    for seed in range(25):
        model, x = conv_cases.pool_layer(op, seed, "float32")
        compare.tensors(ours.run(model, [x], arithmetic), judge.run(model, [x], arithmetic), 1e-5,
                        f"{op} float {arithmetic} seed {seed}")
