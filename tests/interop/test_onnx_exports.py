"""Networks as PyTorch exports them (tests/fixtures/pytorch, made once by export.py): float against ONNX
Runtime and PyTorch's own answers, then all five modes of `litesmith optimize`."""

import functools
import pathlib
import tempfile

import numpy as np
import onnx
import pytest

import compare
import judge
import ours
from onnx_judge import onnxruntime_run

FOLDER = ours.ROOT / "tests/fixtures/pytorch"
NAMES = sorted(path.stem for path in FOLDER.glob("*.onnx"))
# Recurrent and attention networks multiply roundings: 1e-4, the others 1e-5 of the largest value.
LOOSE = ("lstm", "gru", "rnn", "transformer")
# What the modes lose on random weights, of the largest float answer, rounded up from what was seen.
LOSS = {"float16": 0.01, "dynamic_range": 0.1, "int8": 0.2, "int16x8": 0.02}


def options(name):
    return ["--sequence-input", "nlc"] if name == "audio" else []


def channels_last(x):
    return np.moveaxis(x, 1, -1) if x.ndim == 4 else x


def given(name):
    """The export's inputs as the LiteRT file takes them, and PyTorch's answers as it gives them."""
    stored = np.load(FOLDER / f"{name}.npz")
    x, y = stored["x"], stored["y"]
    return x.transpose(0, 2, 1) if name == "audio" else channels_last(x), channels_last(y)


@functools.cache
def optimized(name):
    """The folder with the five files, calibrated on made-up inputs."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="litesmith-"))
    x, _ = given(name)
    np.save(folder / "calibration.npy",
            np.random.default_rng(1).standard_normal((64, *x.shape[1:])).astype(np.float32))
    ours.call("optimize", FOLDER / f"{name}.onnx", *options(name), "--calibrate", folder / "calibration.npy",
              "--io", "float32", "--no-latency", "--out", folder / "out")
    return folder / "out"


def file(name, mode):
    return (optimized(name) / f"{name}.{mode}.tflite").read_bytes()


def answers(run, name, model, x):
    """LiteRT's LSTM keeps its state from run to run: every sequence meets a new interpreter."""
    parts = np.split(x, len(x)) if name.startswith("lstm") else [x]
    return np.concatenate([run(model, [part], "litert")[0] for part in parts])


def test_there_are_exports():
    assert len(NAMES) >= 13
    for name in NAMES:
        compare.at_least(100_000, (FOLDER / f"{name}.onnx").stat().st_size, f"{name}: bytes")


@pytest.mark.parametrize("name", NAMES)
def test_float_equals_onnx_runtime_and_pytorch(name):
    tolerance = 1e-4 if name.startswith(LOOSE) else 1e-5
    x, y = given(name)
    made = answers(judge.run, name, file(name, "float32"), x)
    theirs = onnxruntime_run(onnx.load(FOLDER / f"{name}.onnx"), {"x": np.load(FOLDER / f"{name}.npz")["x"]})["y"]
    compare.floats(made, channels_last(theirs), tolerance, f"{name} ONNX Runtime")
    compare.floats(made, y, tolerance, f"{name} PyTorch")


@pytest.mark.parametrize("mode", LOSS)
@pytest.mark.parametrize("name", NAMES)
def test_every_mode_runs_and_is_near(name, mode):
    x, y = given(name)
    made = answers(judge.run, name, file(name, mode), x)
    compare.floats(made, y, LOSS[mode], f"{name} {mode}")


@pytest.mark.parametrize("mode", ["int8", "int16x8"])
@pytest.mark.parametrize("name", NAMES)
def test_integer_files_run_as_in_litert(name, mode):
    """With integer inputs and outputs, where the whole network is integers, bit for bit."""
    x, _ = given(name)
    model = file(name, mode)
    mine, theirs = answers(ours.run, name, model, x), answers(judge.run, name, model, x)
    compare.floats(mine, theirs, 1e-5, f"{name} {mode}")
