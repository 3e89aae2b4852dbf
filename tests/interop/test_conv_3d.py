"""CONV_3D and CONV_3D_TRANSPOSE, which LiteRT has in float alone."""

import numpy as np
import pytest

import judge
from conv_cases import ACTIVATIONS, output_size
from judged import check
from single_op import Network


def window(rng):
    """A layer's attributes, the sizes of what its window slides over, and what that makes."""
    padding = str(rng.choice(["SAME", "VALID"]))
    taps, strides, dilations = (rng.integers(1, most, 3) for most in (4, 4, 3))
    extent = (taps - 1) * dilations + 1
    smallest = extent if padding == "VALID" else np.ones(3, int)
    sizes = [int(n) for n in smallest + rng.integers(0, 8, 3)]
    out = [output_size(n, int(t), int(s), int(d), padding)
           for n, t, s, d in zip(sizes, taps, strides, dilations, strict=True)]
    attributes = {"padding": padding, "activation": str(rng.choice(ACTIVATIONS)),
                  **{f"stride_{d}": int(s) for d, s in zip("dhw", strides)},
                  **{f"dilation_{d}_factor": int(n) for d, n in zip("dhw", dilations)}}
    return attributes, [int(t) for t in taps], sizes, out


def with_bias(rng, net, inputs, channels):
    if rng.random() < 0.7:
        inputs.append(net.constant(rng.normal(0, 1, channels).astype(np.float32)))
    return inputs


def layer(rng):
    attributes, taps, sizes, out = window(rng)
    channels, made = int(rng.integers(1, 9)), int(rng.integers(1, 20))
    net = Network()
    x = net.input([1, *sizes, channels], "float32")
    weights = net.constant(rng.normal(0, 1, [*taps, channels, made]).astype(np.float32))
    y = net.op("CONV_3D", with_bias(rng, net, [x, weights], made), [1, *out, made], "float32", **attributes)
    return net.finish([y]), [rng.normal(0, 1, [3, *sizes, channels]).astype(np.float32)]


def transposed(rng):
    """The window slides over what is made."""
    attributes, taps, sizes, out = window(rng)
    channels, made = int(rng.integers(1, 9)), int(rng.integers(1, 20))
    net = Network()
    x = net.input([1, *out, channels], "float32")
    shape = net.constant(np.array([1, *sizes, made], np.int32))
    weights = net.constant(rng.normal(0, 1, [*taps, made, channels]).astype(np.float32))
    y = net.op("CONV_3D_TRANSPOSE", with_bias(rng, net, [shape, weights, x], made), [1, *sizes, made], "float32",
               **attributes)
    return net.finish([y]), [rng.normal(0, 1, [3, *out, channels]).astype(np.float32)]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("make", [layer, transposed], ids=lambda make: make.__name__)
def test_layers(make, arithmetic):
    check(make, arithmetic, make.__name__)
