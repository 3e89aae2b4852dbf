"""What the documentation shows runs."""

import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from conftest import EXAMPLE, ROOT


def test_the_example_script_runs(tmp_path):
    result = subprocess.run([sys.executable, str(EXAMPLE / "wake_word.py"), str(tmp_path / "out")], check=True,
                            capture_output=True, text=True)
    assert "int16x8" in result.stdout and "right" in result.stdout
    assert (tmp_path / "out" / "wake_word.int8.tflite").exists()


def test_the_notebooks_cells_run(tmp_path, monkeypatch):
    for name in ("wake_word.keras", "calibration_features.npy", "test_features.npy", "test_labels.npy"):
        shutil.copy(EXAMPLE / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((EXAMPLE / "wake_word.ipynb").read_text())
    names = {}
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 4
    for cell in cells:
        exec(cell, names)
    assert "<table>" in names["report"]._repr_html_()


@pytest.mark.parametrize("page", ["README.md", "docs/python.md", "docs/index.md"])
def test_the_pages_samples_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLE / "wake_word.keras", tmp_path / "wake_word.keras")
    shutil.copy(EXAMPLE / "wake_word.keras", tmp_path / "model.keras")
    for names, source in ((("c.npy", "calibration.npy"), "calibration_features.npy"),
                          (("x.npy", "test_features.npy"), "test_features.npy"),
                          (("y.npy", "test_labels.npy"), "test_labels.npy")):
        for name in names:
            np.save(name, np.load(EXAMPLE / source))
    blocks = re.findall(r"(?m)(?:^    .*\n)+", (ROOT / page).read_text())
    samples = [block for block in blocks if "import litesmith\n" in block]
    assert samples
    for sample in samples:
        exec(re.sub(r"(?m)^    ", "", sample), {})
