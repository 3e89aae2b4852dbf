"""tf.lite's names over litesmith: bad input ends as users of TensorFlow expect, views are guarded, data flows."""

import csv
import io
import os

import litesmith
import litesmith.tf as tf
import numpy as np
import pytest

from conftest import growth


def converter(model_path, generate, **settings):
    made = tf.lite.TFLiteConverter.from_keras_model(model_path)
    made.optimizations = [tf.lite.Optimize.DEFAULT]
    made.representative_dataset = generate
    for name, value in settings.items():
        setattr(made, name, value)
    return made


def generators(x):
    def nothing():
        return
        yield

    def too_many():
        yield [x[:1], x[:1]]

    def wrong_type():
        yield [x[:1].astype(np.float64)]

    def wrong_shape():
        yield [x[:1, :20]]

    def no_batch():
        yield [x[0]]

    def breaks():
        yield [x[:1]]
        raise ZeroDivisionError("halfway")

    def bare():
        yield x[:1]

    def wrong_name():
        yield {"nope": x[:1]}

    def lists():
        yield [x[:1].tolist()]

    return [(nothing, ValueError), (too_many, ValueError), (wrong_type, ValueError), (wrong_shape, RuntimeError),
            (no_batch, RuntimeError), (breaks, ZeroDivisionError), (bare, ValueError), (wrong_name, KeyError),
            (lists, AttributeError), (5, TypeError)]


@pytest.mark.parametrize("which", range(10))
def test_a_bad_representative_dataset_raises_what_tensorflow_raises(which, model_path, calibration, tmp_path,
                                                                   monkeypatch):
    monkeypatch.chdir(tmp_path)
    generate, kind = generators(calibration)[which]
    with pytest.raises(kind):
        converter(model_path, generate).convert()
    assert os.listdir(tmp_path) == []


def test_a_bad_representative_dataset_leaks_nothing(model_path, calibration):
    bad = [converter(model_path, generate) for generate, _ in generators(calibration)]

    def work():
        for each in bad:
            with pytest.raises((ValueError, RuntimeError, ArithmeticError, LookupError, AttributeError, TypeError)):
                each.convert()

    assert growth(work, 10, 300) < 3_000_000  # 3,000 failures; one sample each would be 7.8 MB, one model 240 MB


def test_good_datasets_of_every_form_give_one_file(model_path, calibration):
    def lists():
        for sample in calibration:
            yield [sample[np.newaxis]]

    def by_name():
        for sample in calibration:
            yield {"input_layer": sample[np.newaxis]}

    def by_signature():
        for sample in calibration:
            yield ("serving_default", {"input_layer": sample[np.newaxis]})

    def batches():
        for i in range(0, len(calibration), 7):
            yield [calibration[i:i + 7]]

    def tensors():
        for sample in tf.data.Dataset.from_tensor_slices(calibration).batch(1):
            yield [sample]

    forms = [lists, by_name, by_signature, batches, tensors, tf.lite.RepresentativeDataset(lists)]
    assert len({converter(model_path, form).convert() for form in forms}) == 1


@pytest.mark.parametrize("settings, message", [
    ({"inference_input_type": tf.int16}, "Expected to be in"),
    ({"inference_input_type": np.int8}, "Unsupported TensorFlow type"),
    ({"optimizations": [], "inference_input_type": tf.int8}, "must be tf.float32"),
])
def test_types_that_do_not_fit_are_refused_in_tensorflows_words(settings, message, model_path, calibration):
    with pytest.raises(ValueError, match=message):
        converter(model_path, lambda: iter([[calibration[:1]]]), **settings).convert()


def test_int8_without_a_dataset_is_refused(model_path):
    made = converter(model_path, None)
    made.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    with pytest.raises(ValueError, match="a `representative_dataset` must be specified"):
        made.convert()


def test_a_saved_model_is_refused_with_the_way_out():
    with pytest.raises(NotImplementedError, match=r"model\.save\('model\.keras'\)"):
        tf.lite.TFLiteConverter.from_saved_model("folder")


