"""litesmith: small and fast LiteRT models from trained networks, with proof.

>>> import litesmith
>>> model = litesmith.load("examples/wake_word/wake_word.keras")
>>> int8 = litesmith.quantize(model, "int8", "examples/wake_word/calibration_features.npy")
>>> result = litesmith.evaluate(int8, "examples/wake_word/test_features.npy",
...                             "examples/wake_word/test_labels.npy")
>>> result.accuracy > 0.95
True

``from litesmith import lite`` and ``import litesmith.tf as tf`` offer the names of ``tf.lite`` instead
(docs/coming-from-tf-lite.md).
"""

from __future__ import annotations

import importlib
from typing import Any

from . import _native, errors
from .errors import (CancelledError, DataError, FileError, InternalError, LitesmithError, ModelFormatError,
                     UnsupportedOpError, UsageError)
from .interpreter import Interpreter
from .model import Model, Op, Tensor, load
from .results import Comparison, Evaluation, Inspection, Quantized, Report
from .work import analyze, compare, evaluate, inspect, optimize, quantize

__version__: str = _native.version()

__all__ = [
    "CancelledError", "Comparison", "DataError", "Evaluation", "FileError", "Inspection", "InternalError",
    "Interpreter", "LitesmithError", "Model", "ModelFormatError", "Op", "Quantized", "Report", "Tensor",
    "UnsupportedOpError", "UsageError", "__version__", "analyze", "compare", "errors", "evaluate", "inspect",
    "load", "optimize", "quantize",
]


def __getattr__(name: str) -> Any:
    if name in ("lite", "tf"):  # only for those who use them
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
