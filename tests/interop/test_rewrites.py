"""The same Keras model through TensorFlow's converter and through litesmith: the same ops, and
constants folded to the same bits."""

import contextlib
import io
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from keras import layers as L

import compare
import ours
from single_op import unpack

OP_NAMES = {value: name for name, value in vars(schema.BuiltinOperator).items()
            if isinstance(value, int)}


def with_weights(model, seed=0):
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            value = rng.normal(0, 0.4, weight.shape).astype(np.float32)
            values.append(np.abs(value) + 0.1 if "variance" in weight.path else value)
        layer.set_weights(values)
    return model


def sequence(shape, *layers):
    return with_weights(keras.Sequential([keras.Input(shape), *layers]))


def branched(shape, body):
    x = keras.Input(shape)
    return with_weights(keras.Model(x, body(x)))


# Batch norms have 7 channels: TensorFlow computes groups of eight with the processor's own
# approximation of a reciprocal root, and the rest exactly (docs/rewrites.md).
MODELS = {
    "conv_bn_relu": lambda: sequence((8, 8, 3), L.Conv2D(7, 3, use_bias=False),
                                     L.BatchNormalization(), L.ReLU()),
    "conv_bias_bn_relu6": lambda: sequence((8, 8, 3), L.Conv2D(7, 3, padding="same"),
                                           L.BatchNormalization(), L.ReLU(6.0)),
    "depthwise_bn": lambda: sequence((8, 8, 7), L.DepthwiseConv2D(3, use_bias=False),
                                     L.BatchNormalization(), L.ReLU()),
    "dense_bn_relu": lambda: sequence((9,), L.Dense(7), L.BatchNormalization(), L.ReLU()),
    "bn_dense": lambda: sequence((7,), L.BatchNormalization(), L.Dense(5)),
    "bn_conv": lambda: sequence((8, 8, 3), L.BatchNormalization(), L.Conv2D(4, 3)),
    "conv_relu_bn": lambda: sequence((8, 8, 3), L.Conv2D(7, 3, activation="relu"),
                                     L.BatchNormalization()),
    "conv1d_bn": lambda: sequence((16, 3), L.Conv1D(7, 3), L.BatchNormalization(), L.ReLU(),
                                  L.MaxPooling1D()),
    "separable": lambda: sequence((8, 8, 3), L.SeparableConv2D(6, 3, activation="relu")),
    "dense_without_bias": lambda: sequence((9,), L.Dense(4, use_bias=False)),
    "dense_with_zero_bias": lambda: keras.Sequential([keras.Input((9,)), L.Dense(4)]),
    "padding_is_same": lambda: sequence((9, 9, 3), L.ZeroPadding2D(1), L.Conv2D(4, 3, strides=2)),
    "padding_is_same_behind": lambda: sequence((8, 8, 3), L.ZeroPadding2D(((0, 1), (0, 1))),
                                               L.DepthwiseConv2D(3, strides=2)),
    "padding_is_not_same": lambda: sequence((8, 8, 3), L.ZeroPadding2D(1),
                                            L.Conv2D(4, 3, strides=2)),
    "padding_of_a_pool": lambda: sequence((8, 8, 3), L.ZeroPadding2D(1), L.MaxPooling2D(3, 1)),
    "rescaling_same": lambda: sequence((8, 8, 3), L.Rescaling(1 / 255), L.Conv2D(4, 3, padding="same")),
    "rescaling_offset_same": lambda: sequence((8, 8, 3), L.Rescaling(1 / 127.5, -1),
                                              L.Conv2D(4, 3, padding="same")),
    "rescaling_offset_valid": lambda: sequence((8, 8, 3), L.Rescaling(1 / 127.5, -1),
                                               L.Conv2D(4, 3)),
    "rescaling_offset_dense": lambda: sequence((9,), L.Rescaling(1 / 127.5, -1), L.Dense(4)),
    "hard_swish": lambda: sequence((8, 8, 3), L.Conv2D(4, 3), L.Activation("hard_swish")),
    "hard_sigmoid": lambda: sequence((8, 8, 3), L.Conv2D(4, 3), L.Activation("hard_sigmoid")),
    "prelu": lambda: sequence((8, 8, 3), L.Conv2D(4, 3), L.PReLU(shared_axes=[1, 2])),
    "leaky_relu": lambda: sequence((9,), L.Dense(4), L.LeakyReLU()),
    "pools": lambda: sequence((8, 8, 3), L.MaxPooling2D(2), L.ReLU(), L.AveragePooling2D(2),
                              L.ReLU(6.0)),
    "residual": lambda: branched((8, 8, 3), lambda x: L.ReLU()(
        L.Add()([L.Conv2D(3, 3, padding="same")(x), x]))),
    "subtract_multiply": lambda: branched((8,), lambda x: L.ReLU()(
        L.Multiply()([L.Subtract()([L.Dense(8)(x), x]), x]))),
    "concatenated_relu": lambda: branched((8,), lambda x: L.ReLU()(
        L.Concatenate()([L.Dense(8)(x), x]))),
    "read_twice": lambda: branched((8, 8, 3), lambda x: (
        lambda y: L.Add()([L.BatchNormalization()(y), y]))(L.Conv2D(3, 3)(x))),
    "shared_layer": lambda: branched((8,), lambda x: (lambda d: d(d(x)))(L.Dense(8, "relu"))),
    "transposes": lambda: sequence((4, 4, 3), L.Permute((2, 1, 3)), L.Permute((3, 1, 2))),
    "global_pools": lambda: sequence((4, 4, 3), L.GlobalAveragePooling2D(), L.Dense(4)),
}


