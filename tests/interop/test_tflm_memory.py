"""The memory that `litesmith inspect` tells of against TFLite Micro's own count."""

import json

import compare
import ours
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
