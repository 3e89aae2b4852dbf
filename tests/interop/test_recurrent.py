"""LSTM, UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF over sequences: float, hybrid and in integers."""

import os
import pathlib
import tempfile

import numpy as np
import pytest

import compare
import judge
import ours
from single_op import Network

DATA = pathlib.Path(os.environ.get("LITESMITH_TEST_DATA", ours.ROOT / "../shared/data")) / "models"
RUNS = 4  # one after the other: the state of a run is what the next one begins with
CASES = 40


def compare_sequence(model, samples, arithmetic, tolerance, what):
    """`samples` holds the runs first; each is one whole input."""
    runner = judge.interpreter(model, arithmetic)
    [detail] = runner.get_input_details()
    theirs = []
    for sample in samples:
        runner.set_tensor(detail["index"], sample)
        runner.invoke()
        theirs.append(runner.get_tensor(runner.get_output_details()[0]["index"]).copy())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "model.tflite").write_bytes(model)
        np.save(folder / "x.npy", np.concatenate(samples))
        ours.call("run", folder / "model.tflite", "--input", folder / "x.npy", "--output",
                  folder / "y.npy", "--arithmetic", arithmetic, "--stateful")
        mine = np.load(folder / "y.npy")
    theirs = np.concatenate(theirs).reshape(mine.shape)
    compare.tensors([mine], [theirs], tolerance, what)
    return mine


def weights(rng, shape, spread=0.5):
    return rng.normal(0, spread / np.sqrt(shape[-1]), shape).astype(np.float32)


def as_int8(values):
    scale = np.float32(np.abs(values).max() / 127)
    return np.clip(np.round(values / scale), -127, 127).astype(np.int8), scale


class Sizes:
    def __init__(self, rng, sequence):
        self.batch, self.steps = (int(n) for n in rng.integers(1, 4, 2))
        self.inputs, self.cells = (int(n) for n in rng.integers(1, 24, 2))
        self.projects = rng.random() < 0.4
        self.outputs = int(rng.integers(1, self.cells + 1)) if self.projects else self.cells
        self.coupled = rng.random() < 0.3
        self.peephole = rng.random() < 0.4
        self.normalizes = rng.random() < 0.4
        self.time_major = bool(sequence and rng.random() < 0.3)
        self.cell_clip = float(rng.choice([0.0, 0.5, 10.0]))
        self.proj_clip = float(rng.choice([0.0, 0.25]))
        shape = [self.steps, self.batch] if self.time_major else [self.batch, self.steps]
        self.input = [*(shape if sequence else [self.batch]), self.inputs]
        self.output = [*self.input[:-1], self.outputs]


def operands(net, rng, sizes, matrix, vector, peephole, bias, normal):
    """The operands but input and states; each argument adds a constant of its kind."""
    s = sizes
    gates = range(1 if s.coupled else 0, 4)
    result = [None] * 24
    for gate in gates:
        result[1 + gate] = matrix(net, weights(rng, [s.cells, s.inputs], 2))
        result[5 + gate] = matrix(net, weights(rng, [s.cells, s.outputs], 2))
        result[12 + gate] = bias(net, weights(rng, [s.cells]), gate)
        if s.normalizes:
            result[20 + gate] = normal(net, rng.uniform(0.5, 1.5, s.cells).astype(np.float32))
    if s.peephole:
        for i in range(1 if s.coupled else 0, 3):
            result[9 + i] = peephole(net, weights(rng, [s.cells]))
    if s.projects:
        result[16] = matrix(net, weights(rng, [s.outputs, s.cells], 2))
        if rng.random() < 0.5:
            result[17] = vector(net, weights(rng, [s.outputs]))
    return result


def plain(net, values, *_):
    return net.constant(values)


def coded(net, values, *_):
    codes, scale = as_int8(values)
    return net.constant(codes, scale=scale)


