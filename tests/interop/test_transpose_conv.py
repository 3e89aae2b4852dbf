"""TRANSPOSE_CONV in float and in integers."""

import numpy as np
import pytest

import judge
from conv_cases import ACTIVATIONS, output_size
from element_cases import RANGES, codes, scale, zero_point
from judged import check
from single_op import Network


def layer(rng, dtype, bias_type=None):
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
