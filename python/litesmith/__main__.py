"""The command line: ``litesmith`` after pip install, or ``python -m litesmith``."""

from __future__ import annotations

import sys

from . import _native


def main() -> int:
    """Runs the words the program was called with; returns the exit code."""
    sys.stdout.flush()
    return _native.command_line(["litesmith", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
