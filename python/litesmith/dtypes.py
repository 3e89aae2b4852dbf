"""TensorFlow's element types by its names: ``tf.uint8``, ``tf.float16``, ..."""

from __future__ import annotations

from typing import Any

import numpy as np


class DType:
    """An element type. Equal to the NumPy type of the same name.

    >>> from litesmith.dtypes import uint8
    >>> import numpy as np
    >>> uint8 == np.uint8, uint8.as_numpy_dtype, uint8
    (True, <class 'numpy.uint8'>, tf.uint8)
    >>> uint8.min, uint8.max, uint8.size, uint8.name, uint8.dtype
    (0, 255, 1, 'uint8', dtype('uint8'))
    >>> uint8.is_integer, uint8.is_floating, uint8.is_bool
    (True, False, False)
    """

    def __init__(self, name: str, as_numpy_dtype: Any, size: int) -> None:
        self.name = name
        self.as_numpy_dtype = as_numpy_dtype
        self.size = size

    @property
    def is_integer(self) -> bool:
        """True for whole numbers, signed or not."""
        return self.name.startswith(("int", "uint"))

    @property
    def is_floating(self) -> bool:
        """True for real numbers."""
        return "float" in self.name

    @property
    def is_bool(self) -> bool:
        """True for truth values."""
        return self.name == "bool"

    @property
    def min(self) -> Any:
        """The smallest number of the type."""
        return (np.iinfo if self.is_integer else np.finfo)(self.as_numpy_dtype).min

    @property
    def max(self) -> Any:
        """The largest number of the type."""
        return (np.iinfo if self.is_integer else np.finfo)(self.as_numpy_dtype).max

    def __eq__(self, other: object) -> bool:
        if other is None:
            return False
        name = getattr(other, "name", None) if not isinstance(other, (str, type)) else None
        if name is not None:
            return bool(name == self.name)
        try:
            return np.dtype(other).name == self.name  # type: ignore[call-overload, no-any-return, unused-ignore]
        except TypeError:
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: '{self.name}'>"

    def __array_dtype__(self) -> Any:
        return np.dtype(self.as_numpy_dtype)

    @property
    def dtype(self) -> Any:
        """What NumPy looks at: ``np.zeros(3, tf.uint8)`` works."""
        return np.dtype(self.as_numpy_dtype)


float16 = DType("float16", np.float16, 2)
float32 = DType("float32", np.float32, 4)
float64 = DType("float64", np.float64, 8)
bfloat16 = DType("bfloat16", None, 2)
int8 = DType("int8", np.int8, 1)
int16 = DType("int16", np.int16, 2)
int32 = DType("int32", np.int32, 4)
int64 = DType("int64", np.int64, 8)
uint8 = DType("uint8", np.uint8, 1)
uint16 = DType("uint16", np.uint16, 2)
uint32 = DType("uint32", np.uint32, 4)
uint64 = DType("uint64", np.uint64, 8)
bool_ = DType("bool", np.bool_, 1)
string = DType("string", np.object_, 1)

ALL = {each.name: each for each in (float16, float32, float64, bfloat16, int8, int16, int32, int64, uint8, uint16,
                                    uint32, uint64, bool_, string)}


def as_dtype(type_value: Any) -> DType:
    """The DType of a name, a NumPy type or a DType of anybody's.

    Args:
      type_value: "uint8", ``np.uint8``, ``np.dtype("uint8")``, ``tf.uint8``.

    Raises:
      TypeError: it names no type.

    >>> from litesmith.dtypes import as_dtype
    >>> import numpy as np
    >>> as_dtype(np.int8)
    tf.int8
    """
    name = type_value if isinstance(type_value, str) else getattr(type_value, "name", None)
    if not isinstance(name, str):
        try:
            name = np.dtype(type_value).name
        except TypeError:
            name = None
    if name not in ALL:
        raise TypeError(f"Cannot convert the argument `type_value`: {type_value!r} to a TensorFlow DType.")
    return ALL[name]
