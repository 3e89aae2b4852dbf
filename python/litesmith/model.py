"""Models: opened, looked at, saved."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Optional, Union

import numpy as np

from . import _native, errors
from ._samples import Array, to_dtype

ModelLike = Union["Model", str, "os.PathLike[str]", bytes]


@dataclass(frozen=True, eq=False)
class Tensor:
    """One tensor of a model, as LiteRT's interpreter reports it.

    ``scales`` (float32) and ``zero_points`` (int64) have one element, one a channel along ``quantized_dimension``,
    or none; real numbers are ``scale * (stored - zero_point)``.

    >>> import litesmith
    >>> kernel = litesmith.load("examples/wake_word/wake_word.keras").tensors[1]
    >>> kernel.shape, kernel.data.dtype, kernel.dequantized().shape
    ((32, 3, 3, 1), dtype('float32'), (32, 3, 3, 1))
    """

    index: int
    name: str
    dtype: np.dtype[Any]
    type_name: str  #: "int8"; also of types that NumPy lacks ("int4")
    shape: tuple[int, ...]
    shape_signature: tuple[int, ...]  #: the shape with -1 where a dimension is free
    scales: Array
    zero_points: Array
    quantized_dimension: int
    is_constant: bool
    is_variable: bool
    _model: _native.Model = field(repr=False)
    _subgraph: int = field(repr=False)

    @property
    def data(self) -> Optional[Array]:
        """The elements of a constant, of the tensor's shape and dtype; None for other tensors.

        A read-only view of the model's own memory. Types that NumPy lacks (int4) come as bytes, packed as they are, and
        a constant that is stored sparse as the elements that are stored, in one row.
        """
        if not self.is_constant:
            return None
        raw = self._model.constant(self.index, self._subgraph)
        if self.type_name in ("int4", "int2", "uint4", "string", "resource", "variant"):
            return raw  # packed: the bytes as they are
        elements = raw.view(self.dtype)
        return elements.reshape(self.shape) if elements.size == math.prod(self.shape) else elements

    def dequantized(self) -> Optional[Array]:
        """The constant as real numbers, float32, shaped as the tensor; None for other tensors.

        Raises:
          DataError: it is stored sparse, with a scale for each channel.
        """
        data = self.data
        if data is not None and data.ndim != len(self.shape) and self.scales.size > 1:
            raise errors.DataError(f"tensor {self.index} is stored sparse: its elements do not tell their channels")
        if data is None or self.scales.size == 0:
            return None if data is None else data.astype(np.float32)
        along = [1] * data.ndim
        if self.scales.size > 1:
            along[self.quantized_dimension] = self.scales.size
        scales = self.scales.astype(np.float64).reshape(along if self.scales.size > 1 else ())
        zeros = self.zero_points.astype(np.float64)
        zeros = zeros.reshape(along if zeros.size > 1 else ()) if zeros.size else np.zeros(())
        result: Array = (scales * (data.astype(np.float64) - zeros)).astype(np.float32)
        return result


@dataclass(frozen=True)
class Op:
    """One operator of a model's graph; inputs and outputs are tensor indices, -1 for one left out.

    >>> import litesmith
    >>> litesmith.load("examples/wake_word/wake_word.keras").graph[0].name
    'CONV_2D'
    """

    index: int
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


class Model:
    """A trained network or a LiteRT file. Immutable; made by :func:`load` and :func:`quantize`.

    A trained network (``.keras``, ``.h5``) shows its graph as the float LiteRT file that it becomes.

    >>> import litesmith
    >>> model = litesmith.load("examples/wake_word/wake_word.keras")
    >>> [op.name for op in model.graph][:2]
    ['CONV_2D', 'MAX_POOL_2D']
    >>> model.inputs[0].shape, model.outputs[0].shape, model.inputs[0] is model.tensors[0]
    ((1, 50, 13, 1), (1, 2), True)
    >>> model.source, model.is_tflite, len(model.subgraph_tensors(0)) == len(model.tensors)
    ('wake_word.keras', False, True)
    >>> list(model.signatures["serving_default"]["inputs"])
    ['input_layer']
    >>> import tempfile, os
    >>> path = os.path.join(tempfile.mkdtemp(), "float.tflite")
    >>> model.save(path)
    >>> open(path, "rb").read() == model.to_bytes()
    True
    >>> model.summary().splitlines()[0]
    'wake_word.keras'
    """

    def __init__(self, native: _native.Model) -> None:
        self._native = native

    @property
    def source(self) -> str:
        """The name of the file it came from."""
        return self._native.source

    @property
    def is_tflite(self) -> bool:
        """True for the content of a ``.tflite`` file, False for a trained network not yet converted."""
        return self._native.is_tflite

    @cached_property
    def tensors(self) -> tuple[Tensor, ...]:
        """All tensors of the main graph, by their index in the file."""
        return self.subgraph_tensors(0)

    def subgraph_tensors(self, subgraph: int) -> tuple[Tensor, ...]:
        """All tensors of one subgraph, by their index.

        Args:
          subgraph: its number; 0 is the main graph.

        Raises:
          UsageError: there is no such subgraph.
        """
        return tuple(
            Tensor(index=info["index"], name=info["name"], dtype=to_dtype(info["dtype"]),
                   type_name=info["dtype"], shape=tuple(info["shape"]),
                   shape_signature=tuple(info["shape_signature"]),
                   scales=np.array(info["scales"], np.float32),
                   zero_points=np.array(info["zero_points"], np.int64),
                   quantized_dimension=info["quantized_dimension"], is_constant=info["is_constant"],
                   is_variable=info["is_variable"], _model=self._native, _subgraph=subgraph)
            for info in self._native.tensors(subgraph))

    @cached_property
    def graph(self) -> tuple[Op, ...]:
        """The operators of the main graph, in the order they run."""
        return tuple(Op(index, name, tuple(inputs), tuple(outputs))
                     for index, (name, inputs, outputs) in enumerate(self._native.ops(0)))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The input tensors."""
        return tuple(self.tensors[i] for i in self._native.inputs(0))

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """The output tensors."""
        return tuple(self.tensors[i] for i in self._native.outputs(0))

    @property
    def signatures(self) -> dict[str, dict[str, dict[str, int]]]:
        """Signatures by key: ``{"serving_default": {"inputs": {name: tensor}, "outputs": ...}}``."""
        return {key: {"inputs": dict(inputs), "outputs": dict(outputs)}
                for key, _, inputs, outputs in self._native.signatures()}

    def to_bytes(self) -> bytes:
        """The bytes of the ``.tflite`` file."""
        return self._native.bytes()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the ``.tflite`` file, whole or not at all.

        Args:
          path: the file to write; one that is there is replaced.

        Raises:
          FileError: it cannot be written.
        """
        self._native.save(os.fspath(path))

    def summary(self, weights: bool = False) -> str:
        """What ``litesmith inspect`` prints: operators, shapes, bytes, quantization.

        Args:
          weights: also what each constant holds.

        Raises:
          UnsupportedOpError: the file holds what litesmith has no place for.
        """
        return _native.inspect(self._native, weights)[0]

    def __repr__(self) -> str:
        kind = "LiteRT file" if self.is_tflite else "trained network"
        return f"<litesmith.Model '{self.source}': {kind}>"


def load(path: str | os.PathLike[str] | bytes, *, sequence_input: Optional[Literal["ncl", "nlc"]] = None,
         keep_nchw_input: bool = False, dimensions: Optional[Mapping[str, int]] = None) -> Model:
    """Opens a ``.keras``, ``.h5``, ``.onnx`` or ``.tflite`` file, or the bytes of one. A file is mapped, not read.

    An ONNX model may leave open how its inputs lie in the LiteRT file, or how large they are; the keywords say it,
    and :func:`quantize`, :func:`optimize` and the others take the Model.

    Args:
      path: of the file, or its content as bytes.
      sequence_input: ONNX: how a ``[batch, channels, length]`` input is to lie in the LiteRT file: "ncl" (as it is)
        or "nlc" (``[batch, length, channels]``, which is fastest). Required where such an input is convolved.
      keep_nchw_input: ONNX: images stay ``[batch, channels, height, width]`` at inputs and outputs.
      dimensions: ONNX: sizes of dimensions without one, by their names in the file; one without a name is
        ``"<input>:<axis>"``.

    Returns:
      The Model. Its tensors have the file's shapes and dtypes.

    Raises:
      FileError: the file cannot be read.
      ModelFormatError: its bytes are not what its format says.
      UnsupportedOpError: a layer cannot be imported; all that stand in the way are named.
      ValueError: ``sequence_input`` is no layout.

    >>> import litesmith
    >>> litesmith.load("examples/wake_word/wake_word.keras")
    <litesmith.Model 'wake_word.keras': trained network>
    """
    if sequence_input not in (None, "ncl", "nlc"):
        raise ValueError(f"sequence_input is 'ncl' or 'nlc', not {sequence_input!r}")
    sizes = list((dimensions or {}).items())
    if isinstance(path, (bytes, bytearray, memoryview)):
        return Model(_native.load_bytes(bytes(path), "the model's bytes", sequence_input, keep_nchw_input, sizes))
    return Model(_native.load(os.fspath(path), sequence_input, keep_nchw_input, sizes))


def native_of(model: Any) -> _native.Model:
    """The extension's model of anything that is one: a Model, a path, bytes, a live Keras model."""
    if isinstance(model, Model):
        return model._native
    if isinstance(model, (str, os.PathLike, bytes, bytearray, memoryview)):
        return load(bytes(model) if isinstance(model, (bytearray, memoryview)) else model)._native
    if hasattr(model, "to_json") and hasattr(model, "layers"):
        from ._keras import from_live_model

        return from_live_model(model)._native
    raise TypeError(f"a model, a path or bytes are expected, not {type(model).__name__}")


def subgraph_of(native: _native.Model, signature: Optional[str]) -> int:
    """The number of the signature's subgraph; None is the main one's. Raises UsageError when there is none such."""
    if signature is None:
        return 0
    known = {key: subgraph for key, subgraph, _, _ in native.signatures()}
    if signature not in known:
        raise errors.UsageError(f"there is no signature '{signature}'; the file has {list(known)}")
    return known[signature]


def input_names(native: _native.Model, signature: Optional[str] = None) -> list[str]:
    """What users call the inputs, in their order: by the signature where there is one."""
    running = subgraph_of(native, signature)
    tensors = native.tensors(running)
    by_tensor: dict[int, str] = {}
    for key, subgraph, inputs, _ in native.signatures():
        if subgraph == running and signature in (None, key):
            by_tensor.update({tensor: name for name, tensor in inputs.items()})
    return [by_tensor.get(i, tensors[i]["name"]) for i in native.inputs(running)]
