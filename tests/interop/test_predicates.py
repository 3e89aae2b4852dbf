"""Comparisons, operators on booleans, SELECT and SELECT_V2, REDUCE_ANY and REDUCE_ALL: exactly."""

import numpy as np
import pytest

import judge
from element_cases import RANGES, codes, numbers, scale, zero_point
from judged import check
from single_op import Network
from test_binary import constant_operand, operands, two_operands

COMPARISONS = {op: ["float32", "int8", "uint8", "int16", "int32", "int64"]
               for op in ("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL")}
COMPARISONS["EQUAL"].append("bool")
COMPARISONS["NOT_EQUAL"].append("bool")


def booleans(rng, shape, often=0.5):
    return rng.random(shape) < often


def compared(rng, op, dtype):
    shapes = operands(rng)
    quantizations = [{}, {}, {}]
    if dtype in RANGES:
        first = scale(rng, -9, -1)
        second = first if rng.random() < 0.5 else float(np.float32(min(0.99, first * scale(rng, -2, 2))))
        quantizations[:2] = [dict(scale=s, zero_point=zero_point(rng, dtype)) for s in (first, second)]
        values = [codes(rng, shape, dtype) for shape in shapes]
    elif dtype == "bool":
        values = [booleans(rng, shape) for shape in shapes]
    else:
        values = [(numbers(rng, shape, dtype) % 7).astype(dtype) for shape in shapes]
    net = Network()
    constant = constant_operand(rng, shapes)
    inputs = [net.constant(v, **q) if i == constant else net.input(s, dtype, **q)
              for i, (s, q, v) in enumerate(zip(shapes, quantizations, values))]
    y = net.op(op, inputs, np.broadcast_shapes(*shapes), "bool")
    return net.finish([y]), [v for i, v in enumerate(values) if i != constant]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("op, dtype", [(op, d) for op, types in COMPARISONS.items() for d in types])
def test_comparisons(op, dtype, arithmetic):
    check(lambda rng: compared(rng, op, dtype), arithmetic, f"{op} {dtype}")


def logical(rng, op):
    shapes = operands(rng)
    values = [booleans(rng, shape) for shape in shapes]
    if op == "LOGICAL_NOT":
        net = Network()
        y = net.op(op, [net.input(shapes[0], "bool")], shapes[0], "bool")
        return net.finish([y]), values[:1]
    return two_operands(op, shapes, "bool", [{}] * 3, values, constant_operand(rng, shapes))


@pytest.mark.parametrize("arithmetic", ["reference", "litert"])
@pytest.mark.parametrize("op", ["LOGICAL_AND", "LOGICAL_OR", "LOGICAL_NOT"])
def test_operators_on_booleans(op, arithmetic):
    check(lambda rng: logical(rng, op), arithmetic, op)


# Shapes of the condition and both values; the last three are SELECT_V2's alone.
SELECTED = [
    ([40, 30, 9], [40, 30, 9], [40, 30, 9]),
    ([40], [40, 30, 9], [40, 30, 9]),
    ([], [40, 30, 9], [40, 30, 9]),
    ([40, 1, 9], [40, 30, 1], [40, 30, 9]),
    ([40, 30, 9], [1, 9], [40, 1, 1]),
    ([6, 5, 40, 9], [6, 1, 1, 9], [6, 5, 1, 9]),
]


def selected(rng, op, dtype):
    shapes = SELECTED[int(rng.integers(3 if op == "SELECT" else 6))]
    if op == "SELECT_V2" and len(shapes[0]) == 1:
        shapes = ([9], *shapes[1:])
    quantization = dict(scale=0.5, zero_point=3 if dtype != "int16" else 0) if dtype in RANGES else {}
    draw = codes if dtype in RANGES else numbers
    values = [booleans(rng, shapes[0], 0.5), *(draw(rng, s, dtype) for s in shapes[1:])]
    net = Network()
    # What has another first dimension than the result is no batch of samples.
    first = [s[:1] == [40] or s[:1] == [6] for s in shapes]
    inputs = [net.input(s, "bool" if i == 0 else dtype, **(quantization if i else {})) if first[i]
              else net.constant(v, **(quantization if i else {}))
              for i, (s, v) in enumerate(zip(shapes, values))]
    y = net.op(op, inputs, np.broadcast_shapes(*shapes) if op == "SELECT_V2" else shapes[1], dtype,
               **quantization)
    return net.finish([y]), [v for i, v in enumerate(values) if first[i]]


@pytest.mark.parametrize("arithmetic", ["reference", "litert"])
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8", "int16", "int32", "int64"])
@pytest.mark.parametrize("op", ["SELECT", "SELECT_V2"])
def test_selections(op, dtype, arithmetic):
    check(lambda rng: selected(rng, op, dtype), arithmetic, f"{op} {dtype}")


def reduced(rng, op):
    shape, axes = [([20, 300, 11], [1]), ([30, 40, 50], [2]), ([90, 5, 7, 40], [1, 3]),
                   ([500, 60], [-1])][int(rng.integers(4))]
    gone = {axis % len(shape) for axis in axes}
    keep = bool(rng.random() < 0.5)
    made = [1 if i in gone else n for i, n in enumerate(shape) if keep or i not in gone]
    terms = int(np.prod([shape[i] for i in gone]))
    rare = 1 / terms
    net = Network()
    y = net.op(op, [net.input(shape, "bool"), net.constant(np.array(axes, np.int32))], made, "bool",
               keep_dims=keep)
    return net.finish([y]), [booleans(rng, shape, rare if op == "REDUCE_ANY" else 1 - rare)]


@pytest.mark.parametrize("arithmetic", ["reference", "litert"])
@pytest.mark.parametrize("op", ["REDUCE_ANY", "REDUCE_ALL"])
def test_reductions_of_booleans(op, arithmetic):
    check(lambda rng: reduced(rng, op), arithmetic, op)
