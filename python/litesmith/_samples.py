"""What users call data, as what the extension takes: a path, or named arrays of bytes with types and shapes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Union

import numpy as np
import numpy.typing as npt

from . import errors

Array = npt.NDArray[Any]
Samples = Union[str, "os.PathLike[str]", Array, Mapping[str, Any], Sequence[Any],
                Callable[[], Iterable[Any]], Iterator[Any]]
Native = Union[str, "tuple[str, list[tuple[str, str, tuple[int, ...], Array]]]", None]

_KNOWN = frozenset("float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool".split())


def to_dtype(name: str) -> np.dtype[Any]:
    """The NumPy type of a tensor type's name; bytes for types that NumPy lacks (int4, bfloat16)."""
    return np.dtype(name if name in _KNOWN or name.startswith("complex") else np.uint8)


def is_text(array: Array) -> bool:
    """True for arrays of str or bytes, Python objects among them."""
    return array.dtype.kind in "SU" or (
        array.dtype == object and all(isinstance(each, (str, bytes)) for each in array.flat))


def as_texts(array: Array) -> list[bytes]:
    """The elements of an array of text, str as UTF-8."""
    return [each.encode() if isinstance(each, str) else bytes(each) for each in array.flat]


def to_array(value: Any, what: str) -> Array:
    """A C-ordered array of a type the extension knows, without a copy where `value` is one already."""
    array: Array = np.ascontiguousarray(value)
    if np.ndim(value) == 0:
        array = array.reshape(())
    if is_text(array):
        return np.array(as_texts(array), np.bytes_).reshape(array.shape)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.name not in _KNOWN:
        raise errors.DataError(f"{what} is of type {array.dtype}, which holds no real numbers")
    return array


def _native(name: str, array: Array) -> tuple[str, str, tuple[int, ...], Array]:
    kind = "string" if array.dtype.kind == "S" else array.dtype.name
    return name, kind, array.shape, array.reshape(-1).view(np.uint8)


def to_native(given: Samples | None, what: str, inputs: Sequence[str] = ()) -> Native:
    """Anything users give as samples. `inputs`: the model's input names, for samples that come as lists."""
    if given is None:
        return None
    if isinstance(given, (list, tuple, Mapping)) and not given:
        return what, []
    if isinstance(given, (str, os.PathLike)):
        return os.fspath(given)
    if callable(given):
        return _collected(given(), what, inputs)
    if isinstance(given, Iterator) or _is_stream(given):
        return _collected(given, what, inputs)
    if isinstance(given, Mapping):
        return what, [_native(str(name), to_array(each, what)) for name, each in given.items()]
    if isinstance(given, (list, tuple)) and given and all(isinstance(each, np.ndarray) for each in given):
        if len(given) > 1 and len(given) == len(inputs):
            return what, [_native(name, to_array(each, what)) for name, each in zip(inputs, given)]
        if len(inputs) > 1 and len(given) != len(inputs):
            raise errors.DataError(f"{what}: {len(given)} arrays for a model of {len(inputs)} inputs")
        if len(given) == 1:
            return what, [_native("", to_array(given[0], what))]
    return what, [_native("", to_array(given, what))]


def _is_stream(given: Any) -> bool:
    """True for datasets that are walked through rather than indexed."""
    if hasattr(given, "as_numpy_iterator"):  # a tf.data.Dataset, TensorFlow's or ours
        return True
    return hasattr(given, "__iter__") and not hasattr(given, "__array__") and not hasattr(given, "__len__")


def _collected(samples: Iterable[Any], what: str, inputs: Sequence[str]) -> Native:
    """The samples of a generator, each a list of arrays in the inputs' order, a dict by name or one array."""
    columns: dict[str, list[Array]] = {}
    names = list(inputs) or [""]
    for number, sample in enumerate(samples):
        if isinstance(sample, Mapping):
            parts = {str(name): each for name, each in sample.items()}
        elif isinstance(sample, (list, tuple)):
            if len(sample) != len(names):
                raise errors.DataError(f"{what}, sample {number}: {len(sample)} arrays for a model of "
                                       f"{len(names)} input{'s' if len(names) > 1 else ''}")
            parts = dict(zip(names, sample))
        else:
            parts = {names[0]: sample}
        if columns and parts.keys() != columns.keys():
            raise errors.DataError(f"{what}, sample {number}: inputs {sorted(parts)}, before {sorted(columns)}")
        for name, each in parts.items():
            columns.setdefault(name, []).append(to_array(each, f"{what}, sample {number}"))
    if not columns:
        raise errors.DataError(f"{what}: the generator yields nothing; give at least one sample")
    joined = []
    for name, arrays in columns.items():
        shapes = {array.shape[1:] for array in arrays}
        if len(shapes) > 1 or any(array.ndim == 0 for array in arrays):
            raise errors.DataError(f"{what}: samples of different shapes: "
                                   + ", ".join(str(shape) for shape in sorted(shapes)))
        joined.append(_native(name, np.concatenate(arrays)))
    return what, joined


def from_native(output: tuple[str, str, list[int], Array]) -> Array:
    """An output of the extension as an array of its own type and shape."""
    _, kind, shape, raw = output
    count = int(np.prod(shape))
    dtype = np.dtype((np.bytes_, raw.size // max(count, 1))) if kind == "string" else to_dtype(kind)
    return raw.view(dtype).reshape(shape)
