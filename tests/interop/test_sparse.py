"""Files with sparse weights, as TensorFlow's converter makes them of pruned networks: run, and converted again."""

import functools

import numpy as np
import pytest

import compare
import judge
import ours
import tensorflow_judge
from structure import File

SHAPE = (10, 10, 4)
TOLERANCE = 1e-5  # float sums in another order (docs/numerics.md)
# The files that LiteRT itself does not load, or gets wrong: XNNPACK refuses a dense layer whose weights are not
# constant yet, and a DEQUANTIZE of sparse float16 reads beyond its end.
JUDGED = [("float32", "reference"), ("float32", "builtin"), ("float32", "litert"),
          ("dynamic_range", "reference"), ("dynamic_range", "builtin"), ("int8", "reference"), ("int8", "builtin")]


@functools.cache
def network():
    """Layers of which most weights are zero, in blocks of four for the dense ones."""
    import keras
    layers = keras.layers
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(SHAPE), layers.Conv2D(16, 3, activation="relu"), layers.Conv2D(24, 1),
                              layers.Flatten(), layers.Dense(32), layers.Dense(16)])
    rng = np.random.default_rng(1)
    for weight in model.weights:
        value = rng.normal(size=weight.shape)
        if value.ndim > 1:
            rows = value.reshape(-1, value.shape[-1])
            kept = np.repeat(rng.random((-(-len(rows) // 4), rows.shape[1])) < 0.15, 4, axis=0)[:len(rows)]
            value = (rows * kept).reshape(value.shape)
        weight.assign(value)
    return model


def samples(seed=2, count=6):
    return np.random.default_rng(seed).normal(size=(count, *SHAPE)).astype(np.float32)


@functools.cache
def file(mode, sparse=True):
    converter = tensorflow_judge.converter(network(), mode, samples(count=20))
    if sparse:
        tf = tensorflow_judge._tensorflow()
        converter.optimizations = [*converter.optimizations, tf.lite.Optimize.EXPERIMENTAL_SPARSITY]
    made = tensorflow_judge._quietly(converter.convert)
    assert ("DENSIFY" in File(made).op_names()) == sparse
    return made


@pytest.mark.parametrize("mode, arithmetic", JUDGED)
def test_runs(mode, arithmetic):
    theirs, = judge.run(file(mode), [samples()], arithmetic)
    mine, = ours.run(file(mode), [samples()], arithmetic)
    compare.tensors([mine], [theirs], TOLERANCE, f"{mode} {arithmetic}")


@pytest.mark.parametrize("mode", ["float32", "dynamic_range", "int8", "float16"])
def test_computes_what_the_dense_file_does(mode):
    """Bit for bit: the same numbers lie in both."""
    for arithmetic in judge.ARITHMETICS:
        sparse, = ours.run(file(mode), [samples()], arithmetic)
        dense, = ours.run(file(mode, sparse=False), [samples()], arithmetic)
        compare.integers(sparse.view(np.int32), dense.view(np.int32), f"{mode} {arithmetic}")


def test_is_converted_as_the_dense_file_is(tmp_path):
    np.save(tmp_path / "x.npy", samples(count=20))
    options = ["--calibrate", tmp_path / "x.npy", "--calibrate-samples", 0]
    for mode in ("float32", "int8", "float16"):
        made = ours.convert(file("float32"), mode, *options)
        direct = ours.convert(file("float32", sparse=False), mode, *options)
        assert "DENSIFY" not in File(made).op_names()
        a, = ours.run(made, [samples()], "reference")
        b, = ours.run(direct, [samples()], "reference")
        compare.integers(a.view(np.int32), b.view(np.int32), mode)
