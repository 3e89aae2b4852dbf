"""The same script with TensorFlow and with litesmith; only the import differs."""

import litesmith
import litesmith.tf
import numpy as np
import pytest
import team_script

MODES = ("float32", "dynamic_range", "int8", "float16", "int16x8")
# Float kernels sum in different orders; the outputs are probabilities.
FLOAT_TOLERANCE = 1e-5
# One step of int8 in an inner layer may fall to the other side when a float scale is rounded differently.
QUANTIZED_STEPS = {"int8": 1}


@pytest.fixture(scope="module")
def both(tensorflow, tmp_path_factory, model_path, calibration, features):
    ours = litesmith.tf

    some = features[:60]
    return [team_script.run(tf, model_path, calibration, some, str(tmp_path_factory.mktemp(name)), MODES)
            for name, tf in (("tensorflow", tensorflow), ("litesmith", ours))]


def same_details(theirs, ours, names=True):
    assert theirs.keys() == ours.keys()
    for key in theirs:
        if key == "quantization_parameters":
            assert theirs[key].keys() == ours[key].keys()
            for part, value in theirs[key].items():
                np.testing.assert_array_equal(value, ours[key][part], err_msg=part)
                assert getattr(value, "dtype", None) == getattr(ours[key][part], "dtype", None)
        elif isinstance(theirs[key], np.ndarray):
            np.testing.assert_array_equal(theirs[key], ours[key], err_msg=key)
            assert theirs[key].dtype == ours[key].dtype
        elif names or key != "name":
            assert theirs[key] == ours[key], key
            assert type(theirs[key]) is type(ours[key])


@pytest.mark.parametrize("mode", MODES)
def test_inputs_outputs_and_signatures_of_converted_files_are_equal(both, mode):
    theirs, ours = (found[mode] for found in both)
    assert theirs["signatures"] == ours["signatures"]
    for which in ("inputs", "outputs"):
        assert len(theirs[which]) == len(ours[which])
        for a, b in zip(theirs[which], ours[which]):
            # The numbers of inner tensors, and so of outputs, are each converter's own.
            same_details({**a, "index": 0}, {**b, "index": 0})


@pytest.mark.parametrize("mode", MODES)
def test_classes_are_equal_and_outputs_close(both, mode):
    theirs, ours = (found[mode] for found in both)
    a, b = np.array(theirs["scores"]), np.array(ours["scores"])
    assert a.dtype == b.dtype and a.shape == b.shape
    if np.issubdtype(a.dtype, np.integer):
        assert np.abs(a.astype(int) - b.astype(int)).max() <= QUANTIZED_STEPS[mode]
    elif mode in ("float32", "float16"):
        assert np.abs(a - b).max() <= FLOAT_TOLERANCE
    else:
        # Weights of both files are equal to the bit (tests/interop); what differs is float arithmetic.
        assert np.abs(a - b).max() <= 2e-3
    assert (np.array(theirs["classes"]) == np.array(ours["classes"])).mean() >= 0.98


@pytest.mark.parametrize("mode", MODES)
def test_on_the_same_file_every_detail_and_constant_is_equal(both, tensorflow, mode):
    ours = litesmith.tf

    for found in both:
        path = found[mode]["path"]
        a, b = team_script.look(tensorflow, path), team_script.look(ours, path)
        # TensorFlow appends its kernels' temporaries; the file's tensors come first.
        assert len(a["tensors"]) >= len(b["tensors"])
        for x, y in zip(a["tensors"], b["tensors"]):
            same_details(x, y)
        constants = [t.index for t in litesmith.load(path).tensors if t.is_constant]
        assert len(constants) >= 6
        for index in constants:
            np.testing.assert_array_equal(a["constants"][index], b["constants"][index])


@pytest.mark.parametrize("mode", MODES)
def test_on_the_same_file_results_are_equal(both, tensorflow, features, mode):
    ours = litesmith.tf

    path = both[0][mode]["path"]
    a, _ = team_script.evaluate(tensorflow, path, features[:60])
    b, _ = team_script.evaluate(ours, path, features[:60])
    a, b = np.array(a), np.array(b)
    if mode in ("int8", "int16x8"):
        np.testing.assert_array_equal(a, b)
    else:
        np.testing.assert_allclose(a, b, rtol=0, atol=FLOAT_TOLERANCE)


@pytest.mark.parametrize("mode", MODES)
def test_on_the_same_file_the_analysis_is_equal(both, tensorflow, mode):
    ours = litesmith.tf

    path = both[1][mode]["path"]
    assert team_script.analyze(tensorflow, path) == team_script.analyze(ours, path)


# Since Keras 3.11 TensorFlow computes Flatten's shape in the file; litesmith writes it down.
FLATTENING = ("SHAPE", "STRIDED_SLICE", "PACK")


def layers_of(ops, mode):
    """The operators that are compared one by one. TensorFlow reads all float16 weights before anything else, litesmith
    each where it is used; what they are read from is compared by itself."""
    return [op for op in ops if op[0] not in FLATTENING and (mode, op[0]) != ("float16", "DEQUANTIZE")]


def half_weights(ops):
    return sorted((tuple(op[1][0][0]["shape"]), op[1][0][0]["dtype"].__name__) for op in ops if op[0] == "DEQUANTIZE")


def weights_of(details):
    """How many numbers a tensor's quantization has, which tells weights per channel from activations."""
    return details["quantization_parameters"]["scales"].size


@pytest.mark.parametrize("mode", MODES)
def test_inner_tensors_are_equal_by_op_and_operand(both, mode):
    theirs, ours = (layers_of(found[mode]["ops"], mode) for found in both)
    if mode == "float16":
        assert half_weights(both[0][mode]["ops"]) == half_weights(both[1][mode]["ops"])
    assert [name for name, _ in theirs] == [name for name, _ in ours]
    compared = 0
    for (name, a), (_, b) in zip(theirs, ours):
        for side_a, side_b in zip(a, b):
            assert len(side_a) == len(side_b), name
            for place, (x, y) in enumerate(zip(side_a, side_b)):
                if name == "RESHAPE" and place == 1:
                    continue  # the shape: computed there, a constant here
                assert (x is None) == (y is None), name
                if x is None:
                    continue
                compared += 1
                np.testing.assert_array_equal(x["shape"], y["shape"], err_msg=name)
                assert x["dtype"] is y["dtype"], name
                p, q = x["quantization_parameters"], y["quantization_parameters"]
                assert p["quantized_dimension"] == q["quantized_dimension"] or not weights_of(x), name
                np.testing.assert_array_equal(p["zero_points"], q["zero_points"], err_msg=name)
                # Each calibrated for itself, with float kernels that sum in different orders.
                np.testing.assert_allclose(p["scales"], q["scales"], rtol=1e-5, err_msg=name)
    assert compared >= 20


@pytest.mark.parametrize("mode", ("float32", "int8"))
def test_histograms_of_weights_are_equal(both, tensorflow, tmp_path, mode):
    path = both[0][mode]["path"]
    seen = []
    for name, tf in (("theirs", tensorflow), ("ours", litesmith.tf)):
        (tmp_path / name).mkdir()
        seen.append(team_script.plot_weights(tf, path, tmp_path / name))
    theirs, ours = seen
    assert theirs.keys() == ours.keys() and len(theirs) >= 3
    for picture, counts in theirs.items():
        np.testing.assert_array_equal(counts, ours[picture], err_msg=picture)
        assert (tmp_path / "theirs" / picture).read_bytes() == (tmp_path / "ours" / picture).read_bytes()
