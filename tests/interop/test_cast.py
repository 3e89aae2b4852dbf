"""CAST between all pairs of types."""

import numpy as np
import pytest

import compare
import judge
import ours
from single_op import Network

TYPES = ["float32", "float64", "float16", "int8", "uint8", "int16", "uint16", "int32", "uint32",
         "int64", "bool"]
SHAPE = [2, 500]


def elements(rng, dtype, spread):
    if dtype == "bool":
        return rng.integers(0, 2, SHAPE).astype(bool)
    if dtype.startswith("int") or dtype.startswith("uint"):
        info = np.iinfo(dtype)
        return rng.integers(info.min, info.max, SHAPE, dtype=dtype, endpoint=True)
    values = rng.normal(0, spread, SHAPE)
    values.flat[:5] = [0, -0.5, 0.5, 1.5, -1.5]
    if dtype == "float16":
        values = np.clip(values, -60000, 60000)
    return values.astype(dtype)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("dtype", TYPES)
def test_cast(dtype, arithmetic):
    rng = np.random.default_rng(1)
    for out_dtype in TYPES:
        net = Network()
        x = net.input(SHAPE, dtype)
        y = net.op("CAST", [x], SHAPE, out_dtype, in_data_type=dtype.upper(),
                   out_data_type=out_dtype.upper())
        model = net.finish([y])
        values = np.concatenate([elements(rng, dtype, spread) for spread in (3, 100, 1e5, 1e10)])
        compare.tensors(ours.run(model, [values], arithmetic), judge.run(model, [values], arithmetic),
                        0, f"CAST {dtype} to {out_dtype}")
