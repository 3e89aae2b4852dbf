"""The files that litesmith writes, beside those TensorFlow's converter writes from the same network:
no larger, with the same interface and metadata, and at home in LiteRT."""

import functools
import tempfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from keras import layers as L
from tensorflow.lite.python import schema_py_generated as schema

import compare
import ours
from single_op import unpack
from test_analyzer import assert_same

MODES = ["float32", "dynamic_range", "float16", "int8", "int16x8"]
SAMPLES = np.random.default_rng(5).standard_normal((60, 20, 13, 1)).astype(np.float32)


@functools.cache
def network():
    keras.utils.set_random_seed(3)
    built = keras.Sequential([
        keras.Input((20, 13, 1)), L.Conv2D(16, 3, activation="relu"), L.MaxPooling2D(2),
        L.Conv2D(24, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(), L.Dropout(0.3),
        L.Dense(3, activation="softmax")])
    # Both sides take the saved file: a live Sequential calls its input otherwise than a loaded one.
    with tempfile.TemporaryDirectory() as folder:
        built.save(f"{folder}/net.keras")
        return keras.models.load_model(f"{folder}/net.keras")


@functools.cache
def theirs(mode):
    converter = tf.lite.TFLiteConverter.from_keras_model(network())
    if mode != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if mode == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if mode.startswith("int"):
        converter.representative_dataset = lambda: ([x[None]] for x in SAMPLES)
    if mode == "int8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if mode == "int16x8":
        converter.target_spec.supported_ops = [
            tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8,
            tf.lite.OpsSet.TFLITE_BUILTINS]
    return converter.convert()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    network().save(folder / "net.keras")
    np.save(folder / "samples.npy", SAMPLES)
    for mode in MODES:
        ours.call("convert", folder / "net.keras", "--mode", mode, "--calibrate",
                  folder / "samples.npy", "-o", folder / f"{mode}.tflite")
        (folder / f"{mode}.tf.tflite").write_bytes(theirs(mode))
    return folder


def text_of(model, name):
    entry = next(entry for entry in model.metadata if entry.name.decode() == name)
    return bytes(model.buffers[entry.buffer].data)


def interface(model):
    """Signatures with the name, type and shapes of each tensor they name."""
    graph = model.subgraphs[0]

    def described(maps):
        made = []
        for entry in maps:
            tensor = graph.tensors[entry.tensorIndex]
            made.append((entry.name, tensor.name, tensor.type, list(tensor.shape),
                         list(tensor.shapeSignature), tensor.hasRank))
        return made

    return [(s.signatureKey, described(s.inputs), described(s.outputs)) for s in model.signatureDefs]


def without_has_rank(found):
    return [(key, *([entry[:-1] for entry in maps] for maps in sides)) for key, *sides in found]


def versions(model):
    return {code.builtinCode: code.version for code in model.operatorCodes}


@pytest.mark.parametrize("mode", MODES)
def test_no_larger_and_the_same_from_outside(mode, folder):
    mine_bytes = (folder / f"{mode}.tflite").read_bytes()
    assert len(mine_bytes) <= len(theirs(mode)), mode
    mine, tensorflow = unpack(mine_bytes), unpack(theirs(mode))
    # The 16x8 quantizer adds float tensors at both ends and does not say that they have a rank.
    shown = without_has_rank if mode == "int16x8" else list
    compare.equal(shown(interface(mine)), shown(interface(tensorflow)), f"{mode}: interface")
    compare.equal([entry.name for entry in mine.metadata],
                  [entry.name for entry in tensorflow.metadata], f"{mode}: metadata")
    if mode == "float16":
        name = "reduced_precision_support"
        compare.equal(text_of(mine, name), text_of(tensorflow, name), name)
    # Never newer than TensorFlow's: its Flatten needs PACK, which ours does without.
    needed = [tuple(map(int, text_of(model, "min_runtime_version").rstrip(b"\0").split(b".")))
              for model in (mine, tensorflow)]
    compare.equal(needed[0] <= needed[1], True, f"{mode}: runtime {needed}")
    compare.equal(mine.subgraphs[0].name, tensorflow.subgraphs[0].name, f"{mode}: graph name")


@pytest.mark.parametrize("mode", MODES)
def test_operator_versions(mode, folder):
    mine = versions(unpack((folder / f"{mode}.tflite").read_bytes()))
    tensorflow = versions(unpack(theirs(mode)))
    # TensorFlow adds the operators that compute Flatten's shape from the batch.
    compare.equal(mine, {code: tensorflow.get(code) for code in mine}, f"{mode}: versions")


@pytest.mark.parametrize("mode", MODES)
def test_the_optimization_mode_is_told_and_who_did_it(mode, folder):
    from tensorflow.lite.python import conversion_metadata_schema_py_generated as conversion

    def read(model):
        buffer = text_of(model, "CONVERSION_METADATA")
        return conversion.ConversionMetadataT.InitFromObj(
            conversion.ConversionMetadata.GetRootAsConversionMetadata(buffer, 0))

    mine = read(unpack((folder / f"{mode}.tflite").read_bytes()))
    tensorflow = read(unpack(theirs(mode)))
    modes = lambda found: [] if found is None else list(found)
    compare.equal(modes(mine.options.modelOptimizationModes),
                  modes(tensorflow.options.modelOptimizationModes), mode)
    assert mine.environment.tensorflowVersion.startswith(b"litesmith ")


@pytest.mark.parametrize("mode", MODES)
def test_constants_are_aligned(mode, folder):
    content = (folder / f"{mode}.tflite").read_bytes()
    model = schema.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    for i in range(graph.TensorsLength()):
        data = model.Buffers(graph.Tensors(i).Buffer()).DataAsNumpy()
        if isinstance(data, np.ndarray) and data.size:
            place = data.__array_interface__["data"][0] - np.frombuffer(
                content, np.uint8).__array_interface__["data"][0]
            compare.equal(place % 16, 0, f"{mode}: tensor {i}")


@pytest.mark.parametrize("mode", MODES)
def test_litert_loads_and_runs_them(mode, folder):
    interpreter = Interpreter(model_path=str(folder / f"{mode}.tflite"), num_threads=1)
    runner = interpreter.get_signature_runner()
    (name,) = runner.get_input_details()
    made = runner(**{name: SAMPLES[:1]})["output_0"]
    compare.floats(made, network().predict(SAMPLES[:1], verbose=0), 0.1, mode)


@pytest.mark.parametrize("mode", MODES)
def test_the_analyzer_agrees_on_both(mode, folder):
    assert assert_same(folder / f"{mode}.tflite")
    assert assert_same(folder / f"{mode}.tf.tflite")


def test_a_file_of_tensorflow_comes_back_no_larger(folder, tmp_path):
    target = tmp_path / "again.tflite"
    ours.call("convert", folder / "float32.tf.tflite", "-o", target)
    assert target.stat().st_size <= len(theirs("float32"))
    again, before = unpack(target.read_bytes()), unpack(theirs("float32"))
    compare.equal(interface(again), interface(before), "interface")
    ours.call("convert", target, "-o", tmp_path / "twice.tflite")
    compare.equal((tmp_path / "twice.tflite").read_bytes(), target.read_bytes(), "second time")
