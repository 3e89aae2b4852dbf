"""Recurrent layers of Keras: as LiteRT's fused operator where there is one, otherwise step by step."""

import gzip
import json

import keras
import numpy as np
import pytest
from keras import layers as L

import compare
import judge
import ours
from keras_cases import SEQUENCE, assert_converted_alike, case, one_layer, with_random_weights

# A state passes through an activation at every step, which two libraries approximate differently.
TOLERANCE = 1e-4


def settings():
    for sequences in (False, True):
        for backwards in (False, True):
            yield case(SEQUENCE, L.LSTM, units=6, return_sequences=sequences, go_backwards=backwards)
            yield case(SEQUENCE, L.LSTM, units=6, return_sequences=sequences, go_backwards=backwards,
                       activation="relu")
            yield case(SEQUENCE, L.SimpleRNN, units=6, return_sequences=sequences,
                       go_backwards=backwards)
            for after in (False, True):
                yield case(SEQUENCE, L.GRU, units=6, return_sequences=sequences,
                           go_backwards=backwards, reset_after=after)
        for mode in ("concat", "sum", "mul", "ave", None):
            for layer in (L.LSTM, L.GRU, L.SimpleRNN):
                yield case(SEQUENCE, L.Bidirectional, layer=layer(6, return_sequences=sequences),
                           merge_mode=mode)
    yield case(SEQUENCE, L.LSTM, units=5, use_bias=False)
    yield case(SEQUENCE, L.LSTM, units=5, use_bias=False, recurrent_activation="hard_sigmoid")
    for after in (False, True):
        yield case(SEQUENCE, L.GRU, units=5, use_bias=False, reset_after=after)
        yield case(SEQUENCE, L.GRU, units=5, activation="relu", recurrent_activation="hard_sigmoid",
                   reset_after=after)
    yield case(SEQUENCE, L.SimpleRNN, units=5, use_bias=False, activation="relu")
    yield case((1, 4), L.GRU, units=5)
    yield case((1, 4), L.LSTM, units=5)
    for layer in (L.LSTM, L.GRU, L.SimpleRNN):
        yield case((3, *SEQUENCE), L.TimeDistributed, layer=layer(5))
        yield case(SEQUENCE, L.Bidirectional, layer=layer(5, return_sequences=True),
                   backward_layer=layer(3, return_sequences=True, go_backwards=True))


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("shape, make", settings())
def test_layer(tmp_path, shape, make, suffix):
    # The fused operator has as many states as the file has samples.
    assert_converted_alike(one_layer(shape, make()), tmp_path, "layer", TOLERANCE, suffix, samples=1)


@pytest.mark.parametrize("layer", [L.GRU, L.SimpleRNN])
def test_unrolled_layers_take_any_batch(tmp_path, layer):
    assert_converted_alike(one_layer(SEQUENCE, layer(5)), tmp_path, "batch", TOLERANCE, samples=4)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("layer, states", [(L.LSTM, 2), (L.GRU, 1), (L.SimpleRNN, 1)])
def test_states_given_and_returned(tmp_path, layer, states, suffix):
    """An encoder hands its state to a decoder."""
    x, y = keras.Input((5, 3), name="x"), keras.Input((4, 2), name="y")
    _, *state = layer(6, return_state=True)(x)
    assert len(state) == states
    decoded, *last = layer(6, return_sequences=True, return_state=True)(y, initial_state=state)
    model = with_random_weights(keras.Model([x, y], [decoded, *last]))
    assert_converted_alike(model, tmp_path, "states", TOLERANCE, suffix, samples=2)


def test_bidirectional_states(tmp_path):
    x = keras.Input((5, 3))
    outputs = L.Bidirectional(L.LSTM(4, return_state=True))(x)
    assert_converted_alike(with_random_weights(keras.Model(x, list(outputs))), tmp_path, "states",
                           TOLERANCE, samples=2)


def test_a_stack_inside_a_nested_model_and_a_shared_layer(tmp_path):
    for suffix in ("keras", "h5"):
        inner = keras.Sequential([keras.Input((6, 4)), L.LSTM(5, return_sequences=True),
                                  L.BatchNormalization(), L.GRU(3)], name="inner")
        a, b = keras.Input((6, 4), name="a"), keras.Input((6, 4), name="b")
        shared = L.Bidirectional(L.LSTM(2, return_sequences=True))
        model = keras.Model([a, b], L.Concatenate()([inner(shared(a)), inner(shared(b))]))
        assert_converted_alike(with_random_weights(model), tmp_path, suffix, TOLERANCE, suffix,
                               samples=1)


