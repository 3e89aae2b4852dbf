"""``tf.keras``: the installed Keras, or enough of one to load a model and convert it."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import types
import zipfile
from typing import Any

import numpy as np

from .._samples import Array
from ..interpreter import Interpreter
from ..model import Model, load


def keras() -> types.ModuleType:
    """Keras 3 with the backend there is, else the stand-in."""
    if "keras" not in sys.modules and "KERAS_BACKEND" not in os.environ:
        if importlib.util.find_spec("tensorflow") is None:
            for backend in ("jax", "torch"):
                if importlib.util.find_spec(backend) is not None:
                    os.environ["KERAS_BACKEND"] = backend
                    break
    if importlib.util.find_spec("keras") is not None:
        try:
            return importlib.import_module("keras")
        except ImportError:
            pass  # no backend: nothing can be trained here, but a model can be converted
    return _stand_in()


class Layer:
    """A layer of a loaded model: its name, class and configuration.

    >>> from litesmith.tf._keras import Layer
    >>> Layer({"class_name": "Dense", "config": {"name": "dense", "units": 2}}).get_config()["units"]
    2
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self.class_name: str = config["class_name"]
        self._config: dict[str, Any] = config.get("config", {})
        self.name: str = self._config.get("name", config.get("name", ""))

    def get_config(self) -> dict[str, Any]:
        """What Keras saved of the layer."""
        return self._config

    def __repr__(self) -> str:
        return f"<{self.class_name} name={self.name}>"


class LoadedModel:
    """A trained Keras model without Keras: it can be shown, run and converted, not trained.

    Args:
      path: of a ``.keras`` or ``.h5`` file.

    Raises:
      LitesmithError: the file cannot be read or imported.

    >>> import numpy as np
    >>> from litesmith.tf._keras import load_model
    >>> model = load_model("examples/wake_word/wake_word.keras")
    >>> model.layers[1], len(model.get_weights()), model.predict(np.zeros((2, 50, 13, 1), np.float32)).shape
    (<Conv2D name=conv2d>, 6, (2, 2))
    >>> model.summary()  # doctest: +ELLIPSIS
    wake_word.keras
    ...
    """

    def __init__(self, path: str) -> None:
        self._litesmith_model: Model = load(path)
        self._path = path
        self.name = os.path.splitext(os.path.basename(path))[0]

    @property
    def layers(self) -> list[Layer]:
        """The layers of a ``.keras`` file, in its order."""
        if not zipfile.is_zipfile(self._path):
            raise NotImplementedError("the layers of an .h5 file need Keras; a .keras file has them here")
        with zipfile.ZipFile(self._path) as archive:
            config = json.loads(archive.read("config.json"))
        return [Layer(each) for each in config["config"].get("layers", [])]

    def summary(self) -> None:
        """Prints what the model is made of."""
        print(self._litesmith_model.summary())

    def get_weights(self) -> list[Array]:
        """The trained numbers, float32, with the shapes that the LiteRT file will give them: kernels have their output
        channel first."""
        return [np.array(tensor.data) for tensor in self._litesmith_model.tensors
                if tensor.data is not None and tensor.type_name == "float32"]

    def predict(self, x: Any, batch_size: Any = None, verbose: Any = "auto", steps: Any = None,
                callbacks: Any = None) -> Any:
        """The outputs for every sample, float32 ``[N, ...]``.

        Args:
          x: samples ``[N, ...]``.
          batch_size, verbose: without effect on the result.
          steps, callbacks: refused.

        Raises:
          DataError: the samples do not fit the model.
          NotImplementedError: what is refused is given.
        """
        if steps is not None or callbacks is not None:
            raise NotImplementedError("predict() takes arrays; steps and callbacks need Keras")
        return Interpreter(self._litesmith_model)(np.asarray(x))

    __call__ = predict


def load_model(filepath: Any, custom_objects: Any = None, compile: Any = True, safe_mode: Any = True) -> LoadedModel:
    """Loads a ``.keras`` or ``.h5`` file.

    Args:
      filepath: of the file.
      custom_objects: refused; they need Keras.
      compile, safe_mode: without effect: nothing is trained, and no code of the file is run.

    Raises:
      LitesmithError: the file cannot be read or imported.
      NotImplementedError: ``custom_objects`` are given.

    >>> from litesmith.tf._keras import load_model
    >>> load_model("examples/wake_word/wake_word.keras").name
    'wake_word'
    """
    if custom_objects:
        raise NotImplementedError("custom_objects need Keras: install it, or save the model without custom classes")
    return LoadedModel(os.fspath(filepath))


def pad_sequences(sequences: Any, maxlen: Any = None, dtype: Any = "int32", padding: Any = "pre",
                  truncating: Any = "pre", value: Any = 0.0) -> Array:
    """Sequences of different lengths as one array ``[N, maxlen, ...]``, cut or filled up.

    Args:
      sequences: lists or arrays, each ``[length, ...]``.
      maxlen: None: the longest one's.
      dtype: of the result.
      padding, truncating: "pre" or "post": where it is filled up and cut.
      value: to fill up with.

    Raises:
      ValueError: they are no sequences, or their shapes differ beyond the first dimension.

    >>> from litesmith.tf._keras import pad_sequences
    >>> pad_sequences([[1], [2, 3, 4]], maxlen=2, padding="post").tolist()
    [[1, 0], [3, 4]]
    """
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    try:
        lengths = [len(each) for each in sequences]
    except TypeError as error:
        raise ValueError("`sequences` must be a list of iterables. "
                         f"Found non-iterable: {sequences}") from error
    longest = max(lengths, default=0) if maxlen is None else maxlen
    sample_shape: tuple[int, ...] = next((np.asarray(each).shape[1:] for each in sequences if len(each)), ())
    if isinstance(value, str) and not np.issubdtype(np.dtype(dtype), np.str_) and dtype is not object:
        raise ValueError(f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\nYou should set "
                         "`dtype=object` for variable length strings.")
    result: Array = np.full((len(sequences), longest, *sample_shape), value, dtype=dtype)
    for row, sequence in zip(result, sequences):
        if not len(sequence):
            continue
        if truncating == "pre":
            cut = np.asarray(sequence[-longest:], dtype=dtype) if longest else np.asarray([], dtype=dtype)
        elif truncating == "post":
            cut = np.asarray(sequence[:longest], dtype=dtype)
        else:
            raise ValueError(f'Truncating type "{truncating}" not understood')
        if longest and cut.shape[1:] != sample_shape:
            raise ValueError(f"Shape of sample {cut.shape[1:]} of sequence at position is different from expected "
                             f"shape {sample_shape}")
        if padding == "post":
            row[:len(cut)] = cut
        elif padding == "pre":
            row[longest - len(cut):] = cut
        else:
            raise ValueError(f'Padding type "{padding}" not understood')
    return result


def _stand_in() -> types.ModuleType:
    """A module with the few names that are of use without Keras."""
    root = types.ModuleType("litesmith.tf.keras", "Enough of Keras to load a model and convert it.")

    def missing(name: str) -> Any:
        raise AttributeError(f"without Keras, tf.keras offers models.load_model, utils.pad_sequences and "
                             f"preprocessing.sequence.pad_sequences, not '{name}': pip install keras and a backend")

    setattr(root, "__getattr__", missing)
    setattr(root, "models", types.SimpleNamespace(load_model=load_model))
    setattr(root, "utils", types.SimpleNamespace(pad_sequences=pad_sequences))
    setattr(root, "preprocessing", types.SimpleNamespace(
        sequence=types.SimpleNamespace(pad_sequences=pad_sequences)))
    return root
