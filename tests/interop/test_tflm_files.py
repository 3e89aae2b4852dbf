"""Every .tflite and LiteRT .bin of the data that the wheel of TFLite Micro runs: `--arithmetic tflm` gives the same.

Integers are equal and floats within 1e-5 of the largest value, but for the files in DIFFERENT; files that litesmith
cannot run are in REFUSED, with its words. A file that leaves these lists, or should enter them, fails the test.
"""

import pathlib
import tempfile

import numpy as np

import compare
import ours
import test_recurrent
import tflm
from single_op import Network, unpack
from test_all_files import DATA, FILES, mine, sample
from test_tflm_arithmetic import TYPES

# file name -> why the results are not equal.
BUILDS = "TFLite Micro since autumn 2026 computes the ratio of scales in double (docs/numerics.md)"
DIFFERENT = {
    "add_quantized_int8.bin": "a tensor between int8 ones says it is float32; LiteRT and litesmith make types anew",
    **{f"leaky_relu{i}.tflite": BUILDS for i in (1, 3, 12, 18, 19, 21)},
}
# file name -> what litesmith says. LiteRT refuses all of them, too (all_files.tsv).
REFUSED = {
    "add_shared_tensors.bin": "makes 'input', which already has a value",
    "single_slice.tflite": "begin and size do not fit an input",
}
FLOOR = 200  # files that are compared, of the data as it is


def draw(path):
    """Samples for a file's inputs, or None where they are of no type or shape to draw."""
    try:
        graph = unpack(path.read_bytes()).subgraphs[0]
    except Exception:  # no model: nothing to run
        return None
    rng = np.random.default_rng(len(path.name))
    samples = []
    for index in graph.inputs if graph.inputs is not None else []:
        tensor = graph.tensors[int(index)]
        if tensor.type not in TYPES or tensor.shape is None or min(tensor.shape, default=1) < 1:
            return None
        samples.append(sample(rng, {"shape": tensor.shape, "dtype": TYPES[tensor.type]}, path.name))
    return samples, 0 if graph.outputs is None else len(graph.outputs)


def test_whole_files():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        work, drawn = [], []
        for i, file in enumerate(FILES):
            found = draw(DATA / file)
            if not found or not found[0]:
                continue
            np.savez(folder / f"{i}.npz", **{str(k): v[None] for k, v in enumerate(found[0])})
            work.append({"model": str(DATA / file), "arena": tflm.ARENA, "inputs": str(folder / f"{i}.npz"),
                         "outputs": str(folder / f"{i}.out.npz"), "output_count": found[1]})
            drawn.append((DATA / file, found[0], folder / f"{i}.out.npz"))
        different, refused, compared = {}, {}, 0
        for result, (path, samples, outputs) in zip(tflm.jobs(work), drawn):
            if result["status"] != "ran":
                continue
            theirs = np.load(outputs)
            made = mine(path, "tflm", samples)
            if isinstance(made, str):
                refused[path.name] = made
                continue
            compared += 1
            for i, array in enumerate(made):
                wanted = theirs[str(i)].reshape(array.shape)
                try:
                    compare.tensors([array], [wanted], 1e-5, path.name)
                except AssertionError as error:
                    different[path.name] = str(error)
    compare.equal(sorted(set(different) - set(DIFFERENT)), [], f"{different}")
    compare.equal(sorted(set(DIFFERENT) - set(different)), [], "files that are equal by now")
    compare.equal(sorted(name for name, said in refused.items() if REFUSED.get(name, "?") not in said), [],
                  f"{refused}")
    compare.equal(sorted(set(REFUSED) - set(refused)), [], "files that run by now")
    assert compared >= FLOOR, f"only {compared} files were compared"


