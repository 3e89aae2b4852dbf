"""Every argument of the drop-in has an effect or is refused; the few that TensorFlow itself takes without effect on a
result are named, and held to be without effect there too."""

import contextlib
import io

import litesmith
import litesmith.tf as tf
import numpy as np
import pytest
from litesmith.lite.interpreter import SignatureRunner
from litesmith.tf import _keras

import offered

EFFECTS = {}
# Taken by TensorFlow for its graphs and thread pools: the result does not depend on them, there or here.
NO_EFFECT = {}


def effect(path, *names):
    """Registers a function that shows what ``names`` of the callable at ``path`` do."""

    def register(function):
        for name in names:
            assert (path, name) not in EFFECTS
            EFFECTS[path, name] = function
        return function

    return register


def refuses(path, call, *names, kind=NotImplementedError):
    def check(made):
        with pytest.raises(kind):
            call(made)

    effect(path, *names)(check)


class Made:
    """What the checks work on."""

    def __init__(self, files, model_path, calibration, features):
        self.files, self.model_path = files, model_path
        self.calibration, self.features = calibration, features

    def interpreter(self, mode="float32", **arguments):
        interpreter = tf.lite.Interpreter(model_path=self.files[mode], **arguments)
        interpreter.allocate_tensors()
        return interpreter

    def converter(self, **settings):
        converter = tf.lite.TFLiteConverter.from_keras_model(self.model_path)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = self.samples
        for name, value in settings.items():
            setattr(converter, name, value)
        return converter

    def samples(self):
        for sample in self.calibration[:20]:
            yield [sample[np.newaxis]]

    def debugger(self, options=None, samples=None):
        debugger = tf.lite.experimental.QuantizationDebugger(
            converter=self.converter(), debug_dataset=samples or self.samples, debug_options=options)
        debugger.run()
        return debugger


@pytest.fixture(scope="module")
def made(files, model_path, calibration, features):
    return Made(files, model_path, calibration, features)


# The converter.

CONVERTER = "lite.TFLiteConverter."
refuses(CONVERTER + "__init__", lambda made: tf.lite.TFLiteConverter([], None), "funcs", "trackable_obj")
refuses(CONVERTER + "from_saved_model", lambda made: tf.lite.TFLiteConverter.from_saved_model("folder", ["a"], {"b"}),
        "saved_model_dir", "signature_keys", "tags")
refuses(CONVERTER + "from_concrete_functions", lambda made: tf.lite.TFLiteConverter.from_concrete_functions([], None),
        "funcs", "trackable_obj")
refuses(CONVERTER + "experimental_from_jax", lambda made: tf.lite.TFLiteConverter.experimental_from_jax([], []),
        "serving_funcs", "inputs")


@effect(CONVERTER + "from_keras_model", "model")
def _(made):
    from_path = tf.lite.TFLiteConverter.from_keras_model(made.model_path).convert()
    from_model = tf.lite.TFLiteConverter.from_keras_model(_keras.load_model(made.model_path)).convert()
    assert len(from_path) > 80_000 and from_path == from_model
    with pytest.raises(litesmith.errors.FileError, match="nope"):
        tf.lite.TFLiteConverter.from_keras_model("nope.keras")


@effect("lite.RepresentativeDataset.__init__", "input_gen")
def _(made):
    def others():
        for sample in made.calibration[20:40]:
            yield [sample[np.newaxis] * 3]

    files = {made.converter(representative_dataset=tf.lite.RepresentativeDataset(each)).convert()
             for each in (made.samples, others)}
    assert len(files) == 2


@effect("lite.TargetSpec.__init__", "supported_ops")
def _(made):
    ops = {tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8}
    assert made.converter(target_spec=tf.lite.TargetSpec(supported_ops=ops)).convert() != made.converter().convert()


@effect("lite.TargetSpec.__init__", "supported_types")
def _(made):
    half = tf.lite.TargetSpec(supported_types=[tf.float16])
    assert len(made.converter(target_spec=half).convert()) > 1.5 * len(made.converter().convert())


refuses("lite.TargetSpec.__init__", lambda made: made.converter(
    target_spec=tf.lite.TargetSpec(experimental_select_user_tf_ops={"Mine"})).convert(),
        "experimental_select_user_tf_ops")
