"""Models with an unusual face, in both interpreters: numbers alone, text, no inputs, and state."""

import os
import pathlib

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter as Judge

import litesmith
from conftest import ROOT
from litesmith import lite

DATA = pathlib.Path(os.environ.get("LITESMITH_TEST_DATA", ROOT / "../shared/data")) / "models"


def find(name):
    return str(next(DATA.rglob(name)))


def invoke(interpreter, *values):
    for detail, value in zip(interpreter.get_input_details(), values, strict=True):
        interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def pair(name):
    interpreters = lite.Interpreter(find(name)), Judge(find(name), num_threads=1)
    for interpreter in interpreters:
        interpreter.allocate_tensors()
    return interpreters


def test_numbers_alone():
    ours, theirs = pair("multi_signature_def.bin")
    values = np.float32(3.5), np.float32(-1.25)
    result = invoke(ours, *(np.array(value) for value in values))
    assert result.shape == () and result == invoke(theirs, *(np.array(value) for value in values))


def test_numbers_alone_by_the_call():
    model = litesmith.Interpreter(find("call_once_mul.bin"))
    many = model(np.array([1, 2, 4], np.float32))
    one = model(np.float32(2))
    assert many.shape == (3,) and one.shape == () and one == many[1]


@pytest.mark.parametrize("text", [[["a", "b\u00e9", ""]], [[b"a", b"bc", b""]]])
def test_text(text):
    ours, theirs = pair("string_input_model.bin")
    for given in (np.array(text), np.array(text, dtype=object)):
        result, expected = invoke(ours, given), invoke(theirs, given)
        assert result.dtype == expected.dtype and result.tolist() == expected.tolist()
    assert litesmith.Interpreter(find("string_input_model.bin"))(np.array(text)[0]).tolist() == [
        each.encode() if isinstance(each, str) else each for each in text[0]]


def test_text_that_does_not_fit():
    ours, theirs = pair("string_input_model.bin")
    for given in (np.array([["a", "b"]]), np.array([[1, 2, 3]])):
        messages = []
        for interpreter in (ours, theirs):
            with pytest.raises(ValueError) as error:
                invoke(interpreter, given)
            messages.append(str(error.value))
        assert messages[0] == messages[1]


def test_no_inputs():
    assert litesmith.Interpreter(find("2_subgraphs.bin"))({}) == {}


def test_state_lasts_until_it_is_reset():
    ours, theirs = pair("okay_nabu.tflite")
    shape = theirs.get_input_details()[0]["shape"]
    steps = np.random.default_rng(1).integers(-128, 128, [40, *shape]).astype(np.int8)
    first = [invoke(ours, step).copy() for step in steps]
    assert all(np.array_equal(mine, invoke(theirs, step)) for mine, step in zip(first, steps))
    again = [invoke(ours, step).copy() for step in steps]
    assert any(not np.array_equal(a, b) for a, b in zip(first, again)), "the state changes nothing"
    ours.reset_all_variables()
    assert all(np.array_equal(a, invoke(ours, step)) for a, step in zip(first, steps))
