"""litesmith's own face: values, errors by class, progress, threads, what stays behind."""

import gc
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import typing

import litesmith
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as some

from conftest import EXAMPLE, growth
from litesmith.tf.data import Dataset


def test_import_is_quick():
    seconds = [float(subprocess.run(
        [sys.executable, "-c", "import time, numpy; t = time.process_time(); import litesmith; "
                               "print(time.process_time() - t)"],
        capture_output=True, check=True, text=True).stdout) for _ in range(5)]
    assert min(seconds) < 0.05


@pytest.mark.parametrize("choice, call", [
    (litesmith.interpreter.Arithmetic, lambda: litesmith.Interpreter(EXAMPLE / "wake_word.keras", arithmetic="none")),
    (litesmith.work.Mode, lambda: litesmith.quantize(EXAMPLE / "wake_word.keras", "none")),
    (litesmith.work.Target, lambda: litesmith.quantize(EXAMPLE / "wake_word.keras", "float32", target="none")),
], ids=["arithmetic", "mode", "target"])
def test_type_hints_list_what_the_native_code_knows(choice, call):
    with pytest.raises(litesmith.errors.UsageError) as refused:
        call()
    assert set(str(refused.value).rsplit(" are ", 1)[1].split(", ")) == set(typing.get_args(choice))


def test_constants_are_views_of_the_model(files):
    model = litesmith.load(files["int8"])
    kernel = next(t for t in model.tensors if t.is_constant and t.data.ndim == 4)
    assert not kernel.data.flags.owndata and not kernel.data.flags.writeable
    assert kernel.data.dtype == np.int8 and kernel.scales.shape == (kernel.shape[0],)
    data = kernel.data
    expected = data.copy()
    del model, kernel
    gc.collect()
    np.testing.assert_array_equal(data, expected)  # the memory lives as long as the view


def test_dequantized_weights_are_close_to_the_trained_ones(model_path, files):
    trained = [t.data for t in litesmith.load(model_path).tensors if t.is_constant and len(t.shape) == 4]
    quantized = [t for t in litesmith.load(files["int8"]).tensors if t.is_constant and len(t.shape) == 4]
    for a, b in zip(trained, quantized):
        steps = np.abs(a - b.dequantized()) / b.scales.reshape(-1, 1, 1, 1)
        assert steps.max() <= 0.5001


def test_quantize_takes_samples_in_every_form(model_path, calibration, tmp_path):
    np.save(tmp_path / "c.npy", calibration)
    np.savez(tmp_path / "c.npz", input_layer=calibration)

    def generate():
        for sample in calibration:
            yield [sample[np.newaxis]]

    def by_name():
        for sample in calibration:
            yield {"input_layer": sample[np.newaxis]}

    forms = [calibration, {"input_layer": calibration}, [calibration], str(tmp_path / "c.npy"), tmp_path / "c.npz",
             generate, by_name, generate(), Dataset.from_tensor_slices(calibration).batch(9), calibration.astype(np.float64), np.asfortranarray(calibration),
             calibration.astype(">f4")]
    made = {litesmith.quantize(model_path, "int8", form).to_bytes() for form in forms}
    assert len(made) == 1


def test_the_command_line_makes_the_same_bytes(model_path, tmp_path, calibration):
    out = tmp_path / "cli.tflite"
    subprocess.run([sys.executable, "-m", "litesmith", "convert", model_path, "-o", str(out), "--mode", "int8",
                    "--calibrate", str(EXAMPLE / "calibration_features.npy")], check=True, capture_output=True)
    assert out.read_bytes() == litesmith.quantize(model_path, "int8", calibration).to_bytes()


