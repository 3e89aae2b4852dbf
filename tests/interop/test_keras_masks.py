"""Masks of Keras: made by Masking and Embedding, handed on, ended, and looked at by some layers."""

import keras
import numpy as np
import pytest
from keras import layers as L

import compare
import judge
import ours
from keras_cases import assert_close_in_modes, with_random_weights

TOLERANCE = 1e-4
STEPS, WORDS, FEATURES = 7, 9, 4


def tokens(samples=5, seed=1):
    """Integers, of which many are 0: in front, in between, behind; one sequence of zeros alone."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(1, WORDS, (samples, STEPS)).astype(np.int32)
    ids[rng.random(ids.shape) < 0.3] = 0
    ids[0, 3:] = 0
    ids[1, :2] = 0
    ids[2, :] = 0
    ids[3, 2] = 0
    return ids


def features(ids, value):
    x = np.random.default_rng(2).uniform(-1, 1, (*ids.shape, FEATURES)).astype(np.float32)
    x[..., 0] += 0.01  # no step counts as masked by chance
    return np.where(ids[..., None] == 0, np.float32(value), x)


def embedded(name=None, shape=(STEPS,)):
    ids = keras.Input(shape, dtype="int32", name=name)
    return ids, L.Embedding(WORDS, FEATURES, mask_zero=True)(ids)


def assert_alike(model, inputs, tmp_path, what, suffix="keras", tolerance=TOLERANCE):
    model = with_random_weights(model)
    path = tmp_path / f"model.{suffix}"
    model.save(path)
    # The whole batch, or one sample at a time where an LSTM has fixed the batch.
    expected = model(inputs if len(inputs) > 1 else inputs[0])
    expected = expected if isinstance(expected, (list, tuple)) else [expected]
    made = judge.run(ours.convert(path, "float32"), inputs, "litert")
    compare.tensors(made, [np.asarray(each) for each in expected], tolerance, what)


# What looks at the mask of [batch, steps, features].
READERS = {
    "LSTM": lambda: L.LSTM(5),
    "LSTM, sequences": lambda: L.LSTM(5, return_sequences=True),
    "LSTM, zeros": lambda: L.LSTM(5, return_sequences=True, zero_output_for_mask=True),
    "LSTM, backwards": lambda: L.LSTM(5, return_sequences=True, go_backwards=True),
    "GRU": lambda: L.GRU(5),
    "GRU, reset before": lambda: L.GRU(5, reset_after=False, return_sequences=True),
    "SimpleRNN": lambda: L.SimpleRNN(5),
    "Bidirectional": lambda: L.Bidirectional(L.LSTM(3)),
    "Bidirectional, sequences": lambda: L.Bidirectional(L.GRU(3, return_sequences=True)),
}


@pytest.mark.parametrize("name, suffix", [*((name, "keras") for name in READERS), ("LSTM", "h5"),
                                          ("Bidirectional", "h5")])
def test_behind_an_embedding(tmp_path, name, suffix):
    ids, x = embedded()
    assert_alike(keras.Model(ids, READERS[name]()(x)), [tokens()], tmp_path, name, suffix)


@pytest.mark.parametrize("name, value", [("LSTM", 0.0), ("Bidirectional, sequences", -10.0)])
def test_behind_a_masking_layer(tmp_path, name, value):
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), L.Masking(value), L.Dropout(0.2),
                              L.Dense(3, activation="relu"), READERS[name]()])
    assert_alike(model, [features(tokens(), value)], tmp_path, name)


def test_what_masking_gives(tmp_path):
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), L.Masking(-1.0), L.Flatten()])
    assert_alike(model, [features(tokens(), -1)], tmp_path, "masked", tolerance=0)


def test_means_are_of_what_counts(tmp_path):
    ids, x = embedded()
    y = L.GlobalAveragePooling1D()(L.LayerNormalization()(x))
    z = L.GlobalAveragePooling1D(keepdims=True)(x)
    given = np.delete(tokens(), 2, 0)  # a mean of nothing is no number
    assert_alike(keras.Model(ids, [y, z]), [given], tmp_path, "mean")


@pytest.mark.parametrize("layer", [L.LSTM, L.GRU])
def test_states_given_and_returned(tmp_path, layer):
    """An encoder hands its state to a decoder whose first steps may not count."""
    a, x = embedded("a")
    b, y = embedded("b")
    _, *state = layer(5, return_state=True)(x)
    for zeros in (False, True):
        decoder = layer(5, return_sequences=True, return_state=True, zero_output_for_mask=zeros)
        model = keras.Model([a, b], decoder(y, initial_state=state))
        assert_alike(model, [tokens(), tokens(seed=3)], tmp_path, f"states {zeros}")


def attend(x, y, **call):
    return L.MultiHeadAttention(2, 3)(x, y, **call)


ATTENTION = {
    "self": lambda x, y: attend(x, x),
    "self, causal": lambda x, y: attend(x, x, use_causal_mask=True),
    "cross": lambda x, y: attend(x, y),
    "only the keys": lambda x, y: attend(keras.ops.tanh(x), y),
    "only the queries": lambda x, y: attend(x, keras.ops.tanh(y)),
    "key": lambda x, y: attend(x, y, key=y),
    "other key": lambda x, y: attend(x, y, key=x),
    "handed on": lambda x, y: L.LSTM(3)(attend(x, y)),
    "dot": lambda x, y: L.Attention()([x, y]),
    "dot, causal": lambda x, y: L.Attention()([x, x], use_causal_mask=True),
    "dot, handed on": lambda x, y: L.GRU(3)(L.Attention()([x, y])),
    "residual": lambda x, y: L.GRU(3)(L.LayerNormalization()(L.Add()([x, attend(x, x)]))),
}


@pytest.mark.parametrize("name", ATTENTION)
def test_attention(tmp_path, name):
    a, x = embedded("a")
    b, y = embedded("b")
    assert_alike(keras.Model([a, b], ATTENTION[name](x, y)), [tokens(), tokens(seed=3)], tmp_path, name)


def test_scores_of_masked_keys_are_zero(tmp_path):
    a, y = embedded("a")
    x = keras.Input((3, 4), name="x")
    model = keras.Model([x, a], L.MultiHeadAttention(2, 3)(x, y, return_attention_scores=True))
    given = [np.random.default_rng(0).standard_normal((4, 3, 4)).astype(np.float32), np.delete(tokens(), 2, 0)]
    assert_alike(model, given, tmp_path, "scores")


@pytest.mark.parametrize("shape, dtype", [((3, STEPS), "bool"), ((1, STEPS), "int32"), ((2, 3, STEPS), "float32")])
def test_attention_masks_that_are_inputs(tmp_path, shape, dtype):
    x, y = keras.Input((3, 4), name="x"), keras.Input((STEPS, 4), name="y")
    mask = keras.Input(shape, dtype=dtype, name="mask")
    model = keras.Model([x, y, mask], L.MultiHeadAttention(2, 3)(x, y, attention_mask=mask))
    rng = np.random.default_rng(0)
    given = [rng.standard_normal((4, *s.shape[1:])).astype(np.float32) for s in (x, y)]
    assert_alike(model, [*given, (rng.random((4, *shape)) < 0.6).astype(dtype)], tmp_path, f"{shape} {dtype}")


# Where masks meet, end or pass by.
PATHS = {
    "ended by Conv1D": lambda x, y: L.GRU(3)(L.Conv1D(4, 3, padding="same")(x)),
    "ended by a function": lambda x, y: L.GRU(3)(x * 2.0),
    "ended by a Reshape to itself": lambda x, y: L.GRU(3)(L.Reshape((STEPS, FEATURES))(x)),
    "nothing looks at it": lambda x, y: L.Dense(2)(L.Flatten()(x)),
    "of either": lambda x, y: L.GRU(3)(L.Add()([x, y])),
    "of one only": lambda x, y: L.GRU(3)(L.Subtract()([x, keras.ops.tanh(y)])),
    "side by side": lambda x, y: L.GRU(3)(L.Concatenate()([x, y])),
    "side by side, not looked at by name": lambda x, y: attend(L.Concatenate()([x, y]), y),
    "one behind the other": lambda x, y: L.GRU(3)(L.Concatenate(axis=1)([x, y])),
    "through TimeDistributed": lambda x, y: L.GRU(3)(L.TimeDistributed(L.Dense(3))(x)),
    "through a stack": lambda x, y: L.GRU(3)(L.LSTM(4, return_sequences=True)(x)),
    "joined, not looked at": lambda x, y: L.Flatten()(L.Concatenate(axis=1)([x, y])),
}


@pytest.mark.parametrize("name", PATHS)
def test_paths(tmp_path, name):
    a, x = embedded("a")
    b, y = embedded("b")
    assert_alike(keras.Model([a, b], [PATHS[name](x, y), L.Flatten()(y)]), [tokens(), tokens(seed=3)],
                 tmp_path, name)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_into_and_out_of_nested_models(tmp_path, suffix):
    inner_in = keras.Input((STEPS, FEATURES))
    inner = keras.Model(inner_in, L.Dense(4)(L.LSTM(4, return_sequences=True)(inner_in)))
    ids, x = embedded()
    assert_alike(keras.Model(ids, L.GRU(3)(inner(x))), [tokens()], tmp_path, suffix, suffix)
    outer_in = keras.Input((STEPS,), dtype="int32")
    reader = keras.Sequential([keras.Input((STEPS,), dtype="int32"), L.Embedding(WORDS, 4, mask_zero=True)])
    assert_alike(keras.Model(outer_in, L.GRU(3)(reader(outer_in))), [tokens()], tmp_path, suffix, suffix)


def said_of(model, tmp_path):
    model.save(tmp_path / "model.keras")
    done = ours.call("convert", tmp_path / "model.keras", "-o", tmp_path / "x.tflite", check=False)
    assert done.returncode != 0
    return done.stderr


def test_what_cannot_be_done_is_refused_by_name(tmp_path):
    a, x = embedded("a")
    b, y = embedded("b")
    assert "Softmax" in said_of(keras.Model(a, L.Softmax()(L.Embedding(WORDS, STEPS, mask_zero=True)(a))), tmp_path)
    joined = attend(L.Concatenate(axis=1)([x, y]), y)
    assert "put together" in said_of(keras.Model([a, b], joined), tmp_path)
    assert "comes with a mask" in said_of(keras.Model([a, b], L.Multiply()([x, y])), tmp_path)
    ids = keras.Input(batch_shape=(2, STEPS), dtype="int32")
    stateful = L.LSTM(3, stateful=True)(L.Embedding(WORDS, 4, mask_zero=True)(ids))
    assert "stateful=True and a mask" in said_of(keras.Model(ids, stateful), tmp_path)


def test_every_mode_makes_a_file_that_LiteRT_runs_close_to_Keras(tmp_path):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((STEPS, FEATURES)), L.Masking(), L.Bidirectional(L.GRU(8)), L.Dense(4)])
    samples = features(tokens(60), 0)
    tolerances = {"float32": 1e-4, "float16": 2e-3, "dynamic_range": 0.05, "int8": 0.1, "int16x8": 0.02}
    assert_close_in_modes(model, samples, tolerances, tmp_path)
