"""Streaming networks, whose variables outlive a run: esphome's wake words, against LiteRT."""

import os
import pathlib
import tempfile

import numpy as np
import pytest

import compare
import judge
import ours

DATA = pathlib.Path(os.environ.get("LITESMITH_TEST_DATA", ours.ROOT / "../shared/data"))
WORDS = sorted((DATA / "models/esphome+micro-wake-word-models").rglob("*.tflite"))
STEPS = 100


def run(path, samples, arithmetic, *options):
    with tempfile.TemporaryDirectory() as folder:
        x, y = pathlib.Path(folder) / "x.npy", pathlib.Path(folder) / "y.npy"
        np.save(x, samples)
        ours.call("run", path, "--input", x, "--output", y, "--arithmetic", arithmetic, *options)
        return np.load(y)


def sequence(rng, path):
    detail = judge.interpreter(path.read_bytes(), "reference").get_input_details()[0]
    shape = detail["shape"]
    return rng.integers(-128, 128, [STEPS * shape[0], *shape[1:]]).astype(detail["dtype"])


@pytest.mark.parametrize("arithmetic", ["reference", "builtin", "litert"])
@pytest.mark.parametrize("path", WORDS, ids=lambda p: p.name)
def test_a_sequence(path, arithmetic):
    samples = sequence(np.random.default_rng(1), path)
    theirs = judge.run(path.read_bytes(), [samples], arithmetic)[0]
    assert len(np.unique(theirs)) >= 3, "the sequence shows nothing"
    compare.integers(run(path, samples, arithmetic, "--stateful"), theirs, path.name)


@pytest.mark.parametrize("path", WORDS, ids=lambda p: p.name)
def test_samples_without_a_past(path):
    samples = sequence(np.random.default_rng(2), path)
    batch = judge.interpreter(path.read_bytes(), "litert").get_input_details()[0]["shape"][0]
    theirs = [judge.run(path.read_bytes(), [samples[i:i + batch]], "litert")[0]
              for i in range(0, len(samples), batch)]
    compare.integers(run(path, samples, "litert"), np.concatenate(theirs), path.name)
