"""LSTM, GRU and RNN of ONNX against ONNX Runtime: directions, outputs, initial states, activations."""

import numpy as np
import pytest

import compare
from onnx_judge import assert_alike, convert, floats, one_node
from structure import File

# A state passes through an activation at every step, which two libraries approximate differently.
TOLERANCE = 1e-4
STEPS, BATCH, INPUTS, UNITS = 7, 2, 5, 6
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def recurrent(op, direction="forward", outputs=("Y", "Y_h"), states=(), batch=BATCH, bias=True, open_batch=False,
              **given):
    """The model and its input; `states` names the initial states that are inputs, too."""
    count = 2 if direction == "bidirectional" else 1
    rows = GATES[op] * UNITS
    constants = {"W": floats(count, rows, INPUTS, seed=1) * np.float32(0.5),
                 "R": floats(count, rows, UNITS, seed=2) * np.float32(0.5)}
    if bias:
        constants["B"] = floats(count, 2 * rows, seed=3)
    inputs = {"x": floats(STEPS, batch, INPUTS)}
    inputs |= {name: floats(count, batch, UNITS, seed=5) for name in states}
    order = ["x", "W", "R", "B" if bias else ""]
    if states:
        order += ["", *states]
    shapes = dict(inputs)
    if open_batch:
        shapes["x"] = [STEPS, "batch", INPUTS]
    model = one_node(op, shapes, constants, outputs=list(outputs), order=order, direction=direction,
                     hidden_size=UNITS, **given)
    return model, inputs


@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("op, given", [("LSTM", {}), ("GRU", {}), ("GRU", {"linear_before_reset": 1}), ("RNN", {})])
def test_directions(op, given, direction):
    for outputs in (("Y",), ("", "Y_h"), ("Y", "Y_h")):
        # The fused operator has as many states as the file has samples.
        assert_alike(*recurrent(op, direction, outputs, **given), f"{op} {direction} {outputs}", TOLERANCE)
    assert_alike(*recurrent(op, direction, bias=False, **given), f"{op} {direction} without bias", TOLERANCE)


@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("op, states", [("LSTM", ("h", "c")), ("GRU", ("h",)), ("RNN", ("h",))])
def test_initial_states(op, states, direction):
    assert_alike(*recurrent(op, direction, states=states), f"{op} {direction}", TOLERANCE)


@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
def test_the_cell_of_an_lstm_is_given(direction):
    assert_alike(*recurrent("LSTM", direction, ("Y", "Y_h", "Y_c")), direction, TOLERANCE)


def test_other_activations():
    assert_alike(*recurrent("RNN", activations=["Relu"]), "Relu", TOLERANCE)
    assert_alike(*recurrent("GRU", activations=["Sigmoid", "Relu"]), "GRU Relu", TOLERANCE)
    assert_alike(*recurrent("LSTM", "bidirectional", activations=["Sigmoid", "Relu", "Relu"] * 2), "LSTM Relu",
                 TOLERANCE)


def test_an_lstm_is_the_fused_operator():
    names = [op.name for op in File(convert(recurrent("LSTM", outputs=("Y",), batch=1)[0])).ops]
    assert names.count("UNIDIRECTIONAL_SEQUENCE_LSTM") == 1 and len(names) <= 4, names
    both = [op.name for op in File(convert(recurrent("LSTM", "bidirectional", ("Y",))[0])).ops]
    compare.equal(both.count("UNIDIRECTIONAL_SEQUENCE_LSTM"), 2, "both ways")


def test_what_litert_cannot_is_named():
    from onnx_judge import refusal
    for given, said in (({"clip": 3.0}, "clip"), ({"activations": ["Elu"]}, "Elu")):
        assert said in refusal(recurrent("RNN", **given)[0])
    assert "input_forget" in refusal(recurrent("LSTM", input_forget=1)[0])
