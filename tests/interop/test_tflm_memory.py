"""The memory that `litesmith inspect` tells of against TFLite Micro's own count."""

import json

import numpy as np
import pytest

import compare
import ours
import test_detection_postprocess
import tflm


def test_planned_bytes_are_those_of_tflite_micro(data):
    """The part that activations and scratch buffers share, of every file that the wheel runs.

    (What lasts differs between the wheel and an application's build by what the wheel records and
    can decompress; tests/unit/inspect/tflm_memory_test.cc holds that part to the wheel.)
    """
    paths = sorted(path for path in data.rglob("*") if path.suffix in (".tflite", ".bin"))
    predicted = 0
    wrong = []
    for path, taken in zip(paths, tflm.load(paths), strict=True):
        if taken["status"] != "ran":
            continue
        told = json.loads(ours.call("inspect", path, "--json").stdout)["tflm"]["bits64"]
        if "why_not" in told:
            continue
        predicted += 1
        compare.made += 1
        if told["planned_bytes"] != taken["head"]:
            wrong.append(f"{path.name}: {told['planned_bytes']}, TFLite Micro {taken['head']}")
        if not told["arena_used_bytes"] <= taken["total"] <= told["arena_used_bytes"] + 2048 + \
                told["persistent_bytes"]:
            wrong.append(f"{path.name}: {told}, TFLite Micro {taken}")
    assert not wrong, "\n".join(wrong)
    compare.at_least(predicted, 290, "files predicted")


@pytest.mark.parametrize("max_detections, boxes", [(10, 40), (60, 40)])
def test_detection_postprocess_asks_for_what_is_told(max_detections, boxes, tmp_path):
    """Which no file of the data has."""
    model, _ = test_detection_postprocess.network(np.random.default_rng(1), {"max_detections": max_detections}, boxes,
                                                  True, "float32")
    path = tmp_path / "model.tflite"
    path.write_bytes(model)
    told = json.loads(ours.call("inspect", path, "--json").stdout)["tflm"]["bits64"]
    taken, = tflm.load([path])
    compare.equal(told["planned_bytes"], taken["head"], f"{taken}")
    compare.at_least(taken["total"], told["arena_used_bytes"], "of the wheel, which records more")
