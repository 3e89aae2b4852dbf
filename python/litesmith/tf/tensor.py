"""Arrays that answer to what scripts ask TensorFlow's tensors."""

from __future__ import annotations

from typing import Any

import numpy as np


class Tensor(np.ndarray[Any, Any]):
    """A NumPy array with ``.numpy()``.

    >>> import litesmith.tf as tf
    >>> tf.constant([1.0, 2.0]).numpy()
    array([1., 2.], dtype=float32)
    """

    def numpy(self) -> Any:
        """The plain array, without a copy; a NumPy scalar for a tensor of rank 0, as TensorFlow gives it."""
        array = np.asarray(self)
        return array if array.ndim else array[()]
