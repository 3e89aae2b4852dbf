"""What scripts around ``tf.lite`` use of TensorFlow, without TensorFlow: ``import litesmith.tf as tf``.

>>> import litesmith.tf as tf
>>> tf.lite.Optimize.DEFAULT
<Optimize.DEFAULT: 'DEFAULT'>
>>> tf.uint8
tf.uint8

``tf.keras`` is the installed Keras, or, where there is none, just enough to load and convert a model.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from .. import lite
from ..dtypes import (DType, as_dtype, bfloat16, float16, float32, float64, int8, int16, int32, int64, string,
                      uint8, uint16, uint32, uint64)
from ..dtypes import bool_ as bool
from . import data
from .tensor import Tensor

#: The TensorFlow release whose names, arguments and results these are.
__version__ = "2.21.0"
dtypes = importlib.import_module("litesmith.dtypes")

__all__ = ["DType", "Tensor", "as_dtype", "bfloat16", "bool", "cast", "constant", "convert_to_tensor", "data",
           "dtypes", "float16", "float32", "float64", "int16", "int32", "int64", "int8", "keras", "lite", "string",
           "uint16", "uint32", "uint64", "uint8"]


def _tensor(value: Any, dtype: Any) -> Tensor:
    array = np.asarray(value, None if dtype is None else as_dtype(dtype).as_numpy_dtype)
    if dtype is None and not hasattr(value, "dtype"):  # Python numbers are float32 and int32 to TensorFlow
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        elif array.dtype == np.int64:
            array = array.astype(np.int32)
    return array.view(Tensor)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: Any = "Const") -> Tensor:
    """An array of numbers, of TensorFlow's type for them: float32 and int32 for Python's.

    Args:
      value: anything array-like.
      dtype: another dtype than its own.
      shape: the result's; a single number fills it.
      name: ignored, here as in TensorFlow.

    Raises:
      ValueError: the elements do not fill the shape.
      TypeError: there is no such dtype.

    >>> import litesmith.tf as tf
    >>> tf.constant(1.5, shape=(2,)).numpy()
    array([1.5, 1.5], dtype=float32)
    """
    tensor = _tensor(value, dtype)
    if shape is None:
        return tensor
    return np.broadcast_to(tensor, shape).view(Tensor) if tensor.size == 1 else tensor.reshape(shape).view(Tensor)


def convert_to_tensor(value: Any, dtype: Any = None, dtype_hint: Any = None, name: Any = None) -> Tensor:
    """The same without a shape.

    Args:
      value: anything array-like.
      dtype: another dtype than its own.
      dtype_hint: the same, where ``dtype`` is None.
      name: ignored, here as in TensorFlow.

    Raises:
      TypeError: there is no such dtype.

    >>> import litesmith.tf as tf
    >>> tf.convert_to_tensor([1, 2]).dtype
    dtype('int32')
    """
    return _tensor(value, dtype if dtype is not None else dtype_hint)


def cast(x: Any, dtype: Any, name: Any = None) -> Tensor:
    """``x`` in another dtype, shaped as it was.

    Args:
      x: anything array-like.
      dtype: the dtype.
      name: ignored, here as in TensorFlow.

    Raises:
      TypeError: there is no such dtype.

    >>> import litesmith.tf as tf
    >>> tf.cast([1.7], tf.int32).numpy()
    array([1], dtype=int32)
    """
    return np.asarray(x).astype(as_dtype(dtype).as_numpy_dtype).view(Tensor)


def __getattr__(name: str) -> Any:
    if name == "keras":
        from ._keras import keras

        module = keras()
        globals()["keras"] = module
        return module
    raise AttributeError(f"litesmith.tf offers no '{name}': it holds what scripts around tf.lite use ("
                         + ", ".join(__all__) + "). For the rest, NumPy or TensorFlow itself")
