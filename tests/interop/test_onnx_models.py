"""ONNX models as a whole: the interface, external data, refusals, other people's files."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import compare
import judge
import ours
from onnx_judge import (AS_ONNX, OPSET, TOLERANCE, assert_alike, convert, floats, litert_run, model_of,
                        one_node, onnxruntime_run, refusal)


def conv_model(shape=(1, 3, 8, 6)):
    return one_node("Conv", {"x": list(shape)}, {"w": floats(4, 3, *[3] * (len(shape) - 2))})


def test_images_become_channels_last():
    x = floats(1, 3, 8, 6)
    tflite = convert(conv_model())
    made = litert_run(tflite, {"x": x.transpose(0, 2, 3, 1)})["y"]
    wanted = onnxruntime_run(conv_model(), {"x": x})["y"]
    compare.floats(made, wanted.transpose(0, 2, 3, 1), TOLERANCE, "NHWC")
    compare.equal(ours.tensor_names(tflite), (["x"], ["y"]), "names")


def test_sequences_ask_how_they_lie():
    model = conv_model((1, 3, 20))
    said = refusal(model)
    assert "--sequence-input" in said and "'x'" in said
    x = floats(1, 3, 20)
    wanted = onnxruntime_run(model, {"x": x})["y"]
    made = litert_run(convert(model, "--sequence-input", "nlc"), {"x": x.transpose(0, 2, 1)})["y"]
    compare.floats(made, wanted.transpose(0, 2, 1), TOLERANCE, "NLC")
    assert_alike(model, {"x": x}, "NCL")


def test_equal_dimensions_are_never_confused():
    """Height, width and channels are all 5: nothing can be told from sizes."""
    nodes = [helper.make_node("Conv", ["x", "w"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
             helper.make_node("Transpose", ["c"], ["t"], perm=[0, 1, 3, 2]),
             helper.make_node("Add", ["t", "b"], ["a"]),
             helper.make_node("Softmax", ["a"], ["y"], axis=2)]
    model = model_of(nodes, {"x": [1, 5, 5, 5]}, ["y"], {"w": floats(5, 5, 3, 3), "b": floats(5, 1)})
    assert_alike(model, {"x": floats(1, 5, 5, 5)}, "fives")


def test_a_channels_last_graph_stays_so():
    """TensorFlow's exporter puts transposes around each convolution: none is left."""
    nodes = [helper.make_node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2]),
             helper.make_node("Conv", ["t", "w"], ["c"]),
             helper.make_node("Transpose", ["c"], ["y"], perm=[0, 2, 3, 1])]
    model = model_of(nodes, {"x": [1, 8, 6, 3]}, ["y"], {"w": floats(4, 3, 3, 3)})
    tflite = convert(model)
    assert_alike(model, {"x": floats(1, 8, 6, 3)}, "tf2onnx", options=())
    from single_op import unpack
    compare.equal(len(unpack(tflite).subgraphs[0].operators), 1, "operators")


def test_half_and_double_become_float():
    for dtype in (np.float16, np.float64):
        w = floats(5, 4).astype(dtype)
        x = floats(2, 5).astype(dtype)
        model = one_node("MatMul", {"x": x}, {"w": w})
        made = litert_run(convert(model), {"x": x.astype(np.float32)})["y"]
        compare.floats(made, x.astype(np.float32) @ w.astype(np.float32), 1e-5, str(dtype))


def test_weights_of_every_kind(tmp_path):
    """Constants, Identity copies, and external data in one file or in several."""
    x = floats(2, 5)
    w = floats(5, 4)
    nodes = [helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(w)),
             helper.make_node("Identity", ["c"], ["i"]),
             helper.make_node("MatMul", ["x", "i"], ["m"]),
             helper.make_node("Add", ["m", "b"], ["y"])]
    model = model_of(nodes, {"x": [2, 5]}, ["y"], {"b": floats(4)})
    assert_alike(model, {"x": x}, "Constant")
    big = model_of([helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"])],
                   {"x": [2, 500]}, ["y"], {"w": floats(500, 40), "b": floats(40)})
    wanted = onnxruntime_run(big, {"x": floats(2, 500)})["y"]
    for together in (True, False):
        folder = tmp_path / str(together)
        (folder / "part").mkdir(parents=True)
        path = folder / "model.onnx"
        onnx.save(big, path, save_as_external_data=True, all_tensors_to_one_file=together,
                  location="part/weights.bin" if together else None, size_threshold=100)
        big = onnx.load(path)
        made = litert_run(convert(path), {"x": floats(2, 500)})["y"]
        compare.floats(made, wanted, TOLERANCE, "external")
    (tmp_path / "True/part/weights.bin").unlink()
    said = refusal(tmp_path / "True/model.onnx")
    assert "weights.bin" in said and "initializer 'w'" in said


def external(location, **given):
    model = conv_model()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **given}.items():
        tensor.external_data.add(key=key, value=str(value))
    return model


