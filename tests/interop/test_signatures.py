"""Signatures of several subgraphs: each runs, and is LiteRT's to the last bit; a made file shares a variable."""

import functools
import json
import tempfile

import numpy as np
import pytest

import compare
import judge
import ours
import tensorflow_judge

RUNS = 4
TOLERANCE = 1e-5  # float sums in another order (docs/numerics.md)
NAMES = ["delegate_compatibility_test.tflite", "multi_signature_model.tflite", "multi_signatures.bin",
         "multi_signature_def.bin", "constant_tensor_and_buffer_only_sharing_weight_fcs.tflite",
         "toy_model_with_kv_cache_multi_signature.tflite", "two_signatures.tflite", "two_signatures_a8w8.tflite",
         "weight_sharing_fcs.tflite"]


@functools.cache
def made():
    """A TensorFlow module whose three functions become signatures; two of them are of one variable."""
    tf = tensorflow_judge._tensorflow()

    def of(shape, name):
        return tf.TensorSpec(shape, tf.float32, name=name)

    class Network(tf.Module):
        def __init__(self):
            self.kernel = tf.constant(np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32))
            self.total = tf.Variable(np.arange(3, dtype=np.float32))

        @tf.function(input_signature=[of([2, 4], "x")])
        def encode(self, x):
            return {"code": tf.nn.relu(x @ self.kernel)}

        @tf.function(input_signature=[of([1, 3], "step"), of([1, 3], "gain")])
        def add(self, step, gain):
            self.total.assign_add(tf.reshape(step * gain, [3]))
            return {"now": self.total.read_value()}

        @tf.function(input_signature=[of([1], "factor")])
        def show(self, factor):
            return {"scaled": self.total * factor, "raw": self.total + 0.0}

    network = Network()
    with tempfile.TemporaryDirectory() as folder:
        functions = {"encode": network.encode, "add": network.add, "show": network.show}
        tf.saved_model.save(network, folder, signatures=functions)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.experimental_enable_resource_variables = True
        return tensorflow_judge._quietly(converter.convert)


def samples(rng, details):
    """RUNS runs' worth of each input, joined along the first dimension; numbers alone are a row of them."""
    def draw(detail):
        shape = [RUNS * detail["shape"][0], *detail["shape"][1:]] if detail["shape"].size else [RUNS]
        if detail["dtype"] == np.float32:
            return rng.normal(size=shape).astype(np.float32)
        return rng.integers(0, 8, shape).astype(detail["dtype"])

    return {name: draw(detail) for name, detail in details.items()}


def judged(model, key, arithmetic, given, stateful=False):
    """The outputs by name of LiteRT's runner; a variable is remembered only where asked for."""
    runner, outputs = None, {}
    for run in range(RUNS):
        if runner is None or not stateful:
            interpreter = judge.interpreter(model, arithmetic)
            runner = interpreter.get_signature_runner(key)
        parts = {name: x[run * len(x) // RUNS:(run + 1) * len(x) // RUNS] for name, x in given.items()}
        for name, detail in runner.get_input_details().items():
            parts[name] = parts[name].reshape(detail["shape"])
        for name, value in runner(**parts).items():
            outputs.setdefault(name, []).append(value)
    return {name: np.concatenate(each) if each[0].ndim else np.stack(each) for name, each in outputs.items()}


def run(path, key, arithmetic, given, folder, *options):
    np.savez(folder / "x.npz", **given)
    ours.call("run", path, "--signature", key, "--input", folder / "x.npz", "--output", folder / "y.npz",
              "--arithmetic", arithmetic, *options)
    with np.load(folder / "y.npz") as outputs:
        return dict(outputs)


def check(path, folder, arithmetic, *options):
    model = path.read_bytes()
    signatures = judge.interpreter(model, arithmetic).get_signature_list()
    assert len(signatures) > 1
    for key in signatures:
        details = judge.interpreter(model, arithmetic).get_signature_runner(key).get_input_details()
        given = samples(np.random.default_rng(2), details)
        theirs = judged(model, key, arithmetic, given, stateful="--stateful" in options)
        mine = run(path, key, arithmetic, given, folder, *options)
        compare.equal(sorted(mine), sorted(theirs), f"{path.name} {key}: the outputs' names")
        for name, expected in theirs.items():
            # What has no batch as its first dimension comes a run a row.
            compare.tensors([mine[name].reshape(expected.shape)], [expected], TOLERANCE, f"{path.name} {key} {name}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_the_data(data, name, arithmetic, tmp_path):
    check(next((data / "models").rglob(name)), tmp_path, arithmetic)


@pytest.mark.parametrize("options", [(), ("--stateful",)], ids=["each-anew", "stateful"])
def test_a_file_of_tensorflow(options, tmp_path):
    path = tmp_path / "made.tflite"
    path.write_bytes(made())
    for arithmetic in judge.ARITHMETICS:
        check(path, tmp_path, arithmetic, *options)


def test_a_signature_that_is_not_there(tmp_path):
    path = tmp_path / "made.tflite"
    path.write_bytes(made())
    np.save(tmp_path / "x.npy", np.ones(1, np.float32))
    done = ours.call("run", path, "--signature", "nope", "--input", tmp_path / "x.npy", "--output",
                     tmp_path / "y.npy", check=False)
    assert done.returncode == 2
    assert "there is no signature 'nope'; the file has 'add', 'encode', 'show'" in done.stderr


def test_evaluate_and_compare_take_one(tmp_path):
    path = tmp_path / "made.tflite"
    path.write_bytes(made())
    rng = np.random.default_rng(3)
    np.save(tmp_path / "x.npy", rng.normal(size=(40, 4)).astype(np.float32))
    x = {"x": np.load(tmp_path / "x.npy")[:RUNS * 2]}
    theirs = judged(path.read_bytes(), "encode", "litert", x)["code"].argmax(1)
    np.save(tmp_path / "few.npy", x["x"])
    np.save(tmp_path / "labels.npy", theirs)
    judged_ = ours.call("evaluate", path, "--signature", "encode", "--data", tmp_path / "few.npy", "--labels",
                        tmp_path / "labels.npy", "--no-latency", "--json").stdout
    assert json.loads(judged_)["correct"] == len(theirs) > 0
    compared = ours.call("compare", path, path, "--signature", "encode", "--data", tmp_path / "x.npy").stdout
    assert "FULLY_CONNECTED" in compared
