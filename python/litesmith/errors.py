"""What goes wrong, by class. Messages are those of the command line.

>>> import litesmith
>>> try:
...     litesmith.load("no_such_file.tflite")
... except litesmith.errors.FileError as error:
...     print("could not read it")
could not read it
"""

__all__ = [
    "LitesmithError", "UsageError", "FileError", "ModelFormatError", "UnsupportedOpError", "DataError",
    "CancelledError", "InternalError",
]


class LitesmithError(Exception):
    """The base of all errors of litesmith."""


class UsageError(LitesmithError, ValueError):
    """The call makes no sense: unknown mode, options that do not go together (exit code 2)."""


class FileError(LitesmithError, OSError):
    """A file or folder cannot be read or written (exit code 3)."""


class ModelFormatError(LitesmithError, ValueError):
    """A file's bytes are not what its format says (exit code 4)."""


class UnsupportedOpError(LitesmithError, NotImplementedError):
    """Well formed, but not something litesmith can do (exit code 5)."""


class DataError(LitesmithError, ValueError):
    """Shapes, types, values or labels do not fit the model (exit code 6)."""


class InternalError(LitesmithError, RuntimeError):
    """A mistake of litesmith's own; please report it (exit code 7)."""


class CancelledError(LitesmithError):
    """The progress callback asked to stop (exit code 8)."""