def by_tensorflow(model):
    with contextlib.redirect_stdout(io.StringIO()):
        return tf.lite.TFLiteConverter.from_keras_model(model).convert()


def by_litesmith(model, folder):
    model.save(folder / "model.keras")
    ours.call("convert", folder / "model.keras", "-o", folder / "model.tflite", "--mode", "float32")
    return (folder / "model.tflite").read_bytes()


def ops_of(data):
    """Each op as its name, its options and its constant operands (None where it has none)."""
    model = unpack(data)
    graph = model.subgraphs[0]
    made = []
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        constants = []
        for index in operator.inputs:
            tensor = graph.tensors[index] if index >= 0 else None
            bytes_ = model.buffers[tensor.buffer].data if tensor is not None else None
            if bytes_ is None or len(bytes_) == 0:
                constants.append("absent" if index < 0 else "computed")
            else:
                dtype = np.float32 if tensor.type == schema.TensorType.FLOAT32 else np.int32
                shape = [] if tensor.shape is None else list(tensor.shape)
                constants.append(np.frombuffer(bytes(bytes_), dtype).reshape(shape))
        name = OP_NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]
        options = vars(operator.builtinOptions) if operator.builtinOptions is not None else {}
        made.append((name, {k: str(v) for k, v in options.items()}, constants))
    return made


@pytest.mark.parametrize("name", MODELS)
def test_same_ops_and_same_bits(name, tmp_path):
    model = MODELS[name]()
    theirs, mine = ops_of(by_tensorflow(model)), ops_of(by_litesmith(model, tmp_path))
    compare.equal([op for op, _, _ in mine], [op for op, _, _ in theirs], name)
    for (op, options, constants), (_, their_options, their_constants) in zip(mine, theirs):
        what = f"{name} {op}"
        compare.equal(len(constants), len(their_constants), what)
        if op != "RESHAPE":  # TensorFlow leaves the table out, and an attribute nobody reads with it
            compare.equal(options, their_options, what)
        for a, b in zip(constants, their_constants):
            if isinstance(a, str) or isinstance(b, str):
                compare.equal(str(a), str(b), what)
            elif op != "EXPAND_DIMS":  # an axis may be counted from either end
                compare.integers(a.view(np.int32), b.view(np.int32), what)


def quantized(weights):
    """Symmetric int8 by output channel, as the converter makes it of a convolution's filter."""
    largest = np.abs(weights).reshape(len(weights), -1).max(axis=1)
    scale = (largest / np.float32(127)).reshape(-1, 1, 1, 1)
    return np.clip(np.round(weights * (np.float32(1) / scale)), -127, 127).astype(np.int8)


def test_batch_norms_of_many_channels_differ_in_less_than_a_thousandth_of_the_int8_weights(tmp_path):
    different = total = 0
    for seed in range(3):
        model = with_weights(keras.Sequential([
            keras.Input((6, 6, 16)), L.Conv2D(64, 3, use_bias=False), L.BatchNormalization()]), seed)
        mine = ops_of(by_litesmith(model, tmp_path))[0][2]
        theirs = ops_of(by_tensorflow(model))[0][2]
        # One or two units in the last place, from TensorFlow's approximate reciprocal root.
        np.testing.assert_allclose(mine[1], theirs[1], rtol=5e-7)
        np.testing.assert_allclose(mine[2], theirs[2], rtol=1e-6, atol=1e-6)
        gap = quantized(mine[1]).astype(int) - quantized(theirs[1])
        assert np.abs(gap).max() <= 1
        different += np.count_nonzero(gap)
        total += gap.size
    compare.equal(different <= total // 1000, True, f"{different} of {total} weights differ")