def test_a_live_model_gives_the_bytes_of_its_file(model_path, tensorflow):
    live = tensorflow.keras.models.load_model(model_path)
    from_live = tf.lite.TFLiteConverter.from_keras_model(live).convert()
    assert from_live == tf.lite.TFLiteConverter.from_keras_model(model_path).convert()


def test_without_keras_a_model_loads_shows_runs_and_converts(model_path, features, capsys):
    from litesmith.tf._keras import _stand_in

    keras = _stand_in()
    model = keras.models.load_model(model_path)
    assert [layer.class_name for layer in model.layers][:2] == ["InputLayer", "Conv2D"]
    model.summary()
    assert "CONV_2D" in capsys.readouterr().out
    assert model.predict(features[:3]).shape == (3, 2)
    assert sum(w.size for w in model.get_weights()) == 20226
    assert tf.lite.TFLiteConverter.from_keras_model(model).convert() == litesmith.load(model_path).to_bytes()
    with pytest.raises(AttributeError, match="pip install keras"):
        keras.Sequential


@pytest.mark.parametrize("arguments, message", [
    ({}, "must be specified"),
    ({"model_path": "/nope"}, "nope"),
    ({"model_content": b"abc"}, "."),
    ({"model_path": "x", "model_content": b"x"}, "Can't both provide"),
    ({"model_path": "x", "num_threads": 0}, "num_threads should >= 1"),
    ({"model_path": "x", "num_threads": "2"}, "should be int"),
])
def test_an_interpreter_that_cannot_be_made_is_a_value_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        tf.lite.Interpreter(**arguments)


def made(files, mode="float32", **arguments):
    interpreter = tf.lite.Interpreter(model_path=files[mode], **arguments)
    return interpreter, interpreter.get_input_details()[0], interpreter.get_output_details()[0]


def test_before_allocation_nothing_is_there(files):
    interpreter, inputs, outputs = made(files)
    for call in (lambda: interpreter.get_tensor(inputs["index"]),
                 lambda: interpreter.set_tensor(inputs["index"], np.zeros(inputs["shape"], np.float32)),
                 lambda: interpreter.tensor(outputs["index"])()):
        with pytest.raises(ValueError):
            call()
    with pytest.raises(RuntimeError, match="not ready"):
        interpreter.invoke()


@pytest.mark.parametrize("value, message", [
    (np.zeros((1, 50, 13, 1)), "Got value of type FLOAT64 but expected type FLOAT32"),
    (np.zeros((3, 50, 13, 1), np.float32), "Got 3 but expected 1 for dimension 0"),
    (np.zeros((50, 13, 1), np.float32), "Got 3 but expected 4"),
    ([1.0], "Got value of type FLOAT64"),
])
def test_a_value_that_does_not_fit_is_refused_in_tensorflows_words(files, tensorflow, value, message):
    for module in (tf, tensorflow):
        interpreter = module.lite.Interpreter(model_path=files["float32"])
        interpreter.allocate_tensors()
        with pytest.raises(ValueError, match=message):
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], value)
        with pytest.raises(ValueError, match="Invalid tensor index 999"):
            interpreter.set_tensor(999, value)
        with pytest.raises(ValueError, match="Invalid tensor index 999"):
            interpreter.get_tensor(999)


@pytest.mark.parametrize("form", [
    lambda x: x, lambda x: x.tolist(), np.asfortranarray, lambda x: np.repeat(x, 2, axis=2)[:, :, ::2],
    lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape), lambda x: x.view(np.matrix.__base__),
], ids=["plain", "list", "Fortran", "strided", "read-only", "view"])
def test_a_value_of_any_layout_is_set(files, features, tensorflow, form):
    given = form(np.clip(features[:1] * 9, 0, 255).astype(np.uint8))
    seen = []
    for module in (tf, tensorflow):
        interpreter = module.lite.Interpreter(model_path=files["int8"])
        interpreter.allocate_tensors()
        index = interpreter.get_input_details()[0]["index"]
        if isinstance(given, list):  # int64 to both
            with pytest.raises(ValueError, match="Got value of type INT64 but expected type UINT8"):
                interpreter.set_tensor(index, given)
            continue
        interpreter.set_tensor(np.int32(index), given)
        seen.append(interpreter.get_tensor(index))
    if seen:
        np.testing.assert_array_equal(*seen)
        np.testing.assert_array_equal(seen[0], given)


