"""CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED in every kind of numbers and arithmetic.

Integers are equal bit for bit, on 100,000 outputs and more an op, type and arithmetic. Hybrid layers
are held to equality too: the sums, the quantized inputs and the order of the scales are LiteRT's.
"""

import numpy as np
import pytest

import compare
import conv_cases
import judge
import ours

OPS = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"]
OUTPUTS = 100_000  # compared at least, an op, type and arithmetic


def check_exact(make, arithmetic, what):
    """Compares seed after seed until there were enough outputs."""
    compared = seed = 0
    while compared < OUTPUTS:
        model, x = make(seed)
        label = f"{what} {arithmetic} seed {seed}"
        theirs = judge.run(model, [x], arithmetic)
        compare.tensors(ours.run(model, [x], arithmetic), theirs, 0, label)
        compared += theirs[0].size
        seed += 1


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("per_channel", [True, False], ids=["per_channel", "per_tensor"])
@pytest.mark.parametrize("op", OPS)
def test_int8_is_exact(op, per_channel, arithmetic):
    check_exact(lambda seed: conv_cases.integer_layer(op, seed, "int8", per_channel=per_channel),
                arithmetic, f"{op} int8")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op", OPS)
def test_uint8_is_exact(op, arithmetic):
    check_exact(lambda seed: conv_cases.integer_layer(op, seed, "uint8"), arithmetic, f"{op} uint8")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("per_channel", [True, False], ids=["per_channel", "per_tensor"])
@pytest.mark.parametrize("op, bias", [(op, bias) for op in OPS for bias in ["int64", "int32"]
                                      if (op, bias) != ("DEPTHWISE_CONV_2D", "int32")])
def test_int16_is_exact(op, bias, per_channel, arithmetic):
    check_exact(lambda seed: conv_cases.integer_layer(op, seed, "int16", bias, per_channel),
                arithmetic, f"{op} int16 with {bias} bias")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op, per_channel, asymmetric", [
    ("CONV_2D", True, False), ("CONV_2D", False, False), ("DEPTHWISE_CONV_2D", True, False),
    ("FULLY_CONNECTED", True, False), ("FULLY_CONNECTED", False, False),
    ("FULLY_CONNECTED", True, True), ("FULLY_CONNECTED", False, True)])
def test_hybrid_has_the_same_bits(op, per_channel, asymmetric, arithmetic):
    check_exact(lambda seed: conv_cases.hybrid_layer(op, seed, per_channel, asymmetric), arithmetic,
                f"{op} hybrid")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op", OPS)
def test_float_is_close(op, arithmetic):
    for seed in range(25):
        model, x = conv_cases.float_layer(op, seed)
        compare.tensors(ours.run(model, [x], arithmetic), judge.run(model, [x], arithmetic), 1e-5,
                        f"{op} float {arithmetic} seed {seed}")


@pytest.mark.parametrize("arithmetic", ["reference", "builtin"])
def test_float_depthwise_without_xnnpack_has_the_same_bits(arithmetic):
    check_exact(lambda seed: conv_cases.float_layer("DEPTHWISE_CONV_2D", seed), arithmetic, "DEPTHWISE_CONV_2D float")
