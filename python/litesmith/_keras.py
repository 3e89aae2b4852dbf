"""Keras models that live in memory: read through the archive that Keras itself writes."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from . import _native
from .model import Model


def from_live_model(model: Any) -> Model:
    """A Keras 3 or tf_keras model as a litesmith Model. Any backend; TensorFlow is not needed."""
    if not getattr(model, "built", True):
        raise ValueError(f"the model '{model.name}' has no shapes yet: call it on data or give it an Input")
    with tempfile.TemporaryDirectory(prefix="litesmith-") as folder:
        path = os.path.join(folder, f"{model.name}.keras")
        model.save(path)
        with open(path, "rb") as file:
            return Model(_native.load_bytes(file.read(), f"{model.name}.keras"))