refuses("lite.TargetSpec.__init__", lambda made: made.converter(
    target_spec=tf.lite.TargetSpec(experimental_supported_backends=["GPU"])).convert(),
        "experimental_supported_backends")

# The interpreter.

INTERPRETER = "lite.Interpreter."


@effect(INTERPRETER + "__init__", "model_path")
def _(made):
    assert made.interpreter("int8").get_input_details()[0]["dtype"] is np.uint8
    assert made.interpreter("float32").get_input_details()[0]["dtype"] is np.float32


@effect(INTERPRETER + "__init__", "model_content")
def _(made):
    with open(made.files["int8"], "rb") as file:
        interpreter = tf.lite.Interpreter(model_content=file.read())
    assert interpreter.get_input_details()[0]["dtype"] is np.uint8


@effect(INTERPRETER + "__init__", "num_threads")
def _(made):
    interpreter = tf.lite.Interpreter(model_path=made.files["float32"], num_threads=2)
    interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], [200, 50, 13, 1])
    interpreter.allocate_tensors()
    assert interpreter._native.threads == 2


@effect(INTERPRETER + "__init__", "experimental_op_resolver_type")
def _(made):
    seen = []
    for kind in ("AUTO", "BUILTIN_REF"):
        interpreter = made.interpreter("dynamic_range",
                                       experimental_op_resolver_type=tf.lite.experimental.OpResolverType[kind])
        index = interpreter.get_input_details()[0]["index"]
        interpreter.resize_tensor_input(index, [100, 50, 13, 1])
        interpreter.allocate_tensors()
        interpreter.set_tensor(index, made.features[:100])
        interpreter.invoke()
        seen.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    assert (seen[0] != seen[1]).any()


@effect(INTERPRETER + "__init__", "experimental_preserve_all_tensors")
def _(made):
    inner = int(made.interpreter()._get_ops_details()[0]["outputs"][0])
    interpreter = made.interpreter(experimental_preserve_all_tensors=True)
    interpreter.invoke()
    assert interpreter.get_tensor(inner).ndim == 4
    with pytest.raises(ValueError, match="null"):
        made.interpreter().get_tensor(inner)


for name in ("experimental_delegates", "experimental_disable_delegate_clustering",
             "experimental_default_delegate_latest_features"):
    refuses(INTERPRETER + "__init__", lambda made, name=name: made.interpreter(**{name: ["x"]}), name)
refuses("lite.experimental.load_delegate", lambda made: tf.lite.experimental.load_delegate("x", {}),
        "library", "options")


@effect(INTERPRETER + "set_tensor", "tensor_index", "value")
@effect(INTERPRETER + "get_tensor", "tensor_index")
@effect(INTERPRETER + "tensor", "tensor_index")
def _(made):
    interpreter = made.interpreter()
    index = interpreter.get_input_details()[0]["index"]
    for value in (made.features[:1], made.features[1:2]):
        interpreter.set_tensor(index, value)
        np.testing.assert_array_equal(interpreter.get_tensor(index), value)
        np.testing.assert_array_equal(interpreter.tensor(index)(), value)
    for call in (lambda: interpreter.set_tensor(999, value), lambda: interpreter.get_tensor(999),
                 lambda: interpreter.tensor(999)()):
        with pytest.raises(ValueError, match="999"):
            call()


@effect(INTERPRETER + "get_tensor", "subgraph_index")
@effect(INTERPRETER + "get_tensor_details", "subgraph_index")
def _(made):
    for call in (lambda: made.interpreter().get_tensor(0, subgraph_index=3),
                 lambda: made.interpreter().get_tensor_details(subgraph_index=3)):
        with pytest.raises(ValueError, match="subgraph"):
            call()


@effect(INTERPRETER + "resize_tensor_input", "input_index", "tensor_size", "strict")
def _(made):
    interpreter = made.interpreter()
    index = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(index, [4, 50, 13, 1], strict=True)
    assert list(interpreter.get_input_details()[0]["shape"]) == [4, 50, 13, 1]
    with pytest.raises(RuntimeError, match="Strict"):
        interpreter.resize_tensor_input(index, [4, 60, 13, 1], strict=True)
    with pytest.raises(ValueError, match="no input"):
        interpreter.resize_tensor_input(index + 1, [4, 50, 13, 1])


