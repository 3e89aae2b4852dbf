"""TRANSPOSE_CONV in float and in integers, and networks of it as TensorFlow quantizes them."""

import functools
import pathlib
import tempfile

import numpy as np
import pytest

import compare
import judge
import networks
import ours
from conv_cases import ACTIVATIONS, output_size
from conversions import Conversion
from element_cases import RANGES, codes, scale, zero_point
from judged import check, check_dynamic_range
from single_op import Network
from structure import File, differences


def layer(rng, dtype, bias_type=None, hybrid=False):
    padding = str(rng.choice(["SAME", "VALID"]))
    taps, strides = rng.integers(1, 5, 2), rng.integers(1, 4, 2)
    smallest = taps if padding == "VALID" else np.array([1, 1])
    height, width = (int(n) for n in smallest + rng.integers(0, 12, 2))
    channels, made = int(rng.integers(1, 20)), int(rng.integers(1, 20))
    size = [output_size(n, t, s, 1, padding) for n, t, s in zip((height, width), taps, strides)]
    batch = int(rng.integers(1, 3))
    shape = [batch, *(int(n) for n in size), channels]
    out = [batch, height, width, made]
    activation = str(rng.choice(ACTIVATIONS))
    quantizations = [{}, {}, {}, {}]
    filter_shape = [made, int(taps[0]), int(taps[1]), channels]
    if dtype == "float32":
        values = rng.normal(0, 1, shape).astype(np.float32)
        weights = rng.normal(0, 1, filter_shape).astype(np.float32)
        bias = rng.normal(0, 1, made).astype(np.float32)
        if hybrid:
            weights = rng.integers(-127, 128, filter_shape).astype(np.int8)
            w = np.exp2(rng.uniform(-9, -5, made if rng.random() < 0.7 else 1)).astype(np.float32)
            quantizations[1] = dict(scale=w)
    else:
        values = codes(rng, shape, dtype)
        weights = rng.integers(-127, 128, filter_shape).astype(np.int8)
        x = scale(rng, -9, -4)
        w = np.exp2(rng.uniform(-9, -5, made if rng.random() < 0.7 else 1)).astype(np.float32)
        terms = channels * max(1, taps.prod() // strides.prod())
        steps = RANGES[dtype][1]
        y = float(np.float32(np.sqrt(terms) * 70 * x * float(w.mean()) * scale(rng, 0, 3)))
        quantizations = [dict(scale=x, zero_point=zero_point(rng, dtype)), dict(scale=w),
                         dict(scale=x * w), dict(scale=y, zero_point=zero_point(rng, dtype))]
        bias = rng.integers(-20 * steps, 20 * steps, made).astype(bias_type)
    net = Network()
    inputs = [net.constant(np.array(out, np.int32)), net.constant(weights, **quantizations[1]),
              net.input(shape, dtype, **quantizations[0])]
    attributes = {}
    if rng.random() < 0.7:
        inputs.append(net.constant(bias, **quantizations[2]))
    if bias_type is not None and dtype == "int16":
        attributes["quantized_bias_type"] = bias_type.upper()
        if bias_type == "int64" and rng.random() < 0.5:
            del attributes["quantized_bias_type"]
    y = net.op("TRANSPOSE_CONV", inputs, out, dtype, **quantizations[3], padding=padding,
               stride_h=int(strides[0]), stride_w=int(strides[1]), activation=activation,
               version=4, **attributes)
    return net.finish([y]), [values]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype, bias_type", [("float32", None), ("int8", "int32"),
                                              ("int16", "int64"), ("int16", "int32")])
def test_layers(dtype, bias_type, arithmetic):
    check(lambda rng: layer(rng, dtype, bias_type), arithmetic, f"{dtype} {bias_type}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_hybrid_has_the_same_bits(arithmetic):
    check(lambda rng: layer(rng, "float32", hybrid=True), arithmetic, "hybrid", tolerance=0)


def decoder():
    """What autoencoders and segmenters end in, in two dimensions and in one."""
    from keras import Model, layers
    image = layers.Input((8, 6, 12), batch_size=1)
    x = layers.Conv2DTranspose(16, 3, strides=2, padding="same", use_bias=False)(image)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2DTranspose(8, (4, 2), strides=(2, 3), activation="relu")(x)
    x = layers.Conv2DTranspose(6, 3, padding="same")(x)
    x = layers.Reshape((34 * 36, 6))(x)
    x = layers.Conv1DTranspose(4, 3, strides=2, padding="same", activation="sigmoid")(x)
    return Model(image, x)


@functools.cache
def decoder_case():
    import keras
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    network = decoder()
    rng = np.random.default_rng(1)
    for each in network.layers:
        if each.__class__.__name__ == "BatchNormalization":
            each.set_weights([rng.uniform(0.5, 1.5, 16), rng.normal(0, 0.5, 16),
                              rng.normal(0, 0.5, 16), rng.uniform(0.3, 2, 16)])
        elif each.weights and each.use_bias:
            each.bias.assign(rng.normal(0, 0.2, each.bias.shape))
    model = pathlib.Path(tempfile.mkdtemp(prefix="litesmith-")) / "decoder.keras"
    network.save(model)
    samples = networks.samples(network.input_shape[1:], 24, rng)
    return Conversion("decoder", keras.saving.load_model(model), model, samples[:16], samples[16:])


@pytest.mark.parametrize("mode", ["int8", "int16x8"])
def test_from_the_same_ranges_every_parameter_is_equal(mode):
    case = decoder_case()
    made, theirs = File(ours.convert(case.calibrated(mode), mode)), File(case.theirs(mode))
    assert theirs.op_names().count("TRANSPOSE_CONV") == 4
    compare.equal(differences(made, theirs), [], f"decoder {mode}")


def test_dynamic_range_has_the_same_weights():
    case = decoder_case()
    made = File(ours.convert(case.calibrated("int8"), "dynamic_range"))
    theirs = File(case.theirs("dynamic_range"))
    compare.equal(differences(made, theirs), [], "decoder dynamic_range")


@pytest.mark.parametrize("mode", ["int8", "int16x8"])
@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_networks_have_the_same_bits(mode, arithmetic):
    case = decoder_case()
    types = ("int8", "int8") if mode == "int8" else ("int16", "int16")
    model = case.ours(mode, types)
    samples = np.random.default_rng(2).integers(-128, 128, case.test.shape).astype(types[0])
    compare.integers(ours.run(model, [samples], arithmetic)[0],
                     judge.run(model, [samples], arithmetic)[0], f"decoder {mode} {arithmetic}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_dynamic_range_gives_the_same_answers(arithmetic):
    case = decoder_case()
    check_dynamic_range(case.ours("dynamic_range"), case.test, arithmetic, "decoder")
