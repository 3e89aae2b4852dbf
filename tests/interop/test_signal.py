"""TFLite Micro's Signal operators: each of them, and the preprocessor of micro_speech over a stretch of sound, equal to
what its wheel gives bit for bit."""

import pathlib
import tempfile

import numpy as np
import pytest

import compare
import ours
import tflm
from single_op import Network
from test_all_files import DATA

SAMPLES = 24
CHANNELS = 40
RNG = np.random.default_rng(5)


def spread(shape, bits, dtype):
    """Numbers of all magnitudes up to 2^bits, 0 and the largest among them."""
    drawn = (np.exp2(RNG.uniform(0, bits, [SAMPLES, *shape])) - 1).astype(dtype)
    drawn[0], drawn[1] = 0, np.iinfo(dtype).max if bits >= 8 * np.dtype(dtype).itemsize - 1 else 2**bits - 1
    return drawn


def sound(shape):
    """int16 of all loudness, and those that are saturated, silent or at the lowest number."""
    loud = np.exp2(RNG.uniform(0, 15, [SAMPLES, *[1] * len(shape)]))
    drawn = np.clip(RNG.normal(0, 1, [SAMPLES, *shape]) * loud, -32768, 32767).astype(np.int16)
    drawn[0], drawn[1], drawn[2] = 0, 32767, -32768
    drawn[3].flat[::3] = -32768
    return drawn


def bank():
    """Weights of triangular filters over 257 bins, as the operator takes them."""
    edges = np.unique(np.round(np.geomspace(5, 256, CHANNELS + 2)).astype(int))[:CHANNELS + 2]
    widths = np.diff(edges)[:CHANNELS + 1]
    starts = edges[:len(widths)]
    places = np.concatenate([[0], np.cumsum(widths)[:-1]])
    weights = RNG.integers(0, 4097, widths.sum())
    return [x.astype(np.int16) for x in (weights, 4096 - weights, starts, places, widths)]


def one(name, inputs, outputs, options, constants=()):
    """A network of one operator: types and shapes of inputs and outputs."""
    net = Network()
    operands = [net.input(shape, dtype) for shape, dtype in inputs] + [net.constant(c) for c in constants]
    made = [net.tensor(shape, dtype) for shape, dtype in outputs]
    net.custom_op_to(name, operands, made, options)
    return net.finish(made)


def subtraction(clamping):
    options = {"alternate_one_minus_smoothing": 15401, "alternate_smoothing": 983, "clamping": clamping,
               "min_signal_remaining": 819, "num_channels": CHANNELS, "one_minus_smoothing": 15975, "smoothing": 409,
               "smoothing_bits": 10, "spectral_subtraction_bits": 14}
    return one("SignalFilterBankSpectralSubtraction", [([CHANNELS], "uint32")], [([CHANNELS], "uint32")] * 2, options)


def rfft(given, length):
    return one("SignalRfft", [([given], "int16")], [([length + 2], "int16")], {"T": 7, "fft_length": length})