@pytest.mark.parametrize("words, call, kind", [
    (["inspect", "no_such.keras"], lambda: litesmith.load("no_such.keras"), litesmith.FileError),
    (["inspect", __file__], lambda: litesmith.load(__file__), litesmith.ModelFormatError),
    (["run", "{int8}", "--input", "{bad}", "--output", "y.npy"],
     lambda: litesmith.Interpreter("{int8}")("{bad}"), litesmith.DataError),
    (["convert", "{model}", "-o", "y.tflite", "--mode", "float16", "--input-type", "int8"],
     lambda: litesmith.quantize("{model}", "float16", input_type="int8"), litesmith.UsageError),
])
def test_errors_have_the_command_lines_words(words, call, kind, files, model_path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("bad.npy", np.zeros((3, 7), np.float32))
    names = {"int8": files["int8"], "bad": "bad.npy", "model": model_path}
    words = [word.format(**names) for word in words]
    result = subprocess.run([sys.executable, "-m", "litesmith", *words], capture_output=True, text=True)
    # The call's strings carry the same placeholders.
    code = call.__code__.replace(co_consts=tuple(
        c.format(**names) if isinstance(c, str) else c for c in call.__code__.co_consts))
    with pytest.raises(kind) as caught:
        type(call)(code, call.__globals__)()
    assert result.stderr.strip().endswith(str(caught.value))


def test_what_an_onnx_model_leaves_open(tmp_path):
    exports = EXAMPLE.parents[1] / "tests/fixtures/pytorch"
    with pytest.raises(litesmith.UnsupportedOpError, match="sequence-input"):
        litesmith.load(exports / "audio.onnx")
    for layout, shape in (("nlc", (-1, 400, 1)), ("ncl", (-1, 1, 400))):
        for source in (exports / "audio.onnx", (exports / "audio.onnx").read_bytes()):
            model = litesmith.load(source, sequence_input=layout)
            assert tuple(model.inputs[0].shape_signature) == shape
    with pytest.raises(ValueError, match="nlc"):
        litesmith.load(exports / "audio.onnx", sequence_input="lnc")
    images = litesmith.load(exports / "resnet.onnx", keep_nchw_input=True, dimensions={"batch": 2})
    assert tuple(images.inputs[0].shape) == (2, 3, 32, 32)
    stored = np.load(exports / "audio.npz")
    report = litesmith.optimize(litesmith.load(exports / "audio.onnx", sequence_input="ncl"), tmp_path / "out",
                                calibrate=stored["x"], io="float32", latency=False)
    made = litesmith.Interpreter(report.files["float32"])(stored["x"])
    assert np.abs(made - stored["y"]).max() < 1e-5 * np.abs(stored["y"]).max()


def test_evaluate_and_its_object(files, features, labels):
    result = litesmith.evaluate(files["int8"], features, labels, threshold=0.5)
    assert result.n == len(labels) and 0.9 < result.accuracy < 1
    assert result.correct == (result.predicted == labels).sum() == np.trace(result.confusion)
    assert result.to_dict()["n"] == result.n and "accuracy" in str(result)
    one_hot = np.eye(2, dtype=np.float32)[labels]
    assert litesmith.evaluate(files["int8"], features, one_hot, latency=False).correct == result.correct


def test_optimize_and_its_table(model_path, calibration, features, labels, tmp_path):
    report = litesmith.optimize(model_path, tmp_path / "out", calibrate=calibration, evaluate=features, labels=labels,
                                latency=False)
    assert list(report.files) == ["float32", "dynamic_range", "int8", "float16", "int16x8"]
    assert all(os.path.exists(path) for path in report.files.values())
    assert json.loads((tmp_path / "out" / "results.json").read_text()) == report.to_dict()
    assert (tmp_path / "out" / "table.md").read_text() == report.to_markdown()
    assert "<table>" in report._repr_html_() and "96" in report._repr_html_()
    assert "int16x8" in str(report)
    pandas = pytest.importorskip("pandas")
    assert isinstance(report.to_pandas(), pandas.DataFrame) and len(report.to_pandas()) == 5


def test_interpreter_runs_one_sample_or_many(files, features):
    interpreter = litesmith.Interpreter(files["int8"], num_threads=2)
    many = interpreter(features[:50])
    assert many.shape == (50, 2) and many.dtype == np.float32
    np.testing.assert_array_equal(many[3], interpreter(features[3]))
    raw = interpreter(features[:50], dequantize=False)
    output = interpreter.outputs[0]
    assert raw.dtype == np.uint8
    np.testing.assert_allclose(many, (raw.astype(np.float64) - output.zero_points[0]) * output.scales[0], atol=1e-7)
    assert interpreter.tensors(features[0])[output.name].shape == (1, 2)


def test_interrupt_stops_promptly(model_path, tmp_path):
    # Python leaves Ctrl-C alone where its parent did, as shells do in the background.
    script = ("import signal, litesmith, numpy as np\n"
              "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
              f"x = np.zeros((400000, 50, 13, 1), np.float32)\n"
              "print('go', flush=True)\n"
              "try:\n"
              f"    litesmith.quantize({model_path!r}, 'int8', x, calibration_samples=0, num_threads=1)\n"
              "except KeyboardInterrupt:\n"
              "    print('stopped', flush=True)\n")
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert child.stdout.readline() == "go\n"
    time.sleep(0.5)
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=20)[0] == "stopped\n"
    assert time.monotonic() - began < 5
    assert os.listdir(tmp_path) == []


