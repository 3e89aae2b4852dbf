"""Evaluation, judged end to end: the figures of results.json against LiteRT's outputs and NumPy.

The five files of the example are made once; LiteRT runs each as its file says, and everything that
results.json claims is counted again here.
"""

import gzip
import json
import math

import numpy as np
import pytest

import compare
import judge
import ours

EXAMPLE = ours.ROOT / "examples/wake_word"
MODES = ("float32", "dynamic_range", "int8", "float16", "int16x8")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("optimize")
    ours.call("optimize", EXAMPLE / "wake_word.keras", "--calibrate",
              EXAMPLE / "calibration_features.npy", "--evaluate", EXAMPLE / "test_features.npy",
              "--labels", EXAMPLE / "test_labels.npy", "--io", "uint8", "--explain-cast",
              "--threshold", "0.9", "--out", folder)
    results = json.loads((folder / "results.json").read_text())
    return folder, {mode["mode"]: mode for mode in results["modes"]}


def scores(folder, entry, cast=False):
    """LiteRT's scores for the test features, in and out with the file's own scale and zero point."""
    model = (folder / entry["file"]).read_bytes()
    runner = judge.interpreter(model, "litert")
    source, target = runner.get_input_details()[0], runner.get_output_details()[0]
    x = np.load(EXAMPLE / "test_features.npy")
    if source["dtype"] != np.float32:
        scale, zero_point = source["quantization"]
        info = np.iinfo(source["dtype"])
        # As reference/quantize.h: divided in float, halves away from zero.
        steps = x / np.float32(scale)
        steps = np.trunc(steps + np.copysign(np.float32(0.5), steps))
        with np.errstate(invalid="ignore"):
            x = x.astype(source["dtype"]) if cast else \
                np.clip(steps + zero_point, info.min, info.max).astype(source["dtype"])
    y, = judge.run(model, [x], "litert")
    if target["dtype"] != np.float32:
        scale, zero_point = target["quantization"]
        y = np.float32(scale) * (y.astype(np.float32) - zero_point)
    return y


@pytest.fixture(scope="module")
def judged(made):
    folder, entries = made
    return {mode: scores(folder, entries[mode]) for mode in MODES}


def labels():
    return np.load(EXAMPLE / "test_labels.npy")


@pytest.mark.parametrize("mode", MODES)
def test_accuracy_is_what_litert_makes_of_the_file(made, judged, mode):
    entry, y = made[1][mode], labels()
    top = judged[mode].argmax(axis=1)
    # Dynamic range and float sums may differ in the last bit, and so one sample in a thousand.
    room = 0 if mode in ("int8", "int16x8") else len(y) // 1000
    compare.equal(entry["n"], len(y), "n")
    assert abs(entry["correct"] - int((top == y).sum())) <= room
    compare.equal(entry["accuracy"], entry["correct"] / len(y), "accuracy")
    if room == 0:
        matrix = np.zeros((2, 2), int)
        np.add.at(matrix, (y, top), 1)
        compare.equal(entry["confusion"], matrix.tolist(), "confusion")
        for c, figures in enumerate(entry["classes"]):
            assert figures["recall"] == pytest.approx(matrix[c, c] / matrix[c].sum())
            assert figures["precision"] == pytest.approx(matrix[c, c] / matrix[:, c].sum())


@pytest.mark.parametrize("mode", ("int8", "int16x8"))
def test_lost_gained_and_agreement_are_counted_right(made, judged, mode):
    entry, y = made[1][mode], labels()
    base, top = judged["float32"].argmax(axis=1), judged[mode].argmax(axis=1)
    compare.equal(entry["lost"], int(((base == y) & (top != y)).sum()), "lost")
    compare.equal(entry["gained"], int(((base != y) & (top == y)).sum()), "gained")
    compare.equal(entry["agreement"], float((base == top).mean()), "agreement")


@pytest.mark.parametrize("mode", ("int8", "int16x8"))
def test_misses_and_false_accepts_are_counted_right(made, judged, mode):
    detection, y = made[1][mode]["detection"], labels()
    accepted = judged[mode][:, 1] > 0.9
    compare.equal(detection["misses"], int((~accepted & (y == 1)).sum()), "misses")
    compare.equal(detection["false_accepts"], int((accepted & (y == 0)).sum()), "false accepts")
    compare.equal((detection["positives"], detection["negatives"]),
                  (int((y == 1).sum()), int((y == 0).sum())), "positives, negatives")


def test_the_cast_is_numpys(made):
    folder, entries = made
    cast = entries["int8"]["cast"]
    top = scores(folder, entries["int8"], cast=True).argmax(axis=1)
    compare.equal(cast["correct"], int((top == labels()).sum()), "cast")


def test_intervals_are_wilsons(made):
    for entry in made[1].values():
        n, p, z = entry["n"], entry["accuracy"], 1.959963984540054
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        assert entry["interval"] == pytest.approx([centre - half, centre + half], abs=1e-12)


# Figures that the benchmark's own data was measured to give (shared/data/README.md: TFLite Micro's
# reference kernels); LiteRT itself is asked for the exact number.
PUBLIC = {
    "kws int8": ("mlperf_tiny/kws/kws_ref_model.tflite", "mlperf_tiny/kws/features.npy",
                 "mlperf_tiny/kws/labels.npy", 901),
    "kws float": ("mlperf_tiny/kws/kws_saved_model_variables.tflite",
                  "mlperf_tiny/kws/features.npy", "mlperf_tiny/kws/labels.npy", 915),
    "images int8": ("mlperf_tiny/image_classification/pretrainedResnet_quant.tflite",
                    "mlperf_tiny/image_classification/images_uint8.npy",
                    "mlperf_tiny/image_classification/labels.npy", 441),
    "images float": ("mlperf_tiny/image_classification/pretrainedResnet.tflite",
                     "mlperf_tiny/image_classification/images_uint8.npy",
                     "mlperf_tiny/image_classification/labels.npy", 439),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_models_score_what_was_measured(data, name):
    model, features, answers, correct = PUBLIC[name]
    said = ours.call("evaluate", data / model, "--data", data / features, "--labels", data / answers,
                     "--arithmetic", "reference", "--no-latency", "--json")
    compare.equal(json.loads(said.stdout)["correct"], correct, name)


MNIST = {
    "conv_fc_mnist.tflite": (lambda x: (x / np.float32(255)), 9652),
    "conv_fc_mnist_srq_a8w8.tflite": (lambda x: (x.astype(np.int16) - 128).astype(np.int8), 9584),
}


def idx(data, kind):
    return gzip.decompress((data / f"mnist/t10k-{kind}-idx{3 if kind == 'images' else 1}-ubyte.gz").read_bytes())


@pytest.mark.parametrize("name", MNIST)
def test_mnist_scores_what_was_measured(data, tmp_path, name):
    found = sorted((data / "models").rglob(name))
    if not found:
        pytest.skip(f"no test data at {data}: {name}")
    prepare, correct = MNIST[name]
    images = np.frombuffer(idx(data, "images"), np.uint8, offset=16)
    answers = np.frombuffer(idx(data, "labels"), np.uint8, offset=8)
    np.save(tmp_path / "x.npy", prepare(images.reshape(-1, 28, 28, 1)))
    np.save(tmp_path / "y.npy", answers)
    said = ours.call("evaluate", found[0], "--data", tmp_path / "x.npy", "--labels",
                     tmp_path / "y.npy", "--arithmetic", "reference", "--no-latency", "--json")
    compare.equal(json.loads(said.stdout)["correct"], correct, name)
