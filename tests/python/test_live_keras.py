"""Live Keras models are read from memory: the same bytes as through Keras's own file, and no file."""

import os
import subprocess
import sys
import tempfile

import litesmith
import numpy as np
import pytest
from litesmith import _keras


def models(keras):
    """One model for each way that layers and their weights can be arranged."""
    layers = keras.layers

    def plain():
        return keras.Sequential([layers.Input((9, 7, 2)), layers.Conv2D(4, 3, activation="relu"),
                                 layers.BatchNormalization(), layers.Flatten(), layers.Dropout(0.3), layers.Dense(3),
                                 layers.Dense(2, activation="softmax")])

    def nested():
        inner_in = layers.Input((6,))
        inner = keras.Model(inner_in, layers.Dense(5)(layers.Dense(4)(inner_in)), name="inner")
        second = keras.Sequential([layers.Input((5,)), layers.Dense(3)])
        x = layers.Input((6,))
        return keras.Model(x, second(inner(x)))

    def shared():
        dense = layers.Dense(4)
        a, b = layers.Input((4,), name="a"), layers.Input((4,), name="b")
        return keras.Model([a, b], layers.Add()([dense(a), dense(dense(b))]))

    def separable():
        return keras.Sequential([layers.Input((8, 8, 3)), layers.SeparableConv2D(6, 3), layers.DepthwiseConv2D(3),
                                 layers.Normalization(mean=[1.0] * 6, variance=[4.0] * 6),
                                 layers.GlobalAveragePooling2D()])

    def half():
        return keras.Sequential([layers.Input((6,)), layers.Dense(4, dtype="float16"), layers.Dense(2)])

    return [plain, nested, shared, separable, half]


@pytest.mark.parametrize("which", range(5))
def test_memory_gives_the_bytes_of_the_file(tensorflow, monkeypatch, tmp_path, which):
    keras = tensorflow.keras
    keras.utils.set_random_seed(which)
    model = models(keras)[which]()
    model.save(tmp_path / f"{model.name}.keras")
    expected = litesmith.load(tmp_path / f"{model.name}.keras").to_bytes()
    monkeypatch.setattr(tempfile, "TemporaryDirectory", None)
    assert litesmith.quantize(model, "float32").to_bytes() == expected


def test_later_training_changes_nothing(tensorflow):
    keras = tensorflow.keras
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2)])
    found = _keras.from_live_model(model)
    before = [np.array(t.data) for t in found.tensors if t.is_constant]
    model.set_weights([np.full_like(w, 9) for w in model.get_weights()])
    for a, b in zip(before, [t.data for t in found.tensors if t.is_constant]):
        np.testing.assert_array_equal(a, b)


def test_what_cannot_be_imported_is_named(tensorflow):
    import keras

    @keras.saving.register_keras_serializable()
    class Mine(keras.layers.Layer):
        def call(self, x):
            return x

    model = keras.Sequential([keras.layers.Input((3,)), Mine(name="special"), keras.layers.Dense(2)])
    with pytest.raises(litesmith.UnsupportedOpError, match="special"):
        litesmith.quantize(model, "float32")


def test_a_model_without_shapes_is_refused(tensorflow):
    with pytest.raises(ValueError, match="has no shapes yet"):
        litesmith.quantize(tensorflow.keras.Sequential([tensorflow.keras.layers.Dense(2)]), "float32")


def test_a_backend_without_tensorflow_is_enough(model_path, tmp_path):
    script = ("import sys; sys.modules['tensorflow'] = None\n"
              "import keras, litesmith, litesmith.tf as tf\n"
              f"model = keras.models.load_model({model_path!r})\n"
              "assert keras.backend.backend() != 'tensorflow'\n"
              f"assert litesmith.quantize(model, 'float32').to_bytes() == litesmith.load({model_path!r}).to_bytes()\n"
              "assert len(tf.lite.TFLiteConverter.from_keras_model(model).convert()) > 80_000\n")
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path,
                   env={**os.environ, "KERAS_BACKEND": "jax"})



def test_tf_keras_models_are_read_from_memory(monkeypatch, tmp_path):
    script = ("import tempfile, tf_keras as keras, litesmith\n"
              "layers = keras.layers\n"
              "inner = keras.Sequential([layers.Input((5,)), layers.Dense(3), layers.BatchNormalization()])\n"
              "x = layers.Input((6,))\n"
              "model = keras.Model(x, layers.Dense(2)(inner(layers.Dense(5)(x))))\n"
              "model.save('model.keras')\n"
              "expected = litesmith.load('model.keras').to_bytes()\n"
              "tempfile.TemporaryDirectory = None\n"
              "assert litesmith.quantize(model, 'float32').to_bytes() == expected\n")
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)
