"""A network with TensorFlow's and litesmith's files of it, each made once a run."""

import functools
import pathlib
import tempfile

import numpy as np

import ours
import tensorflow_judge
from tensorflow_judge import MODES  # noqa: F401  (for the tests)

WAKE_WORD = ours.ROOT / "examples/wake_word"
# The int8 mode's file has the type that the demo uses; float files and int16x8 have none to choose.
INTEGER_TYPES = {"int8": ("uint8", "uint8")}


class Conversion:
    """`model` is the path of a .keras or .h5 file."""

    def __init__(self, name, network, model, calibration, test, labels=None):
        self.name = name
        self.network = network  # the Keras object
        self.model = model
        self.calibration = calibration
        self.test = test
        self.labels = labels
        self.folder = tempfile.TemporaryDirectory()

    @property
    def has_batch_norm(self):
        return any("BatchNorm" in layer.__class__.__name__ for layer in self.network.layers)

    def source(self):
        """What TensorFlow converts."""
        return self.network

    @functools.cache
    def theirs(self, mode, types=("float32", "float32")):
        """TensorFlow's file."""
        return tensorflow_judge.convert(self.source(), mode, self.calibration, *types)

    @functools.cache
    def calibrated(self, mode):
        """TensorFlow's float file with the ranges that its calibrator saw."""
        return tensorflow_judge.calibrated(self.source(), self.calibration, mode)

    @functools.cache
    def ours(self, mode, types=("float32", "float32")):
        """litesmith's file, from the same Keras file and its own calibration."""
        samples = pathlib.Path(self.folder.name) / "calibration.npy"
        if not samples.exists():
            np.save(samples, self.calibration)
        return ours.convert(self.model, mode, "--calibrate", samples, "--calibrate-samples", 0,
                            "--input-type", types[0], "--output-type", types[1])


@functools.cache
def wake_word():
    """The repository's example."""
    import keras
    load = lambda name: np.load(WAKE_WORD / f"{name}.npy")  # noqa: E731
    model = WAKE_WORD / "wake_word.keras"
    return Conversion("wake_word", keras.saving.load_model(model), model,
                      load("calibration_features"), load("test_features"), load("test_labels"))


@functools.cache
def built(name):
    """One of networks.py, saved and read back as a user's file is."""
    import keras
    import networks
    network, samples = networks.build(name)
    folder = tempfile.mkdtemp(prefix="litesmith-")
    model = pathlib.Path(folder) / f"{name}.keras"
    network.save(model)
    # As read back: names of tensors come from layers then, not from how many were made before.
    return Conversion(name, keras.saving.load_model(model), model, samples[:32], samples[32:])


@functools.cache
def mlperf_resnet8(data):
    """MLPerf Tiny's trained image classifier, a legacy .h5, with CIFAR-10 images."""
    import keras
    folder = data / "mlperf_tiny/image_classification"
    model = folder / "pretrainedResnet.h5"
    images = np.load(folder / "images_uint8.npy").astype(np.float32)
    labels = np.load(folder / "labels.npy")
    return Conversion("mlperf_resnet8", keras.saving.load_model(model, compile=False), model,
                      images[:100], images[100:], labels[100:])