def test_resize_and_run_a_batch(files, features, tensorflow):
    results = []
    for module in (tf, tensorflow):
        interpreter = module.lite.Interpreter(model_path=files["int16x8"])
        inputs, outputs = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
        interpreter.resize_tensor_input(inputs["index"], [5, 50, 13, 1])
        with pytest.raises(RuntimeError):
            interpreter.invoke()
        interpreter.allocate_tensors()
        assert list(interpreter.get_input_details()[0]["shape"]) == [5, 50, 13, 1]
        assert list(interpreter.get_input_details()[0]["shape_signature"]) == [-1, 50, 13, 1]
        assert list(interpreter.get_output_details()[0]["shape"]) == [5, 2]
        interpreter.set_tensor(inputs["index"], features[:5])
        interpreter.invoke()
        results.append(interpreter.get_tensor(outputs["index"]))
        with pytest.raises(RuntimeError, match="ResizeInputTensorStrict"):
            interpreter.resize_tensor_input(inputs["index"], [5, 51, 13, 1], strict=True)
            interpreter.allocate_tensors()
    np.testing.assert_array_equal(*results)


def test_an_input_stays_set(files, features):
    interpreter, inputs, outputs = made(files)
    interpreter.allocate_tensors()
    interpreter.set_tensor(inputs["index"], features[:1])
    np.testing.assert_array_equal(interpreter.get_tensor(inputs["index"]), features[:1])
    runs = []
    for _ in range(3):
        interpreter.invoke()
        runs.append(interpreter.get_tensor(outputs["index"]))
    np.testing.assert_array_equal(runs[0], runs[2])
    runs[0][:] = 0  # a copy
    assert interpreter.get_tensor(outputs["index"]).any()


def test_views_write_through_and_must_not_be_held(files, features):
    interpreter, inputs, outputs = made(files)
    interpreter.allocate_tensors()
    write, read = interpreter.tensor(inputs["index"]), interpreter.tensor(outputs["index"])
    write()[:] = features[:1]
    interpreter.invoke()
    np.testing.assert_array_equal(read(), interpreter.get_tensor(outputs["index"]))
    held = read()
    for call in (interpreter.invoke, interpreter.allocate_tensors,
                 lambda: interpreter.resize_tensor_input(inputs["index"], [2, 50, 13, 1])):
        with pytest.raises(RuntimeError, match="at least 1 reference to internal data"):
            call()
    part = held[:, 1:]
    del held
    with pytest.raises(RuntimeError, match="at least 1 reference"):
        interpreter.invoke()
    del part
    interpreter.invoke()


def test_a_view_outlives_its_interpreter(files, features):
    interpreter, inputs, outputs = made(files)
    interpreter.allocate_tensors()
    interpreter.set_tensor(inputs["index"], features[:1])
    interpreter.invoke()
    expected = interpreter.get_tensor(outputs["index"])
    view = interpreter.tensor(outputs["index"])()
    del interpreter
    np.testing.assert_array_equal(view, expected)


