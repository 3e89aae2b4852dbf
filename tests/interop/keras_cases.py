"""Small Keras models: built, saved, converted, and compared with what Keras makes of them."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from keras import layers as L

import compare
import judge
import ours

# Both compute in float32; sums are taken in another order, exponentials by other approximations.
TOLERANCE = 1e-5

IMAGE = (9, 8, 4)
VOLUME = (5, 6, 7, 3)
SEQUENCE = (12, 4)
VECTOR = (10,)


def with_random_weights(model, seed=0):
    """Weights that no layer is indifferent to: no zero biases, no unit scales."""
    rng = np.random.default_rng(seed)
    values = []
    for weight in model.weights:
        value = rng.standard_normal(weight.shape).astype(np.float32) * 0.5
        if "variance" in weight.path:
            value = np.abs(value) + 0.1
        values.append(value if np.asarray(weight).dtype.kind == "f" else np.asarray(weight))
    model.set_weights(values)
    return model


def assert_converted_alike(model, tmp_path, what, tolerance=TOLERANCE, suffix="keras", samples=3):
    path = tmp_path / f"model.{suffix}"
    model.save(path)
    tflite = tmp_path / "model.tflite"
    ours.call("convert", path, "-o", tflite, "--mode", "float32")
    rng = np.random.default_rng(1)
    inputs = []
    for tensor in model.inputs:
        shape = [samples if n is None else n for n in tensor.shape]
        if tensor.dtype.startswith("float"):
            inputs.append(rng.uniform(-3, 3, shape).astype(np.float32))
        else:
            inputs.append(rng.integers(0, 100, shape).astype(tensor.dtype))
    expected = model(inputs[0] if len(inputs) == 1 else inputs, training=False)
    expected = expected if isinstance(expected, (list, tuple)) else [expected]
    made = judge.run(tflite.read_bytes(), inputs, "litert")
    compare.tensors(made, [np.asarray(each) for each in expected], tolerance, what)


def one_layer(shape, layer):
    return with_random_weights(keras.Sequential([keras.Input(shape), layer]))


def case(shape, make, **options):
    """A parameter of tests: an input's shape, and a function that makes the layer."""
    for key, value in options.items():
        if isinstance(value, L.Layer):
            options = options | {key: type(value).from_config(value.get_config())}
    text = ", ".join(f"{k}={v.name if isinstance(v, L.Layer) else v}" for k, v in options.items())
    return pytest.param(shape, lambda: make(**options), id=f"{make.__name__}({text})")


def assert_close_in_modes(model, samples, tolerances, folder):
    """`tolerances`: mode -> what LiteRT's results of our file may be off Keras's, of the largest."""
    model.save(folder / "model.keras")
    np.save(folder / "x.npy", samples)
    expected = np.asarray(model(samples))
    for mode, tolerance in tolerances.items():
        calibrate = ["--calibrate", folder / "x.npy"] if mode in ("int8", "int16x8") else []
        file = ours.convert(folder / "model.keras", mode, *calibrate)
        compare.floats(judge.run(file, [samples], "litert")[0], expected, tolerance, mode)
