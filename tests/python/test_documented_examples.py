"""TensorFlow's documented examples give the same with TensorFlow and with litesmith."""

import documented_examples
import litesmith.tf
import numpy as np
import pandas
import pytest

# Of 250 clips: one may fall to the other side where a score lies beside a half (float kernels sum in another order,
# and each converter calibrates with its own float kernels).
ACCURACY_STEP = 1 / 250


def same(theirs, ours, where):
    assert type(theirs) is type(ours), where
    if isinstance(theirs, dict):
        assert theirs.keys() == ours.keys(), where
        for name in theirs:
            same(theirs[name], ours[name], f"{where}.{name}")
    elif isinstance(theirs, (list, tuple)):
        assert len(theirs) == len(ours), where
        for i, pair in enumerate(zip(theirs, ours)):
            same(*pair, f"{where}[{i}]")
    elif isinstance(theirs, pandas.DataFrame):
        # Means over samples of errors that are steps of a scale; see test_drop_in for the figures themselves. A pool
        # makes no error at all here, and 1e-6 of one where float kernels sum in another order.
        np.testing.assert_allclose(theirs, ours, rtol=5e-3, atol=1e-5, err_msg=where)
    elif isinstance(theirs, float):
        step = ACCURACY_STEP if "accuracy" in where or "plain" in where or "quantized" in where else 1e-6
        assert abs(theirs - ours) <= step + 1e-9, where
        assert theirs > 0 or "accuracy" not in where
    else:
        assert theirs == ours, where


@pytest.mark.parametrize("example", documented_examples.EXAMPLES, ids=lambda each: each.__name__)
def test_the_example_gives_the_same(example, tensorflow, tmp_path, model_path, calibration, features, labels):
    found = []
    for name, tf in (("theirs", tensorflow), ("ours", litesmith.tf)):
        (tmp_path / name).mkdir()
        model = tf.keras.models.load_model(model_path)
        found.append(example(tf, model, calibration, features[:250], labels[:250], tmp_path / name))
    same(*found, example.__name__)