def test_inner_tensors_with_and_without_preserving(files, features, tensorflow):
    kept = {}
    for name, module in (("ours", tf), ("theirs", tensorflow)):
        interpreter = module.lite.Interpreter(model_path=files["int8"], experimental_preserve_all_tensors=True)
        interpreter.allocate_tensors()
        inputs = interpreter.get_input_details()[0]
        scale, zero = inputs["quantization"]
        interpreter.set_tensor(inputs["index"], np.clip(np.round(features[:1] / scale + zero), 0, 255).astype(np.uint8))
        interpreter.invoke()
        ops = interpreter._get_ops_details()
        kept[name] = {int(i): interpreter.get_tensor(int(i)) for op in ops if op["op_name"] != "DELEGATE"
                      for i in op["outputs"]}
    assert len(kept["ours"]) > 5
    for index in kept["ours"].keys() & kept["theirs"].keys():
        np.testing.assert_array_equal(kept["ours"][index], kept["theirs"][index])
    interpreter, _, _ = made(files, "int8")
    interpreter.allocate_tensors()
    interpreter.invoke()
    with pytest.raises(ValueError, match="Tensor data is null"):
        interpreter.get_tensor(int(interpreter._get_ops_details()[1]["outputs"][0]))


def test_signature_runner(files, features, tensorflow):
    results = []
    for module in (tf, tensorflow):
        runner = module.lite.Interpreter(model_path=files["float32"]).get_signature_runner()
        assert list(runner.get_input_details()) == ["input_layer"]
        assert list(runner.get_output_details()) == ["output_0"]
        results.append(runner(input_layer=features[:4])["output_0"])
        for wrong in ({}, {"nope": features[:1]}):
            with pytest.raises(ValueError):
                runner(**wrong)
        with pytest.raises(ValueError, match="Invalid signature_key"):
            module.lite.Interpreter(model_path=files["float32"]).get_signature_runner("nope")
    np.testing.assert_allclose(*results, atol=1e-5)


def test_datasets_walk_as_tensorflows_do(tensorflow, features):
    def elements(module):
        x = features[:10]
        y = np.arange(10)
        data = module.data.Dataset
        chains = [
            data.from_tensor_slices(x).batch(3).take(2),
            data.from_tensor_slices((x, y)).map(lambda a, b: (a * 2, b)).batch(4, drop_remainder=True),
            data.from_tensor_slices({"x": x, "y": y}).skip(3).repeat(2).prefetch(1).cache(),
            data.from_tensor_slices(y).enumerate().take(3),
            data.zip((data.from_tensor_slices(x), data.from_tensor_slices(y))),
            data.from_tensor_slices([1.5, 2.5]),
        ]
        return [(len(chain), list(chain.as_numpy_iterator())) for chain in chains]

    def same(a, b):
        if isinstance(a, (tuple, list)):
            assert len(a) == len(b)
            for one, other in zip(a, b):
                same(one, other)
        elif isinstance(a, dict):
            assert a.keys() == b.keys()
            for name in a:
                same(a[name], b[name])
        else:
            np.testing.assert_array_equal(a, b)
            assert np.asarray(a).dtype == np.asarray(b).dtype or isinstance(a, int)

    same(elements(tensorflow), elements(tf))
    shuffled = tf.data.Dataset.from_tensor_slices(np.arange(50)).shuffle(50, seed=3)
    first, second = (np.array(list(shuffled.as_numpy_iterator())) for _ in range(2))
    assert sorted(first) == list(range(50)) and (first != second).any() and (first != np.arange(50)).any()


@pytest.mark.parametrize("arguments", [{}, {"maxlen": 3}, {"maxlen": 3, "padding": "post"},
                                       {"maxlen": 2, "truncating": "post", "dtype": "float32", "value": -1.0}])
def test_pad_sequences_is_keras(tensorflow, arguments):
    from litesmith.tf._keras import pad_sequences

    for sequences in ([[1], [2, 3, 4, 5], []], [np.ones((2, 3)), np.zeros((5, 3))]):
        theirs = tensorflow.keras.utils.pad_sequences(sequences, **arguments)
        np.testing.assert_array_equal(theirs, pad_sequences(sequences, **arguments))
        assert theirs.dtype == pad_sequences(sequences, **arguments).dtype


