"""`litesmith benchmark` runs the judges' own shared libraries. No time is judged."""

import importlib.metadata
import json
import os
import pathlib
import sys

import numpy as np
import pytest

import ours
from test_example_single_op import max_pool


def judges_first():
    """An environment whose python3 is the one that runs this."""
    folder = str(pathlib.Path(sys.executable).parent)
    return {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


def measured(model, peer, *options):
    done = ours.call("benchmark", model, "--against", peer, "--rounds", "2", "--json", *options,
                     env=judges_first())
    figures = json.loads(done.stdout)
    [found] = figures["peers"]
    assert found["name"] == peer
    assert found["latency_us"]["median"] > 0
    assert len(found["ratios"]) == 2 and min(found["ratios"]) > 0
    return found


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(max_pool(seed=1)[0])
    return path


def test_litert_is_found_in_its_wheel(model):
    assert measured(model, "litert")["version"] == importlib.metadata.version("ai-edge-litert")


def test_litert_runs_a_file_with_an_open_batch(tmp_path):
    path = tmp_path / "wake_word.tflite"
    ours.call("convert", ours.ROOT / "examples/wake_word/wake_word.keras", "-o", path,
              "--mode", "float32")
    measured(path, "litert")


def test_onnxruntime_says_why_it_refuses_a_file(tmp_path, model):
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(model.read_bytes())
    done = ours.call("benchmark", model, "--against", "onnxruntime", "--onnx", broken, check=False,
                     env=judges_first())
    assert done.returncode == 5
    assert "ONNX Runtime does not run" in done.stderr


def test_onnxruntime_is_found_in_its_wheel(tmp_path, model):
    onnx = pytest.importorskip("onnx")
    helper = onnx.helper
    weights = onnx.numpy_helper.from_array(np.ones((4, 8), np.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], "dense",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["batch", 8])], [weights])
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9),
              path)
    found = measured(model, "onnxruntime", "--onnx", path)
    assert found["version"] == importlib.metadata.version("onnxruntime")
