"""Keras models that live in memory: read from their configuration and their weights."""

from __future__ import annotations

import importlib
import json
import os
import re
import tempfile
from typing import Any

import numpy as np

from . import _native
from ._samples import Array
from .model import Model


def from_live_model(model: Any) -> Model:
    """A Keras 3 or tf_keras model as a litesmith Model. Any backend; TensorFlow is not needed.

    Nothing is written, and the model's later training changes nothing of the result. Only a model with layers that
    hold weights in layers of their own passes through a temporary file, which Keras writes.
    """
    if not getattr(model, "built", True):
        raise ValueError(f"the model '{model.name}' has no shapes yet: call it on data or give it an Input")
    keras = _keras_of(model)
    weights = {} if keras is None else _weights(model, "")
    if keras is None or len(weights) != len(model.weights):
        return _through_a_file(model)
    config = json.dumps(keras.saving.serialize_keras_object(model))
    arrays = [(path, array.dtype.name, array.shape, array.reshape(-1).view(np.uint8))
              for path, array in weights.items()]
    return Model(_native.load_keras(config, arrays, int(keras.__version__.split(".")[0]), model.name))


def _keras_of(model: Any) -> Any:
    """The Keras a model is of: the module keras or tf_keras; None for a relative of theirs."""
    for each in type(model).__mro__:
        root = each.__module__.split(".")[0]
        if root in ("keras", "tf_keras"):
            return importlib.import_module(root)
    return None


def _snake_case(name: str) -> str:
    """What Keras calls the weights of a class: "Conv2DTranspose" is "conv2d_transpose"."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _weights(model: Any, prefix: str) -> dict[str, Array]:
    """Copies of the weights, by the paths that Keras's archives give them (docs/keras.md)."""
    found: dict[str, Array] = {}
    seen: dict[str, int] = {}
    for layer in model.layers:
        name = _snake_case(type(layer).__name__)
        seen[name] = seen.get(name, -1) + 1
        path = f"{prefix}layers/{name}" + (f"_{seen[name]}" if seen[name] else "")
        if hasattr(layer, "layers"):
            found.update(_weights(layer, path + "/"))
            continue
        store: dict[str, Any] = {}
        layer.save_own_variables(store)
        for key, value in store.items():
            found[f"{path}/vars/{key}"] = _as_array(value)
    return found


def _as_array(value: Any) -> Array:
    """A copy; real numbers of any width as float32."""
    array = np.array(value.numpy() if hasattr(value, "numpy") else value)
    kind = np.float32 if array.dtype.kind == "f" or array.dtype.name == "bfloat16" else array.dtype
    return np.ascontiguousarray(array, kind).reshape(array.shape)


def _through_a_file(model: Any) -> Model:
    with tempfile.TemporaryDirectory(prefix="litesmith-") as folder:
        path = os.path.join(folder, f"{model.name}.keras")
        model.save(path)
        with open(path, "rb") as file:
            return Model(_native.load_bytes(file.read(), f"{model.name}.keras"))
