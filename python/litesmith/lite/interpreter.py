"""``tf.lite.Interpreter`` over litesmith's own kernels."""

from __future__ import annotations

import copy
import enum
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, Optional

import numpy as np

from .. import _native, errors
from .._samples import as_texts, is_text, to_dtype


@enum.unique
class OpResolverType(enum.Enum):
    """Which of LiteRT's kernels an interpreter computes like (docs/numerics.md).

    * AUTO, BUILTIN: the optimized kernels, with XNNPACK where its delegate takes a node.
    * BUILTIN_REF: the reference kernels.
    * BUILTIN_WITHOUT_DEFAULT_DELEGATES: the optimized kernels without XNNPACK.

    >>> from litesmith import lite
    >>> lite.experimental.OpResolverType.BUILTIN_REF.value
    2
    """

    AUTO = 0
    BUILTIN = 1
    BUILTIN_REF = 2
    BUILTIN_WITHOUT_DEFAULT_DELEGATES = 3


_ARITHMETIC = {
    OpResolverType.AUTO: "litert",
    OpResolverType.BUILTIN: "litert",
    OpResolverType.BUILTIN_REF: "reference",
    OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES: "builtin",
}

_NOT_AN_INPUT = (None, None, None)
_NULL = "Tensor data is null. Run allocate_tensors() first"
_HELD = """There is at least 1 reference to internal data
      in the interpreter in the form of a numpy array or slice. Be sure to
      only hold the function returned from tensor() if you are using raw
      data access."""

# Types that the details name with a NumPy class; tensors of others have no details.
_DETAIL_TYPES: dict[str, Any] = {
    "float32": np.float32, "float16": np.float16, "float64": np.float64, "int8": np.int8, "int16": np.int16,
    "int32": np.int32, "int64": np.int64, "uint8": np.uint8, "uint16": np.uint16, "uint32": np.uint32,
    "uint64": np.uint64, "bool": np.bool_, "string": np.bytes_, "complex64": np.complex64,
    "complex128": np.complex128,
}


@contextmanager
def _as(kind: type[Exception]) -> Iterator[None]:
    """litesmith's errors as the built-in ones that TensorFlow's interpreter raises."""
    try:
        yield
    except errors.LitesmithError as error:
        raise kind(str(error)) from error


class SignatureRunner:
    """Runs a model by the names of its signature; made by :meth:`Interpreter.get_signature_runner`.

    Args:
      interpreter: the Interpreter to run.
      signature_key: "serving_default", or another that the file has.

    Raises:
      ValueError: there is no such signature.

    >>> import litesmith, numpy as np
    >>> from litesmith import lite
    >>> content = litesmith.quantize("examples/wake_word/wake_word.keras", "float32").to_bytes()
    >>> runner = lite.Interpreter(model_content=content).get_signature_runner()
    >>> list(runner.get_input_details()), list(runner.get_output_details())
    (['input_layer'], ['output_0'])
    >>> runner(input_layer=np.zeros((3, 50, 13, 1), np.float32))["output_0"].shape
    (3, 2)
    """

    def __init__(self, interpreter: Any = None, signature_key: Any = None) -> None:
        if not interpreter:
            raise ValueError("None interpreter provided.")
        if not signature_key:
            raise ValueError("None signature_key provided.")
        signatures = interpreter._get_full_signature_list()
        if signature_key not in signatures:
            raise ValueError(f'Invalid signature_key provided: "{signature_key}".')
        self._interpreter: Interpreter = interpreter._for_signature(signature_key)
        self._inputs: dict[str, int] = signatures[signature_key]["inputs"]
        self._outputs: dict[str, int] = signatures[signature_key]["outputs"]

    def __call__(self, **kwargs: Any) -> dict[str, Any]:
        """Runs the model on ``name=array`` for each input; returns the outputs by name.

        Args:
          kwargs: each input's array, of its dtype and of any shape that the model takes.

        Raises:
          ValueError: a name, a dtype or a shape is none of the model's.
        """
        if len(kwargs) != len(self._inputs):
            raise ValueError("Invalid number of inputs provided for running a SignatureDef, "
                             "expected %s vs provided %s" % (len(self._inputs), len(kwargs)))
        for name, value in kwargs.items():
            if name not in self._inputs:
                raise ValueError("Invalid Input name (%s) for SignatureDef" % name)
            self._interpreter.resize_tensor_input(self._inputs[name], value.shape)
        self._interpreter.allocate_tensors()
        for name, value in kwargs.items():
            self._interpreter.set_tensor(self._inputs[name], value)
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(index) for name, index in self._outputs.items()}

    def get_input_details(self) -> dict[str, dict[str, Any]]:
        """The inputs' details by name, as :meth:`Interpreter.get_input_details` gives them."""
        return {name: self._interpreter._own_details(index) for name, index in self._inputs.items()}

    def get_output_details(self) -> dict[str, dict[str, Any]]:
        """The outputs' details by name."""
        return {name: self._interpreter._own_details(index) for name, index in self._outputs.items()}


