"""ADD, SUB, MUL, DIV, MAXIMUM, MINIMUM, SQUARED_DIFFERENCE, POW and PRELU, whose operands broadcast."""

import numpy as np
import pytest

import judge
from element_cases import RANGES, codes, numbers, scale, zero_point
from judged import check
from single_op import Network

ALL = ["float32", "int8", "uint8", "int16", "int32", "int64"]
TYPES = {
    "ADD": ALL,
    "SUB": ALL,
    "MUL": ALL,
    "DIV": ["float32", "int8", "uint8", "int16", "int32"],
    "MAXIMUM": ALL,
    "MINIMUM": ALL,
    "SQUARED_DIFFERENCE": ["float32", "int8", "int32"],
}
ACTIVATIONS = ["NONE", "NONE", "NONE", "RELU", "RELU6", "RELU_N1_TO_1"]

# Equal shapes, one element, rows, columns, planes, and mixtures up to six dimensions.
OPERANDS = [
    ([64, 133], [64, 133]),
    ([1, 37, 300], [1, 37, 300]),
    ([7, 1500], [1, 1]),
    ([9999], [1]),
    ([2, 30, 40, 5], [5]),
    ([2, 30, 4, 51], [2, 1, 1, 51]),
    ([20, 30, 17], [20, 30, 1]),
    ([2, 30, 1, 33], [2, 1, 6, 33]),
    ([8, 1, 24, 1, 16], [1, 6, 24, 5, 1]),
    ([4, 1, 30, 1, 20, 1], [1, 3, 1, 2, 1, 7]),
    ([40, 1, 24], [1, 9, 24]),
    ([11, 12, 13], []),
]


def operands(rng):
    first, second = OPERANDS[rng.integers(len(OPERANDS))]
    return (second, first) if rng.random() < 0.5 else (first, second)


def scales(rng, op, dtype):
    """Of both operands and the result; one case in four is extreme."""
    extreme = rng.random() < 0.25
    first = scale(rng, -9, 1)
    second = first * scale(rng, -8, 8) if extreme else first * scale(rng, -2, 2)
    second = float(np.float32(second))
    steps = 30_000 if dtype == "int16" else 128
    typical = {
        "ADD": max(first, second),
        "SUB": max(first, second),
        "MUL": first * second * steps,
        "DIV": first / second / (steps / 4),
        "SQUARED_DIFFERENCE": max(first, second) ** 2 * steps,
    }.get(op)
    if typical is None:  # MAXIMUM and MINIMUM compare codes
        return [first] * 3
    # A sum must not be multiplied by one or more, which LiteRT refuses.
    low = 0 if op in ("ADD", "SUB", "SQUARED_DIFFERENCE") else -12
    spread = scale(rng, low, 12) if extreme else scale(rng, max(low, -3), 3)
    return [first, second, float(np.float32(typical * spread))]


def quantized(rng, op, dtype, shapes):
    """Quantizations and operands."""
    points = [zero_point(rng, dtype) for _ in range(3)]
    if op in ("MAXIMUM", "MINIMUM"):
        points = [points[0]] * 3
    values = [codes(rng, shape, dtype) for shape in shapes]
    if op == "DIV":  # LiteRT refuses to divide by zero
        beside = points[1] + 1 if points[1] < RANGES[dtype][1] else points[1] - 1
        values[1] = np.where(values[1] == points[1], beside, values[1]).astype(dtype)
    return [dict(scale=s, zero_point=z) for s, z in zip(scales(rng, op, dtype), points)], values


def plain(rng, op, dtype, shapes):
    values = [numbers(rng, shape, dtype) for shape in shapes]
    if op == "DIV":
        values[1] = np.where(np.abs(values[1]) < 0.01, 3, values[1]).astype(dtype)
    return [{}] * 3, values


def two_operands(op, shapes, dtype, quantizations, values, constant=None, **attributes):
    """`constant` is the operand that the file holds."""
    net = Network()
    inputs = [net.constant(value, **quantization) if i == constant else
              net.input(shape, dtype, **quantization)
              for i, (shape, quantization, value) in enumerate(zip(shapes, quantizations, values))]
    y = net.op(op, inputs, np.broadcast_shapes(*shapes), dtype, **quantizations[2], **attributes)
    return net.finish([y]), [value for i, value in enumerate(values) if i != constant]


