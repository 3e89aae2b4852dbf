"""Networks that tfmot trained with quantization: int8 by the ranges they have learned.

The network, and the int8 file that TensorFlow's converter made of it, were written once by
tests/fixtures/keras/make_fixtures.py; tfmot is not among the judges.
"""

import pathlib
import zipfile

import numpy as np
import pytest

import compare
import judge
import ours
from parameters import SCALE_TOLERANCE_FOLDED
from structure import Comparison, File

FOLDER = ours.ROOT / "tests/fixtures/keras/tfmot-0.8.1"
THEIRS = FOLDER / "quantized_residual.int8.tflite"
KINDS = ("keras", "h5")


@pytest.fixture(params=KINDS)
def model(request, tmp_path):
    return extracted(request.param, tmp_path)


def extracted(kind, folder):
    with zipfile.ZipFile(FOLDER / "quantized_residual.zip") as archive:
        return pathlib.Path(archive.extract(f"model.{kind}", folder))


def samples(count=16):
    return np.random.default_rng(1).normal(0.3, 1, (count, 8, 8, 3)).astype(np.float32)


class Trained(Comparison):
    """Bit for bit, but for the scales of kernels into which a batch norm was folded (parameters.py
    says why their last bits differ), and for names, which TF-Keras gave."""

    def tensors(self, where, ours, theirs):
        if "FusedBatchNorm" in where and theirs.data is not None and theirs.scale:
            apart = np.abs(np.array(ours.scale) / np.array(theirs.scale) - 1).max()
            if apart <= SCALE_TOLERANCE_FOLDED:
                ours.scale = theirs.scale
        return super().tensors(where, ours, theirs)

    def run(self):
        return [each for each in super().run() if ": name '" not in each and not each.startswith("ops [")]


def test_every_parameter_is_the_one_in_tensorflow_s_file(model):
    made, theirs = File(ours.convert(model, "int8")), File(THEIRS.read_bytes())
    assert len(theirs.ops) == 14 and theirs.op_names().count("QUANTIZE") == 2
    for op in made.ops:
        if op.options.get("axis", 0) < 0:
            op.options["axis"] += len(op.outputs[0].shape)
    compare.equal(Trained(made, theirs).run(), [], model.name)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_the_file_runs_as_in_LiteRT(model, arithmetic):
    made = ours.convert(model, "int8", "--input-type", "int8", "--output-type", "int8")
    codes = np.random.default_rng(2).integers(-128, 128, (64, 8, 8, 3)).astype(np.int8)
    compare.integers(ours.run(made, [codes], arithmetic)[0], judge.run(made, [codes], arithmetic)[0],
                     f"{model.name} {arithmetic}")


def test_what_calibration_measures_changes_nothing_that_was_learned(model, tmp_path):
    np.save(tmp_path / "x.npy", samples())
    without = ours.convert(model, "int8")
    compare.equal(ours.convert(model, "int8", "--calibrate", tmp_path / "x.npy"), without, model.name)


def test_other_modes_ask_for_samples_as_ever(model, tmp_path):
    done = ours.call("convert", model, "--mode", "int16x8", "-o", tmp_path / "y.tflite", check=False)
    assert done.returncode != 0 and "give --calibrate" in done.stderr
    np.save(tmp_path / "x.npy", samples())
    ranged = ours.convert(model, "int16x8", "--calibrate", tmp_path / "x.npy")
    assert "INT16" in {each.dtype for each in File(ranged).tensors}


def test_it_is_said_where_the_ranges_come_from(model, tmp_path):
    said = "the scales of 6 weight tensors are those that quantization-aware training has learned"
    done = ours.call("convert", model, "--mode", "int8", "-o", tmp_path / "y.tflite")
    assert said in done.stdout, done.stdout
    done = ours.call("optimize", model, "--out", tmp_path / "out", "--no-latency")
    assert said in done.stdout, done.stdout
    assert "int16x8 needs representative samples" in done.stdout, done.stdout
    written = {path.name for path in (tmp_path / "out").glob("*.tflite")}
    assert written == {f"model.{mode}.tflite" for mode in ("float32", "dynamic_range", "int8", "float16")}
