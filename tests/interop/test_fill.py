"""FILL, ZEROS_LIKE, ONE_HOT, REVERSE_V2 and FLOOR_DIV bit for bit; CUMSUM, whose floats LiteRT adds in its own order."""

import numpy as np
import pytest

import compare
import judge
import ours
from movement import OUTPUTS, as_bits, random_shape, values
from single_op import Network


def shape_of(rng):
    return random_shape(rng, int(rng.integers(1, 5)), 24)


def fill(rng, dtype):
    shape = shape_of(rng)
    net = Network()
    x = net.input([], dtype)
    return net, [x, net.constant(np.array(shape, rng.choice([np.int32, np.int64])))][::-1], "FILL", shape, \
        [values(rng, [], dtype)], {}


def zeros_like(rng, dtype):
    shape = shape_of(rng)
    net = Network()
    return net, [net.input(shape, dtype)], "ZEROS_LIKE", shape, [values(rng, shape, dtype)], {}


def one_hot(rng, dtype):
    shape, depth = random_shape(rng, int(rng.integers(1, 4)), 16), int(rng.integers(1, 40))
    axis = int(rng.integers(-1, len(shape) + 1))
    at = len(shape) if axis == -1 else axis
    kind = rng.choice([np.int32, np.int64])
    net = Network()
    inputs = [net.input(shape, kind), net.constant(np.int32(depth)), net.constant(values(rng, [], dtype)),
              net.constant(values(rng, [], dtype))]
    return net, inputs, "ONE_HOT", [*shape[:at], depth, *shape[at:]], \
        [rng.integers(-2, depth + 2, shape).astype(kind)], {"axis": axis}


def reverse(rng, dtype):
    shape = shape_of(rng)
    first = int(rng.integers(len(shape)))
    axes = np.arange(first, int(rng.integers(first, len(shape))) + 1, dtype=np.int32)
    axes = np.where(rng.random(len(axes)) < 0.3, axes - len(shape), axes).astype(np.int32)
    net = Network()
    return net, [net.input(shape, dtype), net.constant(axes)], "REVERSE_V2", shape, [values(rng, shape, dtype)], {}


def floor_div(rng, dtype):
    shape = shape_of(rng)
    other = [n if rng.integers(2) else 1 for n in shape]
    divisor = values(rng, other, dtype)
    divisor[divisor == 0] = 1
    net = Network()
    return net, [net.input(shape, dtype), net.constant(divisor)], "FLOOR_DIV", shape, [values(rng, shape, dtype)], {}


def cumsum(rng, dtype):
    shape = shape_of(rng)
    axis = int(rng.integers(-len(shape), len(shape)))
    net = Network()
    return net, [net.input(shape, dtype), net.constant(np.int32(axis))], "CUMSUM", shape, \
        [values(rng, shape, dtype)], {"exclusive": bool(rng.integers(2)), "reverse": bool(rng.integers(2))}


TYPES = {fill: ["float32", "int8", "int16", "int32", "int64", "bool"], zeros_like: ["float32", "int32", "int64"],
         one_hot: ["float32", "int8", "uint8", "int32", "int64", "bool"],
         reverse: ["float32", "int8", "uint8", "int16", "int32", "int64", "bool"],
         floor_div: ["float32", "int8", "int16", "int32"], cumsum: ["float32", "int32", "int64"]}


@pytest.mark.parametrize("make, dtype", [(make, dtype) for make, types in TYPES.items() for dtype in types],
                         ids=lambda v: getattr(v, "__name__", v))
def test_equals_litert(make, dtype):
    rng = np.random.default_rng(1)
    compared = 0
    while compared < OUTPUTS:
        net, inputs, op, shape, given, attributes = make(rng, dtype)
        model = net.finish([net.op(op, inputs, shape, dtype, **attributes)])
        for arithmetic in ("builtin", "litert"):
            runner = judge.interpreter(model, arithmetic)
            runner.set_tensor(runner.get_input_details()[0]["index"], given[0])
            runner.invoke()
            theirs = runner.get_tensor(runner.get_output_details()[0]["index"])
            mine, = ours.run(model, [given[0] if given[0].ndim else given[0][None]], arithmetic)
            mine = mine.reshape(theirs.shape)
            if make is cumsum and dtype == "float32":
                compare.floats(mine, theirs, 1e-5, op)
            else:
                compare.integers(as_bits(mine), as_bits(theirs), f"{op} {dtype}")
        compared += theirs.size