def test_external_data_stay_in_the_folder(tmp_path):
    (tmp_path / "secret").write_bytes(bytes(4 * 108))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "short").write_bytes(bytes(10))
    for location in ("../secret", str(tmp_path / "secret"), "a/../../secret", "link"):
        path = folder / "model.onnx"
        path.write_bytes(external(location).SerializeToString())
        said = refusal(path)
        assert "outside the model's folder" in said or "symbolic link" in said, said
    for given in ({}, {"length": 400}, {"offset": 40}, {"offset": "x"}, {"offset": 2**63, "length": 2**63}):
        path = folder / "model.onnx"
        path.write_bytes(external("short", **given).SerializeToString())
        assert "initializer 'w'" in refusal(path)


def test_every_finding_at_once():
    nodes = [helper.make_node("Einsum", ["x"], ["e"], name="first", equation="ij->ji"),
             helper.make_node("NonZero", ["x"], ["n"], name="second"),
             helper.make_node("Relu", ["e"], ["r"], name="third"),
             helper.make_node("Einsum", ["x"], ["q"], name="fourth", equation="ij->i")]
    said = refusal(model_of(nodes, {"x": [2, 3]}, ["r", "n", "q"]))
    for name in ("first", "second", "fourth"):
        assert f"'{name}'" in said
    assert "third" not in said  # what only follows is not worth a second message


def test_cycles_are_named():
    nodes = [helper.make_node("Add", ["x", "b"], ["a"], name="one"),
             helper.make_node("Relu", ["a"], ["b"], name="two")]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", 1, [2])],
                              [helper.make_tensor_value_info("b", 1, [2])])
    said = refusal(helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)]))
    assert "cycle" in said and "'one'" in said and "'two'" in said


def test_nodes_in_any_order():
    nodes = [helper.make_node("Relu", ["a"], ["y"]), helper.make_node("Neg", ["x"], ["a"])]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", 1, [2, 3])],
                              [helper.make_tensor_value_info("y", 1, [2, 3])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    x = floats(2, 3)
    compare.floats(litert_run(convert(model), {"x": x})["y"], np.maximum(-x, 0), 0, "order")


def test_open_dimensions_need_sizes():
    model = one_node("Conv", {"x": ["batch", 3, "height", "width"]}, {"w": floats(4, 3, 3, 3)})
    said = refusal(model)
    assert "--dimension height=SIZE" in said and "--dimension width=SIZE" in said
    options = ("--dimension", "height=8", "--dimension", "width=6", *AS_ONNX)
    assert_alike(model, {"x": floats(3, 3, 8, 6)}, "given", options=options)


def test_opsets_that_are_not_known():
    for opset in (5, 29, 99):
        model = conv_model()
        model.opset_import[0].version = opset
        said = refusal(model)
        assert f"opset {opset}" in said and "6 to" in said
    assert onnx.defs.onnx_opset_version() == 28  # the newest that build.h names


def test_damaged_files():
    whole = conv_model().SerializeToString()
    for cut in range(1, len(whole), 7):
        refusal(whole[:cut])


def test_operators_of_others_are_named():
    model = model_of([helper.make_node("FusedConv", ["x"], ["y"], name="odd", domain="com.microsoft")],
                     {"x": [2, 3]}, ["y"])
    said = refusal(model)
    assert "'odd'" in said and "com.microsoft.FusedConv" in said


def test_real_audio_network(data):
    """A PyTorch export on raw audio: one-dimensional convolutions, pools, LogSoftmax."""
    path = data / "models/tper0700+SpeechCommandsCNN/data/M5.onnx"
    model = onnx.load(path)
    shape = [d.dim_value or 1 for d in model.graph.input[0].type.tensor_type.shape.dim]
    x = floats(*shape)
    name = model.graph.input[0].name
    wanted = next(iter(onnxruntime_run(model, {name: x}).values()))
    made = next(iter(litert_run(convert(path, "--sequence-input", "ncl"), {name: x}).values()))
    compare.floats(made, wanted, TOLERANCE, "M5")
    last = next(iter(litert_run(convert(path, "--sequence-input", "nlc"),
                                {name: x.transpose(0, 2, 1)}).values()))
    compare.floats(last.reshape(wanted.shape), wanted, TOLERANCE, "M5 nlc")