@effect(INTERPRETER + "get_signature_runner", "signature_key")
def _(made):
    assert made.interpreter().get_signature_runner("serving_default")
    with pytest.raises(ValueError, match="nope"):
        made.interpreter().get_signature_runner("nope")


@effect("SignatureRunner.__init__", "interpreter", "signature_key")
def _(made):
    assert list(SignatureRunner(made.interpreter(), "serving_default").get_input_details()) == ["input_layer"]
    for arguments in ({"signature_key": "serving_default"}, {"interpreter": made.interpreter()}):
        with pytest.raises(ValueError, match="None"):
            SignatureRunner(**arguments)


@effect("SignatureRunner.__call__", "kwargs")
def _(made):
    run = made.interpreter().get_signature_runner()
    one, other = (run(input_layer=made.features[i:i + 1])["output_0"] for i in (0, 1))
    assert (one != other).any()


# What looks into files.

ANALYZE = "lite.experimental.Analyzer.analyze"


@effect(ANALYZE, "model_path", "model_content")
def _(made):
    texts = []
    with open(made.files["int8"], "rb") as file:
        content = file.read()
    for arguments in ({"model_path": made.files["int8"]}, {"model_path": made.files["float32"]},
                      {"model_content": content}):
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            tf.lite.experimental.Analyzer.analyze(**arguments)
        texts.append(text.getvalue().split("\n", 1))
    assert texts[0] != texts[1] and texts[0][0] != texts[2][0] and texts[0][1] == texts[2][1]


for arguments in ({"gpu_compatibility": True}, {"experimental_use_mlir": True}):
    refuses(ANALYZE, lambda made, arguments=arguments: tf.lite.experimental.Analyzer.analyze(
        made.files["int8"], **arguments), "gpu_compatibility" if "gpu_compatibility" in arguments else "kwargs")

DEBUGGER = "lite.experimental.QuantizationDebugger."
OPTIONS = "lite.experimental.QuantizationDebugOptions.__init__"


@effect(DEBUGGER + "__init__", "converter", "debug_dataset")
def _(made):
    def others():
        for sample in made.calibration[100:110]:
            yield [sample[np.newaxis]]

    one, other = made.debugger(), made.debugger(samples=others)
    assert one.layer_statistics.keys() == other.layer_statistics.keys()
    assert one.layer_statistics != other.layer_statistics
    with pytest.raises(ValueError, match="converter"):
        tf.lite.experimental.QuantizationDebugger(debug_dataset=made.samples)


for name in ("quant_debug_model_path", "quant_debug_model_content"):
    refuses(DEBUGGER + "__init__", lambda made, name=name: tf.lite.experimental.QuantizationDebugger(
        **{name: "x"}, debug_dataset=made.samples), name)
for name in ("float_model_path", "float_model_content"):
    refuses(DEBUGGER + "__init__", lambda made, name=name: tf.lite.experimental.QuantizationDebugger(
        **{name: "x"}, converter=made.converter(), debug_dataset=made.samples), name, kind=ValueError)


@effect(DEBUGGER + "__init__", "debug_options")
@effect(OPTIONS, "layer_debug_metrics", "model_debug_metrics", "layer_direct_compare_metrics")
def _(made):
    plain = made.debugger()
    more = made.debugger(tf.lite.experimental.QuantizationDebugOptions(
        layer_debug_metrics={"largest": lambda diffs: diffs.max()},
        model_debug_metrics={"far": lambda a, b: float(np.abs(a[0] - b[0]).max())},
        layer_direct_compare_metrics={"scale_is": lambda f, q, scale, zero: scale}))
    assert plain.model_statistics is None and more.model_statistics.keys() == {"far"}
    for name, figures in plain.layer_statistics.items():
        assert more.layer_statistics[name].keys() - figures.keys() == {"largest", "scale_is"}


@effect(OPTIONS, "denylisted_ops", "denylisted_nodes")
def _(made):
    plain = made.debugger()
    layers = [row for _, row in (plain._op_of[name] for name in plain.layer_statistics)]
    for options in ({"denylisted_ops": ["FULLY_CONNECTED"]}, {"denylisted_nodes": [layers[0]]}):
        fewer = made.debugger(tf.lite.experimental.QuantizationDebugOptions(**options))
        assert len(fewer.layer_statistics) == len(plain.layer_statistics) - 1
        assert fewer.get_nondebug_quantized_model() != plain.get_nondebug_quantized_model()