def test_dtypes_are_tensorflows(tensorflow):
    for name in ("uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "bool"):
        ours, theirs = getattr(tf, name), getattr(tensorflow, name)
        assert repr(ours) == repr(theirs) and str(ours) == str(theirs)
        assert ours.name == theirs.name and ours.size == theirs.size
        assert ours.as_numpy_dtype == theirs.as_numpy_dtype and ours == np.dtype(name)
        assert ours != tf.string


def test_what_is_not_offered_names_the_alternative():
    with pytest.raises(AttributeError, match="NumPy or TensorFlow itself"):
        tf.matmul
    with pytest.raises(AttributeError, match="offers no 'Delegate'"):
        tf.lite.Delegate


def debug(module, model, calibration, options):
    def samples():
        for sample in calibration[:20]:
            yield [sample[np.newaxis]]

    made = module.lite.TFLiteConverter.from_keras_model(model)
    made.optimizations = [module.lite.Optimize.DEFAULT]
    made.representative_dataset = samples
    debugger = module.lite.experimental.QuantizationDebugger(
        converter=made, debug_dataset=samples,
        debug_options=module.lite.experimental.QuantizationDebugOptions(**options))
    debugger.run()
    table = io.StringIO()
    debugger.layer_statistics_dump(table)
    return debugger, list(csv.DictReader(io.StringIO(table.getvalue())))


def test_the_debugger_finds_what_tensorflows_finds(tensorflow, model_path, calibration):
    options = {"layer_debug_metrics": {"l1": lambda diffs: np.mean(np.abs(diffs))},
               "model_debug_metrics": {"same": lambda a, b: float(np.argmax(a[0]) == np.argmax(b[0]))}}
    model = tensorflow.keras.models.load_model(model_path)
    theirs, their_rows = debug(tensorflow, model, calibration, options)
    ours, our_rows = debug(tf, model, calibration, options)
    assert [list(row) for row in our_rows] == [list(row) for row in their_rows]
    assert [row["op_name"] for row in our_rows] == [row["op_name"] for row in their_rows]
    for a, b in zip(their_rows, our_rows):
        for name in a.keys() - {"op_name", "tensor_idx", "tensor_name"}:
            # Float kernels sum in different orders: a rounding of a value beside the error that is measured.
            tolerance = 1e-5 if float(a["max_abs_error"]) < 1e-4 else 1e-3
            assert abs(float(a[name]) - float(b[name])) <= tolerance * max(1, abs(float(a[name]))), (a["op_name"], name)
    assert theirs.model_statistics == ours.model_statistics


# Not compared: with a converter TensorFlow reads the float tensors after their memory served others.
def test_direct_metrics_see_both_tensors_of_a_layer(model_path, calibration):
    _, rows = debug(tf, model_path, calibration, {"layer_direct_compare_metrics": {
        "steps": lambda f, q, scale, zero: np.max(np.abs(f - scale * (q.astype(float) - zero))) / scale}})
    for row in rows:
        assert abs(float(row["steps"]) - float(row["max_abs_error"]) / float(row["scale"])) < 0.5
        assert float(row["steps"]) < 5  # the output's rounding, and that of all weights together


def test_the_debugger_leaves_denied_layers_in_float(model_path, calibration):
    debugger, before = debug(tf, model_path, calibration, {})
    softmax = before[-1]["tensor_name"]
    debugger.options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=["CONV_2D"],
                                                                     denylisted_nodes=[softmax])
    debugger.run()
    left = {name.split("/", 1)[1] for name in debugger.layer_statistics}
    assert len(left) == len(before) - 3
    model = litesmith.load(debugger.get_nondebug_quantized_model())
    kinds = {op.name: model.tensors[op.outputs[0]].dtype.name for op in model.graph}
    assert kinds["CONV_2D"] == "float32" and kinds["FULLY_CONNECTED"] == "int8"
    with pytest.raises(NotImplementedError, match="NumericVerify"):
        debugger.get_debug_quantized_model()
