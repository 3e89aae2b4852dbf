"""Ranges that litesmith calibrates are those of TensorFlow's calibrator, quirks included."""

import numpy as np
import pytest

import compare
import ours
import tensorflow_judge
from structure import File
from test_quantizer import IMAGE, Build

BINARY = ("ADD", "SUB", "MUL", "DIV", "MAXIMUM", "MINIMUM", "SQUARED_DIFFERENCE")


def _positive(b, x):
    return b.add("MAXIMUM", [b.same("ABS", x), b.constant(np.float32(0.1))], IMAGE)


def both_operands_read_once(b, op):
    x = b.x(IMAGE)
    return [b.conv(b.add(op, [b.conv(x, 4), _positive(b, b.conv(x, 4))], IMAGE), 2)]


def first_operand_read_again(b, op):
    x = b.x(IMAGE)
    first, second = b.conv(x, 4), _positive(b, b.conv(x, 4))
    y = b.add(op, [first, second], IMAGE)
    return [b.conv(y, 2), b.conv(first, 2)]


def small_first_operand(b, op):
    x = b.x(IMAGE)
    small = b.add("MEAN", [b.conv(x, 4), b.integers(1, 2)], [1, 1, 1, 4], keep_dims=True)
    return [b.conv(b.add(op, [small, _positive(b, b.conv(x, 4))], IMAGE), 2)]


def _bent(b):
    """A value that no constant behind it can be folded into."""
    return b.same("TANH", b.conv(b.x(IMAGE), 4))


def constant_operand(b, op):
    x = _bent(b)
    return [b.conv(b.add(op, [x, b.constant(np.abs(b.noise(4)) + 2)], IMAGE), 2)]


def of_the_input(b, op):
    return [b.conv(b.add(op, [b.x(IMAGE), b.constant(np.abs(b.noise(4)) + 2)], IMAGE), 2)]


def for_the_output(b, op):
    x = _bent(b)
    return [b.add(op, [x, b.constant(np.abs(b.noise(4)) + 2)], IMAGE)]


def of_itself(b, op):
    x = _positive(b, b.conv(b.x(IMAGE), 4))
    return [b.conv(b.add(op, [x, x], IMAGE), 2)]


def behind_a_reshape(b, op):
    x = _bent(b)
    flat = b.add("RESHAPE", [x, b.integers(1, 144)], [1, 144])
    y = b.add(op, [flat, b.constant(np.abs(b.noise(144)) + 2)], [1, 144])
    return [b.dense(b.same("TANH", y), 2)]


def in_a_chain(b, op):
    x = _bent(b)
    for _ in range(3):
        x = b.same("TANH", b.add(op, [x, b.constant(np.abs(b.noise(4)) + 2)], IMAGE))
    return [b.conv(x, 2)]


SHAPES = [both_operands_read_once, first_operand_read_again, small_first_operand, constant_operand,
          of_the_input, for_the_output, of_itself, behind_a_reshape, in_a_chain]


def check(build, seed, tmp_path, what):
    b = Build(seed)
    outputs = build(b)
    samples = [[b.noise(*b.shapes[i]) + np.float32(0.2) for i in b._inputs] for _ in range(5)]
    model = b.finish(outputs)
    theirs = File(tensorflow_judge.calibrate_file(model, samples))
    (tmp_path / "model.tflite").write_bytes(model)
    # A float .tflite as litesmith is given it: no rewrite finds anything to do in these.
    names = [t.name for t in theirs.inputs]
    stacked = [np.concatenate(arrays) for arrays in zip(*samples)]
    data = tmp_path / ("x.npy" if len(names) == 1 else "x.npz")
    np.save(data, stacked[0]) if len(names) == 1 else np.savez(data, **dict(zip(names, stacked)))
    ours.call("convert", tmp_path / "model.tflite", "-o", tmp_path / "out.tflite", "--calibrate",
              data, "--calibrate-samples", 0, "--calibrate-only")
    mine = File((tmp_path / "out.tflite").read_bytes())
    # Zero belongs to every range that is used; TensorFlow's maximum starts at the smallest float.
    ranges = [{t.name: (min(t.range[0][0], 0), max(t.range[1][0], 0))
               for t in f.tensors if t.range[0]} for f in (mine, theirs)]
    compare.equal(sorted(ranges[0]), sorted(ranges[1]), f"{what}: tensors with a range")
    for name, (low, high) in ranges[1].items():
        tolerance = 1e-5 * max(abs(low), abs(high)) + 1e-30
        for a, b in zip(ranges[0][name], (low, high)):
            compare.at_least(tolerance, abs(a - b), f"{what}: range of {name}")


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_ranges_of_what_LiteRT_may_overwrite(shape, op, tmp_path):
    check(lambda b: shape(b, op), 7, tmp_path, f"{op} {shape.__name__}")