def plain_layers(count, draw):
    """So many of the LSTM layers drawn, (name, model, samples), that have no coupled gates, peepholes, projection or
    layer normalization: TFLite Micro has no others."""
    found = 0
    while found < count:
        model, samples = draw()
        operands = unpack(model).subgraphs[0].operators[0].inputs
        if operands[1] < 0 or max(operands[11], operands[16], operands[21]) >= 0:
            continue
        yield f"layer {found}", model, samples
        found += 1


def test_lstm_layers():
    """Plain int8 layers, batch and time in both orders, the state kept from run to run."""
    rng = np.random.default_rng(6)
    for name, model, samples in plain_layers(12, lambda: test_recurrent.integer_layer(rng, True)):
        theirs, = tflm.run(model, [samples], reset=False)
        made = run_stateful(model, samples)
        compare.integers(made.ravel(), theirs.ravel(), name)


def test_lstm_layers_of_16_bits(tmp_path):
    """What `convert --mode int16x8 --target tflm` makes of plain layers, on inputs far beyond the calibration, too."""
    rng = np.random.default_rng(16)
    types = ["--input-type", "int16", "--output-type", "int16"]
    for name, model, samples in plain_layers(6, lambda: test_recurrent.float_layer(rng, True, False)):
        np.save(tmp_path / "x.npy", np.concatenate(list(samples)))
        made = ours.convert(model, "int16x8", "--target", "tflm", "--calibrate", tmp_path / "x.npy", *types)
        layer, = unpack(made).subgraphs[0].operators
        assert len(layer.inputs) == 24 and layer.intermediates is None
        codes = rng.integers(-32768, 32768, samples.shape).astype(np.int16)
        codes[::2] //= 8
        theirs, = tflm.run(made, [codes], reset=False)
        mine = run_stateful(made, codes)
        compare.integers(mine.ravel(), theirs.ravel(), name)


def test_lstm_of_16_bits_is_finer_than_of_8(tmp_path):
    """TFLite Micro's own float outputs of both files, and what lint says of the finer one."""
    rng = np.random.default_rng(2)
    net = Network()
    inputs = [net.input([1, 12, 8], "float32"), *[None] * 23]

    def weights(*shape):
        """Such that int8 takes nothing from them."""
        codes = rng.integers(-127, 128, shape)
        codes[0, 0] = 127
        return net.constant((codes / 254).astype(np.float32))

    for gate in range(4):
        inputs[1 + gate], inputs[5 + gate] = weights(10, 8), weights(10, 10)
        inputs[12 + gate] = net.constant(test_recurrent.weights(rng, [10]))
    inputs[18:20] = [net.variable([1, 10], "float32") for _ in range(2)]
    model = net.finish([net.op("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [1, 12, 10], "float32", activation="TANH")])
    samples = rng.normal(0, 1, [40, 1, 12, 8]).astype(np.float32)
    np.save(tmp_path / "x.npy", samples.reshape(40, 12, 8))
    wanted, = tflm.run(model, [samples])
    errors = {}
    for mode in ("int8", "int16x8"):
        made = ours.convert(model, mode, "--target", "tflm", "--calibrate", tmp_path / "x.npy")
        (tmp_path / f"{mode}.tflite").write_bytes(made)
        theirs, = tflm.run(made, [samples])
        errors[mode] = np.abs(theirs - wanted).max()
    assert errors["int16x8"] < errors["int8"] / 10, f"{errors}"
    ours.call("lint", tmp_path / "int16x8.tflite", "--target", "tflm")
    refused = ours.call("lint", tmp_path / "int16x8.tflite", "--target", "litert", check=False)
    assert refused.returncode != 0 and "UNIDIRECTIONAL_SEQUENCE_LSTM" in refused.stdout


def run_stateful(model, samples):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "model.tflite").write_bytes(model)
        np.save(folder / "x.npy", np.concatenate(list(samples)))
        ours.call("run", folder / "model.tflite", "--input", folder / "x.npy", "--output", folder / "y.npy",
                  "--arithmetic", "tflm", "--stateful")
        return np.load(folder / "y.npy")
