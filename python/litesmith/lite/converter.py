"""``tf.lite.TFLiteConverter`` over litesmith: the same settings choose the same mode."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn, Optional

import numpy as np

from .. import _native, dtypes
from .._samples import Array
from ..model import native_of


@enum.unique
class Optimize(enum.Enum):
    """What a conversion may do to make the model smaller; all but EXPERIMENTAL_SPARSITY are DEFAULT.

    >>> from litesmith import lite
    >>> str(lite.Optimize.DEFAULT)
    'DEFAULT'
    """

    DEFAULT = "DEFAULT"
    OPTIMIZE_FOR_SIZE = "OPTIMIZE_FOR_SIZE"
    OPTIMIZE_FOR_LATENCY = "OPTIMIZE_FOR_LATENCY"
    EXPERIMENTAL_SPARSITY = "EXPERIMENTAL_SPARSITY"

    def __str__(self) -> str:
        return str(self.value)


class OpsSet(enum.Enum):
    """Which operators the file may hold.

    >>> from litesmith import lite
    >>> str(lite.OpsSet.TFLITE_BUILTINS_INT8)
    'TFLITE_BUILTINS_INT8'
    """

    TFLITE_BUILTINS = "TFLITE_BUILTINS"
    SELECT_TF_OPS = "SELECT_TF_OPS"
    TFLITE_BUILTINS_INT8 = "TFLITE_BUILTINS_INT8"
    EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8 = \
        "EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8"
    EXPERIMENTAL_STABLEHLO_OPS = "EXPERIMENTAL_STABLEHLO_OPS"

    def __str__(self) -> str:
        return str(self.value)


class RepresentativeDataset:
    """A function that returns a generator of samples, each a list of arrays or a dict by input name.

    Args:
      input_gen: the function. Arrays have the input's dtype and shape, batch dimension first.

    >>> from litesmith import lite
    >>> import numpy as np
    >>> dataset = lite.RepresentativeDataset(lambda: ([x] for x in np.zeros((5, 1, 50, 13, 1), np.float32)))
    >>> len(list(dataset.input_gen()))
    5
    """

    def __init__(self, input_gen: Any) -> None:
        self.input_gen = input_gen


class TargetSpec:
    """What the file is made for: operator sets and types.

    Args:
      supported_ops: a set or list of OpsSet.
      supported_types: a set or list of dtypes, ``[tf.float16]`` for half-precision weights.
      experimental_select_user_tf_ops, experimental_supported_backends: refused when converting.

    >>> from litesmith import lite
    >>> lite.TargetSpec().supported_ops
    {<OpsSet.TFLITE_BUILTINS: 'TFLITE_BUILTINS'>}
    """

    def __init__(self, supported_ops: Any = None, supported_types: Any = None,
                 experimental_select_user_tf_ops: Any = None, experimental_supported_backends: Any = None) -> None:
        self.supported_ops = {OpsSet.TFLITE_BUILTINS} if supported_ops is None else supported_ops
        self.supported_types = set() if supported_types is None else supported_types
        self.experimental_select_user_tf_ops = experimental_select_user_tf_ops or set()
        self.experimental_supported_backends = experimental_supported_backends
        self._experimental_custom_op_registerers: list[Any] = []
        self._experimental_supported_accumulation_type: Any = None


# The converter's settings that litesmith acts on, with their defaults.
_SETTINGS: dict[str, Any] = {
    "optimizations": set(),
    "representative_dataset": None,
    "inference_input_type": dtypes.float32,
    "inference_output_type": dtypes.float32,
    "_experimental_calibrate_only": False,
    "_experimental_disable_per_channel": False,
}
# Settings whose default is the only value: another one is refused when converting, with the reason.
_FIXED: dict[str, tuple[Any, str]] = {
    "allow_custom_ops": (False, "litesmith's files hold no custom operators; leave it False"),
    "experimental_new_converter": (True, "there is only one converter"),
    "experimental_new_quantizer": (True, "litesmith quantizes as the new quantizer does"),
    "experimental_new_dynamic_range_quantizer": (True, "litesmith quantizes as the new quantizer does"),
    "experimental_enable_resource_variables": (True, "models with variables cannot be imported"),
    "experimental_lower_to_saved_model": (True, "a Keras model is read directly"),
    "experimental_use_stablehlo_quantizer": (False, "StableHLO is not offered"),
    "experimental_stablehlo_quantizer_config": (None, "StableHLO is not offered"),
    "exclude_conversion_metadata": (False, "the metadata says how the file was made and is always written"),
    "unfold_batchmatmul": (False, "it is not offered"),
    "legalize_custom_tensor_list_ops": (False, "it is not offered"),
    "canonicalizing_inf_as_min_max_float": (True, "weights that are no finite numbers are refused"),
    "serialize_debug_metadata": (False, "it is not offered; names of tensors are the layers' paths"),
    "saved_model_dir": (None, "a SavedModel cannot be read; save the Keras model as .keras"),
    "model_origin_framework": ("UNSET", "it is not offered"),
    "ir_dump_dir": (None, "there is no MLIR to dump; litesmith inspect shows the graph"),
    "ir_dump_pass_regex": (None, "there is no MLIR to dump; litesmith inspect shows the graph"),
    "ir_dump_func_regex": (None, "there is no MLIR to dump; litesmith inspect shows the graph"),
    "enable_timing": (None, "there are no MLIR passes to time"),
    "print_ir_before": (None, "there is no MLIR to print; litesmith inspect shows the graph"),
    "print_ir_after": (None, "there is no MLIR to print; litesmith inspect shows the graph"),
    "print_ir_module_scope": (None, "there is no MLIR to print; litesmith inspect shows the graph"),
    "elide_elementsattrs_if_larger": (None, "there is no MLIR to print; litesmith inspect shows the graph"),
    "_experimental_sparsify_model": (False, "sparse files are not offered"),
    "_experimental_lower_tensor_list_ops": (True, "models with tensor lists cannot be imported"),
    "_experimental_default_to_single_batch_in_tensor_list_ops": (False, "it is not offered"),
    "_experimental_unfold_large_splat_constant": (False, "it is not offered"),
    "_experimental_tf_quantization_mode": (None, "it is not offered"),
    "_experimental_full_integer_quantization_bias_type": (None, "biases are int32, and int64 in 16x8"),
    "_experimental_quantization_options": (None, "it is not offered"),
    "_experimental_enable_dynamic_update_slice": (False, "it is not offered"),
    "_experimental_preserve_assert_op": (False, "it is not offered"),
    "_experimental_guarantee_all_funcs_one_use": (False, "it is not offered"),
    "_experimental_low_bit_qat": (False, "it is not offered"),
    "_experimental_allow_all_select_tf_ops": (False, "TensorFlow's own operators are not offered"),
    "_experimental_variable_quantization": (False, "it is not offered"),
    "_experimental_disable_fuse_mul_and_fc": (False, "it is not offered"),
    "_experimental_use_buffer_offset": (False, "it is not offered"),
    "_experimental_reduce_type_precision": (False, "it is not offered"),
    "_experimental_qdq_conversion_mode": (None, "it is not offered"),
    "_experimental_disable_per_channel_quantization_for_dense_layers":
        (False, "use _experimental_disable_per_channel, which is for all layers"),
    "_experimental_enable_composite_direct_lowering": (True, "it is not offered"),
    "_experimental_strict_qdq": (False, "it is not offered"),
    "_experimental_unsafe_fuse_dynamic_shaped_broadcast": (False, "it is not offered"),
}
# Names that old scripts set and no TensorFlow of today looks at.
_IGNORED_BY_ALL = frozenset({"experimental_mlir_quantizer", "post_training_quantize"})


class TFLiteConverter:
    """Converts a Keras model to the bytes of a ``.tflite`` file.

    >>> from litesmith import lite
    >>> import numpy as np
    >>> x = np.load("examples/wake_word/calibration_features.npy")
    >>> def representative_data_gen():
    ...     for sample in x:
    ...         yield [sample[np.newaxis]]
    >>> converter = lite.TFLiteConverter.from_keras_model("examples/wake_word/wake_word.keras")
    >>> converter.optimizations = [lite.Optimize.DEFAULT]
    >>> converter.representative_dataset = representative_data_gen
    >>> len(converter.convert()) < 30_000
    True
    """

    _model: _native.Model
    target_spec: TargetSpec
    optimizations: Any
    representative_dataset: Any
    inference_input_type: Any
    inference_output_type: Any
    _experimental_calibrate_only: bool
    _experimental_disable_per_channel: bool

    def __init__(self, funcs: Any, trackable_obj: Any = None) -> None:
        """Refused: TensorFlow functions need TensorFlow. Use :meth:`from_keras_model`."""
        raise NotImplementedError("litesmith converts Keras models, not TensorFlow functions: use "
                                  "TFLiteConverter.from_keras_model(model)")

    @classmethod
    def from_keras_model(cls, model: Any) -> TFLiteConverter:
        """A converter for a Keras model.

        Args:
          model: a live Keras 3 or tf_keras model of any backend; here also the path of a ``.keras``, ``.h5`` or float
            ``.tflite`` file, or a litesmith Model.

        Raises:
          UnsupportedOpError: layers cannot be imported; all are named.
          ValueError: the model has no shapes yet.
        """
        converter = object.__new__(cls)
        object.__setattr__(converter, "_model", native_of(getattr(model, "_litesmith_model", model)))
        object.__setattr__(converter, "target_spec", TargetSpec())
        for name, value in _SETTINGS.items():
            object.__setattr__(converter, name, set(value) if isinstance(value, set) else value)
        for name, (value, _) in _FIXED.items():
            object.__setattr__(converter, name, value)
        return converter

    @classmethod
    def from_saved_model(cls, saved_model_dir: Any, signature_keys: Any = None, tags: Any = None) -> NoReturn:
        """Refused: a SavedModel holds TensorFlow's graph. Save the Keras model instead."""
        raise NotImplementedError(
            "litesmith reads Keras models, not SavedModels. Where the model was made:\n"
            f"    model.save('model.keras')  # instead of the folder '{os.fspath(saved_model_dir)}'\n"
            "    converter = tf.lite.TFLiteConverter.from_keras_model('model.keras')")

    @classmethod
    def from_concrete_functions(cls, funcs: Any, trackable_obj: Any = None) -> NoReturn:
        """Refused: TensorFlow functions need TensorFlow. Use :meth:`from_keras_model`."""
        raise NotImplementedError("litesmith converts Keras models, not TensorFlow functions: use "
                                  "TFLiteConverter.from_keras_model(model)")

    @classmethod
    def experimental_from_jax(cls, serving_funcs: Any, inputs: Any) -> NoReturn:
        """Refused: litesmith reads Keras models, also such as run on JAX."""
        raise NotImplementedError("litesmith converts Keras models (with the jax backend, too), not JAX functions: "
                                  "use TFLiteConverter.from_keras_model(model)")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.__dict__ and name not in _IGNORED_BY_ALL:
            raise AttributeError(f"litesmith's TFLiteConverter has no setting '{name}'; it has "
                                 + ", ".join(sorted(["target_spec", *_SETTINGS, *_FIXED])))
        object.__setattr__(self, name, value)

    def convert(self) -> bytes:
        """The bytes of the ``.tflite`` file.

        Raises:
          ValueError: settings do not go together, or the representative dataset yields nothing or other dtypes.
          RuntimeError: its shapes do not fit the model.
          NotImplementedError: a setting is not offered; the message says why, and what is instead.
        """
        self._refuse_what_is_not_offered()
        mode = self._mode()
        self._check_types(mode)
        samples = self._samples() if mode in ("int8", "int16x8") else None
        model, _, _ = _native.quantize(
            self._model, mode, "litert", samples, 0, 1, dtypes.as_dtype(self.inference_input_type).name,
            dtypes.as_dtype(self.inference_output_type).name, not self._experimental_disable_per_channel, [],
            bool(self._experimental_calibrate_only) and samples is not None, False, 0, None)
        return model.bytes()

    def _refuse_what_is_not_offered(self) -> None:
        for name, (only, why) in _FIXED.items():
            value = getattr(self, name)
            if value is not only and value != only:
                raise NotImplementedError(f"converter.{name} = {value!r}: {why}")
        if Optimize.EXPERIMENTAL_SPARSITY in set(self.optimizations):
            raise NotImplementedError("Optimize.EXPERIMENTAL_SPARSITY: sparse files are not offered")
        spec = self.target_spec
        for name in ("experimental_select_user_tf_ops", "experimental_supported_backends",
                     "_experimental_custom_op_registerers", "_experimental_supported_accumulation_type"):
            if getattr(spec, name):
                raise NotImplementedError(f"converter.target_spec.{name} is not offered")
        if OpsSet.EXPERIMENTAL_STABLEHLO_OPS in set(spec.supported_ops):
            raise NotImplementedError("OpsSet.EXPERIMENTAL_STABLEHLO_OPS: StableHLO is not offered")

    def _mode(self) -> str:
        """The mode that the settings ask for, as TensorFlow chooses it (tensorflow/lite/python/lite.py)."""
        ops = set(self.target_spec.supported_ops)
        types = {dtypes.as_dtype(each).name for each in self.target_spec.supported_types}
        sizes = sorted(dtypes.ALL[name].size for name in types) or [1]
        optimize = bool({Optimize.DEFAULT, Optimize.OPTIMIZE_FOR_SIZE, Optimize.OPTIMIZE_FOR_LATENCY}
                        & set(self.optimizations))
        int16 = OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8 in ops
        int8_only = OpsSet.TFLITE_BUILTINS_INT8 in ops or types == {"int8"}
        if int8_only:
            if ops == {OpsSet.TFLITE_BUILTINS_INT8} and types not in (set(), {"int8"}):
                raise ValueError("As full integer quantization has been enabled by setting "
                                 "`target_spec.supported_ops`={tf.lite.OpsSet.TFLITE_BUILTINS_INT8}, thus "
                                 "`target_spec.supported_types` should be left uninitizalized or set to {tf.int8}.")
            if self.representative_dataset is None:
                raise ValueError("For full integer quantization, a `representative_dataset` must be specified.")
        if not optimize:
            return "float32"
        if self.representative_dataset is not None and int16:
            return "int16x8"
        if "bfloat16" in types and sizes[0] == 2:
            raise NotImplementedError("bfloat16 is not offered; tf.float16 is")
        if "float16" in types and sizes[0] == 2:
            return "float16"
        if self.representative_dataset is not None and (int8_only or sizes[0] == 1):
            return "int8"
        return "dynamic_range" if sizes[0] == 1 else "float32"

    def _check_types(self, mode: str) -> None:
        allowed = {"int8": ("float32", "int8", "uint8"), "int16x8": ("float32", "int16")}.get(mode, ("float32",))
        for which in ("inference_input_type", "inference_output_type"):
            given = getattr(self, which)
            if not isinstance(given, dtypes.DType) and not hasattr(given, "as_numpy_dtype"):
                raise ValueError(f"Unsupported TensorFlow type `{given}` provided for the {which}; give tf.int8 "
                                 "and the like")
            if given.name in allowed:
                continue
            if mode == "int8":
                raise ValueError(f"Unsupported `{which}` value. Expected to be in ('tf.uint8', 'tf.int8'), instead "
                                 f"got tf.{given.name}.")
            if len(allowed) == 1:
                raise ValueError("The inference_input_type and inference_output_type must be tf.float32.")
            raise ValueError("The inference_input_type and inference_output_type must be in "
                             f"{[f'tf.{name}' for name in allowed]}.")

    def _samples(self) -> Any:
        dataset = self.representative_dataset
        generate = dataset.input_gen if hasattr(dataset, "input_gen") else dataset
        return collect(self._model, generate())


