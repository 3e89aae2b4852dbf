"""LSTM and SVDF quantized to int8 by TensorFlow's converter and by litesmith, from the same ranges.

Every scale, zero point, weight, bias and intermediate tensor must be equal, and the file must run in
LiteRT with exactly the integers that litesmith's interpreter gives.
"""

import numpy as np
import pytest

import compare
import judge
import ours
import tensorflow_judge
import test_recurrent as layers
from single_op import Network, unpack
from structure import File, differences
from test_quantizer import Build

LAYERS = 40
SMALLEST_CELL_STEP = 2.0**-15


def with_intermediates(model):
    """The file with the five values inside each LSTM that TensorFlow's calibrator looks at."""
    from tensorflow.lite.python.optimize import calibrator
    return bytes(calibrator.add_intermediate_tensors(model))


def intermediates(data):
    """By op: type, scale and zero point of each intermediate tensor."""
    graph = unpack(data).subgraphs[0]

    def parameters(tensor):
        q = tensor.quantization
        if q is None or q.scale is None or len(q.scale) == 0:
            return tensor.type, [], []
        return tensor.type, np.float32(q.scale).tolist(), np.int64(q.zeroPoint).tolist()

    return [[parameters(graph.tensors[i]) for i in op.intermediates]
            for op in graph.operators if op.intermediates is not None and len(op.intermediates)]


def but_coupled(data):
    """The same without the sum of an input gate that is not there: LiteRT's kernel reads its parameters
    beside the others' and crashes with TensorFlow's file, which has none."""
    found = intermediates(data)
    coupled = any(op.name in KINDS[:2] and op.inputs[1] is None for op in File(data).ops)
    return [each[1:] for each in found] if coupled else found


def both(model, samples):
    """TensorFlow's int8 file and ours, from the ranges that TensorFlow's calibrator saw."""
    model = with_intermediates(model)
    calibrated = tensorflow_judge.calibrate_file(model, samples)
    return (tensorflow_judge.quantize_file(model, samples, "int8"),
            ours.convert(calibrated, "int8"), calibrated)


def random_layer(seed, kind):
    rng = np.random.default_rng(seed)
    if kind != "SVDF":
        return layers.float_layer(rng, kind == "UNIDIRECTIONAL_SEQUENCE_LSTM", False)
    batch, rank, units = (int(n) for n in rng.integers(1, 4, 3))
    inputs, memory = (int(n) for n in rng.integers(1, 20, 2))
    net = Network()
    bias = net.constant(layers.weights(rng, [units])) if rng.random() < 0.7 else None
    y = net.op("SVDF", [net.input([batch, inputs], "float32"),
                        net.constant(layers.weights(rng, [rank * units, inputs])),
                        net.constant(layers.weights(rng, [rank * units, memory])), bias,
                        net.variable([batch, rank * units * memory], "float32")],
               [batch, units], "float32", rank=rank, activation="RELU")
    return net.finish([y]), rng.normal(0, 1, [8, batch, inputs]).astype(np.float32)


def small_cells(found):
    """Whether the only difference is the step of cells that stay within half of one.

    TensorFlow's converter makes it less than 2^-15, for which LiteRT's kernel leaves out the tanh;
    litesmith stays with 2^-15 (test_small_cells_are_better_for_it).
    """
    return any("input 19: 1 scales" in line and "theirs" in line for line in found)


KINDS = ["UNIDIRECTIONAL_SEQUENCE_LSTM", "LSTM", "SVDF"]


@pytest.mark.parametrize("kind", KINDS)
def test_same_file(kind):
    equal = 0
    for seed in range(LAYERS):
        model, samples = random_layer(seed, kind)
        theirs, made, _ = both(model, [[s] for s in samples])
        found = differences(File(made), File(theirs))
        if small_cells(found):
            compare.equal(File(made).ops[1].inputs[19].scale, [SMALLEST_CELL_STEP], f"{kind} {seed}")
            continue
        compare.equal(found, [], f"{kind} {seed}")
        compare.equal(but_coupled(made), but_coupled(theirs), f"{kind} {seed} inside")
        equal += 1
    assert equal >= LAYERS / 4, f"only {equal} of {LAYERS} files could be compared"


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("kind", KINDS)
def test_same_integers_in_the_run(kind, arithmetic):
    rng = np.random.default_rng(7)
    for seed in range(LAYERS):
        model, samples = random_layer(seed, kind)
        calibrated = tensorflow_judge.calibrate_file(with_intermediates(model),
                                                     [[s] for s in samples])
        made = ours.convert(calibrated, "int8", "--input-type", "int8", "--output-type", "int8")
        codes = rng.integers(-128, 128, samples.shape).astype(np.int8)
        layers.compare_sequence(made, list(codes), arithmetic, 0, f"{kind} {seed}")


def distance(model, quantized, samples):
    """The largest error of a quantized file's first run, in parts of the largest output."""
    def first(data):
        runner = judge.interpreter(data, "builtin")
        [x], [y] = runner.get_input_details(), runner.get_output_details()
        runner.set_tensor(x["index"], samples[0])
        runner.invoke()
        return runner.get_tensor(y["index"]).copy()

    wanted = first(model)
    return np.abs(first(quantized) - wanted).max() / np.abs(wanted).max()


