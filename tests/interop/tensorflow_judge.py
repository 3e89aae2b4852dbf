"""TensorFlow as the judge: converts a Keras model in the five modes, as its users do."""

import contextlib
import functools
import io
import os
import pathlib
import warnings

import numpy as np

import single_op

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

MODES = ("float32", "dynamic_range", "int8", "float16", "int16x8")


@functools.cache
def _tensorflow():
    import absl.logging
    import tensorflow
    absl.logging.set_verbosity(absl.logging.ERROR)
    return tensorflow


def converter(network, mode, samples=None, input_type="float32", output_type="float32"):
    """A TFLiteConverter set up for the mode; `samples` is the representative dataset, `network` a
    Keras model or the path of a SavedModel."""
    tf = _tensorflow()
    if isinstance(network, pathlib.Path):
        made = tf.lite.TFLiteConverter.from_saved_model(str(network))
    else:
        made = tf.lite.TFLiteConverter.from_keras_model(network)
    if mode != "float32":
        made.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        made.target_spec.supported_types = [tf.float16]
    if mode in ("int8", "int16x8"):
        made.representative_dataset = lambda: ([sample[None]] for sample in samples)
        made.inference_input_type = tf.as_dtype(input_type)
        made.inference_output_type = tf.as_dtype(output_type)
    if mode == "int16x8":
        made.target_spec.supported_ops = [
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8,
            tf.lite.OpsSet.TFLITE_BUILTINS]
    return made


def convert(network, mode, samples=None, input_type="float32", output_type="float32"):
    """The bytes of TensorFlow's file."""
    return _quietly(converter(network, mode, samples, input_type, output_type).convert)


def calibrated(network, samples, mode="int8"):
    """TensorFlow's float file that carries the ranges its calibrator saw."""
    made = converter(network, mode, samples)
    made._experimental_calibrate_only = True
    return _quietly(made.convert)


def _quietly(convert):
    """The bytes, without what Keras and TensorFlow print on the way."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(convert())


def calibrate_file(model, samples):
    """A float .tflite file with the ranges TensorFlow's calibrator sees; `samples` are lists of
    arrays, one an input."""
    from tensorflow.lite.python.optimize import calibrator
    return bytes(calibrator.Calibrator(model).calibrate(lambda: iter(samples)))


def quantize_file(model, samples, mode, input_type="float32", output_type="float32"):
    """A float .tflite file quantized by TensorFlow's own quantizers, int8 or int16x8."""
    tf = _tensorflow()
    from tensorflow.lite.python import convert as tflite_convert
    from tensorflow.lite.python.optimize import calibrator
    input_type, output_type = tf.as_dtype(input_type), tf.as_dtype(output_type)
    judge = calibrator.Calibrator(model)
    if mode == "int8":
        calibrated = judge.calibrate(lambda: iter(samples))
        return bytes(tflite_convert.mlir_quantize(calibrated, input_data_type=input_type,
                                                  output_data_type=output_type))
    return bytes(judge.calibrate_and_quantize(
        lambda: iter(samples), input_type, output_type, allow_float=True,
        activations_type=tf.int16, bias_type=tf.int64))


def quantize_calibrated(model):
    """TensorFlow's int8 file of a float one that carries ranges."""
    from tensorflow.lite.python import convert as tflite_convert
    float32 = _tensorflow().float32
    return bytes(tflite_convert.mlir_quantize(model, input_data_type=float32,
                                              output_data_type=float32))


def with_ranges_moved(model, units, seed):
    """The file with each range made wider or narrower by up to so many units in the last place."""
    rng = np.random.default_rng(seed)
    parsed = single_op.unpack(model)
    for tensor in parsed.subgraphs[0].tensors:
        quantization = tensor.quantization
        if quantization is not None and quantization.max is not None and len(quantization.max):
            moved = rng.choice([-1, 1]) * rng.integers(1, units + 1) * 2.0**-23
            factor = np.float32(1 + moved)
            quantization.min = np.asarray(quantization.min, np.float32) * factor
            quantization.max = np.asarray(quantization.max, np.float32) * factor
    return single_op.pack(parsed)


def optimization_modes(metadata):
    """The modes that a file's CONVERSION_METADATA names (1001 float16, ... 1004 int16)."""
    from tensorflow.lite.python import conversion_metadata_schema_py_generated as schema
    parsed = schema.ConversionMetadataT.InitFromObj(
        schema.ConversionMetadata.GetRootAs(bytearray(metadata), 0))
    modes = parsed.options.modelOptimizationModes if parsed.options else None
    return [] if modes is None else list(map(int, modes))


def analyze(path):
    """The text of tf.lite.experimental.Analyzer for a file."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        _tensorflow().lite.experimental.Analyzer.analyze(model_path=str(path))
    return text.getvalue()
