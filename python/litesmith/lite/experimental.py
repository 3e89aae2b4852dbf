"""``tf.lite.experimental``: the Analyzer, the QuantizationDebugger and the op resolver types."""

from __future__ import annotations

from typing import Any, NoReturn

from .analyzer import Analyzer
from .debugger import QuantizationDebugger, QuantizationDebugOptions
from .interpreter import OpResolverType

__all__ = ["Analyzer", "OpResolverType", "QuantizationDebugOptions", "QuantizationDebugger", "load_delegate"]


def load_delegate(library: Any, options: Any = None) -> NoReturn:
    """Refused: litesmith runs models with its own kernels and takes no delegates.

    >>> from litesmith import lite
    >>> try:
    ...     lite.experimental.load_delegate("libedgetpu.so.1")
    ... except NotImplementedError:
    ...     print("use ai_edge_litert for it")
    use ai_edge_litert for it
    """
    raise NotImplementedError(f"litesmith takes no delegates ('{library}'); its own kernels run every model. "
                              "For a delegate use ai_edge_litert.interpreter.load_delegate")


def __getattr__(name: str) -> Any:
    raise AttributeError(f"litesmith.lite.experimental offers no '{name}'; it has {', '.join(__all__)}")
