"""Every layer litesmith imports, in several settings: built in Keras, saved, converted, compared.

Keras computes what the layer should give; LiteRT runs the file litesmith made of it.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from keras import layers as L

import compare
import judge
import ours
from keras_cases import (IMAGE, SEQUENCE, TOLERANCE, VECTOR, VOLUME, assert_converted_alike, case, one_layer,
                         with_random_weights)
from single_op import schema, unpack


def op_names(file):
    codes = {code: name for name, code in vars(schema.BuiltinOperator).items() if name[0] != "_"}
    model = unpack(file)
    used = [model.operatorCodes[each.opcodeIndex] for each in model.subgraphs[0].operators]
    return [codes[max(code.builtinCode, code.deprecatedBuiltinCode)] for code in used]


def settings():
    """(name, input shape, a function that makes the layer)"""
    for padding in ("valid", "same"):
        for strides in (1, 2, 3):
            yield case(IMAGE, L.Conv2D, filters=5, kernel_size=3, strides=strides, padding=padding)
            yield case(IMAGE, L.DepthwiseConv2D, kernel_size=3, strides=strides, padding=padding)
            yield case(IMAGE, L.MaxPooling2D, pool_size=3, strides=strides, padding=padding)
            yield case(IMAGE, L.AveragePooling2D, pool_size=3, strides=strides, padding=padding)
            yield case(SEQUENCE, L.Conv1D, filters=5, kernel_size=3, strides=strides,
                       padding=padding)
            yield case(SEQUENCE, L.MaxPooling1D, pool_size=3, strides=strides, padding=padding)
            yield case(SEQUENCE, L.AveragePooling1D, pool_size=3, strides=strides, padding=padding)
        yield case(IMAGE, L.Conv2D, filters=5, kernel_size=(3, 2), dilation_rate=2, padding=padding)
        yield case(IMAGE, L.Conv2D, filters=6, kernel_size=3, groups=2, padding=padding)
        yield case(IMAGE, L.DepthwiseConv2D, kernel_size=3, dilation_rate=2, padding=padding)
        yield case(SEQUENCE, L.Conv1D, filters=5, kernel_size=3, dilation_rate=2, padding=padding)
        yield case(SEQUENCE, L.DepthwiseConv1D, kernel_size=3, depth_multiplier=2, padding=padding)
        yield case(IMAGE, L.SeparableConv2D, filters=5, kernel_size=3, depth_multiplier=2,
                   padding=padding, activation="relu")
        yield case(SEQUENCE, L.SeparableConv1D, filters=5, kernel_size=3, padding=padding,
                   activation="relu")
        for strides in (1, 2, 3):
            for size in (2, 3):
                yield case(IMAGE, L.Conv2DTranspose, filters=5, kernel_size=size, strides=strides,
                           padding=padding)
                yield case(SEQUENCE, L.Conv1DTranspose, filters=5, kernel_size=size,
                           strides=strides, padding=padding)
        yield case(IMAGE, L.Conv2DTranspose, filters=3, kernel_size=(4, 3), strides=(3, 2),
                   output_padding=(1, 0), padding=padding, activation="relu")
        yield case(SEQUENCE, L.Conv1DTranspose, filters=3, kernel_size=3, strides=2,
                   output_padding=1, padding=padding, use_bias=False, activation="softmax")
        yield case(VOLUME, L.Conv3D, filters=5, kernel_size=(2, 3, 1), strides=(1, 2, 3), padding=padding)
        yield case(VOLUME, L.Conv3D, filters=4, kernel_size=2, dilation_rate=(1, 2, 1), padding=padding,
                   use_bias=False, activation="softmax")
    yield case(VOLUME, L.Conv3D, filters=4, kernel_size=3, activation="relu")
    yield case(IMAGE, L.Conv2D, filters=5, kernel_size=(5, 1), strides=(2, 1), use_bias=False)
    yield case(IMAGE, L.Conv2D, filters=4, kernel_size=2, groups=4, use_bias=False)
    yield case(IMAGE, L.Conv2D, filters=5, kernel_size=3, activation="softmax")
    yield case(IMAGE, L.Conv2D, filters=5, kernel_size=3, activation=L.LeakyReLU(negative_slope=0.2))
    yield case(IMAGE, L.Conv2D, filters=5, kernel_size=3, activation=L.ReLU(max_value=1))
    yield case(SEQUENCE, L.Conv1D, filters=5, kernel_size=3, padding="causal")
    yield case(SEQUENCE, L.Conv1D, filters=5, kernel_size=3, padding="causal", dilation_rate=3,
               activation="relu")
    yield case(SEQUENCE, L.Conv1D, filters=6, kernel_size=3, groups=2, activation="softmax")
    yield case(IMAGE, L.DepthwiseConv2D, kernel_size=(2, 3), depth_multiplier=3, use_bias=False,
               activation="tanh")
    for shape in (VECTOR, SEQUENCE, IMAGE):
        yield case(shape, L.Dense, units=6)
        yield case(shape, L.Dense, units=6, use_bias=False, activation="relu")
        yield case(shape, L.BatchNormalization)
        yield case(shape, L.LayerNormalization)
        yield case(shape, L.UnitNormalization)
    yield case(IMAGE, L.BatchNormalization, axis=1, epsilon=0.01)
    yield case(IMAGE, L.BatchNormalization, axis=2, scale=False)
    yield case(IMAGE, L.BatchNormalization, center=False)
    yield case(IMAGE, L.BatchNormalization, scale=False, center=False)
    yield case(IMAGE, L.LayerNormalization, axis=2, scale=False)
    yield case(IMAGE, L.LayerNormalization, axis=1, center=False)
    yield case(IMAGE, L.UnitNormalization, axis=[1, 2])
    yield case(IMAGE, L.GroupNormalization, groups=2)
    yield case(IMAGE, L.GroupNormalization, groups=-1, epsilon=0.01, scale=False)
    yield case(IMAGE, L.GroupNormalization, groups=3, axis=1, center=False)
    yield case(SEQUENCE, L.GroupNormalization, groups=1)
    yield case(VECTOR, L.GroupNormalization, groups=5)
    yield case(SEQUENCE, L.EinsumDense, equation="abc,cd->abd", output_shape=(12, 6), bias_axes="d")
    yield case(SEQUENCE, L.EinsumDense, equation="abc,cde->abde", output_shape=(12, 2, 3), bias_axes="de",
               activation="relu")
    yield case(SEQUENCE, L.EinsumDense, equation="abc,ecd->abde", output_shape=(12, 2, 3), bias_axes="e")
    yield case(SEQUENCE, L.EinsumDense, equation="abc,bcd->ad", output_shape=7, bias_axes="d")
    yield case(SEQUENCE, L.EinsumDense, equation="abc,cd->abd", output_shape=(12, 6), bias_axes="bd")
    yield case(IMAGE, L.EinsumDense, equation="...x,yx->...y", output_shape=5)
    yield case(VECTOR, L.EinsumDense, equation="ab,b->a", output_shape=())
    yield case(IMAGE, L.Resizing, height=5, width=13)
    yield case(IMAGE, L.Resizing, height=12, width=7, interpolation="nearest")
    yield case(IMAGE, L.Resizing, height=4, width=16, interpolation="bilinear")
    for keepdims in (False, True):
        for layer in (L.GlobalAveragePooling2D, L.GlobalMaxPooling2D):
            yield case(IMAGE, layer, keepdims=keepdims)
        for layer in (L.GlobalAveragePooling1D, L.GlobalMaxPooling1D):
            yield case(SEQUENCE, layer, keepdims=keepdims)
    yield case(IMAGE, L.MaxPooling2D, pool_size=(1, 3))
    yield case(IMAGE, L.AveragePooling2D, pool_size=(4, 1), strides=(1, 2))
    yield case(IMAGE, L.Flatten)
    yield case(VECTOR, L.Flatten)
    yield case(IMAGE, L.Reshape, target_shape=(12, 24))
    yield case(IMAGE, L.Reshape, target_shape=(-1, 16))
    yield case(IMAGE, L.Reshape, target_shape=(288,))
    yield case(IMAGE, L.Permute, dims=(3, 1, 2))
    yield case(SEQUENCE, L.Permute, dims=(2, 1))
    yield case(VECTOR, L.RepeatVector, n=3)
    yield case(SEQUENCE, L.ZeroPadding1D, padding=2)
    yield case(SEQUENCE, L.ZeroPadding1D, padding=(1, 3))
    yield case(IMAGE, L.ZeroPadding2D, padding=1)
    yield case(IMAGE, L.ZeroPadding2D, padding=(1, 2))
    yield case(IMAGE, L.ZeroPadding2D, padding=((1, 2), (3, 0)))
    yield case(SEQUENCE, L.Cropping1D, cropping=(1, 3))
    yield case(SEQUENCE, L.Cropping1D, cropping=(2, 0))
    yield case(IMAGE, L.Cropping2D, cropping=1)
    yield case(IMAGE, L.Cropping2D, cropping=((1, 2), (0, 3)))
    yield case(IMAGE, L.Cropping2D, cropping=((0, 0), (0, 0)))
    yield case(SEQUENCE, L.UpSampling1D, size=3)
    yield case(IMAGE, L.UpSampling2D, size=(2, 3))
    yield case(IMAGE, L.UpSampling2D, size=(3, 2), interpolation="bilinear")
    for layer in (L.Dropout, L.GaussianDropout, L.AlphaDropout):
        yield case(VECTOR, layer, rate=0.5)
    yield case(VECTOR, L.GaussianNoise, stddev=1.0)
    yield case(SEQUENCE, L.SpatialDropout1D, rate=0.5)
    yield case(IMAGE, L.SpatialDropout2D, rate=0.5)
    yield case(VECTOR, L.ActivityRegularization, l2=0.1)
    yield case(VECTOR, L.Identity)
    yield case(SEQUENCE, L.Rescaling, scale=1 / 127.5)
    yield case(SEQUENCE, L.Rescaling, scale=1 / 127.5, offset=-1)
    yield case(SEQUENCE, L.Rescaling, scale=[1.0, 2.0, 3.0, 4.0], offset=[0.0, 1.0, 0.0, -1.0])
    yield case(SEQUENCE, L.Normalization, mean=2.0, variance=3.0)
    yield case(SEQUENCE, L.Normalization, mean=[1.0, 2.0, 3.0, 4.0], variance=[4.0, 0.0, 2.0, 1.0])
    yield case(SEQUENCE, L.Normalization, mean=2.0, variance=3.0, invert=True)
    yield case(SEQUENCE, L.ReLU)
    yield case(SEQUENCE, L.ReLU, max_value=6.0)
    yield case(SEQUENCE, L.ReLU, max_value=1.0)
    yield case(SEQUENCE, L.ReLU, negative_slope=0.1)
    yield case(SEQUENCE, L.ReLU, max_value=1.5, negative_slope=0.25)
    yield case(SEQUENCE, L.LeakyReLU)
    yield case(SEQUENCE, L.LeakyReLU, negative_slope=0.05)
    yield case(SEQUENCE, L.ELU)
    yield case(SEQUENCE, L.ELU, alpha=0.7)
    yield case(SEQUENCE, L.PReLU)
    yield case(IMAGE, L.PReLU, shared_axes=[1, 2])
    yield case(SEQUENCE, L.Softmax)
    yield case(SEQUENCE, L.Softmax, axis=1)
    yield case(IMAGE, L.Softmax, axis=[1, 3])
    for name in ("linear", "relu", "relu6", "leaky_relu", "elu", "celu", "selu", "gelu", "sigmoid",
                 "tanh", "exponential", "softplus", "softsign", "silu", "hard_sigmoid", "hard_silu",
                 "hard_tanh", "mish", "log_sigmoid", "squareplus", "tanh_shrink", "soft_shrink",
                 "sparse_sigmoid", "sparse_plus", "softmax", "log_softmax", "glu"):
        yield case(SEQUENCE, L.Activation, activation=name)
        yield case(VECTOR, L.Dense, units=6, activation=name)


@pytest.mark.parametrize("shape, make", settings())
def test_layer(tmp_path, shape, make):
    assert_converted_alike(one_layer(shape, make()), tmp_path, "layer")


@pytest.mark.parametrize("make", [
    pytest.param(lambda: L.Conv2D(5, 3, strides=2, data_format="channels_first"), id="Conv2D"),
    pytest.param(lambda: L.Conv2D(5, 3, activation="softmax", data_format="channels_first"),
                 id="Conv2D softmax"),
    pytest.param(lambda: L.DepthwiseConv2D(3, data_format="channels_first"), id="DepthwiseConv2D"),
    pytest.param(lambda: L.MaxPooling2D(2, data_format="channels_first"), id="MaxPooling2D"),
    pytest.param(lambda: L.GlobalAveragePooling2D(data_format="channels_first"), id="Global"),
    pytest.param(lambda: L.Flatten(data_format="channels_first"), id="Flatten"),
    pytest.param(lambda: L.ZeroPadding2D(((1, 0), (2, 3)), data_format="channels_first"),
                 id="ZeroPadding2D"),
    pytest.param(lambda: L.Cropping2D(((1, 0), (2, 3)), data_format="channels_first"),
                 id="Cropping2D"),
    pytest.param(lambda: L.UpSampling2D(2, data_format="channels_first"), id="UpSampling2D"),
])
def test_channels_first(tmp_path, make):
    """Keras's own CPU kernels do most of these only channels last: the truth is computed there."""
    layer = make()
    model = one_layer((4, 9, 8), layer)
    config = layer.get_config() | {"data_format": "channels_last", "name": "last"}
    last = type(layer).from_config(config)
    x = keras.Input((4, 9, 8))
    y = last(L.Permute((2, 3, 1))(x))
    activation = config.get("activation")
    if len(y.shape) == 4:
        y = L.Permute((3, 1, 2))(y)
    reference = keras.Model(x, y)
    last.set_weights(layer.get_weights())
    if activation == "softmax":
        last.activation = keras.activations.linear
        reference = keras.Model(x, keras.activations.softmax(reference(x)))
    path = tmp_path / "model.keras"
    model.save(path)
    tflite = tmp_path / "model.tflite"
    ours.call("convert", path, "-o", tflite, "--mode", "float32")
    samples = np.random.default_rng(2).standard_normal((3, 4, 9, 8)).astype(np.float32)
    compare.floats(judge.run(tflite.read_bytes(), [samples], "litert")[0],
                   np.asarray(reference(samples)), TOLERANCE)


