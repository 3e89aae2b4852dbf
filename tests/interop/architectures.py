"""Whole networks of keras.applications, with seeded weights that make them answer.

Random weights alone make a network that gives every image nearly the same answer, on which no two
files could disagree. Here batch norms get the statistics of a batch, and the last layer is fitted
(ridge regression, in closed form) to tell ten classes of made-up images apart.
"""

import functools
import json
import pathlib
import tempfile

import numpy as np

import networks
import ours
from conversions import Conversion

CLASSES = 10
FITTED, CALIBRATION, TEST = 240, 32, 96  # samples


def _applications():
    import keras
    return keras.applications


# The smallest settings that keep every kind of block.
ALL = {
    "mobilenet": lambda: _applications().MobileNet((96, 96, 3), alpha=0.25, weights=None, classes=CLASSES),
    "mobilenet_v2": lambda: _applications().MobileNetV2((96, 96, 3), alpha=0.35, weights=None, classes=CLASSES),
    "mobilenet_v3_small": lambda: _applications().MobileNetV3Small((96, 96, 3), weights=None, classes=CLASSES),
    "efficientnet_b0": lambda: _applications().EfficientNetB0(input_shape=(64, 64, 3), weights=None, classes=CLASSES),
    "resnet50": lambda: _applications().ResNet50(input_shape=(64, 64, 3), weights=None, classes=CLASSES),
    "densenet121": lambda: _applications().DenseNet121(input_shape=(64, 64, 3), weights=None, classes=CLASSES),
}


class Architecture(Conversion):
    """A conversion whose network is exported once, for all of TensorFlow's files."""

    def __init__(self, name, network, model, calibration, test, labels, saved_model):
        super().__init__(name, network, model, calibration, test, labels)
        self.saved_model = saved_model

    def source(self):
        return self.saved_model

    @functools.cache
    def optimized(self):
        """The folder that one `litesmith optimize` fills, with all five files."""
        folder = pathlib.Path(self.folder.name)
        np.save(folder / "calibration.npy", self.calibration)
        ours.call("optimize", self.model, "--calibrate", folder / "calibration.npy", "--calibrate-samples", 0,
                  "--io", "float32", "--no-latency", "--out", folder / "out")
        return folder / "out"

    def ours(self, mode, types=("float32", "float32")):
        return (self.optimized() / f"{self.name}.{mode}.tflite").read_bytes()

    def answers(self):
        """What Keras answers to the test images."""
        return np.asarray(self.network(self.test, training=False))

    def answers_in_double(self):
        """What it would answer if it did not round to float32."""
        import keras
        config = json.loads(json.dumps(self.network.get_config()).replace('"float32"', '"float64"'))
        keras.backend.set_floatx("float64")
        try:
            exact = keras.Model.from_config(config)
            exact.set_weights([np.asarray(w, np.float64) for w in self.network.get_weights()])
            return np.asarray(exact(self.test.astype(np.float64), training=False))
        finally:
            keras.backend.set_floatx("float32")


def build(name):
    """The architecture of that name as an `Architecture`."""
    import keras
    keras.utils.clear_session()
    keras.utils.set_random_seed(len(name))
    network = ALL[name]()
    rng = np.random.default_rng(len(name))
    images, labels = _images(network.input_shape[1:], FITTED + CALIBRATION + TEST, rng)
    _settle_weights(network, images[:48], rng)
    _fit_last_layer(network, images[:FITTED], labels[:FITTED])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="litesmith-"))
    model = folder / f"{name}.keras"
    network.save(model)
    network = keras.saving.load_model(model)
    network.export(folder / "saved_model", verbose=False)
    rest = images[FITTED:]
    return Architecture(name, network, model, rest[:CALIBRATION], rest[CALIBRATION:],
                        labels[FITTED + CALIBRATION:], folder / "saved_model")


