"""How close litesmith's parameters must be to TensorFlow's when each calibrated by itself."""

import numpy as np

# Ops that only work out a shape: TensorFlow writes them for Flatten and Reshape, litesmith does not.
_SHAPE_OPS = {"SHAPE", "STRIDED_SLICE", "PACK"}


def close_enough(ours, theirs, calibrated):
    """`calibrated` is TensorFlow's file with ranges. Every parameter that is too far from TensorFlow's, as sentences.

    Weight scales are equal, activation scales within 1e-5, zero points equal unless they lie within
    1e-3 of a rounding edge, biases within max(1, 2e-5 |q|); of weights at most one in a thousand
    differs, by one step.
    """
    found = []
    edges = _unrounded_zero_points(calibrated)
    mine, others = ([op for op in file.ops if op.name not in _SHAPE_OPS]
                    for file in (ours, theirs))
    # float16 files start with their DEQUANTIZE ops in no order that matters.
    mine, others = ([op for op in ops if op.name != "DEQUANTIZE" or op.inputs[0].data is None]
                    for ops in (mine, others))
    if [op.name for op in mine] != [op.name for op in others]:
        return [f"ops {[op.name for op in mine]}, theirs {[op.name for op in others]}"]
    for i, (a, b) in enumerate(zip(mine, others)):
        where = f"op {i} {a.name}"
        if a.options != b.options:
            found.append(f"{where}: options {a.options}, theirs {b.options}")
        for j, (x, y) in enumerate(zip(a.inputs, b.inputs, strict=True)):
            if a.name == "RESHAPE" and j == 1:
                continue
            if (x is None) != (y is None):
                found.append(f"{where}: input {j} is absent in one of the files")
            elif x is not None:
                found += _compare(f"{where} input {j} '{y.name}'", x, y, edges)
        for x, y in zip(a.outputs, b.outputs, strict=True):
            found += _compare(f"{where} output '{y.name}'", x, y, edges)
    return found


def _compare(where, ours, theirs, edges):
    if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
        return [f"{where}: {ours.dtype} {ours.shape}, theirs {theirs.dtype} {theirs.shape}"]
    if (ours.data is None) != (theirs.data is None):
        return [f"{where}: constant in one of the files only"]
    scales = np.array(ours.scale), np.array(theirs.scale)
    if scales[0].shape != scales[1].shape:
        return [f"{where}: {scales[0].size} scales, theirs {scales[1].size}"]
    if ours.data is None:
        return _activation(where, ours, theirs, edges)
    found = []
    a, b = ours.values().ravel(), theirs.values().ravel()
    if ours.dtype in ("INT32", "INT64") and scales[0].size:
        away = np.abs(a - b)
        worst = away - np.maximum(1, 2e-5 * np.abs(b))
        if worst.max() > 0:
            at = worst.argmax()
            found.append(f"{where}: bias {a[at]}, theirs {b[at]}")
    elif ours.dtype == "INT8":
        if not np.array_equal(*scales):
            gap = np.abs(scales[0] / scales[1] - 1)
            found.append(f"{where}: {np.sum(gap > 0)} of {gap.size} weight scales differ, by "
                         f"{gap.max():.3g} of them at most")
        away = np.abs(a.astype(int) - b.astype(int))
        if away.max() > 1 or np.sum(away > 0) > 1e-3 * away.size:
            found.append(f"{where}: {np.sum(away > 0)} of {away.size} weights differ, by "
                         f"{away.max()} at most")
    elif ours.dtype in ("FLOAT32", "FLOAT16"):
        gap = np.abs(a.astype(np.float64) - b).max()
        step = 1e-6 if ours.dtype == "FLOAT32" else 1e-3
        if gap > step * np.abs(b).max():
            found.append(f"{where}: weights differ by {gap:.3g}")
    elif not np.array_equal(a, b):
        found.append(f"{where}: {a[:6]}, theirs {b[:6]}")
    return found


def _activation(where, ours, theirs, edges):
    if not theirs.scale:
        return []
    found = []
    gap = abs(ours.scale[0] / theirs.scale[0] - 1)
    if gap > 1e-5:
        found.append(f"{where}: scale {ours.scale[0]!r}, theirs {theirs.scale[0]!r}")
    if ours.zero_point != theirs.zero_point:
        unrounded = edges.get(np.float32(theirs.scale[0]), [])
        on_edge = any(abs(abs(z - np.round(z)) - 0.5) < 1e-3 for z in unrounded)
        apart = abs(ours.zero_point[0] - theirs.zero_point[0])
        if apart > 1 or not on_edge:
            found.append(f"{where}: zero point {ours.zero_point}, theirs {theirs.zero_point}, "
                         f"unrounded {unrounded}")
    return found


def _unrounded_zero_points(calibrated):
    """By scale: the int8 zero points before rounding of all tensors whose range gives that scale."""
    found = {}
    for tensor in calibrated.tensors:
        if tensor.range[0]:
            low, high = min(tensor.range[0][0], 0), max(tensor.range[1][0], 0)
            scale = np.float32(np.float32(high) - np.float32(low)) / np.float32(255)
            if scale > 0:
                found.setdefault(scale, []).append(-128 - low / float(scale))
    return found