@pytest.mark.parametrize("merge, count", [
    (L.Subtract, 2),
    *((merge, count) for count in (2, 3) for merge in (L.Add, L.Multiply, L.Average, L.Maximum,
                                                       L.Minimum, L.Concatenate)),
])
def test_merging(tmp_path, merge, count):
    inputs = [keras.Input(SEQUENCE, name=f"x{i}") for i in range(count)]
    assert_converted_alike(keras.Model(inputs, merge()(inputs)), tmp_path, merge.__name__)


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("one, other, axes", [
    ((6,), (6,), 1), ((6,), (6,), -1), ((4, 6), (5, 6), 2), ((6, 4), (6, 5), 1), ((4, 6), (6, 5), (2, 1)),
    ((6, 4), (5, 6), (1, -1)), ((6,), (5, 6), (1, 2)), ((6, 4), (6,), (1, 1)),
])
def test_dot(tmp_path, one, other, axes, normalize):
    inputs = [keras.Input(one, name="x"), keras.Input(other, name="y")]
    assert_converted_alike(keras.Model(inputs, L.Dot(axes, normalize=normalize)(inputs)), tmp_path, "dot")


def test_merging_tensors_of_other_shapes(tmp_path):
    a, b, c = keras.Input((5, 6), name="a"), keras.Input((6,), name="b"), keras.Input((1, 6), name="c")
    assert_converted_alike(keras.Model([a, b, c], L.Add()([a, b, c])), tmp_path, "Add")
    assert_converted_alike(keras.Model([a, c], L.Concatenate(axis=1)([a, c])), tmp_path, "Concatenate")