def attributes(sizes, sequence):
    result = dict(cell_clip=sizes.cell_clip, proj_clip=sizes.proj_clip)
    if sequence:
        result["time_major"] = sizes.time_major
    return result


def float_layer(rng, sequence, hybrid):
    sizes = Sizes(rng, sequence)
    net = Network()
    x = net.input(sizes.input, "float32")
    matrix = coded if hybrid else plain
    inputs = operands(net, rng, sizes, matrix, plain, matrix, plain, plain)
    inputs[0] = x
    inputs[18] = net.variable([sizes.batch, sizes.outputs], "float32")
    inputs[19] = net.variable([sizes.batch, sizes.cells], "float32")
    op = "UNIDIRECTIONAL_SEQUENCE_LSTM" if sequence else "LSTM"
    more = dict(asymmetric_quantize_inputs=bool(rng.random() < 0.5)) if hybrid else {}
    y = net.op(op, inputs, sizes.output, "float32", activation="TANH", version=3 if hybrid else 1,
               **attributes(sizes, sequence), **more)
    samples = rng.normal(0, 1, [RUNS, *sizes.input]).astype(np.float32)
    if rng.random() < 0.3:
        samples[1] = 0
    return net.finish([y]), samples


@pytest.mark.parametrize("sequence", [True, False])
@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_float(arithmetic, sequence):
    rng = np.random.default_rng(1)
    for case in range(CASES):
        model, samples = float_layer(rng, sequence, False)
        compare_sequence(model, samples, arithmetic, 1e-5, f"case {case}")


@pytest.mark.parametrize("sequence", [True, False])
@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_hybrid(arithmetic, sequence):
    # What enters the next step is quantized again: a last bit may become a step of 1/127.
    rng = np.random.default_rng(2)
    for case in range(CASES):
        model, samples = float_layer(rng, sequence, True)
        compare_sequence(model, samples, arithmetic, 2e-2, f"case {case}")


def integer_layer(rng, sequence):
    sizes = Sizes(rng, sequence)
    sizes.cell_clip = float(rng.choice([0.0, 0.5]))
    net = Network()
    x_scale, h_scale = np.exp2(rng.uniform(-7, -5, 2)).astype(np.float32)
    x_zero, h_zero = (int(n) for n in rng.integers(-20, 20, 2))
    x = net.input(sizes.input, "int8", scale=x_scale, zero_point=x_zero)

    def bias(net, values, gate):
        if sizes.normalizes:
            return net.constant(rng.integers(-20000, 20000, sizes.cells).astype(np.int32),
                                scale=2.0**-20)
        return net.constant(rng.integers(-3000, 3000, sizes.cells).astype(np.int32), scale=1e-4)

    def wide(net, values, *_):
        scale = np.float32(np.abs(values).max() / 32767)
        return net.constant(np.round(values / scale).astype(np.int16), scale=scale)

    def projection_bias(net, values):
        return net.constant(rng.integers(-3000, 3000, sizes.outputs).astype(np.int32), scale=1e-4)

    inputs = operands(net, rng, sizes, coded, projection_bias, wide, bias, wide)
    inputs[0] = x
    inputs[18] = net.variable([sizes.batch, sizes.outputs], "int8", scale=h_scale,
                              zero_point=h_zero)
    inputs[19] = net.variable([sizes.batch, sizes.cells], "int16",
                              scale=2.0 ** int(rng.integers(-15, -8)))
    sums = [net.tensor([0], "int16", scale=np.float32(rng.uniform(1e-4, 1e-3)))
            for _ in range(4)]
    hidden = net.tensor([0], "int8", scale=np.float32(rng.uniform(0.004, 0.01)),
                        zero_point=int(rng.integers(-10, 10)) if sizes.projects else h_zero)
    y = net.tensor(sizes.output, "int8", scale=h_scale, zero_point=h_zero)
    net.op_to("UNIDIRECTIONAL_SEQUENCE_LSTM" if sequence else "LSTM", inputs, [y],
              activation="TANH", intermediates=[*sums, hidden],
              version=1 if sequence else 2, **attributes(sizes, sequence))
    return net.finish([y]), rng.integers(-128, 128, [RUNS, *sizes.input]).astype(np.int8)


