"""``tf.lite.experimental.Analyzer``."""

from __future__ import annotations

from typing import Any

from .. import _native
from ..model import native_of


class Analyzer:
    """Prints a model's structure, byte for byte as TensorFlow 2.21 does: ``Analyzer.analyze(model_path=...)``."""

    @staticmethod
    def analyze(model_path: Any = None, model_content: Any = None, gpu_compatibility: Any = False,
                **kwargs: Any) -> None:
        """Prints the analysis of a ``.tflite`` file.

        Args:
          model_path: of the file.
          model_content: its bytes, instead.
          gpu_compatibility: refused.
          kwargs: ``experimental_use_mlir``, refused.

        Raises:
          ValueError: no model is given, or it cannot be read.
          NotImplementedError: what is refused is asked for.

        >>> from litesmith import lite
        >>> lite.experimental.Analyzer.analyze("examples/wake_word/wake_word.keras")  # doctest: +ELLIPSIS
        === examples/wake_word/wake_word.keras ===
        ...
        """
        if not model_path and not model_content:
            raise ValueError("neither `model_path` nor `model_content` is provided")
        if gpu_compatibility:
            raise NotImplementedError("litesmith does not check GPU compatibility; leave gpu_compatibility False")
        if kwargs.pop("experimental_use_mlir", False):
            raise NotImplementedError("litesmith has no MLIR to print; `litesmith inspect` shows the graph")
        if kwargs:
            raise TypeError(f"analyze() got an unexpected keyword argument '{next(iter(kwargs))}'")
        given = model_path if model_path else model_content
        heading = str(model_path) if model_path else "TFLite ModelAnalyzer"
        print(_native.analyze(native_of(given), heading), end="")
