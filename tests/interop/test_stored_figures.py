"""Accuracy of other people's networks on other people's data, as measured elsewhere.

The figures are TFLite Micro's with its reference kernels; where LiteRT's reference resolver counts
otherwise, the judge has the last word and litesmith must give its answers.
"""

import gzip
import json

import numpy as np
import pytest

import compare
import judge
import ours

IMAGES = "mlperf_tiny/image_classification"
KEYWORDS = "mlperf_tiny/kws"
MNIST = "models/google-ai-edge+ai-edge-quantizer"


def images(data):
    pixels = np.load(data / IMAGES / "images_uint8.npy")
    return pixels, np.load(data / IMAGES / "labels.npy")


def keywords(data):
    return np.load(data / KEYWORDS / "features.npy"), np.load(data / KEYWORDS / "labels.npy")


def digits(data):
    def read(name, offset):
        with gzip.open(data / "mnist" / name) as file:
            return np.frombuffer(file.read(), np.uint8, offset=offset)
    return (read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1),
            read("t10k-labels-idx1-ubyte.gz", 8).astype(np.int64))


def find(data, folder, name):
    found = sorted((data / folder).rglob(name))
    assert found, f"no {name} under {folder}"
    return found[0]


def correct(model, samples, labels, tmp_path, arithmetic):
    """What `litesmith evaluate` counts as right."""
    np.save(tmp_path / "x.npy", samples)
    np.save(tmp_path / "y.npy", labels)
    said = json.loads(ours.call("evaluate", model, "--data", tmp_path / "x.npy", "--labels",
                                tmp_path / "y.npy", "--arithmetic", arithmetic, "--json").stdout)
    compare.equal(said["n"], len(labels), "samples")
    return said["correct"]


def judged(model, samples, labels, arithmetic):
    """What LiteRT gets right, samples in the file's own type."""
    data = model.read_bytes()
    return int((judge.run(data, [samples], arithmetic)[0].reshape(len(labels), -1).argmax(1)
                == labels).sum())


def check(model, samples, labels, stored, arithmetic, tmp_path):
    """The program scores what LiteRT scores, and with its reference kernels the stored figure."""
    right = correct(model, samples, labels, tmp_path, arithmetic)
    compare.equal(right, judged(model, samples, labels, arithmetic), f"{model.name} {arithmetic}")
    if arithmetic == "reference":
        compare.equal(right, stored, f"{model.name}: the stored figure")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_resnet8_on_cifar_images(data, arithmetic, tmp_path):
    pixels, labels = images(data)
    for name, samples, stored in (
            ("pretrainedResnet.tflite", pixels.astype(np.float32), 439),
            ("pretrainedResnet_quant.tflite", (pixels.astype(np.int16) - 128).astype(np.int8), 441)):
        model = data / IMAGES / name
        check(model, samples, labels, stored, arithmetic, tmp_path)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_keyword_spotters(data, arithmetic, tmp_path):
    features, labels = keywords(data)
    integers = np.load(data / KEYWORDS / "features_int8.npy")
    for name, samples, stored in (("kws_saved_model_variables.tflite", features, 915),
                                  ("kws_ref_model.tflite", integers, 901)):
        model = data / KEYWORDS / name
        check(model, samples, labels, stored, arithmetic, tmp_path)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_mnist(data, arithmetic, tmp_path):
    pixels, labels = digits(data)
    for name, samples, stored in (
            ("conv_fc_mnist.tflite", pixels.astype(np.float32) / 255, 9652),
            ("conv_fc_mnist_srq_a8w8.tflite", (pixels.astype(np.int16) - 128).astype(np.int8), 9584)):
        model = find(data, MNIST, name)
        check(model, samples, labels, stored, arithmetic, tmp_path)
