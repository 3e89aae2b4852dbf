"""Attention of Keras, in all its calls, and a transformer's block around it."""

import keras
import numpy as np
import pytest
from keras import layers as L

import compare
import judge
import ours
from keras_cases import assert_close_in_modes, assert_converted_alike, with_random_weights

# Sums of products behind exponentials.
TOLERANCE = 1e-4


def attended(shapes, function):
    inputs = [keras.Input(shape, name=f"x{i}") for i, shape in enumerate(shapes)]
    return with_random_weights(keras.Model(inputs, function(*inputs)))


CALLS = {
    "self": ([(7, 6)], lambda x: L.MultiHeadAttention(2, 3)(x, x)),
    "one head": ([(7, 6)], lambda x: L.MultiHeadAttention(1, 4)(x, x)),
    "value_dim": ([(7, 6)], lambda x: L.MultiHeadAttention(2, 3, value_dim=5)(x, x)),
    "no bias": ([(7, 6)], lambda x: L.MultiHeadAttention(2, 3, use_bias=False)(x, x)),
    "output_shape": ([(7, 6)], lambda x: L.MultiHeadAttention(2, 3, output_shape=9)(x, x)),
    "dropout": ([(7, 6)], lambda x: L.MultiHeadAttention(2, 3, dropout=0.3)(x, x)),
    "cross": ([(7, 6), (5, 4)], lambda x, y: L.MultiHeadAttention(2, 3)(x, y)),
    "key": ([(7, 6), (5, 4), (5, 3)], lambda x, y, z: L.MultiHeadAttention(2, 3)(x, y, z)),
    "by keyword": ([(7, 6), (5, 4), (5, 3)],
                   lambda x, y, z: L.MultiHeadAttention(2, 3)(query=x, key=z, value=y)),
    "causal": ([(7, 6)], lambda x: L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)),
    "scores": ([(7, 6), (5, 4)],
               lambda x, y: L.MultiHeadAttention(2, 3)(x, y, return_attention_scores=True)),
    "dot": ([(7, 6), (5, 6)], lambda x, y: L.Attention()([x, y])),
    "dot, key": ([(7, 6), (5, 4), (5, 6)], lambda x, y, z: L.Attention()([x, y, z])),
    "dot, scale": ([(7, 6), (5, 6)], lambda x, y: L.Attention(use_scale=True)([x, y])),
    "dot, causal": ([(7, 6)], lambda x: L.Attention()([x, x], use_causal_mask=True)),
}


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("name", CALLS)
def test_attention(tmp_path, name, suffix):
    assert_converted_alike(attended(*CALLS[name]), tmp_path, name, TOLERANCE, suffix)


def block(x):
    y = L.LayerNormalization()(x)
    x = x + L.MultiHeadAttention(2, 8)(y, y)
    y = L.Dense(32, activation="gelu")(L.LayerNormalization()(x))
    return x + L.Dense(16)(y)


def transformer():
    tokens = keras.Input((12,), dtype="int32")
    positions = keras.Input((12,), dtype="int32", name="positions")
    x = L.Embedding(50, 16)(tokens) + L.Embedding(12, 16)(positions)
    x = L.GlobalAveragePooling1D()(block(block(x)))
    return keras.Model([tokens, positions], L.Dense(4, activation="softmax")(x))


def test_a_transformer_of_tokens(tmp_path):
    model = transformer()
    model.save(tmp_path / "model.keras")
    rng = np.random.default_rng(0)
    inputs = [rng.integers(0, 50, (5, 12)).astype(np.int32), np.tile(np.arange(12, dtype=np.int32), (5, 1))]
    file = ours.convert(tmp_path / "model.keras", "float32")
    compare.floats(judge.run(file, inputs, "litert")[0], np.asarray(model(inputs)), TOLERANCE)


def test_modes_make_files_that_LiteRT_runs_close_to_Keras(tmp_path):
    keras.utils.set_random_seed(0)
    x = keras.Input((12, 16))
    model = keras.Model(x, L.Dense(4)(L.Flatten()(block(x))))
    samples = np.random.default_rng(0).uniform(-1, 1, (40, 12, 16)).astype(np.float32)
    tolerances = {"float32": 1e-4, "float16": 2e-3, "dynamic_range": 0.05, "int8": 0.1, "int16x8": 0.05}
    assert_close_in_modes(model, samples, tolerances, tmp_path)


def test_attention_alone_in_every_mode(tmp_path):
    keras.utils.set_random_seed(0)
    x = keras.Input((12, 16))
    model = keras.Model(x, L.Dense(4)(L.Flatten()(L.MultiHeadAttention(2, 8)(x, x))))
    samples = np.random.default_rng(0).uniform(-1, 1, (40, 12, 16)).astype(np.float32)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", samples)
    expected = np.asarray(model(samples))
    for mode, tolerance in {"float32": 1e-4, "float16": 2e-3, "dynamic_range": 0.05, "int8": 0.1,
                            "int16x8": 0.02}.items():
        calibrate = ["--calibrate", tmp_path / "x.npy"] if mode in ("int8", "int16x8") else []
        file = ours.convert(tmp_path / "model.keras", mode, *calibrate)
        compare.floats(judge.run(file, [samples], "litert")[0], expected, tolerance, mode)
