"""CONV_3D, which LiteRT has in float alone."""

import numpy as np
import pytest

import judge
from conv_cases import ACTIVATIONS, output_size
from judged import check
from single_op import Network


def layer(rng):
    padding = str(rng.choice(["SAME", "VALID"]))
    taps, strides, dilations = (rng.integers(1, most, 3) for most in (4, 4, 3))
    extent = (taps - 1) * dilations + 1
    smallest = extent if padding == "VALID" else np.ones(3, int)
    sizes = [int(n) for n in smallest + rng.integers(0, 8, 3)]
    channels, made = int(rng.integers(1, 9)), int(rng.integers(1, 20))
    out = [output_size(n, int(t), int(s), int(d), padding)
           for n, t, s, d in zip(sizes, taps, strides, dilations, strict=True)]
    net = Network()
    x = net.input([1, *sizes, channels], "float32")
    weights = rng.normal(0, 1, [*(int(t) for t in taps), channels, made]).astype(np.float32)
    inputs = [x, net.constant(weights)]
    if rng.random() < 0.7:
        inputs.append(net.constant(rng.normal(0, 1, made).astype(np.float32)))
    y = net.op("CONV_3D", inputs, [1, *out, made], "float32", padding=padding,
               activation=str(rng.choice(ACTIVATIONS)),
               **{f"stride_{d}": int(s) for d, s in zip("dhw", strides)},
               **{f"dilation_{d}_factor": int(n) for d, n in zip("dhw", dilations)})
    return net.finish([y]), [rng.normal(0, 1, [3, *sizes, channels]).astype(np.float32)]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_layers(arithmetic):
    check(layer, arithmetic, "CONV_3D")
