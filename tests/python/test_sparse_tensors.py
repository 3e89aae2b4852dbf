"""Constants that a file stores sparse: Python shows what is stored of them, as LiteRT's interpreter does."""

import litesmith
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter as Judge
from litesmith import lite


@pytest.fixture(scope="module")
def content(tensorflow):
    """A dense layer of which TensorFlow's converter stores the weights that are not zero."""
    tf = tensorflow
    model = tf.keras.Sequential([tf.keras.layers.Input([64]), tf.keras.layers.Dense(32)])
    rng = np.random.default_rng(1)
    kernel = rng.normal(size=(64, 32)) * np.repeat(rng.random((16, 32)) < 0.2, 4, axis=0)
    model.set_weights([kernel, np.zeros(32)])
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.EXPERIMENTAL_SPARSITY]
    return bytes(converter.convert())


def test_get_tensor_gives_what_is_stored(content):
    mine, theirs = lite.Interpreter(model_content=content), Judge(model_content=content, num_threads=1)
    mine.allocate_tensors()
    theirs.allocate_tensors()
    flat = 0
    for tensor in litesmith.load(content).tensors:
        if not tensor.is_constant:
            continue
        wanted = theirs.get_tensor(tensor.index)
        np.testing.assert_array_equal(mine.get_tensor(tensor.index), wanted)
        np.testing.assert_array_equal(tensor.data, wanted)
        flat += wanted.shape != tensor.shape
    assert flat == 1
