"""float16 and dynamic range files as input, and the types of an integer file's inputs and outputs."""

import json

import numpy as np
import pytest

import compare
import conversions
import judge
import ours
from conversions import INTEGER_TYPES
from structure import File, differences


def convert(tmp_path, model, *options):
    """The file of `litesmith convert` and what it said."""
    (tmp_path / "in.tflite").write_bytes(model)
    said = ours.call("convert", tmp_path / "in.tflite", "-o", tmp_path / "out.tflite", *options)
    return (tmp_path / "out.tflite").read_bytes(), said.stdout + said.stderr


@pytest.mark.parametrize("mode, words", [("float16", "weights are float16"),
                                         ("dynamic_range", "weights are integers")])
def test_weights_are_taken_back_to_float(mode, words, tmp_path):
    """The float file computes what LiteRT computes with the weights that are left."""
    case = conversions.wake_word()
    light = case.theirs(mode)
    made, said = convert(tmp_path, light, "--mode", "float32")
    assert words in said and "taken back to float" in said
    file = File(made)
    assert {t.dtype for t in file.tensors} <= {"FLOAT32", "INT32"}
    assert not any(t.scale for t in file.tensors) and "DEQUANTIZE" not in file.op_names()
    samples = case.test[:20].astype(np.float32)
    wanted, = judge.run(light, [samples], "reference")
    got, = judge.run(made, [samples], "reference")
    # float16: the same numbers; dynamic range: its kernels round activations, too.
    compare.floats(got, wanted, 1e-5 if mode == "float16" else 0.05, mode)


@pytest.mark.parametrize("mode", ["float16", "dynamic_range"])
def test_they_can_be_quantized(mode, tmp_path):
    case = conversions.wake_word()
    np.save(tmp_path / "x.npy", case.calibration)
    made, said = convert(tmp_path, case.theirs(mode), "--mode", "int8", "--calibrate", tmp_path / "x.npy",
                         "--calibrate-samples", 0)
    assert "taken back to float" in said
    direct = case.ours("int8")
    samples = case.test.astype(np.float32)
    a, = judge.run(made, [samples], "reference")
    b, = judge.run(direct, [samples], "reference")
    agree = np.mean(a.reshape(len(samples), -1).argmax(1) == b.reshape(len(samples), -1).argmax(1))
    assert agree > 0.97, f"{agree:.3f} of the answers are those of the file made from the float model"


TYPES = ["float32", "int8", "uint8"]


@pytest.mark.parametrize("before", TYPES)
@pytest.mark.parametrize("after", TYPES)
def test_file_types_are_those_of_tensorflow(before, after, tmp_path):
    """The file with other types is TensorFlow's with these types."""
    case = conversions.wake_word()
    made, _ = convert(tmp_path, case.theirs("int8", (before, before)), "--mode", "int8",
                      "--input-type", after, "--output-type", after)
    compare.equal(differences(File(made), File(case.theirs("int8", (after, after)))), [], f"{before} {after}")


def test_an_integer_file_is_not_quantized_again(tmp_path):
    (tmp_path / "in.tflite").write_bytes(conversions.wake_word().theirs("int8", INTEGER_TYPES["int8"]))
    for mode in ("int8", "int16x8", "float16", "dynamic_range", "float32"):
        done = ours.call("convert", tmp_path / "in.tflite", "-o", tmp_path / "out.tflite", "--mode", mode,
                         check=False)
        compare.equal(done.returncode, 5, mode)
        assert "already quantized" in done.stderr and "--input-type" in done.stderr, done.stderr


def optimized(tmp_path, model, *options, check=True):
    """What `litesmith optimize` printed (as JSON), and its folder, with the wake word's data."""
    case = conversions.wake_word()
    (tmp_path / "in.tflite").write_bytes(model)
    for name in ("calibration", "test", "labels"):
        np.save(tmp_path / f"{name}.npy", getattr(case, name))
    done = ours.call("optimize", tmp_path / "in.tflite", "--calibrate", tmp_path / "calibration.npy",
                     "--calibrate-samples", 0, "--evaluate", tmp_path / "test.npy", "--labels",
                     tmp_path / "labels.npy", "--no-latency", "--json", "--out", tmp_path / "out", *options, check=check)
    return done, tmp_path / "out"


@pytest.mark.parametrize("mode, words", [("float16", "weights are float16"),
                                         ("dynamic_range", "weights are integers")])
def test_optimize_makes_what_convert_makes(mode, words, tmp_path):
    """All five files, byte for byte, and the table: what was taken back, and how right the files are."""
    case = conversions.wake_word()
    light = case.theirs(mode)
    done, folder = optimized(tmp_path, light, "--io", "uint8")
    report = json.loads(done.stdout)
    assert [each for each in report["warnings"] if words in each and "taken back to float" in each], report["warnings"]
    samples = case.test.astype(np.float32)
    theirs, = judge.run(light, [samples], "litert")
    right = int(np.sum(theirs.reshape(len(samples), -1).argmax(1) == case.labels))
    for row in report["modes"]:
        options = ["--input-type", "uint8", "--output-type", "uint8"] if row["mode"] == "int8" else []
        direct, _ = convert(tmp_path, light, "--mode", row["mode"], "--calibrate", tmp_path / "calibration.npy",
                            "--calibrate-samples", 0, *options)
        compare.equal((folder / row["file"]).read_bytes() == direct, True, f"{mode} to {row['mode']}: bytes")
        # The weights have lost what they have lost; what is made of them loses no more.
        compare.at_least(row["correct"], right - len(samples) // 100, f"{mode} to {row['mode']}: right answers")
    compare.equal([row["mode"] for row in report["modes"]],
                  ["float32", "dynamic_range", "int8", "float16", "int16x8"], "modes")


def test_optimize_refuses_an_integer_file(tmp_path):
    done, folder = optimized(tmp_path, conversions.wake_word().theirs("int8", INTEGER_TYPES["int8"]), check=False)
    compare.equal(done.returncode, 5, "exit code")
    assert "already quantized" in done.stderr and not folder.exists(), done.stderr
