"""BATCH_MATMUL: broadcast batches, transposed operands, in float, integers and hybrid."""

import numpy as np
import pytest

import judge
from element_cases import RANGES, codes, scale, zero_point
from judged import check
from single_op import Network

# Leading dimensions of both operands.
BATCHES = [([], []), ([4], [4]), ([6], [1]), ([3, 5], [3, 5]), ([3, 5], [3, 1]), ([3, 4], []),
           ([2, 1, 3], [2, 4, 1])]


# How many of them LiteRT's hybrid kernel does right: with several leading dimensions it takes other
# rows' scales. litesmith refuses those.
SOUND = 3


def shapes_of(rng, batches=BATCHES):
    first, second = batches[int(rng.integers(len(batches)))]
    rows, depth, columns = (int(n) for n in rng.integers(1, 40, 3))
    adjoint = {"adj_x": bool(rng.integers(2)), "adj_y": bool(rng.integers(2))}
    left = [*first, depth, rows] if adjoint["adj_x"] else [*first, rows, depth]
    right = [*second, columns, depth] if adjoint["adj_y"] else [*second, depth, columns]
    out = [*np.broadcast_shapes(tuple(first), tuple(second)), rows, columns]
    return left, right, out, depth, adjoint


def product(rng, left_type, right_type, out_type=None, per_channel=False, batches=BATCHES):
    left, right, out, depth, attributes = shapes_of(rng, batches)
    out_type = out_type or left_type
    quantizations = [{}, {}, {}]
    if left_type in RANGES:
        a, b = scale(rng, -9, -3), scale(rng, -9, -3)
        size = np.sqrt(depth) * 70 * (20_000 if left_type == "int16" else 70)
        steps = 20_000 if left_type == "int16" else 70
        if right_type == "int16":
            size *= 300
        c = float(np.float32(a * b * size / steps * scale(rng, -1, 2)))
        symmetric = left_type == "int16" or rng.random() < 0.5
        quantizations = [dict(scale=a, zero_point=zero_point(rng, left_type)),
                         dict(scale=b, zero_point=0 if symmetric else zero_point(rng, right_type)),
                         dict(scale=c, zero_point=zero_point(rng, left_type))]
        if out_type == "int32":
            quantizations[2] = {}
        values = [codes(rng, left, left_type), codes(rng, right, right_type)]
    else:
        values = [rng.normal(0, 2, left).astype(np.float32), rng.normal(0, 2, right).astype(np.float32)]
        if right_type == "int8":
            values[1] = rng.integers(-127, 128, right).astype(np.int8)
            columns_at = len(right) - (2 if attributes["adj_y"] else 1)
            count = right[columns_at]
            scales = np.exp2(rng.uniform(-9, -4, count if per_channel else 1)).astype(np.float32)
            quantizations[1] = dict(scale=scales, dimension=columns_at if per_channel else 0)
            attributes["asymmetric_quantize_inputs"] = bool(rng.integers(2))
    net = Network()
    constant = right_type == "int8" and left_type == "float32" or right[0] != left[0] or rng.random() < 0.3
    x = net.input(left, left_type, **quantizations[0])
    w = (net.constant(values[1], **quantizations[1]) if constant
         else net.input(right, right_type, **quantizations[1]))
    y = net.op("BATCH_MATMUL", [x, w], out, out_type, **quantizations[2], **attributes)
    return net.finish([y]), values[:1] if constant else values


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("left, right, out", [
    ("float32", "float32", "float32"), ("int8", "int8", "int8"), ("int8", "int8", "int32"),
    ("int16", "int16", "int16"), ("int16", "int8", "int16")])
def test_products(left, right, out, arithmetic):
    check(lambda rng: product(rng, left, right, out), arithmetic, f"{left} {right} {out}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("per_channel", [False, True])
def test_hybrid(per_channel, arithmetic):
    batches = BATCHES if arithmetic == "litert" else BATCHES[:SOUND]
    check(lambda rng: product(rng, "float32", "int8", "float32", per_channel, batches), arithmetic,
          f"hybrid {per_channel}", tolerance=1e-6)
