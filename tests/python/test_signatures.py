"""Every callable of the drop-in takes what TensorFlow's takes; every argument has an effect or is refused."""

import inspect

import litesmith.tf
import pytest

import offered


def parameters(function):
    """Names, kinds and defaults; annotations are each program's own."""
    return [(p.name, p.kind, repr(p.default)) for p in inspect.signature(function).parameters.values()]


def find(root, path):
    for part in path.split("."):
        root = getattr(root, part)
    return root


@pytest.mark.parametrize("path", offered.callables(litesmith.tf))
def test_signature_is_the_pinned_tensorflows(tensorflow, path):
    assert parameters(find(litesmith.tf, path)) == parameters(find(tensorflow, path))


def test_signature_runner_and_pad_sequences(tensorflow):
    from litesmith.lite.interpreter import SignatureRunner
    from litesmith.tf._keras import load_model, pad_sequences
    from tensorflow.lite.python.interpreter import SignatureRunner as Theirs

    assert parameters(SignatureRunner) == parameters(Theirs)
    assert parameters(SignatureRunner.__call__) == parameters(Theirs.__call__)
    assert parameters(pad_sequences) == parameters(tensorflow.keras.utils.pad_sequences)
    assert parameters(load_model) == parameters(tensorflow.keras.models.load_model)


def test_enumerations_have_the_same_members(tensorflow):
    import litesmith.tf as ours

    for path in ("lite.Optimize", "lite.OpsSet", "lite.experimental.OpResolverType"):
        assert [(m.name, m.value) for m in find(ours, path)] == [(m.name, m.value) for m in find(tensorflow, path)]


def test_everything_in_tf_lite_is_there_or_says_why_not(tensorflow):
    import litesmith.tf as ours

    for theirs, mine in ((tensorflow.lite, ours.lite), (tensorflow.lite.experimental, ours.lite.experimental)):
        for name in dir(theirs):
            if name.startswith("_"):
                continue
            try:
                getattr(mine, name)
            except AttributeError as error:
                assert name == "authoring" and "offers no 'authoring'" in str(error)


def test_every_setting_of_the_converter_has_an_effect_or_is_refused(tensorflow, model_path):
    from litesmith.lite.converter import _FIXED, _SETTINGS, TFLiteConverter

    theirs = vars(tensorflow.lite.TFLiteConverter.from_keras_model(tensorflow.keras.models.load_model(model_path)))
    internal = {"_debug_info", "_saved_model_tags", "_saved_model_version", "_saved_model_exported_names",
                "_tflite_metrics", "_collected_converter_params", "_metadata", "_keras_model", "_trackable_obj",
                "target_spec"}
    assert theirs.keys() - internal == _FIXED.keys() | _SETTINGS.keys()
    for name, (default, _) in _FIXED.items():
        assert theirs[name] == default, name
        converter = TFLiteConverter.from_keras_model(model_path)
        setattr(converter, name, "something else" if default is None else not default)
        with pytest.raises(NotImplementedError, match=name):
            converter.convert()
    for name, default in _SETTINGS.items():
        assert theirs[name] == default, name


def test_a_setting_that_is_none_is_an_error(model_path):
    from litesmith import lite

    converter = lite.TFLiteConverter.from_keras_model(model_path)
    with pytest.raises(AttributeError, match="optimisations"):
        converter.optimisations = [lite.Optimize.DEFAULT]


@pytest.mark.parametrize("arguments", [
    {"experimental_delegates": ["x"]},
    {"experimental_disable_delegate_clustering": True},
    {"experimental_default_delegate_latest_features": True},
])
def test_arguments_of_the_interpreter_that_cannot_be_honoured_are_refused(files, arguments):
    from litesmith import lite

    with pytest.raises(NotImplementedError):
        lite.Interpreter(model_path=files["float32"], **arguments)


def test_num_threads_share_a_batch_and_change_no_result(files, features):
    import numpy as np
    from litesmith import lite

    outputs = []
    for num_threads in (None, 1, 3):
        interpreter = lite.Interpreter(model_path=files["float32"], num_threads=num_threads)
        index = interpreter.get_input_details()[0]["index"]
        interpreter.allocate_tensors()
        assert interpreter._native.threads == 1  # one sample is one thread's
        interpreter.resize_tensor_input(index, [60, 50, 13, 1])
        interpreter.allocate_tensors()
        assert interpreter._native.threads == (num_threads or 1)
        interpreter.set_tensor(index, features[:60])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    assert np.ptp(outputs[0]) > 0.5
    np.testing.assert_array_equal(outputs[0], outputs[1])
    np.testing.assert_array_equal(outputs[0], outputs[2])


def test_resolver_types_choose_the_arithmetic(files, features, tensorflow):
    import numpy as np
    from litesmith import lite

    def scores(module, resolver):
        interpreter = module.Interpreter(
            model_path=files["int8"],
            experimental_op_resolver_type=module.experimental.OpResolverType[resolver])
        interpreter.allocate_tensors()
        details = interpreter.get_input_details()[0]
        scale, zero = details["quantization"]
        outputs = []
        for sample in features[:20]:
            interpreter.set_tensor(details["index"], np.clip(np.round(sample / scale + zero), 0, 255).astype(
                np.uint8)[None])
            interpreter.invoke()
            outputs.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
        return np.array(outputs)

    for resolver in lite.experimental.OpResolverType.__members__:
        np.testing.assert_array_equal(scores(lite, resolver), scores(tensorflow.lite, resolver), err_msg=resolver)