def constant_operand(rng, shapes):
    """Inputs have a first dimension, and the same one."""
    for i in (0, 1):
        if not shapes[i]:
            return i
    if shapes[0][0] != shapes[1][0] or rng.random() < 0.3:
        return int(rng.integers(2))
    return None


def binary(rng, op, dtype):
    shapes = operands(rng)
    draw = quantized if dtype in RANGES else plain
    quantizations, values = draw(rng, op, dtype, shapes)
    attributes = {}
    if op in ("ADD", "SUB", "MUL", "DIV"):
        attributes["activation"] = str(rng.choice(ACTIVATIONS))
    if op in ("ADD", "SUB"):
        attributes["pot_scale_int16"] = bool(rng.random() < 0.5)
    constant = constant_operand(rng, shapes)
    return two_operands(op, shapes, dtype, quantizations, values, constant, **attributes)


def shifted(rng, op):
    """int16 with scales that are powers of two, which LiteRT adds by shifting one operand."""
    shapes = [[64, 133], [64, 133]]
    exponents = [-12, int(rng.integers(-15, -11)), -12]
    if rng.random() < 0.5:
        exponents[:2] = exponents[1::-1]
    quantizations = [dict(scale=2.0 ** e) for e in exponents]
    values = [codes(rng, shape, "int16") for shape in shapes]
    return two_operands(op, shapes, "int16", quantizations, values, pot_scale_int16=True,
                        activation=str(rng.choice(ACTIVATIONS)))


def prelu(rng, dtype, alpha_dtype):
    shape, alpha_shape = [
        ([2, 15, 7, 37], [37]),
        ([2, 15, 7, 37], [1, 1, 37]),
        ([9, 60, 20], [60, 20]),
        ([20, 30, 14], [1, 30, 1]),
        ([30, 400], [30, 400]),
    ][rng.integers(5)]
    if dtype == "float32":
        quantizations = [{}] * 3
        values = [numbers(rng, each, dtype) for each in (shape, alpha_shape)]
    else:
        first = scale(rng, -9, 1)
        quantizations = [
            dict(scale=first, zero_point=zero_point(rng, dtype)),
            dict(scale=scale(rng, -9, -5), zero_point=zero_point(rng, alpha_dtype)),
            dict(scale=float(np.float32(first * scale(rng, -3, 3))),
                 zero_point=zero_point(rng, dtype)),
        ]
        values = [codes(rng, shape, dtype), codes(rng, alpha_shape, alpha_dtype)]
    return two_operands("PRELU", [shape, alpha_shape], dtype, quantizations, values, constant=1)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op, dtype", [(op, dtype) for op in TYPES for dtype in TYPES[op]])
def test_two_operands(op, dtype, arithmetic):
    check(lambda rng: binary(rng, op, dtype), arithmetic, f"{op} {dtype}")


def power(rng):
    """Bases below zero have whole exponents."""
    shapes = operands(rng)
    exponent = numbers(rng, shapes[1], "float32")
    base = numbers(rng, shapes[0], "float32")
    if rng.random() < 0.5:
        exponent = np.round(exponent)
    else:
        base = np.abs(base)
    return two_operands("POW", shapes, "float32", [{}] * 3, [base, exponent], constant_operand(rng, shapes))


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_power(arithmetic):
    check(power, arithmetic, "POW")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op", ["ADD", "SUB"])
def test_int16_of_power_of_two_scales(op, arithmetic):
    check(lambda rng: shifted(rng, op), arithmetic, f"{op} int16")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype, alpha_dtype", [("float32", "float32"), ("int8", "int8"),
                                                ("uint8", "uint8"), ("int16", "int8")])
def test_prelu(dtype, alpha_dtype, arithmetic):
    check(lambda rng: prelu(rng, dtype, alpha_dtype), arithmetic, f"PRELU {dtype}")
