"""What the long calls return: figures, as text, HTML in a notebook, a dict or a pandas DataFrame."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from ._samples import Array
from .model import Model

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]


class _Result:
    """A text that is also figures."""

    def __init__(self, text: str, figures: str) -> None:
        self._text = text
        self._json = figures

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return self._text

    def to_dict(self) -> dict[str, Any]:
        """The figures, as ``--json`` prints them (docs/results.md)."""
        result: dict[str, Any] = json.loads(self._json)
        return result

    def to_json(self) -> str:
        """The text of :meth:`to_dict`."""
        return self._json

    def _rows(self) -> list[dict[str, Any]]:
        return [self.to_dict()]

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas DataFrame; needs pandas."""
        import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]

        return pandas.DataFrame(self._rows())

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._text)}</pre>"


def _html_table(rows: list[dict[str, Any]], columns: dict[str, str]) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in columns.values())
    lines = []
    for row in rows:
        cells = "".join(f"<td>{html.escape(_cell(row.get(name)))}</td>" for name in columns)
        lines.append(f"<tr>{cells}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


class Report(_Result):
    """The table of :func:`litesmith.optimize`: a row a mode.

    Printed it is the table; in a notebook it shows as HTML; ``to_dict()`` is results.json, ``to_pandas()`` the
    rows. ``files`` are the paths written, by mode.

    >>> import litesmith, tempfile
    >>> report = litesmith.optimize("examples/wake_word/wake_word.keras", tempfile.mkdtemp(), modes=["float16"])
    >>> list(report.files), report.warnings, report.to_csv().splitlines()[0].split(",")[0]
    (['float16'], [], 'mode')
    >>> "float16" in report.to_markdown() and "float16" in str(report) and "float16" in report.to_json()
    True
    >>> len(report.to_pandas()), report.to_dict()["modes"][0]["mode"]
    (1, 'float16')
    """

    def __init__(self, text: str, markdown: str, csv: str, figures: str, files: dict[str, str]) -> None:
        super().__init__(text, figures)
        self._markdown = markdown
        self._csv = csv
        self.files = files

    def to_markdown(self) -> str:
        """The text of table.md."""
        return self._markdown

    def to_csv(self) -> str:
        """The text of results.csv."""
        return self._csv

    @property
    def warnings(self) -> list[str]:
        """What may have spoiled the quantization or its evaluation."""
        return list(self.to_dict()["warnings"])

    def _rows(self) -> list[dict[str, Any]]:
        return [{name: value for name, value in mode.items() if not isinstance(value, (list, dict))}
                for mode in self.to_dict()["modes"]]

    def _repr_html_(self) -> str:
        rows = []
        for mode in self.to_dict()["modes"]:
            row = dict(mode)
            row["accuracy"] = None if mode["accuracy"] is None else f"{100 * mode['accuracy']:.2f}%"
            row["latency"] = None if mode["latency_us"] is None else f"{mode['latency_us']['median']:.0f} µs"
            rows.append(row)
        titles = {"mode": "mode", "io_type": "in and out", "file_bytes": "file bytes", "accuracy": "accuracy",
                  "correct": "right", "lost": "lost", "gained": "gained", "latency": "latency",
                  "arena_bytes": "arena bytes"}
        columns = {name: title for name, title in titles.items() if any(row.get(name) is not None for row in rows)}
        notes = "".join(f"<p>warning: {html.escape(text)}</p>" for text in self.warnings)
        return _html_table(rows, columns) + notes


class Evaluation(_Result):
    """One model judged on data: ``accuracy``, ``correct`` of ``n``, the ``predicted`` class (int32) of each sample.

    >>> import litesmith
    >>> data = "examples/wake_word/"
    >>> found = litesmith.evaluate(data + "wake_word.keras", data + "test_features.npy", data + "test_labels.npy",
    ...                            latency=False)
    >>> found.confusion.shape, found.predicted.shape, found.correct
    ((2, 2), (1214,), 1166)
    """

    def __init__(self, predicted: list[int], notes: list[str], text: str, figures: str) -> None:
        super().__init__(text, figures)
        self.predicted: Array = np.array(predicted, np.int32)
        self.notes = notes
        values = json.loads(figures)
        self.n: int = values["n"]
        self.correct: Optional[int] = values["correct"]
        self.accuracy: Optional[float] = values["accuracy"]

    @property
    def confusion(self) -> Optional[Array]:
        """Counts by true class (rows) and predicted class (columns), int64 ``[C, C]``; None without labels."""
        counts = self.to_dict().get("confusion")
        return None if counts is None else np.array(counts)


class Comparison(_Result):
    """Two versions of a network, tensor by tensor, the worst first; ``layers`` are the rows.

    >>> import litesmith
    >>> data = "examples/wake_word/"
    >>> half = litesmith.quantize(data + "wake_word.keras", "float16")
    >>> found = litesmith.compare(data + "wake_word.keras", half, data + "test_features.npy", samples=5)
    >>> sorted(found.layers[0])[:3]
    ['cosine', 'max_error', 'op']
    """

    def __init__(self, notes: list[str], text: str, figures: str) -> None:
        super().__init__(text, figures)
        self.notes = notes

    @property
    def layers(self) -> list[dict[str, Any]]:
        """``tensor``, ``op``, ``max_error``, ``rms_error``, ``sqnr_db`` (None: no difference), ``cosine``."""
        return self._rows()

    def _rows(self) -> list[dict[str, Any]]:
        return list(self.to_dict()["layers"])

    def _repr_html_(self) -> str:
        names = ("tensor", "op", "type", "max_error", "rms_error", "sqnr_db", "cosine")
        return _html_table(self._rows(), {name: name.replace("_", " ") for name in names})


class Inspection(_Result):
    """What a model is made of; printed it is what ``litesmith inspect`` prints.

    >>> import litesmith
    >>> litesmith.inspect("examples/wake_word/wake_word.keras").to_dict()["ops"][0]["op"]
    'CONV_2D'
    """


class Quantized(Model):
    """A quantized model, with what the user should know: ``warnings``, and what was ``kept_float`` and why.

    >>> import litesmith
    >>> made = litesmith.quantize("examples/wake_word/wake_word.keras", "int8",
    ...                           "examples/wake_word/calibration_features.npy", keep_float=["SOFTMAX"])
    >>> made.warnings, len(made.kept_float)
    ([], 1)
    """

    def __init__(self, native: Any, warnings: list[str], kept_float: list[str]) -> None:
        super().__init__(native)
        self.warnings = warnings
        self.kept_float = kept_float
