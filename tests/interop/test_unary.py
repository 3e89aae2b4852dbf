"""Ops of one operand: the rectifiers, and the functions that are tables on quantized tensors."""

import numpy as np
import pytest

import judge
from element_cases import RANGES, all_codes, numbers, scale, shape_of, zero_point
from judged import check
from single_op import Network

QUANTIZED = ["int8", "uint8", "int16"]
SIGNED = ["int8", "int16"]
TYPES = {
    "RELU": QUANTIZED,
    "RELU6": QUANTIZED,
    "RELU_N1_TO_1": ["int8", "uint8"],
    "RELU_0_TO_1": ["int8", "uint8"],
    "LEAKY_RELU": QUANTIZED,
    "ELU": ["int8"],
    "GELU": QUANTIZED,
    "HARD_SWISH": ["int8", "uint8"],
    "LOGISTIC": QUANTIZED,
    "TANH": QUANTIZED,
    "EXP": SIGNED,
    "LOG": SIGNED,
    "SQRT": SIGNED,
    "RSQRT": SIGNED,
    "ABS": [*SIGNED, "int32"],
    "NEG": [*SIGNED, "int32", "int64"],
    "SQUARE": [],
}
CASES = [(op, dtype) for op in TYPES for dtype in ["float32", *TYPES[op]]]
PLAIN_INTEGERS = {("NEG", "int8"), ("NEG", "int16")}  # LiteRT negates codes, whatever their scales

# By op, the exponents of input and output scales; the output's is the input's plus something else.
STEEP = {"EXP", "LOG", "SQRT", "RSQRT"}
CURVES = STEEP | {"GELU", "ELU", "TANH", "LOGISTIC"}


def input_scale(rng, op, dtype):
    if dtype == "int16":
        if op in STEEP:
            return scale(rng, -15, -11)
        if op in ("LOGISTIC", "TANH"):  # powers of two go another way
            return [2.0 ** -12, 2.0 ** -11, scale(rng, -16, -9),
                    float(np.float32(8 / 32767))][rng.integers(4)]
        return scale(rng, -18, -5)
    return scale(rng, -9, -2) if op in CURVES else scale(rng, -10, 3)


def output_scale(rng, op, dtype, first):
    if op == "LOGISTIC":  # LiteRT demands these
        return 1 / 32768 if dtype == "int16" else 1 / 256
    if op == "TANH":
        return 1 / 32768 if dtype == "int16" else 1 / 128
    if op in STEEP:
        return scale(rng, -15, -11) if dtype == "int16" else scale(rng, -9, 0)
    if op == "HARD_SWISH":
        return float(np.float32(first * scale(rng, -5, 1)))
    return first if rng.random() < 0.2 else float(np.float32(first * scale(rng, -3, 3)))


def output_zero_point(rng, op, dtype):
    if op in ("LOGISTIC", "TANH") and dtype != "int16":
        low, high = RANGES[dtype]
        return low if op == "LOGISTIC" else (low + high + 1) // 2
    return zero_point(rng, dtype)


def quantized(rng, op, dtype, shape):
    first = input_scale(rng, op, dtype)
    point = zero_point(rng, dtype)
    values = all_codes(rng, shape, dtype)
    if op in ("SQRT", "RSQRT"):  # of a negative number LiteRT's run fails
        values = np.maximum(values, point).astype(dtype)
    return [dict(scale=first, zero_point=point),
            dict(scale=output_scale(rng, op, dtype, first),
                 zero_point=output_zero_point(rng, op, dtype))], values


def floats(rng, op, shape):
    values = numbers(rng, shape, "float32")
    if op in ("SQRT", "RSQRT", "LOG"):
        values = np.abs(values) + np.float32(1e-6)
    if op == "EXP":
        values = np.clip(values, -80, 5)
    return values


def unary(rng, op, dtype):
    shape = shape_of(rng)
    attributes = {}
    if op == "LEAKY_RELU":
        slopes = [0.1, 0.3, 0.01, 1.5, -0.5, 2.0 ** -9, 0.0, -1.7]
        attributes["alpha"] = float(np.float32(rng.choice(slopes)))
    if op == "GELU":
        attributes["approximate"] = bool(rng.random() < 0.5)
    quantizations = [{}, {}]
    if dtype == "float32":
        values = floats(rng, op, shape)
    elif dtype in RANGES and (op, dtype) not in PLAIN_INTEGERS:
        quantizations, values = quantized(rng, op, dtype, shape)
    else:
        values = all_codes(rng, shape, dtype) if dtype in RANGES else numbers(rng, shape, dtype)
    net = Network()
    x = net.input(shape, dtype, **quantizations[0])
    y = net.op(op, [x], shape, dtype, **quantizations[1], **attributes)
    return net.finish([y]), [values]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op, dtype", CASES)
def test_one_operand(op, dtype, arithmetic):
    if op == "ELU" and arithmetic == "reference":
        # BUILTIN_REF has no ELU; litesmith runs builtin's.
        with pytest.raises(ValueError, match="ELU"):
            judge.run(*unary(np.random.default_rng(0), op, dtype), arithmetic)
        return
    check(lambda rng: unary(rng, op, dtype), arithmetic, f"{op} {dtype}")
