"""Networks that keep a state: samples as one sequence, in calibration, evaluation and runs."""

import litesmith
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter as Judge

STEPS = 120


@pytest.fixture(scope="module")
def network(tensorflow, tmp_path_factory):
    """An LSTM that takes one step of a sequence at a time and goes on where the step before left it."""
    keras = tensorflow.keras
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.layers.Input(batch_shape=(1, 1, 4)), keras.layers.LSTM(6, stateful=True, return_sequences=False),
        keras.layers.Dense(3)])
    path = str(tmp_path_factory.mktemp("network") / "steps.keras")
    model.save(path)
    return path


@pytest.fixture(scope="module")
def steps():
    """A sequence that drives the state far from zero, where single steps never come."""
    return (1 + np.random.default_rng(2).normal(size=(STEPS, 1, 4))).astype(np.float32)


def by_litert(content, x):
    """LiteRT's outputs for one sequence: its interpreter keeps the state between calls."""
    interpreter = Judge(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    place, out = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    made = []
    for sample in x:
        interpreter.set_tensor(place, sample[None])
        interpreter.invoke()
        made.append(interpreter.get_tensor(out))
    return np.concatenate(made)


def test_a_run_is_litert_s(network, steps):
    content = litesmith.quantize(network, "float32").to_bytes()
    interpreter = litesmith.Interpreter(content)
    expected = by_litert(content, steps)
    np.testing.assert_allclose(interpreter(steps, stateful=True), expected, atol=1e-5 * np.abs(expected).max())
    assert np.abs(interpreter(steps) - expected).max() > 0.1, "the state makes no difference"


def test_sixteen_bits_for_tflite_micro(network, steps):
    made = litesmith.quantize(network, "int16x8", steps, stateful=True, target="tflm")
    assert not made.kept_float
    assert litesmith.quantize(network, "int16x8", steps, stateful=True).kept_float
    expected = litesmith.Interpreter(network)(steps, stateful=True)
    run = litesmith.Interpreter(made, arithmetic="tflm")(steps, stateful=True)
    np.testing.assert_allclose(run, expected, atol=0.05 * np.abs(expected).max())
    with pytest.raises(litesmith.UnsupportedOpError, match="arithmetic tflm"):
        litesmith.Interpreter(made)(steps)
    with pytest.raises(litesmith.UsageError, match="litert, tflm"):
        litesmith.quantize(network, "int16x8", steps, target="esp32")


def test_calibration_sees_the_states_that_the_sequence_reaches(network, steps, tmp_path):
    def int8(**options):
        return litesmith.quantize(network, "int8", steps, **options).to_bytes()

    stateful = int8(stateful=True)
    assert stateful != int8()
    # All samples, in their order: neither their number nor a seed has a say.
    assert stateful == int8(stateful=True, calibration_samples=5, seed=7)
    report = litesmith.optimize(network, tmp_path / "out", calibrate=steps, modes=["int8"], io="float32",
                                stateful=True, calibration_samples=5, latency=False)
    with open(report.files["int8"], "rb") as file:
        assert file.read() == stateful


def test_evaluation_follows_the_sequence(network, steps, tmp_path):
    content = litesmith.quantize(network, "float32").to_bytes()
    labels = by_litert(content, steps).argmax(1)
    assert len(np.unique(labels)) > 1
    assert litesmith.evaluate(content, steps, labels, stateful=True, latency=False).accuracy == 1
    assert litesmith.evaluate(content, steps, labels, latency=False).accuracy < 1
    report = litesmith.optimize(network, tmp_path / "out", evaluate=steps, labels=labels, modes=["float32"],
                                stateful=True, latency=False)
    assert report.to_dict()["modes"][0]["correct"] == STEPS
