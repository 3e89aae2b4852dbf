"""The two comparisons, and the count of how many were made."""

import numpy as np

made = 0  # comparisons of this run; conftest.py prints it and holds it against a floor


def integers(ours, theirs, what=""):
    """Equal, bit for bit. There is no tolerance to give."""
    _count(ours, theirs, what)
    assert ours.dtype == theirs.dtype, f"{what}: {ours.dtype}, LiteRT {theirs.dtype}"
    different = np.flatnonzero(ours.ravel() != theirs.ravel())
    if different.size:
        first = different[0]
        gap = np.abs(ours.astype(np.int64) - theirs.astype(np.int64)).max()
        raise AssertionError(
            f"{what}: {different.size} of {ours.size} differ, by {gap} at most; first at "
            f"{np.unravel_index(first, ours.shape)}: {ours.flat[first]}, LiteRT {theirs.flat[first]}")


def floats(ours, theirs, tolerance, what=""):
    """|a - b| <= tolerance * max|b|, over the whole tensor. NaN and infinity must agree in place."""
    _count(ours, theirs, what)
    assert ours.dtype == theirs.dtype, f"{what}: {ours.dtype}, LiteRT {theirs.dtype}"
    finite = np.isfinite(theirs)
    assert np.array_equal(finite, np.isfinite(ours)), f"{what}: NaN or infinity differ"
    assert np.array_equal(ours[~finite], theirs[~finite], equal_nan=True), f"{what}: NaN, infinity"
    if not finite.any():
        return
    gap = np.abs(ours[finite].astype(np.float64) - theirs[finite].astype(np.float64))
    largest = np.abs(theirs[finite]).max()
    assert gap.max() <= tolerance * largest, (
        f"{what}: off by {gap.max():.3g}, {gap.max() / max(largest, 1e-300):.3g} of the largest "
        f"value {largest:.6g}; allowed {tolerance:g}")


def tensors(ours, theirs, tolerance, what=""):
    """Integers exactly, floats within the tolerance: for a list of outputs of mixed types."""
    assert len(ours) == len(theirs), f"{what}: {len(ours)} outputs, LiteRT {len(theirs)}"
    for i, (a, b) in enumerate(zip(ours, theirs)):
        label = f"{what} output {i}" if len(ours) > 1 else what
        if b.dtype.kind == "f":
            floats(a, b, tolerance, label)
        else:
            integers(a, b, label)


def equal(ours, theirs, what=""):
    """Any two values that must be the same: texts, names, shapes."""
    global made
    made += 1
    assert ours == theirs, f"{what}: {ours!r}, judge {theirs!r}"


def at_least(value, least, what=""):
    """A figure that must not fall below another."""
    global made
    made += 1
    assert least <= value, f"{what}: {value} against {least}"


def _count(ours, theirs, what):
    global made
    made += 1
    assert ours.shape == theirs.shape, f"{what}: shape {ours.shape}, LiteRT {theirs.shape}"