def _images(shape, count, rng):
    """Images of ten classes, each a pattern under noise, from 0 to 255 like photographs."""
    patterns = networks.samples(shape, CLASSES, rng)
    labels = rng.integers(0, CLASSES, count)
    mixed = patterns[labels] + 0.3 * networks.samples(shape, count, rng)
    return np.clip(mixed * 40 + 128, 0, 255).astype(np.float32), labels


def _settle_weights(network, images, rng):
    layers = network._flatten_layers(include_self=False, recursive=True)
    norms = []
    for layer in layers:
        if layer.__class__.__name__ == "BatchNormalization":
            norms.append(layer)
        elif getattr(layer, "bias", None) is not None:  # zeros would hide what becomes of them
            layer.bias.assign(rng.normal(0, 0.1, layer.bias.shape))
    for layer in norms:
        size = layer.moving_mean.shape[0]
        if layer.scale:
            layer.gamma.assign(rng.uniform(0.8, 1.2, size))
        layer.beta.assign(rng.normal(0, 0.2, size))
        layer.momentum = 0.0  # the statistics become the batch's
    network(images, training=True)
    for layer in norms:
        layer.momentum = 0.99


def _fit_last_layer(network, images, labels):
    import keras
    last = [layer for layer in network.layers if layer.weights][-1]
    features = keras.Model(network.input, last.input)
    made = np.asarray(features.predict(images, verbose=0), np.float64).reshape(len(images), -1)
    mean = made.mean(0)
    centered = made - mean
    wanted = 8 * (np.eye(CLASSES)[labels] - 1 / CLASSES)
    gram = centered @ centered.T
    gram += 1.0 * np.trace(gram) / len(gram) * np.eye(len(gram))
    kernel = centered.T @ np.linalg.solve(gram, wanted)
    last.set_weights([kernel.reshape(last.kernel.shape), -mean @ kernel])


def table(names):
    """The rows of docs/architectures.md."""
    import judge
    from structure import File
    from tensorflow_judge import MODES
    for name in names:
        case = build(name)
        keras = case.answers()
        exact = case.answers_in_double()
        largest = np.abs(exact).max()
        off = np.abs(keras - exact).max() / largest
        for mode in MODES:
            files = case.ours(mode), case.theirs(mode)
            sizes = [f"{len(file):,}" for file in files]
            ops = [len(File(file).ops) for file in files]
            made = [judge.run(file, [case.test], "litert", batch=len(case.test))[0] for file in files]
            if mode == "float32":
                said = [f"{np.abs(each - exact).max() / largest:.1e}" for each in made]
                said.append(f"Keras itself {off:.1e}")
            else:
                said = [f"{(each.argmax(1) == keras.argmax(1)).mean():.1%}" for each in made]
                said.append(f"{(made[0].argmax(1) == made[1].argmax(1)).mean():.1%}")
            print("|", " | ".join([name, mode, *sizes, *map(str, ops), *said]), "|", flush=True)


def apart(names):
    """The second table of docs/architectures.md: how far int8 files are from TensorFlow's."""
    import judge
    import tensorflow_judge
    for name in names:
        case = build(name)

        def answers(file, arithmetic="litert"):
            return judge.run(file, [case.test], arithmetic, batch=len(case.test))[0]  # noqa: B023

        theirs = answers(case.theirs("int8"))
        lost = np.abs(theirs - case.answers()).mean()
        ranges = tensorflow_judge.with_ranges_moved(case.calibrated("int8"), units=8, seed=0)
        made = [answers(case.ours("int8")), answers(tensorflow_judge.quantize_calibrated(ranges)),
                answers(case.theirs("int8"), "builtin")]
        said = [f"{np.abs(each - theirs).mean() / lost:.2f}" for each in made]
        print("|", " | ".join([name, *said]), "|", flush=True)


if __name__ == "__main__":
    import sys
    chosen = sys.argv[1:] or ALL
    table(chosen)
    apart(chosen)
