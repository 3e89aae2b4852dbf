"""TFLite Micro as the judge (the wheel of tflm-requirements.txt), where it can be installed.

It lives in an environment and in processes of its own: files that it does not check may end it.
"""

import functools
import json
import pathlib
import subprocess
import tempfile

import numpy as np
import pytest

import ours

FOLDER = pathlib.Path(__file__).resolve().parent
ARENA = 60_000_000  # bytes; what the files of the data need at most, with one exception


@functools.cache
def python():
    """The interpreter that has tflite_micro, or None."""
    done = subprocess.run([str(ours.ROOT / "scripts/judges.sh"), str(FOLDER / "tflm-requirements.txt")],
                          capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def jobs(work):
    """The worker's result for each job (tflm_worker.py), in order."""
    if python() is None:
        pytest.skip("no test data at PyPI: tflite_micro could not be installed")
    done = subprocess.run([python(), str(FOLDER / "tflm_worker.py")], input=json.dumps(work),
                          capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def load(paths):
    """What TFLite Micro makes of each file, run once on zeros."""
    return jobs([{"model": str(path), "arena": ARENA} for path in paths])


def run(model, inputs, output_count=1, reset=True):
    """The outputs for arrays that hold one sample a row, each of the shape of the file's input."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = folder / "model.tflite"
        path.write_bytes(model)
        np.savez(folder / "in.npz", **{str(i): array for i, array in enumerate(inputs)})
        result, = jobs([{"model": str(path), "arena": ARENA, "inputs": str(folder / "in.npz"),
                         "outputs": str(folder / "out.npz"), "output_count": output_count,
                         "reset": reset}])
        if result["status"] != "ran":
            raise RuntimeError(f"TFLite Micro {result['status']}: {result['message']}")
        made = np.load(folder / "out.npz")
        return [made[str(i)] for i in range(output_count)]
