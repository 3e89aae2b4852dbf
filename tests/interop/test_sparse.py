"""Files with sparse weights, as TensorFlow's converter makes them of pruned networks: run, and converted again."""

import functools

import numpy as np
import pytest

import compare
import judge
import ours
import tensorflow_judge
from single_op import Network, pack, schema, unpack
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


def blocks(codes, size):
    """How a file stores int8 weights as blocks of so many inputs, where not all of a block is zero: the table of
    places, and the values."""
    units, inputs = codes.shape
    parts = codes.reshape(units, inputs // size, size)
    there = parts.any(axis=2)
    segments, indices = schema.Int32VectorT(), schema.Int32VectorT()
    segments.values = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
    indices.values = np.nonzero(there)[1].astype(np.int32)
    levels = [schema.DimensionMetadataT() for _ in range(3)]
    levels[0].denseSize, levels[2].denseSize = units, size
    levels[1].format = schema.DimensionType.SPARSE_CSR
    levels[1].arraySegmentsType = levels[1].arrayIndicesType = schema.SparseIndexVector.Int32Vector
    levels[1].arraySegments, levels[1].arrayIndices = segments, indices
    sparsity = schema.SparsityParametersT()
    sparsity.traversalOrder, sparsity.blockMap = np.array([0, 1, 2], np.int32), np.array([1], np.int32)
    sparsity.dimMetadata = levels
    return sparsity, parts[there]


def sparse_layer(seed, size=16):
    """A dense layer of int8 whose weights lie in the file as blocks, without a DENSIFY."""
    rng = np.random.default_rng(seed)
    units, inputs = int(rng.integers(1, 40)), size * int(rng.integers(1, 12))
    kept = np.repeat(rng.random((units, inputs // size)) < 0.4, size, axis=1)
    kept[0] = True
    codes = (rng.integers(-127, 128, (units, inputs)) * kept).astype(np.int8)
    scale = np.exp2(rng.uniform(-9, -6, units if rng.random() < 0.5 else 1)).astype(np.float32)
    x_scale = np.float32(rng.uniform(0.01, 0.1))
    net = Network()
    x = net.input([1, inputs], "int8", scale=x_scale, zero_point=int(rng.integers(-50, 50)))
    sparsity, values = blocks(codes, size)
    weights = net.tensor(codes.shape, "int8", scale=scale, data=values)
    net._tensors[weights].sparsity = sparsity
    bias = None
    if rng.random() < 0.7:
        bias = net.constant(rng.integers(-3000, 3000, units).astype(np.int32), scale=scale * x_scale)
    y = net.op("FULLY_CONNECTED", [x, weights, bias], [1, units], "int8", version=8,
               scale=np.float32(0.01 * inputs**0.5), zero_point=int(rng.integers(-40, 40)),
               activation=["NONE", "RELU", "RELU6"][seed % 3])
    return net.finish([y]), rng.integers(-128, 128, (60, inputs)).astype(np.int8), codes


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_blocks_of_sixteen_are_rounded_as_litert_rounds_them(arithmetic):
    unlike_dense = 0
    for seed in range(16):
        model, samples, codes = sparse_layer(seed)
        theirs, = judge.run(model, [samples], arithmetic)
        mine, = ours.run(model, [samples], arithmetic)
        compare.integers(mine, theirs, f"{seed} {arithmetic}")
        unlike_dense += (ours.run(dense_twin(model, codes), [samples], arithmetic)[0] != mine).sum()
    # Else the test could not tell one kernel from the other.
    assert unlike_dense > 10


def dense_twin(model, codes):
    """The same layer with all its weights in the file."""
    parsed = unpack(model)
    tensor = parsed.subgraphs[0].tensors[int(parsed.subgraphs[0].operators[0].inputs[1])]
    tensor.sparsity = None
    parsed.buffers[tensor.buffer].data = np.frombuffer(codes.tobytes(), np.uint8)
    return pack(parsed)


def test_blocks_that_litert_refuses_run_as_the_dense_layer_does():
    model, samples, codes = sparse_layer(1, size=4)
    with pytest.raises(RuntimeError, match="Unsupported sparse fully-connected weight format"):
        judge.run(model, [samples], "builtin")
    mine, = ours.run(model, [samples], "builtin")
    dense, = ours.run(dense_twin(model, codes), [samples], "builtin")
    compare.integers(mine, dense, "blocks of four")


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
