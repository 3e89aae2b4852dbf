"""SPLIT, SPLIT_V, UNPACK, CONCATENATION, PACK."""

import numpy as np
import pytest

import compare
import judge
import ours
from movement import one_input, quantization, random_shape, repeat_until_enough, values
from single_op import Network

TYPES = ["float32", "int8", "uint8", "int16", "int32", "int64"]


def outputs(net, shapes, dtype):
    return [net.tensor(shape, dtype, **quantization(dtype)) for shape in shapes]


def with_axis(shape, axis, size):
    return [*shape[:axis], size, *shape[axis + 1:]]


def split(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 10)
    axis, parts = int(rng.integers(0, len(shape))), int(rng.integers(1, 5))
    shape[axis] *= parts
    net, x, data = one_input(rng, shape, dtype)
    made = outputs(net, [with_axis(shape, axis, shape[axis] // parts)] * parts, dtype)
    stated = axis - len(shape) if rng.integers(2) else axis
    net.op_to("SPLIT", [net.constant(np.int32(stated)), x], made, num_splits=parts)
    return net.finish(made), [data]


def split_v(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 10)
    axis = int(rng.integers(0, len(shape)))
    sizes = rng.integers(1, 5, int(rng.integers(1, 5))).astype(np.int32)
    shape[axis] = int(sizes.sum())
    net, x, data = one_input(rng, shape, dtype)
    made = outputs(net, [with_axis(shape, axis, int(n)) for n in sizes], dtype)
    if rng.integers(2):
        sizes[rng.integers(len(sizes))] = -1
    net.op_to("SPLIT_V", [x, net.constant(sizes), net.constant(np.int32(axis))], made,
              num_splits=len(sizes))
    return net.finish(made), [data]


def unpack(rng, dtype):
    shape = random_shape(rng, int(rng.integers(2, 5)), 8)
    axis = int(rng.integers(0, len(shape)))
    net, x, data = one_input(rng, shape, dtype)
    made = outputs(net, [shape[:axis] + shape[axis + 1:]] * shape[axis], dtype)
    net.op_to("UNPACK", [x], made, num=shape[axis], axis=axis)
    return net.finish(made), [data]


def several_inputs(rng, net, shapes, dtype):
    samples = max(1, min(500, 15000 // sum(int(np.prod(shape)) for shape in shapes)))
    inputs = [net.input(shape, dtype, **quantization(dtype)) for shape in shapes]
    return inputs, [values(rng, [shape[0] * samples, *shape[1:]], dtype) for shape in shapes]


def concatenation(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 5)), 9)
    axis = int(rng.integers(0, len(shape)))
    sizes = rng.integers(1, 9, int(rng.integers(1, 6)))
    if axis == 0:  # the inputs of a run hold equally many samples
        sizes[:] = sizes[0]
    shapes = [with_axis(shape, axis, int(n)) for n in sizes]
    net = Network()
    inputs, data = several_inputs(rng, net, shapes, dtype)
    total = with_axis(shape, axis, sum(s[axis] for s in shapes))
    y = net.op("CONCATENATION", inputs, total, dtype,
               axis=axis - len(shape) if rng.integers(2) else axis, **quantization(dtype))
    return net.finish([y]), data


def pack(rng, dtype):
    shape = random_shape(rng, int(rng.integers(1, 4)), 9)
    axis, count = int(rng.integers(0, len(shape) + 1)), int(rng.integers(1, 6))
    net = Network()
    inputs, data = several_inputs(rng, net, [shape] * count, dtype)
    y = net.op("PACK", inputs, [*shape[:axis], count, *shape[axis:]], dtype, values_count=count,
               axis=axis, **quantization(dtype))
    return net.finish([y]), data


CASES = [(make, d) for make in (split, split_v, unpack, concatenation, pack) for d in TYPES]
CASES.remove((unpack, "int64"))  # LiteRT's UNPACK has no int64


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("make, dtype", CASES, ids=lambda v: getattr(v, "__name__", v))
def test_moves_exactly(make, dtype, arithmetic):
    repeat_until_enough(lambda rng: make(rng, dtype), arithmetic, f"{make.__name__} {dtype}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_uint8_concatenation_of_other_scales_is_rescaled_exactly(arithmetic):
    rng = np.random.default_rng(5)
    for _ in range(40):
        net = Network()
        inputs, data = [], []
        for _ in range(2):
            scale = float(rng.uniform(0.01, 0.3))
            inputs.append(net.input([1, 50], "uint8", scale=scale,
                                    zero_point=int(rng.integers(0, 256))))
            data.append(rng.integers(0, 256, (30, 50)).astype(np.uint8))
        y = net.op("CONCATENATION", inputs, [1, 100], "uint8", axis=1,
                   scale=float(rng.uniform(0.01, 0.3)), zero_point=int(rng.integers(0, 256)))
        model = net.finish([y])
        compare.tensors(ours.run(model, data, arithmetic), judge.run(model, data, arithmetic), 0,
                        "CONCATENATION uint8")