def test_other_threads_run_meanwhile(model_path, calibration):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    data = np.concatenate([calibration] * 40)
    began = time.monotonic()
    litesmith.quantize(model_path, "int8", data, calibration_samples=0)
    took = time.monotonic() - began
    done.set()
    thread.join()
    assert len([t for t in ticks if t >= began]) > 20 * took  # far more than a held lock would let through


def test_progress_is_told_and_may_raise(model_path, calibration):
    class Enough(Exception):
        pass

    told = []

    def stop(stage, finished, total):
        told.append((stage, finished, total))
        raise Enough

    with pytest.raises(Enough):
        litesmith.quantize(model_path, "int8", np.concatenate([calibration] * 40), calibration_samples=0,
                           progress=stop)
    assert told[0][0] == "calibrating"


def test_many_interpreters_of_one_model_on_many_threads(files, features):
    from litesmith import lite

    content = pathlib.Path(files["int16x8"]).read_bytes()
    expected = litesmith.Interpreter(files["int16x8"])(features[:40])
    wrong = []

    def work(offset):
        interpreter = lite.Interpreter(model_content=content)
        interpreter.allocate_tensors()
        index_in = interpreter.get_input_details()[0]["index"]
        index_out = interpreter.get_output_details()[0]["index"]
        for i in range(40):
            k = (i + offset) % 40
            interpreter.set_tensor(index_in, features[k:k + 1])
            interpreter.invoke()
            if not np.array_equal(interpreter.get_tensor(index_out)[0], expected[k]):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(t,)) for t in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_nothing_leaks(model_path, calibration, features, files):
    from litesmith import lite

    def work():
        litesmith.quantize(model_path, "int8", calibration[:20])
        interpreter = lite.Interpreter(model_path=files["int8"])
        interpreter.allocate_tensors()
        view = interpreter.tensor(interpreter.get_output_details()[0]["index"])()
        interpreter.get_tensor_details()
        del view
        litesmith.Interpreter(files["float32"])(features[:20])
        with pytest.raises(litesmith.DataError):
            litesmith.Interpreter(files["float32"])(features[:20, :, :5])

    assert growth(work, 10, 60) < 3_000_000  # a leaked model alone would be 60 x 80 kB


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_array_runs_or_is_refused(files, data):
    shape = data.draw(some.array_shapes(min_dims=0, max_dims=5, max_side=14))
    dtype = data.draw(st.sampled_from(["f4", "f8", "f2", ">f4", "i1", "u1", "i4", "i8", "?", "U3", "c8", "M8[s]"]))
    array = np.zeros(shape, dtype)
    try:
        out = litesmith.Interpreter(files["int8"])(array)
    except (litesmith.DataError, litesmith.UnsupportedOpError):
        return
    assert out.shape[-1] == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.integers(1, 5), order=st.sampled_from("CF"), dtype=st.sampled_from(["f4", "f8", "f2", ">f4"]))
def test_any_layout_gives_the_same_numbers(files, features, batch, order, dtype):
    interpreter = litesmith.Interpreter(files["float32"])
    given_array = np.array(features[:batch].astype(np.float16), dtype=dtype, order=order)
    np.testing.assert_array_equal(interpreter(given_array), interpreter(given_array.astype(np.float32)))