def test_adapted_normalization(tmp_path):
    for axis in (-1, 1, None, [1, 2]):
        layer = L.Normalization(axis=axis)
        layer.adapt(np.random.default_rng(0).uniform(2, 9, (50, 5, 3)).astype(np.float32))
        model = keras.Sequential([keras.Input((5, 3)), layer])
        assert_converted_alike(model, tmp_path, f"axis {axis}")


def test_integer_inputs_are_cast(tmp_path):
    for dtype in ("uint8", "int32", "int64"):
        x = keras.Input((6,), dtype=dtype)
        assert_converted_alike(keras.Model(x, L.Rescaling(0.5, 1)(x)), tmp_path, dtype)


def test_integer_images_stay_integers_when_they_are_resized(tmp_path):
    for interpolation in ("bilinear", "nearest"):
        x = keras.Input((9, 7, 3), dtype="uint8")  # from odd sizes to odd ones: no half to be rounded
        y = L.Rescaling(1 / 255)(L.Resizing(5, 13, interpolation=interpolation)(x))
        assert_converted_alike(keras.Model(x, y), tmp_path, interpolation)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_shared_and_nested_models(tmp_path, suffix):
    inner = keras.Sequential([keras.Input((6,)), L.Dense(6, name="a"), L.BatchNormalization(),
                              L.Dense(6, activation="relu", name="b")], name="inner")
    inner.layers[1].trainable = False
    y = keras.Input((6,))
    functional = keras.Model(y, [L.Dense(6, name="c")(y), L.ReLU()(y)], name="functional")
    x1, x2 = keras.Input((6,), name="x1"), keras.Input((6,), name="x2")
    shared = L.Dense(6, name="shared")
    first = inner(shared(x1))
    second = inner(shared(x2))
    u, v = functional(L.Add()([first, second]))
    model = keras.Model([x1, x2], [inner(u), v, second])
    assert_converted_alike(with_random_weights(model), tmp_path, "nested", suffix=suffix)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_a_model_whose_output_is_a_nested_model_called_twice(tmp_path, suffix):
    y = keras.Input((4,))
    inner = keras.Model(y, L.Dense(4)(y), name="inner")
    x = keras.Input((4,))
    once = inner(x)
    model = keras.Model(x, [inner(once), once])
    assert_converted_alike(with_random_weights(model), tmp_path, "twice", suffix=suffix)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "float32"])