class Interpreter:
    """Runs a ``.tflite`` model, tensor by tensor, with the methods of ``tf.lite.Interpreter``.

    >>> from litesmith import lite
    >>> import litesmith, numpy as np
    >>> content = litesmith.load("examples/wake_word/wake_word.keras").to_bytes()
    >>> interpreter = lite.Interpreter(model_content=content)
    >>> interpreter.allocate_tensors()
    >>> x = np.load("examples/wake_word/test_features.npy")
    >>> interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x[:1])
    >>> interpreter.invoke()
    >>> index = interpreter.get_output_details()[0]["index"]
    >>> interpreter.get_tensor(index).shape, interpreter.tensor(index)().dtype
    ((1, 2), dtype('float32'))
    >>> interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], [5, 50, 13, 1])
    >>> interpreter.allocate_tensors()
    >>> interpreter.reset_all_variables()
    >>> [int(n) for n in interpreter.get_tensor_details()[index]["shape"]]
    [5, 2]
    >>> interpreter.get_signature_list(), interpreter.num_subgraphs()
    ({'serving_default': {'inputs': ['input_layer'], 'outputs': ['output_0']}}, 1)
    >>> interpreter.get_signature_runner()(input_layer=x[:3])["output_0"].shape
    (3, 2)
    """

    def __init__(self, model_path: Any = None, model_content: Any = None, experimental_delegates: Any = None,
                 num_threads: Any = None, experimental_op_resolver_type: Any = OpResolverType.AUTO,
                 experimental_preserve_all_tensors: Any = False,
                 experimental_disable_delegate_clustering: Any = False,
                 experimental_default_delegate_latest_features: Any = False) -> None:
        """Opens the model.

        Args:
          model_path: of the ``.tflite`` file.
          model_content: its bytes, instead.
          experimental_delegates: refused; litesmith's own kernels run every model.
          num_threads: at most this many share the samples of a batch (``resize_tensor_input`` makes one), where that
            is quicker. A single sample is one thread's, and results never depend on it.
          experimental_op_resolver_type: which of LiteRT's kernels are computed like.
          experimental_preserve_all_tensors: inner tensors can be read after a run.
          experimental_disable_delegate_clustering, experimental_default_delegate_latest_features: refused; there is
            no delegate to switch.

        Raises:
          ValueError: the model cannot be read, or arguments do not go together.
          NotImplementedError: an argument asks for a delegate.
        """
        # TensorFlow's own enum is as good as ours: by name.
        resolver = OpResolverType.__members__.get(getattr(experimental_op_resolver_type, "name", ""))
        if resolver is None:
            raise ValueError(f"Unrecognized passed in op resolver type: {experimental_op_resolver_type}")
        if num_threads is not None:
            if not isinstance(num_threads, int):
                raise ValueError("type of num_threads should be int")
            if num_threads < 1:
                raise ValueError("num_threads should >= 1")
        if experimental_delegates:
            raise NotImplementedError("litesmith takes no delegates; its own kernels run every model")
        if experimental_disable_delegate_clustering or experimental_default_delegate_latest_features:
            raise NotImplementedError("litesmith has no delegates whose clustering or features could be switched")
        if model_path and model_content:
            raise ValueError("Can't both provide `model_path` and `model_content`")
        if not model_path and not model_content:
            raise ValueError("`model_path` or `model_content` must be specified.")
        with _as(ValueError):
            self._model = (_native.load(os.fspath(model_path)) if model_path
                           else _native.load_bytes(bytes(model_content), "the model's content"))
            self._native = _native.Interpreter(self._model, _ARITHMETIC[resolver],
                                               bool(experimental_preserve_all_tensors), num_threads or 1)
        self._take_subgraph(0)

    def _take_subgraph(self, subgraph: int) -> None:
        self._subgraph = subgraph
        self._set = self._native.set
        self._info = self._model.tensors(subgraph)
        self._input_indices: list[int] = self._model.inputs(subgraph)
        self._of_subgraphs: dict[int, Interpreter] = {}  # other ones, for signatures
        self._forget_views()

    def _for_signature(self, key: str) -> Interpreter:
        """What runs the signature's subgraph: one for each subgraph, with the resource variables of this one."""
        subgraph = self._signature_subgraph(key)
        if subgraph == self._subgraph:
            return self
        if subgraph not in self._of_subgraphs:
            other = copy.copy(self)
            with _as(ValueError):
                other._native = self._native.for_signature(key)
            other._take_subgraph(subgraph)
            self._of_subgraphs[subgraph] = other
        return self._of_subgraphs[subgraph]

    # What the memory looks like, once it is allocated.

    def _forget_views(self) -> None:
        self._inputs: dict[int, tuple[Any, Any, Any]] = {}  # by tensor: array over the memory, dtype, shape
        self._views: dict[int, Any] = {}   # arrays to copy results from
        self._lent: dict[int, list[Any]] = {}  # memory that tensor() gave away, with our own references to it

    def _shape(self, index: int) -> tuple[int, ...]:
        return tuple(self._native.shape(index))

    def _make_views(self) -> None:
        self._forget_views()
        for i, index in enumerate(self._input_indices):
            if self._is_text(index):
                continue
            dtype = to_dtype(self._info[index]["dtype"])
            view = self._native.input(i).view(dtype).reshape(self._shape(index))
            self._inputs[index] = view, view.dtype, view.shape
            self._views[index] = view

    def _is_text(self, index: int) -> bool:
        return bool(self._info[index]["dtype"] == "string")

    def _texts(self, index: int) -> Any:
        """The elements of a tensor of text, an array of bytes objects."""
        if not self._native.allocated:
            raise ValueError(_NULL)
        texts = self._native.texts(index)
        shape = self._shape(index)
        if len(texts) != int(np.prod(shape)):
            raise ValueError(_NULL)
        return np.array(texts, object).reshape(shape)

    def _view(self, index: int) -> Any:
        """An array over a tensor's memory. Raises ValueError when it has none."""
        view = self._views.get(index)
        if view is not None:
            return view
        self._check_index(index)
        info = self._info[index]
        if info["is_constant"]:
            raw = self._model.constant(index, self._subgraph)
        elif self._native.allocated:
            raw = self._native.tensor(index)
        else:
            raise ValueError(_NULL)
        shape = self._shape(index)
        dtype = to_dtype(info["dtype"])
        if raw.size == 0 and 0 not in shape:
            raise ValueError(_NULL)
        if info["dtype"] in ("int4", "uint4", "int2"):
            raise ValueError(f"tensor {index} holds packed {info['dtype']}, which NumPy has no type for")
        view = raw.view(dtype)
        # A constant that is stored sparse is what is stored of it, in one row, as in LiteRT.
        if not info["is_constant"] or view.size == math.prod(shape):
            view = view.reshape(shape)
        self._views[index] = view
        return view

    def _check_index(self, index: int) -> None:
        if not 0 <= index < len(self._info):
            raise ValueError(f"Invalid tensor index {index} exceeds max tensor index {len(self._info)}")

    def _ensure_safe(self) -> None:
        """Raises RuntimeError when someone holds an array over the interpreter's memory."""
        for entry in self._lent.values():
            if _references(entry) > entry[1]:
                raise RuntimeError(_HELD)

    def allocate_tensors(self) -> None:
        """Plans memory for the inputs' shapes; needed before anything is set or run."""
        if self._lent:
            self._ensure_safe()
        if self._native.allocated and self._inputs:
            return
        with _as(RuntimeError):
            self._native.allocate()
        self._make_views()

    def invoke(self) -> None:
        """Runs the model. Other Python threads go on meanwhile."""
        if self._lent:
            self._ensure_safe()
        try:
            self._native.invoke()
        except errors.LitesmithError as error:
            ready = self._native.allocated
            raise RuntimeError(str(error) if ready else "Invoke called on model that is not ready.") from error

    def set_tensor(self, tensor_index: Any, value: Any) -> None:
        """Copies an array into an input.

        Args:
          tensor_index: the input's index.
          value: an array of just the tensor's shape and dtype.

        Raises:
          ValueError: the index, the dtype or the shape is another.
        """
        if type(tensor_index) is not int or not self._set(tensor_index, value):
            self._set_any(tensor_index, value)

    def _set_any(self, index: Any, value: Any) -> None:
        """What set_tensor does with all but a C-ordered array that fits: lists, other layouts, errors."""
        array = np.asarray(value)
        if index in self._input_indices and self._is_text(index) and is_text(array):
            if array.shape != self._shape(index) or not self._native.allocated:
                self._refuse(int(index), array)
            self._native.set_texts(self._input_indices.index(index), as_texts(array))
            return
        target, dtype, shape = self._inputs.get(index, _NOT_AN_INPUT)
        if array.shape != shape or array.dtype != dtype:
            self._refuse(int(index), array)
        target[...] = array

    def _refuse(self, index: int, array: Any) -> NoReturn:
        """Says what is wrong with a value for a tensor, in TensorFlow's words."""
        self._check_index(index)
        info = self._info[index]
        wanted = self._shape(index)
        dtype = to_dtype(info["dtype"])
        if index not in self._input_indices:
            raise ValueError(f"Cannot set tensor: tensor {index}, name: {info['name']} is no input")
        if array.dtype != dtype and not (info["dtype"] == "string" and is_text(array)):
            raise ValueError(f"Cannot set tensor: Got value of type {_type_name(array.dtype.name)} but expected type "
                             f"{_type_name(info['dtype'])} for input {index}, name: {info['name']} ")
        if array.ndim != len(wanted):
            raise ValueError(f"Cannot set tensor: Dimension mismatch. Got {array.ndim} but expected {len(wanted)} "
                             f"for input {index}.")
        for i, (got, expected) in enumerate(zip(array.shape, wanted)):
            if got != expected:
                raise ValueError(f"Cannot set tensor: Dimension mismatch. Got {got} but expected {expected} for "
                                 f"dimension {i} of input {index}.")
        raise ValueError("Cannot set tensor: Tensor is unallocated. Try calling allocate_tensors() first")

    def get_tensor(self, tensor_index: Any, subgraph_index: Any = 0) -> Any:
        """A copy of a tensor, of its shape and dtype.

        Args:
          tensor_index: its index. Inner tensors are there with ``experimental_preserve_all_tensors=True``.
          subgraph_index: of subgraphs but the main one, constants alone are there.

        Raises:
          ValueError: there is no such tensor, or it holds nothing.
        """
        if subgraph_index:  # that of a signature is read by its runner
            return self._constant_of(int(tensor_index), int(subgraph_index))
        view = self._views.get(tensor_index)
        if view is None:
            self._check_index(int(tensor_index))
            if self._is_text(int(tensor_index)):
                return self._texts(int(tensor_index))
            view = self._view(int(tensor_index))
        return view.copy()

    def _constant_of(self, index: int, subgraph: int) -> Any:
        self._check_subgraph(subgraph)
        tensors = self._model.tensors(subgraph)
        if not 0 <= index < len(tensors):
            raise ValueError(f"Invalid tensor index {index} exceeds max tensor index {len(tensors)}")
        raw = self._model.constant(index, subgraph)
        if raw.size == 0:
            raise ValueError(_NULL)
        elements = raw.view(to_dtype(tensors[index]["dtype"]))
        shape = tensors[index]["shape"]
        return (elements.reshape(shape) if elements.size == math.prod(shape) else elements).copy()

    def tensor(self, tensor_index: Any) -> Callable[[], Any]:
        """A function that gives an array over the tensor's own memory, of its shape and dtype.

        Args:
          tensor_index: its index. Do not hold the array over a run: what moves the memory raises RuntimeError then.

        Raises:
          ValueError: the function does, when there is no such tensor or it has no memory.
        """

        def view() -> Any:
            array = self._view(tensor_index)
            if tensor_index not in self._lent:
                entry = [array.base, 0]
                entry[1] = _references(entry)
                self._lent[tensor_index] = entry
            return array[...]

        return view

    def resize_tensor_input(self, input_index: Any, tensor_size: Any, strict: Any = False) -> None:
        """Gives an input another shape, from the next ``allocate_tensors()`` on.

        Args:
          input_index: the input's index.
          tensor_size: the shape.
          strict: only dimensions that the file leaves free may change.

        Raises:
          ValueError: the tensor is no input.
          RuntimeError: someone holds an array over the memory, or ``strict`` forbids the shape.
        """
        if self._lent:
            self._ensure_safe()
        index = int(input_index)
        self._check_index(index)
        if index not in self._input_indices:
            raise ValueError(f"tensor {index} is no input")
        size = [int(n) for n in np.array(tensor_size, dtype=np.int32)]
        current = self._shape(index)
        if strict:
            signature = self._info[index]["shape_signature"]
            if len(size) != len(current) or any(
                    new != old and free != -1 for new, old, free in zip(size, current, signature)):
                raise RuntimeError("ResizeInputTensorStrict only allows mutating unknown dimensions identified by -1.")
        if tuple(size) == current:
            return
        with _as(ValueError):
            self._native.resize_input(self._input_indices.index(index), size)
        self._forget_views()

    # What there is to know.

    def _get_tensor_details(self, tensor_index: Any, subgraph_index: Any) -> dict[str, Any]:
        index, subgraph = int(tensor_index), int(subgraph_index)
        infos = self._info if subgraph == self._subgraph else self._model.tensors(subgraph)
        if not 0 <= index < len(infos):
            raise ValueError(f"Invalid tensor index {index} exceeds max tensor index {len(infos)}")
        info = infos[index]
        dtype = _DETAIL_TYPES.get(info["dtype"])
        if dtype is None:
            raise ValueError("Could not get tensor details")
        shape = self._shape(index) if subgraph == self._subgraph else tuple(info["shape"])
        fixed = info["shape_signature"] == info["shape"]
        scales = np.array(info["scales"], np.float32)
        zeros = np.array(info["zero_points"], np.int32)
        single = scales.size == 1
        return {
            "name": info["name"],
            "index": index,
            "shape": np.array(shape, np.int32),
            "shape_signature": np.array(shape if fixed else info["shape_signature"], np.int32),
            "dtype": dtype,
            "quantization": (float(scales[0]), int(zeros[0]) if zeros.size else 0) if single else (0.0, 0),
            "quantization_parameters": {
                "scales": scales,
                "zero_points": zeros,
                "quantized_dimension": info["quantized_dimension"],
                "block_size": 0,
            },
            "sparsity_parameters": {},
        }

    def _own_details(self, index: int) -> dict[str, Any]:
        return self._get_tensor_details(index, self._subgraph)

    def _check_subgraph(self, subgraph: int) -> None:
        count = self._model.subgraph_count()
        if not 0 <= subgraph < count:
            raise ValueError(f"subgraph_index is out of range: {subgraph} for the model, which has {count} subgraphs.")

    def num_subgraphs(self) -> int:
        """The number of subgraphs."""
        return self._model.subgraph_count()

    def get_tensor_details(self, subgraph_index: Any = 0) -> list[dict[str, Any]]:
        """The details of every tensor of the file, by index, as dicts.

        Args:
          subgraph_index: of which subgraph.

        Raises:
          ValueError: there is no such subgraph.
        """
        self._check_subgraph(subgraph_index)
        details = []
        for index in range(len(self._model.tensors(subgraph_index))):
            try:
                details.append(self._get_tensor_details(index, subgraph_index))
            except ValueError:
                pass  # a type without a name in NumPy: TensorFlow leaves it out, too
        return details

    def get_input_details(self) -> list[dict[str, Any]]:
        """The inputs' name, index, shape, shape_signature, dtype, quantization and parameters."""
        return [self._get_tensor_details(i, 0) for i in self._input_indices]

    def get_output_details(self) -> list[dict[str, Any]]:
        """The same of the outputs."""
        return [self._get_tensor_details(i, 0) for i in self._model.outputs(0)]

    def _get_op_details(self, op_index: Any) -> dict[str, Any]:
        name, inputs, outputs = self._model.ops(0)[op_index]
        return {
            "index": int(op_index),
            "op_name": name,
            "inputs": np.array(inputs, np.int32),
            "outputs": np.array(outputs, np.int32),
            "operand_types": [self._get_tensor_details(i, 0)["dtype"] for i in inputs if i != -1],
            "result_types": [self._get_tensor_details(i, 0)["dtype"] for i in outputs if i != -1],
        }

    def _get_ops_details(self) -> list[dict[str, Any]]:
        return [self._get_op_details(i) for i in range(len(self._model.ops(0)))]

    def _get_full_signature_list(self) -> dict[str, dict[str, dict[str, int]]]:
        return {key: {"inputs": dict(sorted(inputs.items())), "outputs": dict(sorted(outputs.items()))}
                for key, _, inputs, outputs in self._model.signatures()}

    def _signature_subgraph(self, signature_key: str) -> int:
        return next(subgraph for key, subgraph, _, _ in self._model.signatures() if key == signature_key)

    def get_signature_list(self) -> dict[str, dict[str, list[str]]]:
        """The signatures' input and output names, by key."""
        return {key: {"inputs": list(names["inputs"]), "outputs": list(names["outputs"])}
                for key, names in self._get_full_signature_list().items()}

    def get_signature_runner(self, signature_key: Optional[str] = None) -> SignatureRunner:
        """A function of the inputs by name.

        Args:
          signature_key: of which signature; None for the only one.

        Raises:
          ValueError: there is no such signature, or there are several to choose from.
        """
        if signature_key is None:
            signatures = self._get_full_signature_list()
            if len(signatures) != 1:
                raise ValueError("SignatureDef signature_key is None and model has {0} Signatures. "
                                 "None is only allowed when the model has 1 SignatureDef".format(len(signatures)))
            signature_key = next(iter(signatures))
        return SignatureRunner(interpreter=self, signature_key=signature_key)

    def reset_all_variables(self) -> None:
        """Sets the model's variables back to what they begin with: zeros, or what the file gives them."""
        if not self._native.allocated:
            raise RuntimeError("no memory is allocated: call allocate_tensors()")
        self._native.reset_variables()

    def _native_handle(self) -> NoReturn:
        raise NotImplementedError("there is no tflite::Interpreter inside litesmith's")


def _type_name(name: str) -> str:
    return name.upper()


def _references(entry: list[Any]) -> int:
    """How many references there are to the memory in ``entry``; arrays over it hold one each."""
    return sys.getrefcount(entry[0])
