"""Element-wise ops on types that LiteRT has no kernel for: litesmith refuses them, and says which."""

import numpy as np
import pytest

import compare
import judge
import ours
import test_binary
import test_softmax
import test_unary
from element_cases import RANGES
from single_op import Network

ALL = ["float32", "int8", "uint8", "int16", "int32", "int64"]
SHAPE = [1, 24]

HAVE = {op: ["float32", *types] for op, types in test_unary.TYPES.items()}
HAVE |= test_binary.TYPES
for op, dtype in test_softmax.CASES:
    HAVE.setdefault(op, []).append(dtype)
MISSING = [(op, dtype) for op in HAVE for dtype in ALL if dtype not in HAVE[op]]


def one_op(op, dtype):
    quantization = dict(scale=0.05, zero_point=0) if dtype in RANGES else {}
    net = Network()
    count = 2 if op in test_binary.TYPES else 1
    inputs = [net.input(SHAPE, dtype, **quantization) for _ in range(count)]
    y = net.op(op, inputs, SHAPE, dtype, **quantization)
    return net.finish([y]), [np.ones(SHAPE, dtype)] * count


@pytest.mark.parametrize("op, dtype", MISSING)
def test_is_refused_by_both(op, dtype):
    model, inputs = one_op(op, dtype)
    with pytest.raises((RuntimeError, ValueError)):
        judge.run(model, inputs, "litert")
    with pytest.raises(AssertionError, match=f"{op}.* cannot run: .*types"):
        ours.run(model, inputs, "litert")
    compare.made += 1
