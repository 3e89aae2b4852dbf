"""``tf.lite.experimental.QuantizationDebugger``: what each layer loses by quantization, by itself."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import Any, NoReturn, Optional

import numpy as np

from .. import _native
from .._samples import Array, to_dtype
from .converter import TFLiteConverter, collect
from .interpreter import Interpreter

# Of dequantized minus float, for each sample (tensorflow/lite/tools/optimize/debugging/python/debugger.py).
_LAYER_METRICS = {
    "num_elements": lambda diffs: diffs.size,
    "stddev": np.std,
    "mean_error": np.average,
    "max_abs_error": lambda diffs: np.max(np.abs(diffs)),
    "mean_squared_error": lambda diffs: np.average(diffs**2),
}


class QuantizationDebugOptions:
    """What the debugger measures besides its own figures, and what stays float.

    Args:
      layer_debug_metrics: functions by name, of the differences of a layer's output (float32, shaped as it).
      model_debug_metrics: functions by name, of the float and the quantized model's lists of outputs.
      layer_direct_compare_metrics: functions by name, of a layer's float output, the quantized one (int8), its scale
        and zero point.
      denylisted_ops: operators that stay float, by name.
      denylisted_nodes: layers that stay float, by the name of the tensor they make.
      fully_quantize: refused.

    Raises:
      ValueError: two metrics have one name.
      NotImplementedError: ``fully_quantize`` is asked for.

    >>> from litesmith import lite
    >>> lite.experimental.QuantizationDebugOptions(denylisted_ops=["SOFTMAX"]).denylisted_ops
    ['SOFTMAX']
    """

    def __init__(self, layer_debug_metrics: Any = None, model_debug_metrics: Any = None,
                 layer_direct_compare_metrics: Any = None, denylisted_ops: Any = None, denylisted_nodes: Any = None,
                 fully_quantize: bool = False) -> None:
        names = [name for metrics in (layer_debug_metrics, model_debug_metrics, layer_direct_compare_metrics)
                 for name in (metrics or {})]
        if len(names) != len(set(names)):
            raise ValueError("Provided metrics have duplicate keys.")
        if fully_quantize:
            raise NotImplementedError("fully_quantize is not offered: what has no integer kernel stays float, and "
                                      "litesmith.quantize(...).kept_float says so")
        self.layer_debug_metrics = layer_debug_metrics
        self.model_debug_metrics = model_debug_metrics
        self.layer_direct_compare_metrics = layer_direct_compare_metrics
        self.denylisted_ops = denylisted_ops
        self.denylisted_nodes = denylisted_nodes
        self.fully_quantize = fully_quantize


class QuantizationDebugger:
    """Runs each layer of the int8 model beside its float original on the same inputs.

    Made with a converter; the figures are TensorFlow's, without NumericVerify operators in a file.

    Args:
      quant_debug_model_path, quant_debug_model_content, float_model_path, float_model_content: refused; give the
        converter.
      debug_dataset: as the converter's representative dataset, a function that returns a generator of lists of arrays
        of the inputs' shapes and dtypes.
      debug_options: a QuantizationDebugOptions.
      converter: a TFLiteConverter set up for int8.

    Raises:
      ValueError: there is no converter, or it is not set up for int8.
      NotImplementedError: a file is given instead.

    >>> from litesmith import lite
    >>> import io, numpy as np
    >>> x = np.load("examples/wake_word/calibration_features.npy")
    >>> def samples():
    ...     for sample in x[:20]:
    ...         yield [sample[np.newaxis]]
    >>> converter = lite.TFLiteConverter.from_keras_model("examples/wake_word/wake_word.keras")
    >>> converter.optimizations = [lite.Optimize.DEFAULT]
    >>> converter.representative_dataset = samples
    >>> debugger = lite.experimental.QuantizationDebugger(converter=converter, debug_dataset=samples)
    >>> debugger.run()
    >>> table = io.StringIO()
    >>> debugger.layer_statistics_dump(table)
    >>> table.getvalue().splitlines()[1].split(",")[0]
    'CONV_2D'
    >>> debugger.options = lite.experimental.QuantizationDebugOptions(denylisted_ops=["CONV_2D"])
    >>> len(debugger.get_nondebug_quantized_model()) > 25_000
    True
    """

    def __init__(self, quant_debug_model_path: Optional[str] = None,
                 quant_debug_model_content: Optional[bytes] = None, float_model_path: Optional[str] = None,
                 float_model_content: Optional[bytes] = None, debug_dataset: Any = None,
                 debug_options: Optional[QuantizationDebugOptions] = None, converter: Any = None) -> None:
        if converter is None:
            if quant_debug_model_path is None and quant_debug_model_content is None:
                raise ValueError("No converter found: give converter=, set up for int8 quantization")
            raise NotImplementedError("files with NumericVerify operators are not read; give the converter: "
                                      "QuantizationDebugger(converter=converter, debug_dataset=...)")
        if quant_debug_model_path or quant_debug_model_content or float_model_path or float_model_content:
            raise ValueError("give either the converter or models, not both")
        if not isinstance(converter, TFLiteConverter):
            raise TypeError("converter is to be a TFLiteConverter of litesmith's")
        if not converter.optimizations:
            raise ValueError("converter object must set optimizations to lite.Optimize.DEFAULT")
        if not converter.representative_dataset:
            raise ValueError("converter object must set representative_dataset")
        self.converter = converter
        self._data_gen = debug_dataset
        self._calibration = converter._samples()
        self.layer_statistics: Optional[dict[str, dict[str, Any]]] = None
        self.model_statistics: Optional[dict[str, Any]] = None
        self.options = debug_options or QuantizationDebugOptions()

    @property
    def options(self) -> QuantizationDebugOptions:
        """What is measured and what stays float; setting it quantizes anew."""
        return self._options

    @options.setter
    def options(self, options: QuantizationDebugOptions) -> None:
        self._options = options
        keep_float = [*(options.denylisted_ops or []), *(options.denylisted_nodes or [])]
        self._quantized, _, _ = _native.quantize(
            self.converter._model, "int8", "litert", self._calibration, 0, 1, "float32", "float32",
            not self.converter._experimental_disable_per_channel, keep_float, False, False, 0, None)
        self.layer_statistics = None
        self.model_statistics = None

    def get_nondebug_quantized_model(self) -> bytes:
        """The quantized model's bytes."""
        return self._quantized.bytes()

    def get_debug_quantized_model(self) -> NoReturn:
        """Refused: layers are compared here without operators in a file."""
        raise NotImplementedError("litesmith compares layers without NumericVerify operators in a file; "
                                  "get_nondebug_quantized_model() gives the quantized model")

    def run(self) -> None:
        """Runs the debug dataset and gathers the figures.

        Raises:
          ValueError: the dataset yields nothing, or other dtypes.
          RuntimeError: its shapes do not fit the model.
        """
        self.layer_statistics = self._collect_layer_statistics()
        if self._options.model_debug_metrics:
            self.model_statistics = self._collect_model_statistics()

    def _samples(self) -> list[list[Array]]:
        return [[np.asarray(each) for each in sample] for sample in self._data_gen()]

    def _collect_layer_statistics(self) -> dict[str, dict[str, Any]]:
        metrics = {**_LAYER_METRICS, **(self._options.layer_debug_metrics or {})}
        direct = self._options.layer_direct_compare_metrics or {}
        tensors = self._quantized.tensors(0)
        found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._tensor_of: dict[str, dict[str, Any]] = {}
        self._op_of: dict[str, tuple[str, str]] = {}
        errors: Optional[_native.LayerErrors] = None
        for sample in self._samples():
            collect(self.converter._model, [sample])  # says what does not fit
            if errors is None:
                errors = _native.LayerErrors(self.converter._model, self._quantized,
                                             [list(each.shape) for each in sample])
                layers = errors.layers()
            for i, each in enumerate(sample):
                errors.input(i).view(np.float32)[:] = each.reshape(-1)
            errors.run()
            for i, (op, layer, index) in enumerate(layers):
                info = tensors[index]
                name = f"NumericVerify/{info['name']}:{index}"
                self._tensor_of[name], self._op_of[name] = info, (op, layer)
                codes = errors.quantized_output(i).view(to_dtype(info["dtype"]))
                floats = errors.float_output(i).view(np.float32).reshape(
                    (-1, *info["shape"][1:]) if info["shape"] else ())
                codes = codes.reshape(floats.shape)
                scale, zero_point = np.float32(info["scales"][0]), np.int64(info["zero_points"][0])
                diffs = (codes.astype(np.int64) - zero_point).astype(np.float32) * scale - floats
                for metric, function in metrics.items():
                    found[name][metric].append(function(diffs))
                for metric, function in direct.items():
                    found[name][metric].append(function(floats.copy(), codes.copy(), scale, zero_point))
        if errors is None:
            raise ValueError("the debug dataset yields nothing")
        return {name: {metric: np.nanmean(values) for metric, values in each.items()}
                for name, each in found.items()}

    def _collect_model_statistics(self) -> dict[str, Any]:
        models = []
        for content in (self.converter._model.bytes(), self._quantized.bytes()):
            models.append(Interpreter(model_content=content))
        found: dict[str, list[Any]] = defaultdict(list)
        for sample in self._samples():
            outputs = []
            for model in models:
                for detail, each in zip(model.get_input_details(), sample):
                    model.resize_tensor_input(detail["index"], each.shape)
                model.allocate_tensors()
                for detail, each in zip(model.get_input_details(), sample):
                    model.set_tensor(detail["index"], each)
                model.invoke()
                outputs.append([model.get_tensor(detail["index"]) for detail in model.get_output_details()])
            for metric, function in self._options.model_debug_metrics.items():
                found[metric].append(function(*outputs))
        return {metric: np.mean(values) for metric, values in found.items()}

    def layer_statistics_dump(self, file: Any) -> None:
        """Writes the layers' figures as CSV, a line a layer.

        Args:
          file: what to write to, open for text.

        Raises:
          OSError: it cannot be written.
        """
        metrics = [*{**_LAYER_METRICS, **(self._options.layer_debug_metrics or {})},
                   *(self._options.layer_direct_compare_metrics or {})]
        writer = csv.DictWriter(file, ["op_name", "tensor_idx", *metrics, "scale", "zero_point", "tensor_name"])
        writer.writeheader()
        for name, figures in (self.layer_statistics or {}).items():
            info = self._tensor_of[name]
            op, layer = self._op_of[name]
            writer.writerow({**figures, "op_name": op, "tensor_idx": info["index"],
                             "scale": np.float32(info["scales"][0]), "zero_point": info["zero_points"][0],
                             "tensor_name": layer})
