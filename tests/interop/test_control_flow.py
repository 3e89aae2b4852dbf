"""IF and WHILE, with shapes that are known and shapes that only a run can tell."""

import pathlib
import tempfile

import numpy as np
import pytest

import compare
import judge
from single_op import Network
from test_interfaces import judged, made

SAMPLES = 6


def branch(op, shape):
    net = Network()
    a, b = net.input(shape, "float32"), net.input(shape, "float32")
    return net, [net.op(op, [a, b], shape, "float32")]


def padded():
    """Twice as many elements: another shape than the other branch's."""
    net = Network()
    a, b = net.input([1, 4], "float32"), net.input([1, 4], "float32")
    return net, [net.op("CONCATENATION", [a, b], [1, 8], "float32", axis=1)]


def choice(branches, shape):
    net = Network()
    condition = net.input([], "bool")
    a, b = net.input([1, 4], "float32"), net.input([1, 4], "float32")
    y = net.op("IF", [condition, a, b], shape, "float32", then_subgraph_index=1,
               else_subgraph_index=2)
    return net.finish([y], branches)


def compare_runs(model, arithmetic, inputs):
    """Runs of one sample each, of inputs without a common batch."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.tflite"
        path.write_bytes(model)
        mine = made(path, pathlib.Path(folder), arithmetic, inputs)
        # One sample a run: a first dimension of 1 is the batch, and not there twice.
        theirs = [b.reshape(a.shape) for a, b in zip(mine, judged(path, arithmetic, inputs))]
        compare.tensors(mine, theirs, 1e-6, "control flow")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_if(arithmetic):
    rng = np.random.default_rng(1)
    model = choice([branch("ADD", [1, 4]), branch("MUL", [1, 4])], [1, 4])
    inputs = [rng.random(SAMPLES) < 0.5, *rng.normal(size=(2, SAMPLES, 1, 4)).astype(np.float32)]
    compare_runs(model, arithmetic, inputs)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_if_of_other_shapes(arithmetic):
    rng = np.random.default_rng(2)
    model = choice([branch("ADD", [1, 4]), padded()], [1, 4])
    for condition in (True, False):
        compare_runs(model, arithmetic, [np.array([condition]),
                                         *rng.normal(size=(2, 1, 1, 4)).astype(np.float32)])


def loop(body, state, limit):
    """Counts up to `limit`; `body` makes the second value of itself."""
    main, condition, step = Network(), Network(), Network()
    shape, dtype = state
    counter = main.input([], "int32")
    value = main.input(shape, dtype)
    made = [main.tensor([], "int32"), main.tensor(shape, dtype)]
    main.op_to("WHILE", [counter, value], made, cond_subgraph_index=1, body_subgraph_index=2)
    n = condition.input([], "int32")
    condition.input(shape, dtype)
    test = condition.op("LESS", [n, condition.constant(np.array(limit, np.int32))], [], "bool")
    n, x = step.input([], "int32"), step.input(shape, dtype)
    next_n = step.op("ADD", [n, step.constant(np.array(1, np.int32))], [], "int32")
    return main.finish(made, [(condition, [test]), (step, [next_n, body(step, x, shape, dtype)])])


def halved(net, x, shape, dtype):
    return net.op("MUL", [x, net.constant(np.array(0.5, np.float32))], shape, dtype)


def longer(net, x, shape, dtype):
    return net.op("PAD", [x, net.constant(np.array([[0, 0], [1, 2]], np.int32))],
                  [shape[0], shape[1] + 3], dtype)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("body", [halved, longer])
def test_while(body, arithmetic):
    rng = np.random.default_rng(3)
    model = loop(body, ([1, 3], "float32"), 7)
    for start in (0, 3, 7, 9):  # seven rounds, four, none and none
        compare_runs(model, arithmetic, [np.array([start], np.int32),
                                         rng.normal(size=(1, 1, 3)).astype(np.float32)])