def test_a_stateful_layer_goes_on_where_it_was(tmp_path):
    model = with_random_weights(keras.Sequential(
        [keras.Input(batch_shape=(2, 3, 4)), L.LSTM(5, stateful=True)]))
    model.save(tmp_path / "model.keras")
    samples = np.random.default_rng(1).uniform(-1, 1, (4, 2, 3, 4)).astype(np.float32)
    interpreter = judge.interpreter(ours.convert(tmp_path / "model.keras", "float32"), "litert")
    interpreter.allocate_tensors()
    for x in samples:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
        interpreter.invoke()
        made = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
        compare.floats(made, np.asarray(model(x)), TOLERANCE)


@pytest.mark.parametrize("make", [
    pytest.param(lambda: L.LSTM(16), id="LSTM"),
    pytest.param(lambda: L.LSTM(16, activation="relu"), id="LSTM unrolled"),
    pytest.param(lambda: L.GRU(16), id="GRU"),
    pytest.param(lambda: L.GRU(16, reset_after=False), id="GRU reset before"),
    pytest.param(lambda: L.SimpleRNN(16), id="SimpleRNN"),
    pytest.param(lambda: L.Bidirectional(L.GRU(16)), id="Bidirectional"),
])
def test_every_mode_makes_a_file_that_LiteRT_runs_close_to_Keras(tmp_path, make):
    model = keras.Sequential([keras.Input((8, 16)), make(), L.Dense(4)])
    keras.utils.set_random_seed(0)
    samples = np.random.default_rng(0).uniform(-1, 1, (40, 8, 16)).astype(np.float32)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", samples)
    expected = np.asarray(model(samples))
    for mode in ("float32", "float16", "dynamic_range", "int8", "int16x8"):
        calibrate = ["--calibrate", tmp_path / "x.npy"] if mode in ("int8", "int16x8") else []
        file = ours.convert(tmp_path / "model.keras", mode, *calibrate)
        made = np.concatenate([judge.run(file, [x[None]], "litert")[0] for x in samples])
        # Steps of an 8-bit state, over 8 steps of time.
        tolerance = {"float32": TOLERANCE, "float16": 2e-3, "int16x8": 2e-2}.get(mode, 0.1)
        compare.floats(made, expected, tolerance, mode)


@pytest.fixture(scope="module")
def digits(data, tmp_path_factory):
    """MNIST's test images as 28 steps of 28 pixels, an LSTM trained on 8,000 of them, its file."""
    def read(kind, rank, header):
        packed = data / f"mnist/t10k-{kind}-idx{rank}-ubyte.gz"
        return np.frombuffer(gzip.decompress(packed.read_bytes())[header:], np.uint8)

    x = read("images", 3, 16).reshape(-1, 28, 28).astype(np.float32) / 255
    y = read("labels", 1, 8).astype(np.int64)
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((28, 28)), L.LSTM(48), L.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x[:8000], y[:8000], epochs=4, batch_size=32, verbose=0)
    path = tmp_path_factory.mktemp("digits") / "model.keras"
    model.save(path)
    return model, path, x[8000:], y[8000:]


def run_sequences(file, samples):
    """LiteRT's outputs, its states set back before every sequence."""
    interpreter = judge.interpreter(file, "litert")
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]["index"]
    made = []
    for x in samples:
        interpreter.reset_all_variables()
        interpreter.set_tensor(source, x[None])
        interpreter.invoke()
        made.append(interpreter.get_tensor(target).copy())
    return np.concatenate(made)


def test_an_lstm_that_reads_digits_by_rows(digits, tmp_path):
    model, path, x, y = digits
    file = ours.convert(path, "float32")
    expected = model.predict(x, verbose=0)
    made = run_sequences(file, x)
    compare.floats(made, expected, TOLERANCE)
    accuracy = (expected.argmax(-1) == y).mean()
    assert accuracy > 0.9, "the network learned nothing"
    assert (made.argmax(-1) == y).mean() == accuracy
    # And as our own commands see it, which set the states back by themselves.
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    (tmp_path / "model.tflite").write_bytes(file)
    said = json.loads(ours.call("evaluate", tmp_path / "model.tflite", "--data", tmp_path / "x.npy",
                                "--labels", tmp_path / "y.npy", "--json").stdout)
    assert said["accuracy"] == pytest.approx(accuracy, abs=1e-9)


def test_digits_keep_their_accuracy_in_every_mode(digits, tmp_path):
    model, path, x, y = digits
    accuracy = (model.predict(x, verbose=0).argmax(-1) == y).mean()
    np.save(tmp_path / "x.npy", x[:300])
    for mode in ("float16", "dynamic_range", "int8", "int16x8"):
        calibrate = ["--calibrate", tmp_path / "x.npy"] if mode in ("int8", "int16x8") else []
        made = run_sequences(ours.convert(path, mode, *calibrate), x)
        # Of 2,000 samples, twenty.
        assert (made.argmax(-1) == y).mean() > accuracy - 0.01, mode
