"""Every .tflite and LiteRT .bin of the data: run here and in LiteRT, with the same result.

all_files.tsv keeps the files that are refused, by whom and with which words: a file that is on the
list must be refused so, and one that is not must run. Shapes and places that a file takes as inputs
are drawn at random, too; some of those on the list are refused for what was drawn.
"""

import os
import pathlib
import tempfile

import numpy as np
import pytest

import compare
import judge
import ours

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(os.environ.get("LITESMITH_TEST_DATA", ours.ROOT / "../shared/data")) / "models"
FILES = sorted(str(path.relative_to(DATA)) for ending in ("*.tflite", "*.bin")
               for path in DATA.rglob(ending))

# Where floats differ by more than 1e-5 of the largest value, and why.
TOLERANCES = {}


def refusals():
    """(file, who) -> words; `who` is LiteRT, LiteRT/<arithmetic> where one alone refuses, litesmith, or
    `large` for a file that runs and takes gigabytes: it is only planned here."""
    table = {}
    for line in (HERE / "all_files.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            who, file, words = line.split("\t")
            table[file, who] = words
    return table


REFUSALS = refusals()


# What integers are drawn from, where 0 and 1 would not do.
PLACES = {"simple_floor_mod.tflite": (1, 9), "simple_scatter_nd_op.tflite": (0, 1)}


def sample(rng, detail, name):
    """Whatever an input may hold; integers are small, since they may be places."""
    shape, dtype = [int(n) for n in detail["shape"]], detail["dtype"]
    if dtype == np.bytes_:
        return rng.choice(np.array(["", "a", "b\u00e9c"]), shape).astype(np.str_)
    if dtype == np.bool_:
        return rng.random(shape) < 0.5
    if np.issubdtype(dtype, np.floating):
        return rng.normal(0, 1, shape).astype(dtype)
    if dtype in (np.int8, np.uint8, np.int16):
        limits = np.iinfo(dtype)
        if "rsqrt" in name:
            return rng.integers(1, limits.max, shape).astype(dtype)
        return rng.integers(limits.min, limits.max + 1, shape).astype(dtype)
    return rng.integers(*PLACES.get(name, (0, 2)), shape).astype(dtype)


def theirs(path, arithmetic):
    """LiteRT's outputs with the samples that it was given."""
    rng = np.random.default_rng(len(path.name))
    runner = judge.interpreter(path.read_bytes(), arithmetic)
    samples = [sample(rng, detail, path.name) for detail in runner.get_input_details()]
    for detail, values in zip(runner.get_input_details(), samples):
        runner.set_tensor(detail["index"],
                          np.char.encode(values, "utf-8") if values.dtype.kind == "U" else values)
    runner.invoke()
    return samples, [runner.get_tensor(detail["index"]).copy()
                     for detail in runner.get_output_details()]


def mine(path, arithmetic, samples):
    """The outputs of `litesmith run`, or what it said."""
    batches = {values.shape[0] if values.ndim else None for values in samples}
    if len(batches) != 1 or batches == {None} or 0 in batches:
        samples = [values[np.newaxis] for values in samples]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        given = []
        if samples:
            np.savez(folder / "x.npz", *samples)
            given = ["--input", folder / "x.npz"]
        done = ours.call("run", path, *given, "--output", folder / "y.npz", "--arithmetic",
                         arithmetic, check=False)
        if done.returncode != 0:
            return done.stderr
        made = np.load(folder / "y.npz")
        return [made[name] for name in made.files]


@pytest.mark.parametrize("arithmetic", ["litert", "reference"])
@pytest.mark.parametrize("file", FILES)
def test_file(file, arithmetic):
    path = DATA / file
    words = REFUSALS.get((file, "LiteRT"), REFUSALS.get((file, f"LiteRT/{arithmetic}")))
    if words is not None:
        if words == "crashes":  # and the process with it
            return
        with pytest.raises((RuntimeError, ValueError)) as error:
            theirs(path, arithmetic)
        return compare.equal(words in " ".join(str(error.value).split()), True,
                             f"{error.value} instead of {words}")
    if (file, "large") in REFUSALS:
        return compare.equal(ours.call("inspect", path).returncode, 0, file)
    words = REFUSALS.get((file, "litesmith"))
    if words is not None:
        said = mine(path, arithmetic, [])  # what cannot be read is not worth samples
        if words not in said:
            said = mine(path, arithmetic, theirs(path, arithmetic)[0])
        return compare.equal(isinstance(said, str) and words in said, True, f"{said}: not {words}")
    samples, wanted = theirs(path, arithmetic)
    made = mine(path, arithmetic, samples)
    assert not isinstance(made, str), made
    assert len(made) == len(wanted)
    for a, b in zip(made, wanted):
        if b.dtype == object:
            compare.equal(a.ravel().tolist(), b.ravel().tolist(), file)
        else:
            compare.tensors([a.reshape(b.shape)], [b], TOLERANCES.get(path.name, 1e-5), file)
