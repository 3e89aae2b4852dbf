"""Functions between layers: Python's operators and keras.ops, as Keras 3 saves them."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_cases import assert_converted_alike, with_random_weights

W = np.random.default_rng(3).standard_normal((6, 3)).astype(np.float32)
ROW = np.linspace(-1, 1, 6).astype(np.float32)


def functions():
    """(name, a function of x [b, 4, 6], y [b, 4, 6] and positive p [b, 4, 6])"""
    yield "x * 2 + 1", lambda x, y, p: x * 2 + 1
    yield "1 - x", lambda x, y, p: 1 - x
    yield "x - y", lambda x, y, p: x - y
    yield "x / p", lambda x, y, p: x / p
    yield "2 / p", lambda x, y, p: 2 / p
    yield "x / 4", lambda x, y, p: x / 4
    yield "-x", lambda x, y, p: -x
    yield "abs(x)", lambda x, y, p: abs(x)
    yield "x + array", lambda x, y, p: x + ROW
    for power in (2, 3, 4, 1, -1, 0.5, -0.5):
        yield f"p ** {power}", lambda x, y, p, power=power: p ** power
    yield "p ** 1.7", lambda x, y, p: p ** 1.7
    yield "p ** array", lambda x, y, p: p ** ROW
    yield "p ** x", lambda x, y, p: p ** x
    yield "2 ** x", lambda x, y, p: 2 ** x
    for name in ("add", "subtract", "multiply", "maximum", "minimum"):
        yield name, lambda x, y, p, name=name: getattr(ops, name)(x, y)
        yield f"{name}, number", lambda x, y, p, name=name: getattr(ops, name)(x, 0.5)
    for name in ("absolute", "negative", "square", "exp", "expm1", "sin", "cos", "floor", "ceil", "sign", "relu",
                 "relu6", "sigmoid", "tanh", "softplus", "softsign", "silu", "log_sigmoid", "leaky_relu",
                 "hard_sigmoid", "hard_silu", "elu", "selu", "gelu", "softmax", "log_softmax", "glu",
                 "stop_gradient", "round"):
        yield name, lambda x, y, p, name=name: getattr(ops, name)(x)
    for name in ("sqrt", "rsqrt", "log", "log1p", "reciprocal"):
        yield name, lambda x, y, p, name=name: getattr(ops, name)(p)
    yield "gelu exactly", lambda x, y, p: ops.gelu(x, approximate=False)
    yield "leaky_relu, slope", lambda x, y, p: ops.leaky_relu(x, 0.3)
    yield "elu, alpha", lambda x, y, p: ops.elu(x, 0.5)
    yield "celu, alpha", lambda x, y, p: ops.celu(x, 0.5)
    yield "softmax, axis", lambda x, y, p: ops.softmax(x, axis=1)
    for keepdims in (False, True):
        for name in ("mean", "sum", "max", "min", "var", "std"):
            yield (f"{name}, keepdims={keepdims}",
                   lambda x, y, p, name=name, k=keepdims: getattr(ops, name)(x, axis=-1, keepdims=k))
            yield (f"{name}, two axes, keepdims={keepdims}",
                   lambda x, y, p, name=name, k=keepdims: getattr(ops, name)(x, axis=(1, 2), keepdims=k))
    yield "argmax", lambda x, y, p: ops.argmax(x, axis=-1)
    yield "argmin", lambda x, y, p: ops.argmin(x, axis=1)
    yield "matmul", lambda x, y, p: ops.matmul(x, ops.transpose(y, (0, 2, 1)))
    yield "x @ array", lambda x, y, p: x @ W
    yield "reshape", lambda x, y, p: ops.reshape(x, (-1, 3, 8))
    yield "reshape, fewer", lambda x, y, p: ops.reshape(x, (-1, 24))
    yield "transpose", lambda x, y, p: ops.transpose(x, (0, 2, 1))
    yield "swapaxes", lambda x, y, p: ops.swapaxes(x, 1, 2)
    yield "moveaxis", lambda x, y, p: ops.moveaxis(ops.expand_dims(x, -1), 1, -1)
    yield "concatenate", lambda x, y, p: ops.concatenate([x, y], axis=1)
    yield "stack", lambda x, y, p: ops.stack([x, y, p], axis=2)
    yield "split", lambda x, y, p: ops.split(x, 3, axis=-1)
    yield "split at", lambda x, y, p: ops.split(x, [1, 4], axis=-1)
    yield "expand_dims", lambda x, y, p: ops.expand_dims(x, -1)
    yield "squeeze", lambda x, y, p: ops.squeeze(ops.expand_dims(x, 1), 1)
    yield "x[:, 0]", lambda x, y, p: x[:, 0]
    yield "x[:, -1]", lambda x, y, p: x[:, -1]
    yield "x[:, 1:3, ::2]", lambda x, y, p: x[:, 1:3, ::2]
    yield "x[:, ::-1]", lambda x, y, p: x[:, ::-1]
    yield "x[..., 2]", lambda x, y, p: x[..., 2]
    yield "x[..., None]", lambda x, y, p: x[..., None]
    yield "x[:, None, 1:, 3]", lambda x, y, p: x[:, None, 1:, 3]
    yield "pad", lambda x, y, p: ops.pad(x, ((0, 0), (1, 2), (0, 1)))
    yield "pad, value", lambda x, y, p: ops.pad(x, ((0, 0), (1, 2), (0, 1)), constant_values=7)
    for mode in ("reflect", "symmetric"):
        yield f"pad, {mode}", lambda x, y, p, mode=mode: ops.pad(x, ((0, 0), (1, 2), (0, 1)), mode=mode)
    yield "flip", lambda x, y, p: ops.flip(x, 1)
    yield "repeat", lambda x, y, p: ops.repeat(x, 2, axis=1)
    yield "tile", lambda x, y, p: ops.tile(x, (1, 2, 3))
    yield "take", lambda x, y, p: ops.take(x, [0, 2, 2], axis=1)
    yield "take, from behind", lambda x, y, p: ops.take(x, [0, -1, -4], axis=1)
    yield "clip", lambda x, y, p: ops.clip(x, -1, 0.5)
    yield "where", lambda x, y, p: ops.where(x > 0, x, y)
    yield "logical", lambda x, y, p: ops.where(ops.logical_and(x > 0, y <= 0.5), x, p)
    yield "integers, quotient", lambda x, y, p: ops.cast(x * 8, "int32") / 4
    yield "integers, mean", lambda x, y, p: ops.mean(ops.cast(x * 8, "int32"), axis=-1)
    yield "integers, where", lambda x, y, p: ops.cast(ops.where(x > 0, ops.cast(y * 8, "int32"), 3), "float32")
    yield "cast", lambda x, y, p: ops.cast(x >= y, "float32")
    yield "attention by hand", lambda x, y, p: ops.matmul(
        ops.softmax(ops.matmul(x, ops.transpose(y, (0, 2, 1))) / 2.5, axis=-1), p)


@pytest.mark.parametrize("name, function", [pytest.param(*each, id=each[0]) for each in functions()])
def test_function(tmp_path, name, function):
    x, y = keras.Input((4, 6), name="x"), keras.Input((4, 6), name="y")
    p = keras.layers.Activation("sigmoid")(keras.layers.Rescaling(2.0, 0.5)(y))
    outputs = function(x, y, p)
    # A layer between input and function: nothing is an output of the graph by being an input.
    model = keras.Model([x, y], outputs)
    assert_converted_alike(model, tmp_path, name, tolerance=1e-5)


def test_operations_do_not_count_among_layers(tmp_path):
    """The weights of the layers behind them are found."""
    x = keras.Input((6,))
    y = keras.layers.Dense(6)(x) + keras.layers.Dense(6)(x) * 2
    y = keras.layers.Add()([y, x]) + ops.mean(y, axis=-1, keepdims=True)
    model = with_random_weights(keras.Model(x, keras.layers.Dense(2)(y)))
    for suffix in ("keras", "h5"):
        assert_converted_alike(model, tmp_path, suffix, suffix=suffix)


def test_a_scaled_residual_in_a_nested_model_called_twice(tmp_path):
    y = keras.Input((6,))
    block = keras.Model(y, y + 0.1 * keras.layers.Dense(6, activation="relu")(y), name="block")
    x = keras.Input((6,))
    model = with_random_weights(keras.Model(x, block(block(x))))
    assert_converted_alike(model, tmp_path, "nested")
