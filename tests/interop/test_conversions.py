"""The same .keras through TensorFlow's converter and through litesmith, in all five modes."""

import json

import numpy as np
import pytest

import compare
import judge
import networks
import ours
import tensorflow_judge
from conversions import INTEGER_TYPES, MODES, built, mlperf_resnet8, wake_word
from judged import check_dynamic_range
from parameters import close_enough
from single_op import expose_all_tensors
from structure import File, differences


@pytest.fixture(scope="module", params=["wake_word", *networks.ALL, "mlperf_resnet8"])
def case(request):
    if request.param == "wake_word":
        return wake_word()
    if request.param == "mlperf_resnet8":
        return mlperf_resnet8(request.getfixturevalue("data"))
    return built(request.param)


@pytest.mark.parametrize("mode", ["int8", "int16x8"])
def test_from_the_same_ranges_every_parameter_is_equal(case, mode):
    made = File(ours.convert(case.calibrated(mode), mode))
    theirs = File(case.theirs(mode))
    compare.equal(differences(made, theirs), [], f"{case.name} {mode}")


@pytest.mark.parametrize("mode", ["float32", "dynamic_range", "float16", "int8", "int16x8"])
def test_from_our_own_calibration_parameters_are_close(case, mode):
    made, theirs = File(case.ours(mode)), File(case.theirs(mode))
    found = close_enough(made, theirs, File(case.calibrated("int8")), case.has_batch_norm)
    compare.equal(found, [], f"{case.name} {mode}")


@pytest.mark.parametrize("mode", MODES)
def test_answers_agree_with_tensorflow_s_file(case, mode):
    """Both run by LiteRT: at least 99.5% of answers the same, right ones lost not more than gained
    by one in a thousand."""
    mine, theirs = (judge.run(file, [case.test], "litert", batch=len(case.test))[0]
                    for file in (case.ours(mode), case.theirs(mode)))
    if mine.shape[1] > 100:  # the autoencoder answers with numbers
        steps = 1e-3 * np.abs(theirs).max() if mode == "float32" else np.ptp(theirs) / 255
        agree = np.abs(mine - theirs) <= steps
    else:
        agree = mine.argmax(1) == theirs.argmax(1)
    compare.at_least(agree.mean(), 0.995, f"{case.name} {mode}: answers agree")
    if case.labels is not None:
        was, now = (made.argmax(1) == case.labels for made in (theirs, mine))
        assert was.mean() < 0.98, "the test data is too easy to tell"
        lost, gained = np.sum(was & ~now), np.sum(~was & now)
        compare.at_least(len(now) / 1000, lost - gained, f"{case.name} {mode}: lost - gained")


@pytest.mark.parametrize("mode", MODES)
def test_file_is_no_larger_and_says_the_same_of_itself(case, mode):
    types = INTEGER_TYPES.get(mode, ("float32", "float32"))
    made, theirs = File(case.ours(mode, types)), File(case.theirs(mode, types))
    what = f"{case.name} {mode}"
    compare.at_least(theirs.bytes, made.bytes, f"{what}: bytes")
    compare.equal(made.signatures, theirs.signatures, f"{what}: signatures")
    for which in ("inputs", "outputs"):
        mine, others = ([(t.name, t.dtype, t.shape, t.signature) for t in getattr(file, which)]
                        for file in (made, theirs))
        compare.equal(mine, others, f"{what}: {which}")
    compare.equal(list(made.metadata), list(theirs.metadata), f"{what}: metadata entries")
    name = "reduced_precision_support"
    compare.equal(made.metadata.get(name), theirs.metadata.get(name), f"{what}: {name}")
    # Without TensorFlow's SHAPE and PACK for Flatten an older runtime will do.
    compare.at_least(theirs.min_runtime_version(), made.min_runtime_version(),
                     f"{what}: oldest runtime")
    compare.equal(tensorflow_judge.optimization_modes(made.metadata["CONVERSION_METADATA"]),
                  tensorflow_judge.optimization_modes(theirs.metadata["CONVERSION_METADATA"]),
                  f"{what}: optimization modes")


@pytest.mark.parametrize("mode", MODES)
def test_analyzer_text_is_equal(case, mode, tmp_path):
    for who, model in (("ours", case.ours(mode)), ("TensorFlow's", case.theirs(mode))):
        path = tmp_path / "model.tflite"
        path.write_bytes(model)
        compare.equal(ours.call("analyze", path).stdout, tensorflow_judge.analyze(path),
                      f"{case.name} {mode}: Analyzer's text of {who} file")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "dynamic_range"])
def test_our_file_runs_in_LiteRT_with_our_results(case, mode, arithmetic):
    """Every tensor of the graph: integers exactly, floats to 1e-5 of the tensor's largest value."""
    types = INTEGER_TYPES.get(mode, ("float32", "float32"))
    model, names = expose_all_tensors(case.ours(mode, types))
    samples = case.test[:8]
    if types[0] == "uint8":
        tensor = File(model).inputs[0]
        scaled = np.round(samples / np.float32(tensor.scale[0])) + tensor.zero_point[0]
        samples = np.clip(scaled, 0, 255).astype(np.uint8)
    mine = ours.run(model, [samples], arithmetic)
    theirs = judge.run(model, [samples], arithmetic)
    for name, a, b in zip(names, mine, theirs, strict=True):
        compare.tensors([a], [b], 1e-5, f"{case.name} {mode} {arithmetic} {name}")


@pytest.mark.parametrize("arithmetic", judge.ARITHMETICS)
def test_dynamic_range_gives_LiteRT_s_answers(case, arithmetic):
    check_dynamic_range(case.ours("dynamic_range"), case.test, arithmetic, case.name)


@pytest.mark.parametrize("mode", MODES)
def test_evaluate_counts_what_LiteRT_gets_right(mode, tmp_path):
    case = wake_word()
    types = INTEGER_TYPES.get(mode, ("float32", "float32"))
    model = tmp_path / "model.tflite"
    model.write_bytes(case.ours(mode, types))
    np.save(tmp_path / "x.npy", case.test)
    np.save(tmp_path / "y.npy", case.labels)
    said = json.loads(ours.call("evaluate", model, "--data", tmp_path / "x.npy", "--labels",
                                tmp_path / "y.npy", "--json").stdout)
    answers = judge.run(case.ours(mode), [case.test], "litert", batch=len(case.test))[0]
    compare.equal(said["correct"], int((answers.argmax(1) == case.labels).sum()), mode)
