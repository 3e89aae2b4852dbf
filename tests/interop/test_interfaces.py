"""Files with an unusual face: inputs of one number, of text, or none at all, against LiteRT."""

import os
import pathlib

import numpy as np
import pytest

import judge
import ours

DATA = pathlib.Path(os.environ.get("LITESMITH_TEST_DATA", ours.ROOT / "../shared/data"))
LITERT = DATA / "models/google-ai-edge+LiteRT"
RUNS = 3


def find(name):
    return next(LITERT.rglob(name))


def made(path, folder, arithmetic, inputs):
    """The outputs of `litesmith run`, an array an output, runs first."""
    names_in, names_out = ours.tensor_names(path.read_bytes())
    given = []
    if inputs:
        np.savez(folder / "x.npz", **dict(zip(names_in, inputs, strict=True)))
        given = ["--input", folder / "x.npz"]
    ours.call("run", path, *given, "--output", folder / "y.npz", "--arithmetic", arithmetic)
    outputs = np.load(folder / "y.npz")
    return [outputs[name] for name in names_out]


def judged(path, arithmetic, inputs):
    """The same of LiteRT, called once a row of the inputs."""
    runner = judge.interpreter(path.read_bytes(), arithmetic)
    outputs = [[] for _ in runner.get_output_details()]
    for run in range(len(inputs[0]) if inputs else 1):
        for detail, rows in zip(runner.get_input_details(), inputs):
            runner.set_tensor(detail["index"], np.asarray(rows[run]))
        runner.invoke()
        for rows, detail in zip(outputs, runner.get_output_details()):
            rows.append(runner.get_tensor(detail["index"]).copy())
    return [np.stack(rows) for rows in outputs]


def words(rng, shape):
    """Texts of up to nine letters, the empty one among them."""
    letters = np.array(list("abcdefgh\u00e9\u20ac"))
    return np.array(["".join(rng.choice(letters, rng.integers(0, 10))) for _ in range(int(np.prod(shape)))],
                    dtype=np.str_).reshape(shape)


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("name", ["multi_signature_def.bin", "call_once_mul.bin"])
def test_numbers_alone(name, arithmetic, tmp_path):
    rng = np.random.default_rng(1)
    path = find(name)
    count = len(judge.interpreter(path.read_bytes(), arithmetic).get_input_details())
    inputs = [rng.normal(size=RUNS).astype(np.float32) for _ in range(count)]
    # A variable would keep what the sample before left; here every sample begins anew.
    theirs = [np.concatenate(rows) for rows in
              zip(*[judged(path, arithmetic, [x[i:i + 1] for x in inputs]) for i in range(RUNS)])]
    for ours_, theirs_ in zip(made(path, tmp_path, arithmetic, inputs), theirs, strict=True):
        assert np.array_equal(ours_, theirs_), name


@pytest.mark.parametrize("name", ["string_input_model.bin", "string_input_model_with_signature.bin"])
def test_text(name, tmp_path):
    path = find(name)
    text = words(np.random.default_rng(2), (RUNS, 1, 3))
    theirs = judged(path, "litert", [text.astype(object)])[0]
    # One sample a run: the file's first dimension is its batch of one.
    mine = made(path, tmp_path, "litert", [text.reshape(RUNS, 3)])[0]
    assert mine.tolist() == theirs.reshape(mine.shape).tolist()


def test_text_by_index(tmp_path):
    path = find("gather_string.tflite")
    rng = np.random.default_rng(3)
    details = judge.interpreter(path.read_bytes(), "litert").get_input_details()
    text = words(rng, (RUNS, *details[0]["shape"]))
    places = rng.integers(0, details[0]["shape"][0], (RUNS, *details[1]["shape"])).astype(np.int64)
    theirs = judged(path, "litert", [text.astype(object), places])[0]
    mine = made(path, tmp_path, "litert", [text, places])[0]
    assert mine.tolist() == theirs.reshape(mine.shape).tolist()


def test_no_inputs(tmp_path):
    path = find("2_subgraphs.bin")
    assert made(path, tmp_path, "litert", []) == []
    done = ours.call("run", find("call_once_mul.bin"), "--output", tmp_path / "y.npy", check=False)
    assert done.returncode != 0 and "the model has 1 inputs: give --input" in done.stderr
