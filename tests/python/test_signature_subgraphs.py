"""Signatures of several subgraphs, in both interpreters: each runs, and one variable is the same in all."""

import pathlib

import litesmith
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter as Judge
from litesmith import lite


@pytest.fixture(scope="module")
def content(tensorflow, tmp_path_factory):
    """A network whose functions are signatures; add and show are of one variable, encode of none."""
    tf = tensorflow

    def of(shape, name):
        return tf.TensorSpec(shape, tf.float32, name=name)

    class Network(tf.Module):
        def __init__(self):
            self.kernel = tf.constant(np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32))
            self.total = tf.Variable(np.arange(3, dtype=np.float32))

        @tf.function(input_signature=[of([None, 4], "x")])
        def encode(self, x):
            return {"code": x @ self.kernel}

        @tf.function(input_signature=[of([1, 3], "step")])
        def add(self, step):
            self.total.assign_add(step[0])
            return {"now": self.total.read_value()}

        @tf.function(input_signature=[of([1], "factor")])
        def show(self, factor):
            return {"scaled": self.total * factor, "raw": self.total + 0.0}

    network = Network()
    folder = str(tmp_path_factory.mktemp("network"))
    tf.saved_model.save(network, folder, signatures={
        "encode": network.encode, "add": network.add, "show": network.show})
    converter = tf.lite.TFLiteConverter.from_saved_model(folder)
    converter.experimental_enable_resource_variables = True
    return converter.convert()


def both(content):
    return lite.Interpreter(model_content=content), Judge(model_content=content, num_threads=1)


def equal(mine, theirs):
    assert list(mine) == list(theirs)
    for name, value in mine.items():
        assert value.dtype == theirs[name].dtype and value.shape == theirs[name].shape
        np.testing.assert_allclose(value, theirs[name], rtol=1e-6, err_msg=name)


def test_lists_and_details_are_equal(content):
    ours, theirs = both(content)
    assert ours.get_signature_list() == theirs.get_signature_list()
    assert len(ours.get_signature_list()) == 3
    for key in ours.get_signature_list():
        for details in ("get_input_details", "get_output_details"):
            mine, judged = (getattr(each.get_signature_runner(key), details)() for each in (ours, theirs))
            assert list(mine) == list(judged)
            for name, detail in mine.items():
                assert str(detail) == str(judged[name]), name


def test_signatures_share_a_variable(content):
    ours, theirs = both(content)
    step = np.array([[1, 2, 4]], np.float32)
    calls = [("show", {"factor": np.array([2], np.float32)}), ("add", {"step": step}), ("add", {"step": 2 * step}),
             ("encode", {"x": np.ones((5, 4), np.float32)}), ("show", {"factor": np.array([-1], np.float32)}),
             ("add", {"step": step}), ("encode", {"x": np.ones((2, 4), np.float32)}),
             ("show", {"factor": np.array([1], np.float32)})]
    raw = []
    for key, values in calls:
        mine, judged = (each.get_signature_runner(key)(**values) for each in (ours, theirs))
        equal(mine, judged)
        raw += [mine["raw"][0]] if "raw" in mine else []
    assert raw == [0, 3, 4]


def test_runners_kept_share_it_too(content):
    ours, theirs = both(content)
    runners = [(each.get_signature_runner("show"), each.get_signature_runner("add")) for each in (ours, theirs)]
    for _ in range(3):
        results = []
        for show, add in runners:
            add(step=np.ones((1, 3), np.float32))
            results.append(show(factor=np.ones(1, np.float32)))
        equal(*results)


def test_two_interpreters_share_nothing(content):
    first, second = (lite.Interpreter(model_content=content) for _ in range(2))
    first.get_signature_runner("add")(step=np.ones((1, 3), np.float32))
    shown = second.get_signature_runner("show")(factor=np.ones(1, np.float32))
    assert shown["raw"].tolist() == [0, 1, 2]


def test_many_samples_through_a_signature(content, tmp_path):
    path = pathlib.Path(tmp_path) / "many.tflite"
    path.write_bytes(content)
    x = np.random.default_rng(2).normal(size=(7, 4)).astype(np.float32)
    encoder = litesmith.Interpreter(path, signature="encode")
    assert [tensor.shape_signature for tensor in encoder.inputs] == [(-1, 4)]
    expected = Judge(model_content=content).get_signature_runner("encode")(x=x)["code"]
    np.testing.assert_allclose(encoder(x), expected, rtol=1e-5)
    np.testing.assert_allclose(encoder({"x": x}), expected, rtol=1e-5)
    assert encoder(x[0]).shape == (3,)
    assert expected.shape == (7, 3)
    inner = encoder.tensors(x[:1])
    np.testing.assert_array_equal(inner[encoder.outputs[0].name], encoder(x[:1]))
    with pytest.raises(litesmith.errors.UsageError, match="no signature 'nope'"):
        litesmith.Interpreter(path, signature="nope")


def test_evaluate_and_compare_take_a_signature(content):
    x = np.random.default_rng(3).normal(size=(20, 4)).astype(np.float32)
    labels = litesmith.Interpreter(content, signature="encode")(x).argmax(1)
    judged = litesmith.evaluate(content, x, labels, signature="encode", latency=False)
    assert judged.accuracy == 1 and judged.n == 20
    found = litesmith.compare(content, content, x, signature="encode")
    assert "FULLY_CONNECTED" in [layer["op"] for layer in found.layers]


def test_samples_as_one_sequence(content):
    add = litesmith.Interpreter(content, signature="add")
    steps = np.ones((4, 3), np.float32)
    apart = add(steps)
    assert apart.reshape(4, 3)[:, 0].tolist() == [1, 1, 1, 1]
    for _ in range(2):  # each call begins anew
        assert add(steps, stateful=True).reshape(4, 3)[:, 0].tolist() == [1, 2, 3, 4]
