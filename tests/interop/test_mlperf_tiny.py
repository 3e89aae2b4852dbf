"""MLPerf Tiny's keyword spotter from its float .tflite: calibrated and quantized by TensorFlow and
by litesmith, judged on the benchmark's own accuracy set."""

import numpy as np
import pytest

import compare
import judge
import ours
import tensorflow_judge
from single_op import pack, unpack
from structure import File, differences


def with_codes_of_today(data):
    """The file as a writer of today leaves it. Old ones give operators by their deprecated code alone,
    which part of TensorFlow's 16x8 quantizer does not read: it then leaves out the bias's type."""
    model = unpack(data)
    for code in model.operatorCodes:
        code.builtinCode = max(code.builtinCode, code.deprecatedBuiltinCode)
    return pack(model)


@pytest.fixture(scope="module")
def spotter(data):
    folder = data / "mlperf_tiny/kws"
    model = with_codes_of_today((folder / "kws_saved_model_variables.tflite").read_bytes())
    return model, np.load(folder / "features.npy"), np.load(folder / "labels.npy")


@pytest.mark.parametrize("mode", ["int8", "int16x8"])
def test_keyword_spotter_quantized_as_tensorflow_does(spotter, mode, tmp_path):
    model, features, labels = spotter
    samples = [[sample[None]] for sample in features[:100]]
    theirs = tensorflow_judge.quantize_file(model, samples, mode)

    made = ours.convert(tensorflow_judge.calibrate_file(model, samples), mode)
    compare.equal(differences(File(made), File(theirs)), [], f"{mode}: from the same ranges")

    np.save(tmp_path / "calibration.npy", features[:100])
    (tmp_path / "float.tflite").write_bytes(model)
    own = ours.convert(tmp_path / "float.tflite", mode, "--calibrate",
                       tmp_path / "calibration.npy", "--calibrate-samples", 0)
    test, right = features[100:], labels[100:]
    mine, others = (judge.run(file, [test], "litert")[0].argmax(1) for file in (own, theirs))
    compare.at_least((mine == others).mean(), 0.995, f"{mode}: answers agree")
    lost, gained = np.sum((others == right) & (mine != right)), np.sum((others != right) & (mine == right))
    compare.at_least(1e-3 * len(right), lost - gained, f"{mode}: lost - gained")
