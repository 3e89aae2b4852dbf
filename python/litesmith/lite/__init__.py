"""``tf.lite`` without TensorFlow: the names, arguments and results of TensorFlow 2.21's, over litesmith.

>>> from litesmith import lite
>>> converter = lite.TFLiteConverter.from_keras_model("examples/wake_word/wake_word.keras")
>>> converter.optimizations = [lite.Optimize.DEFAULT]
>>> content = converter.convert()
>>> interpreter = lite.Interpreter(model_content=content)
>>> interpreter.allocate_tensors()
>>> [int(n) for n in interpreter.get_input_details()[0]["shape"]]
[1, 50, 13, 1]

docs/coming-from-tf-lite.md sets each line beside the command line's and the native call.
"""

from __future__ import annotations

from typing import Any

from . import experimental
from .converter import OpsSet, Optimize, RepresentativeDataset, TargetSpec, TFLiteConverter
from .interpreter import Interpreter

__all__ = ["Interpreter", "OpsSet", "Optimize", "RepresentativeDataset", "TFLiteConverter", "TargetSpec",
           "experimental"]


def __getattr__(name: str) -> Any:
    raise AttributeError(f"litesmith.lite offers no '{name}'; it has {', '.join(__all__)}")