def collect(model: _native.Model, samples: Iterable[Any]) -> Any:
    """The samples of a representative dataset, checked as TensorFlow's calibrator checks them, for the extension."""
    tensors = model.tensors(0)
    inputs = [tensors[i] for i in model.inputs(0)]
    columns: list[list[Array]] = [[] for _ in inputs]
    for sample in _ordered(model, samples):
        if len(sample) != len(inputs):
            raise ValueError(f"Invalid input shapes: expected {len(inputs)} items got {len(sample)} items.")
        for column, info, given in zip(columns, inputs, sample):
            if not hasattr(given, "shape"):
                raise AttributeError(f"'{type(given).__name__}' object has no attribute 'shape': representative "
                                     "samples are arrays")
            array = np.asarray(given)
            if array.dtype.name != info["dtype"]:
                raise ValueError(f"Cannot set tensor: Got value of type {array.dtype.name.upper()} but expected type "
                                 f"{info['dtype'].upper()} for input {info['index']}, name: {info['name']} ")
            wanted = info["shape_signature"]
            if array.ndim != len(wanted) or any(free not in (-1, size) for free, size in zip(wanted[1:],
                                                                                             array.shape[1:])):
                raise RuntimeError(f"a representative sample of shape {array.shape} does not fit input "
                                   f"'{info['name']}' of shape {wanted}; samples have the batch dimension first")
            column.append(array)
    if not columns[0]:
        raise ValueError("the representative dataset yields nothing; give it at least one sample (a hundred to a few "
                         "hundred of what the model will meet)")
    arrays = []
    for info, column in zip(inputs, columns):
        if len({array.shape[1:] for array in column}) > 1:
            raise RuntimeError(f"representative samples of different shapes for input '{info['name']}'")
        joined = np.ascontiguousarray(np.concatenate(column))
        arrays.append((info["name"], info["dtype"], joined.shape, joined.reshape(-1).view(np.uint8)))
    return "the representative dataset", arrays


def _ordered(model: _native.Model, samples: Iterable[Any]) -> Iterator[list[Any]]:
    """Each sample as a list in the order of the model's inputs."""
    for sample in samples:
        signature: Optional[str] = None
        if isinstance(sample, tuple):
            if len(sample) != 2 or not isinstance(sample[1], dict):
                raise ValueError("You need to provide either a dictionary with input names and values in the second "
                                 "argument in the tuple")
            signature, sample = sample
        if isinstance(sample, dict):
            yield _by_name(model, signature, sample)
        elif isinstance(sample, list):
            yield sample
        else:
            raise ValueError("You need to provide either a dictionary with input names and values, a tuple with "
                             "signature key and a dictionary with input names and values, or an array with input "
                             "values in the order of input tensors of the graph in the representative_dataset "
                             f"function. Unsupported value from dataset: {type(sample).__name__}.")


def _by_name(model: _native.Model, signature: Optional[str], sample: dict[str, Any]) -> list[Any]:
    for key, _, inputs, _ in model.signatures():
        if signature in (None, key):
            places = model.inputs(0)
            return [sample[name] for name, _ in sorted(inputs.items(), key=lambda item: places.index(item[1]))]
    raise ValueError(f'Invalid signature_key provided: "{signature}".')