refuses(OPTIONS, lambda made: tf.lite.experimental.QuantizationDebugOptions(fully_quantize=True), "fully_quantize")


@effect(DEBUGGER + "layer_statistics_dump", "file")
def _(made):
    table = io.StringIO()
    made.debugger().layer_statistics_dump(table)
    assert table.getvalue().startswith("op_name,tensor_idx,")


# Datasets and tensors.

DATASET = "data.Dataset."
numbers = tf.data.Dataset.from_tensor_slices(np.arange(10))


def walked(dataset):
    return [np.asarray(each).tolist() for each in dataset.as_numpy_iterator()]


def changes(method, name, *values, **others):
    """Each value gives other elements."""

    @effect(DATASET + method, name)
    def _(made):
        seen = [walked(getattr(numbers, method)(**{name: value}, **others)) for value in values]
        assert all(one != other for i, one in enumerate(seen) for other in seen[:i])


def same_everywhere(method, names, **arguments):
    """The elements are the same with and without, in TensorFlow and here."""
    for name in names:
        NO_EFFECT[DATASET + method, name] = (method, arguments)


changes("batch", "batch_size", 2, 3)
changes("batch", "drop_remainder", False, True, batch_size=4)
changes("take", "count", 2, 3, -1)
changes("skip", "count", 2, 3, -1)
changes("map", "map_func", lambda x: x * 2, lambda x: x + 1)
changes("shuffle", "buffer_size", 1, 10, seed=3)
changes("shuffle", "seed", 1, 2, 3, buffer_size=10)
changes("repeat", "count", 1, 2)


@effect(DATASET + "shuffle", "reshuffle_each_iteration")
def _(made):
    for again in (False, True):
        dataset = numbers.shuffle(10, seed=1, reshuffle_each_iteration=again)
        assert (walked(dataset) != walked(dataset)) == again


@effect(DATASET + "enumerate", "start")
def _(made):
    assert [int(i) for i, _ in numbers.enumerate(start=5).take(2)] == [5, 6]


@effect(DATASET + "from_tensor_slices", "tensors")
def _(made):
    assert walked(numbers) == list(range(10)) != walked(tf.data.Dataset.from_tensor_slices([1, 2]))


@effect(DATASET + "zip", "args", "datasets")
def _(made):
    two = (numbers.take(2), numbers.skip(8))
    pairs = [(0, 8), (1, 9)]
    for zipped in (tf.data.Dataset.zip(*two), tf.data.Dataset.zip(two), tf.data.Dataset.zip(datasets=two)):
        assert [(int(a), int(b)) for a, b in zipped] == pairs


refuses(DATASET + "cache", lambda made: numbers.cache("file"), "filename")
same_everywhere("prefetch", ["buffer_size"], buffer_size=2)
same_everywhere("batch", ["num_parallel_calls", "deterministic"], batch_size=3, num_parallel_calls=2,
                deterministic=True)
same_everywhere("map", ["num_parallel_calls", "deterministic", "synchronous", "use_unbounded_threadpool"],
                map_func=lambda x: x + 1, num_parallel_calls=2, deterministic=True, use_unbounded_threadpool=False)
for method, arguments in (("batch", {"batch_size": 3}), ("take", {"count": 3}), ("skip", {"count": 3}),
                          ("map", {"map_func": lambda x: x * 3}), ("repeat", {"count": 2}),
                          ("prefetch", {"buffer_size": 1}), ("cache", {}), ("enumerate", {}),
                          ("shuffle", {"buffer_size": 1})):
    same_everywhere(method, ["name"], **arguments, name="a_name")
# Made without a dataset to begin with, so shown by themselves below.
NAMED_MAKERS = {(DATASET + "from_tensor_slices", "name"), (DATASET + "zip", "name"), ("constant", "name"),
                ("convert_to_tensor", "name"), ("cast", "name")}


@effect("constant", "value", "dtype", "shape")
def _(made):
    assert tf.constant(1).numpy() == 1 != tf.constant(2).numpy()
    assert tf.constant(1, tf.float64).dtype == np.float64
    assert tf.constant(1, shape=(2, 3)).shape == (2, 3)


