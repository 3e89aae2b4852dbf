"""A script in the manner of a team's own: convert in each mode, evaluate sample by sample, look at every tensor.

Nothing here knows which tf it is given; the test runs it with TensorFlow and with litesmith.
"""

import contextlib
import io
import os


def representative_data_gen(tf, features):
    def generate():
        for sample in tf.data.Dataset.from_tensor_slices(features).batch(1).take(100):
            yield [sample]

    return generate


def convert(tf, model, features, mode):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if mode != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "int8":
        converter.representative_dataset = representative_data_gen(tf, features)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.uint8
        converter.inference_output_type = tf.uint8
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if mode == "int16x8":
        converter.representative_dataset = representative_data_gen(tf, features)
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    return converter.convert()


def evaluate(tf, path, features):
    """The raw output for each sample, and the top classes."""
    interpreter = tf.lite.Interpreter(model_path=path)
    interpreter.allocate_tensors()
    input_details = interpreter.get_input_details()[0]
    output_details = interpreter.get_output_details()[0]
    scale, zero_point = input_details["quantization"]
    outputs = []
    for sample in features:
        sample = sample.reshape(input_details["shape"])
        if input_details["dtype"] != sample.dtype:
            low, high = 0, 255
            sample = (sample / scale + zero_point).round().clip(low, high).astype(input_details["dtype"])
        interpreter.set_tensor(input_details["index"], sample)
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(output_details["index"])[0])
    return outputs, [output.argmax() for output in outputs]


def look(tf, path):
    """All there is to know of a file without running it."""
    interpreter = tf.lite.Interpreter(model_path=path)
    interpreter.allocate_tensors()
    constants = {}
    for details in interpreter.get_tensor_details():
        with contextlib.suppress(ValueError):
            constants[details["index"]] = interpreter.get_tensor(details["index"])
    return {
        "inputs": interpreter.get_input_details(),
        "outputs": interpreter.get_output_details(),
        "signatures": interpreter.get_signature_list(),
        "tensors": interpreter.get_tensor_details(),
        "constants": constants,
    }


def analyze(tf, path):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        tf.lite.experimental.Analyzer.analyze(model_path=path)
    return text.getvalue()


def inner(tf, path):
    """The operators in order, and all that is known of each one's operands."""
    interpreter = tf.lite.Interpreter(
        model_path=path, experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    details = {each["index"]: each for each in interpreter.get_tensor_details()}
    return [(op["op_name"], [[details.get(int(index)) for index in op[side]] for side in ("inputs", "outputs")])
            for op in interpreter._get_ops_details()]


def plot_weights(tf, path, folder):
    """A histogram of each layer's weights as a picture; returns the bars' heights by file name."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    interpreter = tf.lite.Interpreter(model_path=path)
    interpreter.allocate_tensors()
    names = {details["index"]: details["name"] for details in interpreter.get_tensor_details()}
    heights = {}
    for op in interpreter._get_ops_details():
        if op["op_name"] not in ("CONV_2D", "FULLY_CONNECTED"):
            continue
        index = int(op["inputs"][1])
        weights = interpreter.get_tensor(index)
        figure, axes = pyplot.subplots()
        counts, _, _ = axes.hist(weights.flatten(), bins=50)
        axes.set_title(names[index])
        name = f"weights_{index}.png"
        figure.savefig(os.path.join(folder, name))
        pyplot.close(figure)
        heights[name] = counts
    return heights


def run(tf, model_path, calibration, features, folder, modes):
    """Everything, for each mode: what a script of this kind finds out."""
    model = tf.keras.models.load_model(model_path)
    found = {}
    for mode in modes:
        content = convert(tf, model, calibration, mode)
        path = os.path.join(folder, f"{mode}.tflite")
        with open(path, "wb") as file:
            file.write(content)
        outputs, classes = evaluate(tf, path, features)
        found[mode] = {"path": path, "scores": outputs, "classes": classes, "analysis": analyze(tf, path),
                       "ops": inner(tf, path), **look(tf, path)}
    return found
