"""What the drop-in offers, found by walking it: a callable that is added later is judged without being listed."""

import inspect


def classes(tf):
    """The drop-in's classes with methods or constructors that take arguments, by path; enumerations take none."""
    lite, experimental = tf.lite, tf.lite.experimental
    return {
        "lite.TFLiteConverter": lite.TFLiteConverter,
        "lite.Interpreter": lite.Interpreter,
        "lite.RepresentativeDataset": lite.RepresentativeDataset,
        "lite.TargetSpec": lite.TargetSpec,
        "lite.experimental.Analyzer": experimental.Analyzer,
        "lite.experimental.QuantizationDebugger": experimental.QuantizationDebugger,
        "lite.experimental.QuantizationDebugOptions": experimental.QuantizationDebugOptions,
        "data.Dataset": tf.data.Dataset,
    }


# A dataset is made by from_tensor_slices and its like; its constructor is each program's own.
INNER = {"data.Dataset.__init__"}


def callables(tf):
    """Path and callable of all that can be called with the names of TensorFlow."""
    found = {}
    for path, cls in classes(tf).items():
        for name, member in vars(cls).items():
            public = not name.startswith("_") or name in ("__init__", "__call__")
            if public and not isinstance(member, property) and callable(getattr(cls, name)):
                found[f"{path}.{name}"] = getattr(cls, name)
    for module, prefix in ((tf, ""), (tf.lite, "lite."), (tf.lite.experimental, "lite.experimental.")):
        for name in module.__all__:
            if name == "keras":
                continue  # the installed Keras's own; the stand-in is judged beside it
            member = getattr(module, name)
            if inspect.isfunction(member):
                found[prefix + name] = member
    return {path: member for path, member in found.items() if path not in INNER}


def arguments(function):
    """The names of what can be given; of the instance itself there is no need to speak."""
    return [name for name in inspect.signature(function).parameters if name != "self"]