def lstm(b, x, cells, bias=None, activation="TANH", spread=0.5):
    """An LSTM of the whole sequence; `bias` holds one number a gate."""
    *head, n = b.shapes[x]
    inputs = [None] * 24
    inputs[0] = x
    for gate in range(4):
        inputs[1 + gate] = b.constant(b.noise(cells, n, scale=spread))
        inputs[5 + gate] = b.constant(b.noise(cells, cells, scale=spread))
        values = b.noise(cells) if bias is None else np.full(cells, bias[gate], np.float32)
        inputs[12 + gate] = b.constant(values)
    inputs[18] = b.variable([1, cells], "float32")
    inputs[19] = b.variable([1, cells], "float32")
    return b.add("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [*head, cells], activation=activation)


def svdf(b, x, units, **attributes):
    _, n = b.shapes[x]
    return b.add("SVDF", [x, b.constant(b.noise(units, n)), b.constant(b.noise(units, 5)),
                          b.constant(b.noise(units)), b.variable([1, units * 5], "float32")],
                 [1, units], rank=1, **attributes)


SEQUENCE = [1, 6, 5]
NETWORKS = {
    "stacked": lambda b: lstm(b, lstm(b, b.x(SEQUENCE), 4), 3),
    "after RELU": lambda b: lstm(b, b.same("RELU", b.x(SEQUENCE)), 3),
    "after LOGISTIC": lambda b: lstm(b, b.same("LOGISTIC", b.x(SEQUENCE)), 3),
    "after a float op": lambda b: lstm(b, b.same("ELU", b.x(SEQUENCE)), 3),
    "before a float op": lambda b: b.same("ELU", lstm(b, b.x(SEQUENCE), 3)),
    "a bias beyond int32": lambda b: lstm(b, b.x(SEQUENCE), 3, [1e6, 1, -1e5, 1], spread=1e-6),
    "stacked SVDF": lambda b: svdf(b, svdf(b, b.x([1, 6]), 4, activation="RELU"), 3,
                                   activation="RELU"),
}


def network(name, build):
    b = Build(sum(map(ord, name)))
    outputs = [build(b)]
    samples = [[b.noise(*b.shapes[i]) + np.float32(0.2) for i in b._inputs] for _ in range(8)]
    return b.finish(outputs), samples


@pytest.mark.parametrize("name", NETWORKS)
def test_same_network(name):
    theirs, made, _ = both(*network(name, NETWORKS[name]))
    compare.equal(differences(File(made), File(theirs)), [], name)
    compare.equal(intermediates(made), intermediates(theirs), f"{name} inside")


# Where TensorFlow's converter makes a file that does not compute the layer: what the cells hold is
# out of the kernel's range, or the hidden values have other parameters than the output they become.
BETTER = {
    "cells within a half": lambda b: lstm(b, b.x(SEQUENCE), 4, [-1, 0, 1, 1], spread=0.1),
    "outputs above zero": lambda b: lstm(b, b.x(SEQUENCE), 4, [3, 3, 3, 3], spread=0.01),
    "joined": lambda b: b.concat([lstm(b, x := b.x(SEQUENCE), 4, spread=0.1), x]),
}


@pytest.mark.parametrize("name", BETTER)
def test_what_is_not_followed_is_better_for_it(name):
    model, samples = network(name, BETTER[name])
    theirs, made, _ = both(model, samples)
    mine = distance(model, made, samples[0])
    assert mine < 0.05, f"{name}: ours is {mine:.3g} from float"
    other = distance(model, theirs, samples[0])
    assert other > 3 * mine, f"{name}: TensorFlow's {other:.3g} from float, ours {mine:.3g}"


@pytest.mark.parametrize("name, build", [
    ("RELU", lambda b: lstm(b, b.x(SEQUENCE), 4, activation="RELU")),
    ("SVDF without RELU", lambda b: svdf(b, b.x([1, 6]), 4, activation="NONE"))])
def test_stays_float_where_LiteRT_has_no_kernel(name, build, tmp_path):
    model, samples = network(name, build)
    _, made, calibrated = both(model, samples)
    assert distance(model, made, samples[0]) < 1e-6
    (tmp_path / "in.tflite").write_bytes(calibrated)
    said = ours.call("convert", tmp_path / "in.tflite", "--mode", "int8", "-o",
                     tmp_path / "out.tflite")
    assert "LiteRT's int8 kernel has the activation" in said.stdout + said.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_own_ranges(kind, tmp_path):
    """litesmith's calibration sees what TensorFlow's sees where samples are one sequence."""
    for seed in range(8):
        model, samples = random_layer(seed, kind)
        theirs = tensorflow_judge.calibrate_file(with_intermediates(model), [[s] for s in samples])
        (tmp_path / "model.tflite").write_bytes(model)
        np.save(tmp_path / "x.npy", np.concatenate(samples))
        ours.call("convert", tmp_path / "model.tflite", "-o", tmp_path / "out.tflite",
                  "--calibrate", tmp_path / "x.npy", "--calibrate-only", "--stateful")
        made = File((tmp_path / "out.tflite").read_bytes())
        theirs = File(theirs)
        mine = sorted(t.range for t in made.tensors if t.range[0])
        wanted = sorted(t.range for t in theirs.tensors if t.range[0])
        assert len(mine) == len(wanted), f"{kind} {seed}: {len(mine)} ranges, theirs {len(wanted)}"
        gap = np.abs(np.array(mine) - np.array(wanted)).max()
        assert gap < 1e-5, f"{kind} {seed}: ranges differ by {gap:.3g}"
