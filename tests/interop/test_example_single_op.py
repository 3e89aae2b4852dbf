"""How an op is judged: one file, random inputs, three arithmetics. Copy this for another op."""

import numpy as np
import pytest

import compare
import judge
import ours
from single_op import Network


def max_pool(seed):
    rng = np.random.default_rng(seed)
    net = Network()
    x = net.input([1, 9, 7, 5], "int8", scale=0.05, zero_point=3)
    y = net.op("MAX_POOL_2D", [x], [1, 5, 4, 5], "int8", scale=0.05, zero_point=3, padding="SAME",
               stride_w=2, stride_h=2, filter_width=2, filter_height=2, activation="RELU")
    samples = rng.integers(-128, 128, (100, 9, 7, 5)).astype(np.int8)
    return net.finish([y]), [samples]


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_int8_max_pool_is_exact(arithmetic):
    model, inputs = max_pool(seed=1)
    compare.tensors(ours.run(model, inputs, arithmetic), judge.run(model, inputs, arithmetic), 0,
                    f"MAX_POOL_2D {arithmetic}")
