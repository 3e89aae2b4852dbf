"""What the tests of the Python package share: the example's files, and the two ways to say tf."""

import gc
import os
import pathlib

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples" / "wake_word"


def growth(work, first, rounds):
    """How many bytes of memory ``rounds`` calls leave behind, after ``first`` that fill what is kept on purpose."""

    def resident():
        gc.collect()
        return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    for _ in range(first):
        work()
    before = resident()
    for _ in range(rounds):
        work()
    return resident() - before


def judge():
    """TensorFlow, or a skip where it is missing (a failure where CI=true)."""
    if os.environ.get("CI") == "true":
        import tensorflow
    else:
        tensorflow = pytest.importorskip("tensorflow")
    return tensorflow


@pytest.fixture(scope="session")
def tensorflow():
    return judge()


@pytest.fixture(scope="session")
def model_path():
    return str(EXAMPLE / "wake_word.keras")


@pytest.fixture(scope="session")
def calibration():
    return np.load(EXAMPLE / "calibration_features.npy")


@pytest.fixture(scope="session")
def features():
    return np.load(EXAMPLE / "test_features.npy")


@pytest.fixture(scope="session")
def labels():
    return np.load(EXAMPLE / "test_labels.npy")


@pytest.fixture(scope="session")
def files(tmp_path_factory, model_path, calibration):
    """The example's file in each mode, by mode."""
    import litesmith

    folder = tmp_path_factory.mktemp("files")
    result = {}
    for mode in ("float32", "dynamic_range", "int8", "float16", "int16x8"):
        io = "uint8" if mode == "int8" else "float32"
        made = litesmith.quantize(model_path, mode, calibration if mode.startswith("int") else None, input_type=io,
                                  output_type=io)
        result[mode] = str(folder / f"{mode}.tflite")
        made.save(result[mode])
    return result
