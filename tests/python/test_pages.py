"""What docs/coming-from-tf-lite.md and docs/cli.md say is so: each row of the table gives one file in its three ways,
each example of the command line runs."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import litesmith
import litesmith.tf as tf
import numpy as np
import pytest

from conftest import EXAMPLE, ROOT

def rows():
    """The table's rows as (the converter's settings, the command's flags, the native call), a row that begins with
    "and" with what the last one before it that does not."""
    page = (ROOT / "docs" / "coming-from-tf-lite.md").read_text()
    table = page.split("## Converting, mode by mode")[1].split("## Running")[0]
    found, base = [], None
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|") or len(cells) != 3 or "---" in line or cells[0].startswith("the converter"):
            continue
        codes = [re.findall(r"`([^`]*)`", cell) for cell in cells]
        settings, flags, call = codes[0], codes[1][0], codes[2][0]
        if cells[0].startswith("and"):
            settings = base[0] + settings
            if not flags.startswith("--mode"):
                flags = f"{base[1]} {flags}"
        else:
            base = (settings, flags, call)
        found.append((settings, flags, call if call.startswith("litesmith.") else f"and {call}"))
    return found


ROWS = rows()


def command_line(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "litesmith", *arguments], check=True, capture_output=True, text=True,
                          **options)


def test_the_table_is_read():
    assert len(ROWS) == 9 and ROWS[0][0] == [] and "QuantizationDebugOptions" in ROWS[8][0][0]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[0][-1:])[:40])
def test_the_three_ways_give_one_file(row, tmp_path, monkeypatch, model_path, calibration):
    settings, flags, call = row
    monkeypatch.chdir(tmp_path)
    shutil.copy(model_path, "m.keras")
    np.save("c.npy", calibration)

    def gen():
        for sample in calibration:
            yield [sample[np.newaxis]]

    # A row about a detail is shown with int8, where it matters.
    if "--mode" not in flags and settings:
        settings = ["optimizations = [tf.lite.Optimize.DEFAULT]", "representative_dataset = gen", *settings]
        flags = f"--mode int8 --calibrate c.npy {flags}"
    if not call.startswith("litesmith."):
        call = f'litesmith.quantize(m, "int8", gen, {call.removeprefix("and ")})'
    if not flags.startswith("litesmith"):
        flags = f"litesmith convert m.keras -o m.tflite {flags}"

    converter = tf.lite.TFLiteConverter.from_keras_model("m.keras")
    options = [each for each in settings if "Options(" in each]
    for setting in settings:
        if setting not in options:
            exec(f"converter.{setting}", {"converter": converter, "tf": tf, "gen": gen})
    if options:
        debugger = tf.lite.experimental.QuantizationDebugger(
            converter=converter, debug_dataset=gen,
            debug_options=getattr(tf.lite.experimental, options[0].split("(")[0])(
                **eval("dict" + options[0].partition("Options")[2], {})))
        made = debugger.get_nondebug_quantized_model()
    else:
        made = converter.convert()
    command_line(*shlex.split(flags)[1:])
    with open("m.tflite", "rb") as file:
        assert file.read() == made
    native = eval(call, {"litesmith": litesmith, "m": "m.keras", "gen": gen})
    assert native.to_bytes() == made


def examples():
    page = (ROOT / "docs" / "cli.md").read_text()
    return re.findall(r"Example:\n\n    (litesmith .*)", page)


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.split()[1])
def test_the_examples_of_the_command_line_run(example, tmp_path, files):
    for name in ("wake_word.keras", "calibration_features.npy", "test_features.npy", "test_labels.npy"):
        shutil.copy(EXAMPLE / name, tmp_path)
    for mode, path in files.items():
        shutil.copy(path, tmp_path / f"wake_word.{mode}.tflite")
    (tmp_path / "docs").mkdir()
    command, _, target = example.partition(" > ")
    before = set(os.listdir(tmp_path))
    result = command_line(*shlex.split(command)[1:], cwd=tmp_path, env={**os.environ, "PATH": os.path.dirname(
        sys.executable) + os.pathsep + os.environ["PATH"]})
    assert result.stdout or set(os.listdir(tmp_path)) - before
    if target:
        assert result.stdout == (ROOT / target).read_text()