@effect("convert_to_tensor", "value", "dtype", "dtype_hint")
def _(made):
    assert tf.convert_to_tensor([1, 2]).tolist() == [1, 2]
    assert tf.convert_to_tensor(1, tf.int8).dtype == tf.convert_to_tensor(1, dtype_hint=tf.int8).dtype == np.int8


@effect("cast", "x", "dtype")
def _(made):
    assert tf.cast([1.7], tf.int32).tolist() == [1] and tf.cast([2.7], tf.float16).dtype == np.float16


@effect("as_dtype", "type_value")
def _(made):
    assert tf.as_dtype("uint8") is tf.uint8 and tf.as_dtype(np.float16) is tf.float16


# Keras's stand-in.


@effect("load_model", "filepath")
def _(made):
    assert _keras.load_model(made.model_path).name == "wake_word"


refuses("load_model", lambda made: _keras.load_model(made.model_path, custom_objects={"Mine": object}),
        "custom_objects")
# It neither trains nor runs code of the file: compiled or not, safe or not, it is the same model.
WITHOUT_TRAINING = {("load_model", "compile"), ("load_model", "safe_mode")}


@effect("pad_sequences", "sequences", "maxlen", "dtype", "padding", "truncating", "value")
def _(made):
    seen = [_keras.pad_sequences(**{"sequences": [[1], [2, 3, 4]], **more}).tolist() for more in (
        {}, {"sequences": [[5]]}, {"maxlen": 2}, {"padding": "post"}, {"maxlen": 2, "truncating": "post"},
        {"value": 7})]
    assert all(one != other for i, one in enumerate(seen) for other in seen[:i])
    assert _keras.pad_sequences([[1]], dtype="float32").dtype == np.float32


def every_argument():
    for path, function in {**offered.callables(tf), "SignatureRunner.__init__": SignatureRunner.__init__,
                           "SignatureRunner.__call__": SignatureRunner.__call__, "load_model": _keras.load_model,
                           "pad_sequences": _keras.pad_sequences}.items():
        for name in offered.arguments(function):
            yield path, name


def test_no_argument_is_left_out_and_none_is_invented():
    listed = [*EFFECTS, *NO_EFFECT, *NAMED_MAKERS, *WITHOUT_TRAINING]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(every_argument())


@pytest.mark.parametrize("path, name", EFFECTS, ids=lambda each: each)
def test_the_argument_has_an_effect_or_is_refused(path, name, made):
    EFFECTS[path, name](made)


@pytest.mark.parametrize("path, name", NO_EFFECT, ids=lambda each: each)
def test_the_argument_changes_nothing_in_tensorflow_either(path, name, tensorflow):
    method, arguments = NO_EFFECT[path, name]
    with_it = {**arguments}
    without = {key: value for key, value in arguments.items() if key not in (name, "deterministic")}
    if name == "buffer_size":  # it has no default
        without[name] = 7
    seen = []
    for module in (tensorflow, tf):
        source = module.data.Dataset.from_tensor_slices(np.arange(10))
        for given in (with_it, without):
            elements = getattr(source, method)(**given).as_numpy_iterator()
            seen.append([np.asarray(part).tolist() for each in elements
                         for part in (each if isinstance(each, tuple) else (each,))])
    assert seen[0] and all(each == seen[0] for each in seen)


def test_a_name_changes_nothing(made):
    zipped = [[int(a) for a, _ in tf.data.Dataset.zip(numbers, numbers, name=name)] for name in (None, "a_name")]
    assert zipped[0] == zipped[1] == list(range(10))
    assert walked(tf.data.Dataset.from_tensor_slices([1, 2], name="a_name")) == [1, 2]
    assert tf.constant(1, name="a_name") == tf.convert_to_tensor(1, name="a_name") == tf.cast(1, tf.int32, "a_name")


@pytest.mark.parametrize("arguments", [{"compile": False}, {"safe_mode": False}])
def test_a_model_that_is_not_trained_is_the_same(arguments, model_path):
    one, other = _keras.load_model(model_path), _keras.load_model(model_path, **arguments)
    assert one._litesmith_model.to_bytes() == other._litesmith_model.to_bytes()
