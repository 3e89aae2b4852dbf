"""FLOOR, CEIL, ROUND, SIGN, SIN and COS: float functions without quantized kernels."""

import numpy as np
import pytest

import judge
from element_cases import shape_of
from judged import check
from single_op import Network


def floats(rng, shape):
    """On both sides of halves and whole numbers, up to beyond where floats have fractions."""
    values = rng.normal(0, rng.choice([1, 30, 1e9]), shape).astype(np.float32)
    halves = rng.integers(-9, 10, shape) / np.float32(2)
    near = np.nextafter(halves, rng.choice([-np.inf, np.inf]), dtype=np.float32)
    near[halves == 0] = rng.choice([-1e-30, 1e-30])  # XNNPACK takes subnormal numbers for zero
    kind = rng.integers(0, 3, shape)
    return np.choose(kind, [values, halves, near]).astype(np.float32)


def angles(rng, shape):
    return rng.normal(0, rng.choice([1, 30, 1000]), shape).astype(np.float32)


def one(rng, op, draw, dtype="float32"):
    shape = shape_of(rng)
    net = Network()
    y = net.op(op, [net.input(shape, dtype)], shape, dtype)
    return net.finish([y]), [draw(rng, shape).astype(dtype)]


# LiteRT's reference resolver has no CEIL and no ROUND.
@pytest.mark.parametrize("op, arithmetic", [
    (op, arithmetic) for op in ("FLOOR", "CEIL", "ROUND", "SIGN") for arithmetic in judge.ARITHMETICS
    if arithmetic != "reference" or op in ("FLOOR", "SIGN")])
def test_to_whole_numbers(op, arithmetic):
    check(lambda rng: one(rng, op, floats), arithmetic, op, tolerance=0)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_signs_of_integers(arithmetic):
    check(lambda rng: one(rng, "SIGN", floats, "int32"), arithmetic, "SIGN int32")


# XNNPACK reduces angles in float: at 1000 it is off by about 1e-5.
@pytest.mark.parametrize("arithmetic, tolerance", [("reference", 2e-7), ("builtin", 2e-7),
                                                   ("litert", 1e-5)])
@pytest.mark.parametrize("op", ["SIN", "COS"])
def test_trigonometry(op, arithmetic, tolerance):
    check(lambda rng: one(rng, op, angles), arithmetic, op, tolerance)
