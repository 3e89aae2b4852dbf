"""What TensorFlow's guide to post-training quantization teaches, as scripts over the wake-word network: dynamic range,
integer, float16, 16x8 with and without float fallback, and the debugger. None knows which tf it is given.

Each follows the steps of its page (tensorflow.org/lite/performance, "Post-training ... quantization") with this
project's data instead of MNIST and ImageNet, and returns what the page prints.
"""

import io
import pathlib

import numpy as np
import pandas

from team_script import representative_data_gen


def write(folder, name, content):
    path = pathlib.Path(folder) / name
    return path, path.write_bytes(content)


def accuracy(tf, path, features, labels):
    """As the guide evaluates: the input is scaled where the file's input is integer."""
    interpreter = tf.lite.Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    into, out = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    predictions = np.zeros(len(features), dtype=int)
    for i, sample in enumerate(features):
        if into["dtype"] == np.uint8:
            scale, zero_point = into["quantization"]
            sample = np.clip(np.round(sample / scale + zero_point), 0, 255)
        interpreter.set_tensor(into["index"], np.expand_dims(sample, axis=0).astype(into["dtype"]))
        interpreter.invoke()
        predictions[i] = interpreter.get_tensor(out["index"])[0].argmax()
    return float((predictions == labels).mean())


def dynamic_range(tf, model, calibration, features, labels, folder):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    plain, plain_size = write(folder, "plain.tflite", converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    small, small_size = write(folder, "dynamic_range.tflite", converter.convert())
    return {"smaller": small_size < plain_size / 3, "plain": accuracy(tf, plain, features, labels),
            "quantized": accuracy(tf, small, features, labels)}


def integer(tf, model, calibration, features, labels, folder):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative_data_gen(tf, calibration)
    with_float_io = tf.lite.Interpreter(model_content=converter.convert())
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.uint8
    converter.inference_output_type = tf.uint8
    path, _ = write(folder, "integer.tflite", converter.convert())
    only = tf.lite.Interpreter(model_path=str(path))
    return {"types": [str(details["dtype"]) for each in (with_float_io, only)
                      for details in (each.get_input_details()[0], each.get_output_details()[0])],
            "quantization": only.get_input_details()[0]["quantization"],
            "accuracy": accuracy(tf, path, features, labels)}


def float16(tf, model, calibration, features, labels, folder):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    plain_size = len(converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    path, size = write(folder, "float16.tflite", converter.convert())
    return {"half": 0.45 < size / plain_size < 0.55, "accuracy": accuracy(tf, path, features, labels)}


def int16x8(tf, model, calibration, features, labels, folder):
    found = {}
    wide = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
    for name, ops in (("strict", [wide]), ("with_fallback", [wide, tf.lite.OpsSet.TFLITE_BUILTINS])):
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_ops = ops
        converter.representative_dataset = representative_data_gen(tf, calibration)
        path, _ = write(folder, f"{name}.tflite", converter.convert())
        interpreter = tf.lite.Interpreter(model_path=str(path))
        found[name] = (str(interpreter.get_input_details()[0]["dtype"]), accuracy(tf, path, features, labels))
    return found


def debugger(tf, model, calibration, features, labels, folder):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative_data_gen(tf, calibration)
    options = tf.lite.experimental.QuantizationDebugOptions(
        layer_debug_metrics={"mean_abs_error": lambda diff: np.mean(np.abs(diff))},
        model_debug_metrics={"argmax_accuracy": lambda one, other: float(np.argmax(one[0]) == np.argmax(other[0]))})
    debug = tf.lite.experimental.QuantizationDebugger(
        converter=converter, debug_dataset=representative_data_gen(tf, calibration), debug_options=options)
    debug.run()
    table = io.StringIO()
    debug.layer_statistics_dump(table)
    stats = pandas.read_csv(io.StringIO(table.getvalue()))
    stats["range"] = 255.0 * stats["scale"]
    stats["rmse/scale"] = stats["mean_squared_error"].map(np.sqrt) / stats["scale"]
    worst = stats.sort_values("rmse/scale", ascending=False).iloc[0]
    debug.options = tf.lite.experimental.QuantizationDebugOptions(denylisted_nodes=[worst["tensor_name"]])
    path, size = write(folder, "without_the_worst.tflite", debug.get_nondebug_quantized_model())
    ops = [op["op_name"] for op in tf.lite.Interpreter(
        model_path=str(path),
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)._get_ops_details()]
    return {"rows": list(stats["op_name"]), "stats": stats[["stddev", "mean_abs_error", "range", "rmse/scale"]],
            "agrees": debug.model_statistics, "worst": worst["op_name"], "boundaries": ops.count("DEQUANTIZE"),
            "accuracy": accuracy(tf, path, features, labels)}


EXAMPLES = (dynamic_range, integer, float16, int16x8, debugger)
