"""Shows how far long work is: with tqdm when that is installed and stderr is a terminal, else not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Optional, Union

OnProgress = Callable[[str, int, int], object]
ProgressArg = Union[bool, OnProgress, None]


class Bar:
    """What the extension calls while it works. `progress`: a function, True (always), False, or None (a terminal)."""

    def __init__(self, progress: ProgressArg) -> None:
        self._bar: Any = None
        self._stage = ""
        self.callback: Optional[OnProgress] = None
        if callable(progress):
            self.callback = progress
        elif progress or (progress is None and sys.stderr is not None and sys.stderr.isatty()):
            try:
                from tqdm.auto import tqdm  # type: ignore[import-untyped, unused-ignore]
            except ImportError:
                return
            self._tqdm = tqdm
            self.callback = self._show

    def _show(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._close()
            self._stage = stage
            self._bar = self._tqdm(total=total, desc=stage, leave=False)
        self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self._close()
