"""MLPerf Tiny's float .tflite files, quantized by TensorFlow's own quantizers and by litesmith, and
judged on the benchmark's data. (Its Keras file is one of test_conversions.py's.)"""

import functools
import tempfile

import numpy as np
import pytest

import compare
import judge
import ours
import tensorflow_judge
from judged import check_dynamic_range
from parameters import close_enough
from single_op import expose_all_tensors, pack, unpack
from structure import File, differences

CALIBRATION = 100  # the first samples; the others are the test


class Network:
    """A float .tflite with TensorFlow's and litesmith's files of it, each made once."""

    def __init__(self, name, model, samples, labels):
        self.name, self.model = name, _with_codes_of_today(model)
        self.calibration, self.test = np.split(samples, [CALIBRATION])
        self.labels = labels[CALIBRATION:]
        self.folder = tempfile.TemporaryDirectory()

    @functools.cached_property
    def calibrated(self):
        return tensorflow_judge.calibrate_file(self.model, self._one_by_one())

    @functools.cache
    def theirs(self, mode):
        return tensorflow_judge.quantize_file(self.model, self._one_by_one(), mode)

    @functools.cache
    def ours(self, mode):
        samples = f"{self.folder.name}/calibration.npy"
        np.save(samples, self.calibration)
        return ours.convert(self.model, mode, "--calibrate", samples, "--calibrate-samples", 0)

    @functools.cache
    def answers(self, maker, mode):
        """What LiteRT answers with a file: `maker` is "ours" or "theirs"."""
        made = judge.run(getattr(self, maker)(mode), [self.test], "litert", batch=len(self.test))[0]
        return made.reshape(len(self.test), -1).argmax(1)

    def _one_by_one(self):
        return [[sample[None]] for sample in self.calibration]


def _with_codes_of_today(data):
    """The file as a writer of today leaves it. Old ones give operators by their deprecated code alone,
    which part of TensorFlow's 16x8 quantizer does not read: it then leaves out the bias's type."""
    model = unpack(data)
    for code in model.operatorCodes:
        code.builtinCode = max(code.builtinCode, code.deprecatedBuiltinCode)
    return pack(model)


@functools.cache
def _network(name, data):
    folder = data / "mlperf_tiny" / name
    if name == "kws":
        model, samples = "kws_saved_model_variables.tflite", np.load(folder / "features.npy")
    else:
        model = "pretrainedResnet.tflite"
        samples = np.load(folder / "images_uint8.npy").astype(np.float32)
    return Network(name, (folder / model).read_bytes(), samples, np.load(folder / "labels.npy"))


@pytest.fixture(params=["kws", "image_classification"])
def network(request, data):
    return _network(request.param, data)


INTEGER_MODES = pytest.mark.parametrize("mode", ["int8", "int16x8"])


@INTEGER_MODES
def test_from_the_same_ranges_every_parameter_is_equal(network, mode):
    made = File(ours.convert(network.calibrated, mode))
    compare.equal(differences(made, File(network.theirs(mode))), [], f"{network.name} {mode}")


@INTEGER_MODES
def test_from_our_own_calibration_parameters_are_close(network, mode):
    found = close_enough(File(network.ours(mode)), File(network.theirs(mode)),
                         File(network.calibrated), folded=False)
    compare.equal(found, [], f"{network.name} {mode}")


@INTEGER_MODES
def test_answers_agree_with_tensorflow_s_file(network, mode):
    mine, theirs = (network.answers(maker, mode) for maker in ("ours", "theirs"))
    compare.at_least((mine == theirs).mean(), 0.995, f"{network.name} {mode}: answers agree")
    was, now = theirs == network.labels, mine == network.labels
    assert was.mean() < 0.98, "the test data is too easy to tell"
    lost, gained = np.sum(was & ~now), np.sum(~was & now)
    compare.at_least(len(now) / 1000, lost - gained, f"{network.name} {mode}: lost - gained")


@INTEGER_MODES
def test_file_is_no_larger_and_says_the_same_of_itself(network, mode):
    made, theirs = File(network.ours(mode)), File(network.theirs(mode))
    what = f"{network.name} {mode}"
    compare.at_least(theirs.bytes, made.bytes, f"{what}: bytes")
    compare.equal(made.signatures, theirs.signatures, f"{what}: signatures")
    for which in ("inputs", "outputs"):
        mine, others = ([(t.name, t.dtype, t.shape) for t in getattr(file, which)]
                        for file in (made, theirs))
        compare.equal(mine, others, f"{what}: {which}")


@pytest.mark.parametrize("mode", tensorflow_judge.MODES)
def test_analyzer_text_is_equal(network, mode, tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(network.ours(mode))
    compare.equal(ours.call("analyze", path).stdout, tensorflow_judge.analyze(path),
                  f"{network.name} {mode}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("mode", ["float32", "float16", "int8", "int16x8"])
def test_our_file_runs_in_LiteRT_with_our_results(network, mode, arithmetic):
    """Every tensor of the graph: integers exactly, floats to 1e-5 of the tensor's largest value."""
    model, names = expose_all_tensors(network.ours(mode))
    samples = network.test[:8]
    mine, theirs = (who.run(model, [samples], arithmetic) for who in (ours, judge))
    for name, a, b in zip(names, mine, theirs, strict=True):
        compare.tensors([a], [b], 1e-5, f"{network.name} {mode} {arithmetic} {name}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_dynamic_range_gives_LiteRT_s_answers(network, arithmetic):
    check_dynamic_range(network.ours("dynamic_range"), network.test, arithmetic, network.name)


@pytest.mark.parametrize("mode", [mode for mode in tensorflow_judge.MODES if mode != "dynamic_range"])
def test_answers_of_our_file_are_the_same_in_both_interpreters(network, mode):
    """All samples, in the default arithmetic."""
    mine = ours.run(network.ours(mode), [network.test], "litert")[0].reshape(len(network.test), -1)
    compare.integers(mine.argmax(1), network.answers("ours", mode), f"{network.name} {mode}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("path", ["kws/kws_ref_model.tflite",
                                  "image_classification/pretrainedResnet_quant.tflite"])
def test_the_benchmark_s_int8_files_run_as_in_LiteRT(path, arithmetic, data):
    """Every tensor of the graph, bit for bit."""
    file = data / "mlperf_tiny" / path
    if path.startswith("kws"):
        samples = np.load(file.parent / "features_int8.npy")[:32]
    else:
        samples = (np.load(file.parent / "images_uint8.npy")[:32].astype(np.int16) - 128).astype(np.int8)
    model, names = expose_all_tensors(file.read_bytes())
    mine, theirs = (who.run(model, [samples], arithmetic) for who in (ours, judge))
    for name, a, b in zip(names, mine, theirs, strict=True):
        compare.tensors([a], [b], 1e-5, f"{path} {arithmetic} {name}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_the_benchmark_s_dynamic_range_file_answers_as_in_LiteRT(arithmetic, data):
    folder = data / "mlperf_tiny/kws"
    samples = np.load(folder / "features.npy")
    model = (folder / "kws_ref_model_float32.tflite").read_bytes()
    check_dynamic_range(model, samples, arithmetic, "kws")
    if arithmetic != "litert":  # no last bit of its float depthwise layers becomes a step
        mine, theirs = (who.run(model, [samples], arithmetic) for who in (ours, judge))
        compare.tensors(mine, theirs, 1e-5, f"kws {arithmetic}")
