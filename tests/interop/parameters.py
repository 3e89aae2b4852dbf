"""How close litesmith's parameters must be to TensorFlow's when each calibrated by itself."""

import numpy as np

from structure import Comparison

# After a folded batch norm weights differ by the reciprocal square root: TensorFlow takes the
# processor's estimate and one Newton step, whose last bits depend on the processor and on the place
# in the vector; litesmith rounds correctly.
SCALE_TOLERANCE_FOLDED = 5e-7  # four units in the last place


def close_enough(ours, theirs, calibrated, folded, activation_scales=1e-5):
    """Every parameter that is too far from TensorFlow's, as sentences.

    `calibrated` is TensorFlow's file with ranges; `folded` says that batch norms were folded. Weight
    scales are equal (after folding: to 5e-7), activation scales within the tolerance given, zero
    points equal unless they lie within 1e-3 of a rounding edge, biases within one step or twice
    that tolerance of |q|, weights equal (after folding: at most one in a thousand differs, by one
    step).
    """
    edges = _unrounded_zero_points(calibrated)
    return _Close(ours, theirs, edges, folded, activation_scales).run()


class _Close(Comparison):
    def __init__(self, ours, theirs, edges, folded, activation_scales):
        super().__init__(ours, theirs)
        self.edges, self.folded, self.activation_scales = edges, folded, activation_scales

    def tensors(self, where, ours, theirs):
        if ours.dtype != theirs.dtype or ours.signature != theirs.signature:
            return [f"{where}: {ours.dtype} {ours.signature}, theirs {theirs.dtype} "
                    f"{theirs.signature}"]
        if (ours.data is None) != (theirs.data is None):
            return [f"{where}: constant in one of the files only"]
        if len(ours.scale) != len(theirs.scale):
            return [f"{where}: {len(ours.scale)} scales, theirs {len(theirs.scale)}"]
        if ours.data is None:
            return self.activation(where, ours, theirs)
        return self.constant(where, ours, theirs)

    def constant(self, where, ours, theirs):
        a, b = (t.values().ravel().astype(np.float64) for t in (ours, theirs))
        gap = np.abs(a - b)
        if ours.dtype in ("INT32", "INT64") and ours.scale:
            allowed = np.maximum(1, 2 * self.activation_scales * np.abs(b))
            at = (gap - allowed).argmax()
            if gap[at] > allowed[at]:
                return [f"{where}: bias {a[at]:.0f}, theirs {b[at]:.0f}"]
        elif ours.scale:
            return self.weights(where, ours, theirs, gap)
        elif ours.dtype in ("FLOAT32", "FLOAT16"):
            # Half a step of a half is 2^-11 of the value.
            step = 0 if not self.folded else 1e-6 if ours.dtype == "FLOAT32" else 2**-10
            if gap.max() > step * np.abs(b).max():
                return [f"{where}: weights differ by {gap.max():.3g}"]
        elif gap.max() > 0:
            return [f"{where}: {a[:6]}, theirs {b[:6]}"]
        return []

    def weights(self, where, ours, theirs, gap):
        found = []
        scales = np.abs(np.array(ours.scale) / np.array(theirs.scale) - 1)
        if scales.max() > (SCALE_TOLERANCE_FOLDED if self.folded else 0):
            found.append(f"{where}: {np.sum(scales > 0)} of {scales.size} weight scales differ, by "
                         f"{scales.max():.3g} of them at most")
        if gap.max() > (1 if self.folded else 0) or np.sum(gap > 0) > 1e-3 * gap.size:
            found.append(f"{where}: {np.sum(gap > 0)} of {gap.size} weights differ, by "
                         f"{gap.max()} at most")
        return found

    def activation(self, where, ours, theirs):
        if not theirs.scale:
            return []
        found = []
        gap = abs(ours.scale[0] / theirs.scale[0] - 1)
        if gap > self.activation_scales:
            found.append(f"{where}: scale {ours.scale[0]!r}, theirs {theirs.scale[0]!r}")
        if ours.zero_point != theirs.zero_point:
            unrounded = self.edges.get(np.float32(theirs.scale[0]), [])
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
