"""What litesmith knows about operators, as the developers' tool litesmith_op_table prints it."""

import json
import os
import pathlib
import subprocess
import tempfile

import ours


def _tool():
    named = os.environ.get("LITESMITH_BIN")
    build = pathlib.Path(named).parents[1] if named else ours.ROOT / "build/release"
    return build / "tests/tools/litesmith_op_table"


def built():
    return _tool().is_file()


def table():
    """One dict an op: code, name, options_tag, attributes, runtime_versions, quant."""
    done = subprocess.run([str(_tool())], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def describe(models):
    """For each file's bytes: the ops with version, runtime_version and inferred outputs.

    The result has `ops`, or `error` where litesmith refuses the file.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, model in enumerate(models):
            paths.append(pathlib.Path(folder) / f"{i}.tflite")
            paths[-1].write_bytes(model)
        done = subprocess.run([str(_tool()), *map(str, paths)], capture_output=True, text=True,
                              check=True)
        return json.loads(done.stdout)