@pytest.mark.parametrize("sequence", [True, False])
@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_integers(arithmetic, sequence):
    rng = np.random.default_rng(3)
    seen = set()
    for case in range(4 * CASES):
        model, samples = integer_layer(rng, sequence)
        made = compare_sequence(model, samples, arithmetic, 0, f"case {case}")
        seen.update(made.ravel().tolist())
    assert len(seen) > 100, "the outputs show too little"


@pytest.mark.parametrize("name", ["trained_lstm.tflite", "trained_lstm_int8.tflite",
                                  "micro_speech_lstm.tflite", "lstm_quantized.bin",
                                  "unidirectional_sequence_lstm_quantized.bin",
                                  "keyword_scrambled.tflite"])
@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_networks(name, arithmetic):
    rng = np.random.default_rng(4)
    model = next(DATA.rglob(name)).read_bytes()
    [detail] = judge.interpreter(model, arithmetic).get_input_details()
    shape = [RUNS, *detail["shape"]]
    if detail["dtype"] == np.float32:
        samples = rng.normal(0, 1, shape).astype(np.float32)
    else:
        samples = rng.integers(-128, 128, shape).astype(detail["dtype"])
    compare_sequence(model, samples, arithmetic, 1e-5, name)


def filter_layer(rng, kind):
    batch, rank, units = (int(n) for n in rng.integers(1, 4, 3))
    inputs, memory = (int(n) for n in rng.integers(1, 20, 2))
    filters = rank * units
    net = Network()
    feature, time = weights(rng, [filters, inputs]), weights(rng, [filters, memory])
    state = [batch, filters * memory]
    more = {}
    if kind == "int8":
        scales = [np.float32(s) for s in np.exp2(rng.uniform(-8, -5, 5))]
        x = net.input([batch, inputs], "int8", scale=scales[0],
                      zero_point=int(rng.integers(-100, 100)))
        codes, feature_scale = as_int8(feature)
        w = net.constant(codes, scale=feature_scale)
        v = net.constant(rng.integers(-32768, 32768, [filters, memory]).astype(np.int16),
                         scale=scales[1] / 100)
        b = net.constant(rng.integers(-2**20, 2**20, units).astype(np.int32), scale=1e-6)
        s = net.variable(state, "int16", scale=scales[2] / 100)
        out = dict(scale=scales[3], zero_point=int(rng.integers(-128, 128)))
        activation = "RELU"
        samples = rng.integers(-128, 128, [RUNS, batch, inputs]).astype(np.int8)
    else:
        x = net.input([batch, inputs], "float32")
        matrix = coded if kind == "hybrid" else plain
        w, v, b = matrix(net, feature), matrix(net, time), net.constant(weights(rng, [units]))
        s = net.variable(state, "float32")
        out = {}
        activation = str(rng.choice(["NONE", "RELU"]))
        samples = rng.normal(0, 1, [RUNS, batch, inputs]).astype(np.float32)
        if kind == "hybrid":
            more = dict(asymmetric_quantize_inputs=bool(rng.random() < 0.5))
    y = net.op("SVDF", [x, w, v, b if rng.random() < 0.7 else None, s], [batch, units],
               "int8" if kind == "int8" else "float32", rank=rank, activation=activation,
               version=4 if kind == "hybrid" else 3 if kind == "int8" else 1, **out, **more)
    return net.finish([y]), samples


@pytest.mark.parametrize("kind", ["float32", "hybrid", "int8"])
@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_filters(arithmetic, kind):
    rng = np.random.default_rng(5)
    for case in range(3 * CASES):
        model, samples = filter_layer(rng, kind)
        compare_sequence(model, samples, arithmetic, 1e-5, f"{kind} case {case}")
