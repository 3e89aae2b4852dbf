"""What Python adds to a run, beside ai_edge_litert.Interpreter's, in one run and in turns."""

import litesmith
import numpy as np
import pytest
from invoke_overhead import measure


@pytest.mark.parametrize("mode", ["float32", "int8"])
def test_overhead_is_at_most_ai_edge_litert_s(tensorflow, tmp_path, mode):
    keras = tensorflow.keras
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
    path = str(tmp_path / "tiny.tflite")
    data = np.ones((4, 4), np.float32) if mode == "int8" else None
    io = "int8" if mode == "int8" else "float32"
    litesmith.quantize(model, mode, data, input_type=io, output_type=io).save(path)
    for attempt in range(3):  # the machine has other work, too
        found = measure(path, rounds=15, calls=200)
        ours, theirs = ([found[part, name] for part in ("set_tensor", "get_tensor", "all three")]
                        for name in ("litesmith", "ai_edge_litert"))
        if ours[0] + ours[1] <= theirs[0] + theirs[1] and ours[2] <= theirs[2]:
            return
    pytest.fail(f"set_tensor, get_tensor and all with invoke: {ours} us, ai_edge_litert {theirs} us")