def test_embedding(tmp_path, dtype, suffix):
    """The rows of whole numbers, which a float model may also be given as floats."""
    x = keras.Input((7,), dtype=dtype)
    model = with_random_weights(keras.Model(x, L.Embedding(100, 5)(x)))
    model.save(tmp_path / f"model.{suffix}")
    file = ours.convert(tmp_path / f"model.{suffix}", "float32")
    samples = np.random.default_rng(0).integers(0, 100, (3, 7)).astype(dtype)
    compare.floats(judge.run(file, [samples], "litert")[0], np.asarray(model(samples)), 0)
    compare.equal(op_names(file), ["GATHER"] if dtype == "int32" else ["CAST", "GATHER"], dtype)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
@pytest.mark.parametrize("shape, make", [
    pytest.param((5, 6), lambda: L.Dense(3, activation="relu"), id="Dense"),
    pytest.param((5, 8, 7, 2), lambda: L.Conv2D(3, 3, activation="relu"), id="Conv2D"),
    pytest.param((5, 8, 7, 2), lambda: L.MaxPooling2D(2), id="MaxPooling2D"),
    pytest.param((5, 8, 2), lambda: L.Flatten(), id="Flatten"),
    pytest.param((5, 8, 2), lambda: L.BatchNormalization(), id="BatchNormalization"),
    pytest.param((5, 8, 2), lambda: L.GlobalAveragePooling1D(), id="GlobalAveragePooling1D"),
    pytest.param((5, 6), lambda: keras.Sequential(
        [keras.Input((6,)), L.Dense(4, activation="relu"), L.Dense(2)]), id="Sequential"),
    pytest.param((5, 4, 6), lambda: L.TimeDistributed(L.Dense(3)), id="TimeDistributed"),
])
def test_time_distributed(tmp_path, shape, make, suffix):
    assert_converted_alike(one_layer(shape, L.TimeDistributed(make())), tmp_path, "each step",
                           suffix=suffix)


def test_long_lists_of_names_that_h5_splits(tmp_path):
    """Beyond 64 kB the list of layers is spread over several attributes."""
    layers = [L.Dense(2, name=f"dense_{i}_" + "x" * 3500) for i in range(20)]
    model = keras.Sequential([keras.Input((2,)), *layers])
    assert_converted_alike(with_random_weights(model), tmp_path, "split", suffix="h5",
                           tolerance=1e-4)


def test_an_unzipped_folder_is_read(tmp_path):
    import zipfile
    model = one_layer(VECTOR, L.Dense(3))
    model.save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        archive.extractall(tmp_path / "folder")
    samples = np.ones((1, *VECTOR), np.float32)
    results = []
    for name in ("model.keras", "folder"):
        ours.call("convert", tmp_path / name, "-o", tmp_path / "out.tflite", "--mode", "float32")
        results += judge.run((tmp_path / "out.tflite").read_bytes(), [samples], "litert")
    compare.floats(results[0], results[1], 0)
