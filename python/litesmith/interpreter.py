"""Running models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Optional, Union

import numpy as np

from . import _native, errors
from ._progress import Bar, ProgressArg
from ._samples import Array, Samples, from_native, to_array, to_native
from .model import Model, ModelLike, Tensor, input_names, native_of, subgraph_of

Arithmetic = Literal["litert", "builtin", "reference", "tflm"]


class Interpreter:
    """Runs a model over one sample or many.

    Numbers for a quantized input are quantized with the file's own scale and zero point; integers of the
    input's own type pass unchanged. Outputs come as real numbers, or with ``dequantize=False`` in the file's
    types. Results do not depend on ``num_threads``.

    Args:
      model: a Model, a path, bytes, or a live Keras model.
      num_threads: at most this many run samples at once; 0: all the machine has.
      arithmetic: whose kernels are computed like, to the bit: "litert" (its default), "builtin" (without XNNPACK),
        "reference", or "tflm" (TFLite Micro's).
      signature: of a file with several signatures, the one whose subgraph runs; None: the main one.

    Raises:
      UsageError: there is no such signature.
      UnsupportedOpError: the model holds operators that cannot run; all are named.

    >>> import litesmith, numpy as np
    >>> interpreter = litesmith.Interpreter("examples/wake_word/wake_word.keras")
    >>> x = np.load("examples/wake_word/test_features.npy")
    >>> interpreter(x).shape == (len(x), 2)
    True
    >>> interpreter(x[0]).shape  # one sample in, one out
    (2,)
    >>> np.array_equal(interpreter.predict(x[:3]), interpreter(x[:3]))
    True
    >>> [tensor.name for tensor in interpreter.inputs], interpreter.outputs[0].dtype
    (['serving_default_input_layer:0'], dtype('float32'))
    >>> len(interpreter.tensors(x[:1])) > 10  # all that the graph computes, by name
    True
    """

    def __init__(self, model: ModelLike, num_threads: int = 0, *, arithmetic: Arithmetic = "litert",
                 signature: Optional[str] = None) -> None:
        self.model = model if isinstance(model, Model) else Model(native_of(model))
        self._threads = num_threads
        self._arithmetic = arithmetic
        self._signature = signature
        self._subgraph = subgraph_of(self.model._native, signature)
        self._tensors = self.model.subgraph_tensors(self._subgraph) if self._subgraph else self.model.tensors
        # What cannot run is said here and not at the first call.
        _native.Interpreter(self.model._native, arithmetic, False, signature=signature)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The input tensors."""
        return tuple(self._tensors[i] for i in self.model._native.inputs(self._subgraph))

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """The output tensors."""
        return tuple(self._tensors[i] for i in self.model._native.outputs(self._subgraph))

    def __call__(self, x: Samples, *, dequantize: bool = True, stateful: bool = False,
                 progress: ProgressArg = None) -> Union[Array, dict[str, Array]]:
        """The output for each sample of ``x``.

        Args:
          x: samples first, ``[N, ...]``; a single sample without that dimension; a dict by input name; a ``.npy`` or
            ``.npz`` path; an empty dict for a model without inputs. Any numbers for a float or quantized input,
            whole ones for an integer input, str or bytes for an input of text.
          dequantize: outputs as real numbers (float32), or as they are in the file.
          stateful: the samples are one sequence: variables (of LSTM, SVDF, streaming networks) keep their values from
            one to the next. Each call begins anew.
          progress: True, False, or a function that is told ``(stage, done, total)``; None: a bar on a terminal.

        Returns:
          An array ``[N, ...]``, or a dict of them by name when the model has several outputs.

        Raises:
          DataError: shapes or values do not fit the inputs.
        """
        single = self._is_single(x)
        if single:
            x = np.asarray(x)[np.newaxis]
        names = input_names(self.model._native, self._signature)
        with Bar(progress) as bar:
            found = _native.run(self.model._native, to_native(x, "the samples", names), self._arithmetic,
                                dequantize, self._signature, stateful, self._threads, bar.callback)
        outputs = {each[0]: from_native(each) for each in found}
        if single:
            outputs = {name: values[0] for name, values in outputs.items()}
        return next(iter(outputs.values())) if len(outputs) == 1 else outputs

    predict = __call__

    def tensors(self, x: Union[Array, Mapping[str, Any]]) -> dict[str, Array]:
        """Every tensor of the graph that runs, after a run on one sample, by name, in the file's shapes and dtypes.

        Args:
          x: the sample, with the input's shape; a dict by input name where there are several.

        Raises:
          DataError: the sample does not fit the input.
        """
        native = _native.Interpreter(self.model._native, self._arithmetic, True, signature=self._signature)
        native.allocate()
        for i, tensor in enumerate(self.inputs):
            given = x[input_names(self.model._native, self._signature)[i]] if isinstance(x, Mapping) else x
            array = to_array(given, "the sample")
            if array.size != int(np.prod(native.shape(tensor.index))):
                raise errors.DataError(f"a sample of shape {array.shape} does not fit input '{tensor.name}' of "
                                       f"shape {tensor.shape}")
            if array.dtype != tensor.dtype and tensor.scales.size:
                array = np.asarray(self._quantized(array, tensor))
            native.input(i).view(tensor.dtype)[:] = array.reshape(-1)
        native.invoke()
        result: dict[str, Array] = {}
        for tensor in self._tensors:
            raw = native.tensor(tensor.index)
            shape = native.shape(tensor.index)
            if raw.size and raw.size == tensor.dtype.itemsize * int(np.prod(shape)):
                result[tensor.name] = raw.view(tensor.dtype).reshape(shape).copy()
        return result

    @staticmethod
    def _quantized(array: Array, tensor: Tensor) -> Array:
        limits = np.iinfo(tensor.dtype)
        steps = array.astype(np.float32) / tensor.scales[0]
        rounded = np.sign(steps) * np.floor(np.abs(steps) + np.float32(0.5)) + np.float32(tensor.zero_points[0])
        result: Array = np.clip(rounded, limits.min, limits.max).astype(tensor.dtype)
        return result

    def _is_single(self, x: Any) -> bool:
        inputs = self.inputs
        if len(inputs) != 1 or not hasattr(x, "shape"):
            return False
        return tuple(x.shape) == inputs[0].shape[1:] if inputs[0].shape else x.shape == ()