FILTERS = bank()
BANKED = len(FILTERS[2]) - 1
GAINS = RNG.integers(-32768, 32768, 125).astype(np.int16)
WINDOW = RNG.integers(-4096, 4097, 120).astype(np.int16)
# name -> network, a function that makes its samples
CASES = {
    "window": (lambda: one("SignalWindow", [([2, 240], "int16")], [([2, 240], "int16")], {"shift": 12}, [WINDOW]),
               lambda: [sound([2, 240])]),
    "window that saturates": (lambda: one("SignalWindow", [([120], "int16")], [([120], "int16")], {"shift": 9},
                                          [WINDOW]), lambda: [sound([120])]),
    "auto scale": (lambda: one("SignalFftAutoScale", [([480], "int16")], [([480], "int16"), ([], "int32")], {}),
                   lambda: [sound([480])]),
    **{f"rfft of {length}": (lambda n=given, length=length: rfft(n, length), lambda n=given: [sound([n])])
       for given, length in ((480, 512), (4, 4), (8, 8), (1024, 1024))},
    "energy": (lambda: one("SignalEnergy", [([34], "int16")], [([17], "uint32")],
                           {"end_index": 17, "start_index": 0}), lambda: [sound([34])]),
    "filter bank": (lambda: one("SignalFilterBank", [([257], "uint32")], [([BANKED], "uint64")],
                                {"num_channels": BANKED}, FILTERS), lambda: [spread([257], 32, np.uint32)]),
    **{f"square root and {bits} bits less": (
        lambda bits=bits: one("SignalFilterBankSquareRoot", [([200], "uint64")], [([200], "uint32")], {},
                              [np.array(bits, np.int32)]), lambda: [spread([200], 63.9, np.uint64)])
       for bits in (0, 7)},
    "spectral subtraction": (lambda: subtraction(False), lambda: [spread([CHANNELS], 24, np.uint32)]),
    "spectral subtraction that clamps": (lambda: subtraction(True), lambda: [spread([CHANNELS], 32, np.uint32)]),
    "gain control": (lambda: one("SignalPCAN", [([300], "uint32")] * 2, [([300], "uint32")], {"snr_shift": 6},
                                 [GAINS]), lambda: [spread([300], 32, np.uint32), spread([300], 32, np.uint32)]),
    "logarithm": (lambda: one("SignalFilterBankLog", [([400], "uint32")], [([400], "int16")],
                              {"input_correction_bits": 3, "output_scale": 64}),
                  lambda: [spread([400], 29, np.uint32)]),
    "logarithm that saturates": (lambda: one("SignalFilterBankLog", [([400], "uint32")], [([400], "int16")],
                                             {"input_correction_bits": 0, "output_scale": 2000}),
                                 lambda: [spread([400], 32, np.uint32)]),
}


def mine(model, inputs):
    """What `litesmith run --stateful` gives for the samples, one after the other."""
    input_names, output_names = ours.tensor_names(model)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "model.tflite").write_bytes(model)
        joined = [np.concatenate(list(array)) for array in inputs]
        np.savez(folder / "x.npz", **dict(zip(input_names, joined, strict=True)))
        ours.call("run", folder / "model.tflite", "--input", folder / "x.npz", "--output", folder / "y.npz",
                  "--arithmetic", "tflm", "--stateful")
        made = np.load(folder / "y.npz")
        return [made[name] for name in output_names]


@pytest.mark.parametrize("name", CASES)
def test_operator(name):
    network, draw = CASES[name]
    model, inputs = network(), draw()
    outputs = 2 if "scale" in name or "subtraction" in name else 1
    theirs = tflm.run(model, inputs, output_count=outputs, reset=False)
    for i, (made, wanted) in enumerate(zip(mine(model, inputs), theirs, strict=True)):
        compare.integers(made.ravel(), wanted.ravel(), f"{name}, output {i}")


def test_preprocessor_over_time():
    """Thirty frames of sound that grows and ebbs: the noise is estimated from frame to frame, and forgotten only when
    the runtime is reset."""
    path, = DATA.rglob("audio_preprocessor_int8.tflite")
    model = path.read_bytes()
    time = np.arange(30 * 480)
    wave = np.sin(time * 0.11) * np.sin(time * 0.0004) * 20000 + RNG.normal(0, 300, time.shape)
    frames = wave.astype(np.int16).reshape(30, 1, 480)
    theirs, = tflm.run(model, [frames], reset=False)
    compare.integers(mine(model, [frames])[0].ravel(), theirs.ravel(), "frames")
    assert len(np.unique(theirs)) > 50
    fresh, = tflm.run(model, [frames], reset=True)
    assert (fresh != theirs).any()
    apart, = ours.run(model, [frames[:, 0]], "tflm")
    compare.integers(apart.ravel(), fresh.ravel(), "each frame by itself")


@pytest.mark.parametrize("length", [6, 20, 96])
def test_other_lengths_are_refused_by_name(length, tmp_path):
    (tmp_path / "model.tflite").write_bytes(rfft(4, length))
    np.save(tmp_path / "x.npy", np.zeros([4], np.int16))
    done = ours.call("run", tmp_path / "model.tflite", "--input", tmp_path / "x.npy", "--output", tmp_path / "y.npy",
                     check=False)
    assert done.returncode != 0 and "SignalRfft" in done.stderr and f"fft_length is {length}" in done.stderr
