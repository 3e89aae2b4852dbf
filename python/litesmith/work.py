"""The jobs of litesmith as functions: quantize, evaluate, optimize, compare, inspect, analyze."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Literal, Optional, Union

from . import _native
from ._progress import Bar, ProgressArg
from ._samples import Samples, to_native
from .interpreter import Arithmetic
from .model import ModelLike, input_names, native_of
from .results import Comparison, Evaluation, Inspection, Quantized, Report

Mode = Literal["float32", "dynamic_range", "int8", "float16", "int16x8"]
Target = Literal["litert", "tflm"]


def _inputs(native: _native.Model, *given: Any, signature: Optional[str] = None) -> list[str]:
    """The input names, when any of the data comes in a form that needs them."""
    if all(each is None or isinstance(each, (str, os.PathLike)) or hasattr(each, "shape") for each in given):
        return []
    return input_names(native, signature)


def quantize(model: ModelLike, mode: Mode = "int8", representative_dataset: Optional[Samples] = None, *,
             input_type: str = "float32", output_type: str = "float32", per_channel: bool = True,
             keep_float: Iterable[str] = (), calibration_samples: int = 500, seed: int = 1,
             calibrate_only: bool = False, stateful: bool = False, target: Target = "litert",
             num_threads: int = 0, progress: ProgressArg = None) -> Quantized:
    """Makes a LiteRT model in one of the five modes.

    Args:
      model: a Model, a path, bytes, or a live Keras model; float.
      mode: "float32", "dynamic_range", "int8", "float16" or "int16x8".
      representative_dataset: what int8 and int16x8 measure ranges on: an array ``[N, ...]``, a dict of arrays
        by input name, a list of arrays one an input, a ``.npy`` or ``.npz`` path, or a function that returns a
        generator of samples (each a list of arrays or a dict, batch dimension first) as TensorFlow's converter
        takes it. int8 needs none of a network that tfmot trained with quantization.
      input_type, output_type: of the file. int8: "float32", "int8" or "uint8"; int16x8: "float32" or "int16".
      per_channel: one scale for each channel of a layer's weights, or one for all.
      keep_float: ops that stay float, by name ("SOFTMAX") or by the name of a tensor they make.
      calibration_samples: this many are drawn, seeded; 0: all.
      seed: of that draw.
      calibrate_only: the float model with the measured ranges, to be quantized later.
      stateful: the samples are one sequence: all are taken, in their order, and variables (of LSTM, SVDF) keep their
        values from one to the next.
      target: the runtime the file is for, "litert" or "tflm". With "tflm" UNIDIRECTIONAL_SEQUENCE_LSTM becomes integer
        in int16x8, too, which TFLite Micro runs and LiteRT does not.
      num_threads: 0: all the machine has. Results do not depend on it.
      progress: True, False, or a function that is told ``(stage, done, total)``; None: a bar on a terminal.

    Returns:
      The Model, with ``warnings`` and ``kept_float``.

    Raises:
      UsageError: options do not fit the mode.
      DataError: samples do not fit the model, or there are none.
      UnsupportedOpError: the model cannot be imported.

    >>> import litesmith
    >>> int8 = litesmith.quantize("examples/wake_word/wake_word.keras", "int8",
    ...                           "examples/wake_word/calibration_features.npy", input_type="uint8")
    >>> int8.inputs[0].dtype
    dtype('uint8')
    >>> len(int8.to_bytes()) < 26_000
    True
    """
    native = native_of(model)
    samples = to_native(representative_dataset, "the representative dataset",
                        _inputs(native, representative_dataset))
    with Bar(progress) as bar:
        made, warnings, kept_float = _native.quantize(
            native, mode, target, samples, calibration_samples, seed, input_type, output_type, per_channel,
            list(keep_float), calibrate_only, stateful, num_threads, bar.callback)
    return Quantized(made, warnings, kept_float)


def evaluate(model: ModelLike, x: Samples, y: Optional[Samples] = None, *, against: Optional[ModelLike] = None,
             threshold: Optional[float] = None, positive: Optional[int] = None, explain_cast: bool = False,
             latency: bool = True, arithmetic: Arithmetic = "litert", signature: Optional[str] = None,
             stateful: bool = False, num_threads: int = 0, progress: ProgressArg = None) -> Evaluation:
    """Judges a model on samples. The file decides how numbers go in and come out.

    Args:
      model: a Model, a path, bytes, or a live Keras model.
      x: samples ``[N, ...]``, of any real dtype; a dict of arrays by input name; a ``.npy`` or ``.npz`` path.
      y: class numbers ``[N]``, integers, or one-hot ``[N, C]``.
      against: another model; without ``y`` it tells how the two differ.
      threshold: counts misses and false accepts of a detector that fires at this score of class ``positive``.
      positive: that class; the last one when not given.
      explain_cast: also what forgetting the input's scale and zero point would cost.
      latency: also how long a run takes.
      arithmetic: "litert", "builtin", "reference" or "tflm" (:class:`Interpreter`).
      signature: of a file with several signatures, the one whose subgraph runs, in both models; None: the main one.
      stateful: the samples are one sequence: variables (of LSTM, SVDF, streaming networks) keep their values from one
        to the next.
      num_threads: 0: all the machine has. Results do not depend on it.
      progress: True, False, or a function that is told ``(stage, done, total)``; None: a bar on a terminal.

    Raises:
      DataError: samples or labels do not fit the model.
      UsageError: options do not go together.

    >>> import litesmith
    >>> result = litesmith.evaluate("examples/wake_word/wake_word.keras",
    ...                             "examples/wake_word/test_features.npy",
    ...                             "examples/wake_word/test_labels.npy", latency=False)
    >>> f"{result.accuracy:.4f} of {result.n}"
    '0.9605 of 1214'
    """
    native = native_of(model)
    names = _inputs(native, x, signature=signature)
    with Bar(progress) as bar:
        found = _native.evaluate(native, to_native(x, "the samples", names), to_native(y, "the labels"),
                                 None if against is None else native_of(against), threshold, positive,
                                 explain_cast, latency, arithmetic, signature, stateful, num_threads, bar.callback)
    return Evaluation(*found)


def optimize(model: ModelLike, out: Union[str, os.PathLike[str]], *, calibrate: Optional[Samples] = None,
             evaluate: Optional[Samples] = None, labels: Optional[Samples] = None,
             calibrate_labels: Optional[Samples] = None, modes: Optional[Iterable[Mode]] = None, io: str = "int8",
             per_channel: bool = True, keep_float: Iterable[str] = (), calibration_samples: int = 500,
             seed: int = 1, threshold: Optional[float] = None, positive: Optional[int] = None,
             explain_cast: bool = False, latency: bool = True, arithmetic: Arithmetic = "litert",
             stateful: bool = False, num_threads: int = 0, progress: ProgressArg = None) -> Report:
    """Makes LiteRT files in every mode there is data for, in the folder ``out``, and the table that judges them.

    All files are written, or none when anything fails.

    Args:
      model: a Model, a path, bytes, or a live Keras model; float.
      out: the folder.
      calibrate: what int8 and int16x8 measure ranges on, as :func:`quantize` takes it: ``[N, ...]``, of any real
        dtype.
      evaluate, labels: what the files are judged on, as :func:`evaluate` takes ``x`` and ``y``.
      calibrate_labels: class numbers ``[N]`` of ``calibrate``: draws and warnings look at them.
      modes: some of the five; None: all that there is data for.
      io: dtype of the int8 file's inputs and outputs: "int8", "uint8" or "float32".
      per_channel, keep_float, calibration_samples, seed: as :func:`quantize` takes them.
      threshold, positive, explain_cast, latency, arithmetic: as :func:`evaluate` takes them.
      stateful: calibration and evaluation samples are one sequence each: all are taken, in their order, and variables
        (of LSTM, SVDF) keep their values from one to the next.
      num_threads: 0: all the machine has. Results do not depend on it.
      progress: True, False, or a function that is told ``(stage, done, total)``; None: a bar on a terminal.

    Returns:
      The table as an object: ``print(report)``, HTML in a notebook, ``report.to_dict()``, ``report.to_pandas()``.

    Raises:
      UsageError: options do not go together.
      DataError: samples or labels do not fit the model.
      FileError: the folder cannot be written.

    >>> import litesmith, tempfile
    >>> data = "examples/wake_word/"
    >>> report = litesmith.optimize(data + "wake_word.keras", tempfile.mkdtemp(),
    ...                             calibrate=data + "calibration_features.npy",
    ...                             evaluate=data + "test_features.npy", labels=data + "test_labels.npy",
    ...                             modes=["float32", "int8"], latency=False)
    >>> [row["mode"] for row in report.to_dict()["modes"]]
    ['float32', 'int8']
    """
    native = native_of(model)
    names = _inputs(native, calibrate, evaluate)
    with Bar(progress) as bar:
        text, markdown, csv, figures = _native.optimize(
            native, os.fspath(out), to_native(calibrate, "the calibration samples", names),
            to_native(calibrate_labels, "the calibration labels"), to_native(evaluate, "the samples", names),
            to_native(labels, "the labels"), None if modes is None else list(modes), io, per_channel,
            list(keep_float), calibration_samples, seed, threshold, positive, explain_cast, latency, arithmetic,
            stateful, num_threads, bar.callback)
    report = Report(text, markdown, csv, figures, {})
    report.files = {mode["mode"]: os.path.join(os.fspath(out), mode["file"]) for mode in report.to_dict()["modes"]}
    return report


def compare(a: ModelLike, b: ModelLike, x: Samples, *, samples: int = 0, top: int = 0,
            arithmetic: Arithmetic = "litert", signature: Optional[str] = None, num_threads: int = 0,
            progress: ProgressArg = None) -> Comparison:
    """Shows layer by layer how far model ``b`` lies from model ``a``; the worst comes first.

    Args:
      a, b: two versions of one network, each a Model, a path, bytes, or a live Keras model.
      x: samples ``[N, ...]``, of any real dtype, as :func:`evaluate` takes them.
      samples: this many are drawn; 0: all.
      top: this many rows; 0: all.
      arithmetic: "litert", "builtin", "reference" or "tflm" (:class:`Interpreter`).
      signature: of files with several signatures, the one whose subgraph runs, in both; None: the main one.
      num_threads: 0: all the machine has. Results do not depend on it.
      progress: True, False, or a function that is told ``(stage, done, total)``; None: a bar on a terminal.

    Raises:
      DataError: the samples do not fit, or the models have no tensors in common.

    >>> import litesmith
    >>> data = "examples/wake_word/"
    >>> half = litesmith.quantize(data + "wake_word.keras", "float16")
    >>> found = litesmith.compare(data + "wake_word.keras", half, data + "test_features.npy", samples=20)
    >>> found.layers[0]["sqnr_db"] > 40
    True
    """
    first, second = native_of(a), native_of(b)
    with Bar(progress) as bar:
        found = _native.compare(first, second, to_native(x, "the samples", _inputs(first, x, signature=signature)), samples,
                                top, arithmetic, signature, num_threads, bar.callback)
    return Comparison(*found)


def inspect(model: ModelLike, *, weights: bool = False) -> Inspection:
    """What a model is made of: operators, shapes, bytes, quantization.

    Args:
      model: a Model, a path, bytes, or a live Keras model.
      weights: also what each constant holds.

    Raises:
      FileError, ModelFormatError, UnsupportedOpError: as :func:`load`.

    >>> import litesmith
    >>> litesmith.inspect("examples/wake_word/wake_word.keras").to_dict()["parameters"]
    20226
    """
    return Inspection(*_native.inspect(native_of(model), weights))


def analyze(model: ModelLike) -> str:
    """What TensorFlow's ``tf.lite.experimental.Analyzer`` prints for the model, as a string.

    Args:
      model: a Model, a path, bytes, or a live Keras model.

    Raises:
      FileError, ModelFormatError, UnsupportedOpError: as :func:`load`.

    >>> import litesmith
    >>> litesmith.analyze("examples/wake_word/wake_word.keras").splitlines()[0]
    '=== examples/wake_word/wake_word.keras ==='
    """
    heading = os.fspath(model) if isinstance(model, (str, os.PathLike)) else native_of(model).source
    return _native.analyze(native_of(model), heading)
