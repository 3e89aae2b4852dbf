"""Quantized ONNX models (QuantizeLinear, DequantizeLinear): integer operators, and as exact as theirs."""

import numpy as np
import onnx
import pytest
from onnx import helper

import compare
import judge
from onnx_judge import AS_ONNX, convert, floats, litert_run, model_of, onnxruntime_run, refusal, rng
from single_op import unpack

QUANTIZE, DEQUANTIZE = 114, 6


def operators(tflite):
    parsed = unpack(tflite)
    graph = parsed.subgraphs[0]
    codes = [max(c.builtinCode, c.deprecatedBuiltinCode) for c in parsed.operatorCodes]
    return [codes[op.opcodeIndex] for op in graph.operators]


def qdq(name, scale, zero, dtype=np.int8, axis=None):
    """Nodes and constants that quantize `name` and dequantize it again, as exporters write them."""
    attributes = {} if axis is None else {"axis": axis}
    nodes = [helper.make_node("QuantizeLinear", [name, f"{name}_s", f"{name}_z"], [f"{name}_q"], **attributes),
             helper.make_node("DequantizeLinear", [f"{name}_q", f"{name}_s", f"{name}_z"], [f"{name}_d"],
                              **attributes)]
    return nodes, {f"{name}_s": np.float32(scale), f"{name}_z": dtype(zero)}


def weights(name, array, axis, dtype=np.int8):
    """A constant that is stored as integers, one scale for each slice along `axis`."""
    other = tuple(i for i in range(array.ndim) if i != axis)
    scale = (np.abs(array).max(other) / 127).astype(np.float32) if axis is not None else \
        np.float32(np.abs(array).max() / 127)
    shape = [-1 if i == axis else 1 for i in range(array.ndim)]
    integers = np.round(array / (scale.reshape(shape) if axis is not None else scale)).astype(dtype)
    zero = np.zeros(scale.shape, dtype)
    attributes = {} if axis is None else {"axis": axis}
    return [helper.make_node("DequantizeLinear", [f"{name}_q", f"{name}_s", f"{name}_z"], [name], **attributes)], \
        {f"{name}_q": integers, f"{name}_s": scale, f"{name}_z": zero}, scale


def bias(name, array, scale):
    integers = np.round(array / scale).astype(np.int32)
    return [helper.make_node("DequantizeLinear", [f"{name}_q", f"{name}_s", f"{name}_z"], [name], axis=0)], \
        {f"{name}_q": integers, f"{name}_s": np.float32(scale), f"{name}_z": np.zeros(scale.shape, np.int32)}


def around(op, x, array, axis, dtype, out_scale, relu=False, out_zero=0, bias_size=None, **attributes):
    """x, quantized, through `op` with weights and a bias, quantized again."""
    in_scale, in_zero = 4 / 127, (130 if dtype == np.uint8 else 3)
    first, constants = qdq("x", in_scale, in_zero, dtype)
    w_nodes, w_constants, w_scale = weights("w", array, axis)
    b_scale = np.float32(np.broadcast_to(w_scale * np.float32(in_scale), (bias_size,)))
    b_nodes, b_constants = bias("b", floats(bias_size, seed=9), b_scale)
    nodes = [*first, *w_nodes, *b_nodes, helper.make_node(op, ["x_d", "w", "b"], ["made"], **attributes)]
    if relu:
        nodes.append(helper.make_node("Relu", ["made"], ["y0"]))
    else:
        nodes.append(helper.make_node("Identity", ["made"], ["y0"]))
    last, last_constants = qdq("y0", out_scale, out_zero, dtype)
    nodes += last
    return model_of(nodes, {"x": list(x.shape)}, ["y0_d"],
                    {**constants, **w_constants, **b_constants, **last_constants}, opset=15)


CASES = {
    "conv": ("Conv", (2, 4, 9, 8), (6, 4, 3, 3), 0, 6, {}),
    "conv padded": ("Conv", (2, 4, 9, 8), (6, 4, 3, 3), 0, 6, {"pads": [1, 1, 1, 1]}),
    "conv oddly padded": ("Conv", (2, 4, 9, 8), (6, 4, 3, 3), 0, 6, {"pads": [2, 0, 1, 1]}),
    "depthwise": ("Conv", (2, 4, 9, 8), (4, 1, 3, 3), 0, 4, {"group": 4}),
    "per tensor": ("Conv", (2, 4, 9, 8), (6, 4, 3, 3), None, 6, {}),
    "sequence": ("Conv", (2, 4, 11), (6, 4, 3), 0, 6, {}),
    "transposed": ("ConvTranspose", (2, 4, 5, 6), (4, 6, 3, 3), 1, 6, {"strides": [2, 2]}),
    "transposed, cropped alike": ("ConvTranspose", (2, 4, 5, 6), (4, 6, 4, 4), 1, 6,
                                  {"strides": [2, 2], "pads": [1, 1, 1, 1]}),
    "transposed, cropped in front": ("ConvTranspose", (2, 4, 5, 6), (4, 6, 3, 3), 1, 6,
                                     {"strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]}),
    "transposed, dilated": ("ConvTranspose", (2, 4, 5, 6), (4, 6, 3, 2), 1, 6, {"dilations": [2, 3]}),
    "transposed, per tensor": ("ConvTranspose", (2, 4, 5, 6), (4, 6, 2, 2), None, 6, {"strides": [2, 2]}),
    "transposed sequence": ("ConvTranspose", (2, 4, 11), (4, 6, 3), 1, 6, {"strides": [2], "pads": [1, 0]}),
    "dense": ("Gemm", (3, 6), (5, 6), 0, 5, {"transB": 1}),
    "dense, not transposed": ("Gemm", (3, 6), (6, 5), 1, 5, {}),
}


@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_layers_become_integer(name, relu, dtype):
    op, shape, w_shape, axis, size, attributes = CASES[name]
    x = rng(1).uniform(-4, 4, shape).astype(np.float32)
    zero = 128 if dtype == np.uint8 else 0
    scale = 0.15
    model = around(op, x, floats(*w_shape, seed=3), axis, dtype, scale, relu, zero, size, **attributes)
    tflite = convert(model, *AS_ONNX, mode="int8")
    made = litert_run(tflite, {"x": x})["y0_d"]
    wanted = onnxruntime_run(model, {"x": x})["y0_d"]
    steps = np.abs(made - wanted) / scale
    # One rounding in float against LiteRT's fixed point: ties may fall to the other side.
    assert steps.max() <= 1.01 and np.mean(steps > 0.5) < 0.01, f"{steps.max()} {np.mean(steps > 0.5)}"
    compare.at_least(1.01, steps.max(), name)
    kinds = operators(tflite)
    # Only the borders of the file convert.
    assert kinds.count(DEQUANTIZE) == 1, kinds
    if name != "conv oddly padded":
        assert kinds.count(QUANTIZE) == 1, kinds


@pytest.mark.parametrize("axis, groups", [(0, 1), (0, 2), (1, 2)])
def test_transposed_convolutions_that_stay_float_stay_right(axis, groups):
    """LiteRT has scales for output channels alone, and no groups."""
    x = rng(1).uniform(-4, 4, (2, 4, 5, 6)).astype(np.float32)
    first, constants = qdq("x", 4 / 127, 3)
    w_nodes, w_constants, _ = weights("w", floats(4, 6, 3, 3, seed=3), axis)
    nodes = [*first, *w_nodes, helper.make_node("ConvTranspose", ["x_d", "w"], ["y"], group=groups)]
    model = model_of(nodes, {"x": list(x.shape)}, ["y"], {**constants, **w_constants}, opset=15)
    made = litert_run(convert(model, *AS_ONNX, mode="int8"), {"x": x})["y"]
    compare.floats(made, onnxruntime_run(model, {"x": x})["y"], 1e-5, f"{axis} {groups}")


def test_pools_and_sums_become_integer():
    x = rng(1).uniform(-4, 4, (1, 4, 8, 8)).astype(np.float32)
    first, constants = qdq("x", 4 / 127, 3)
    nodes = [*first, helper.make_node("MaxPool", ["x_d"], ["p"], kernel_shape=[2, 2], strides=[2, 2])]
    more, c = qdq("p", 4 / 127, 3)
    nodes += [*more, helper.make_node("AveragePool", ["p_d"], ["a"], kernel_shape=[2, 2], strides=[2, 2])]
    constants |= c
    more, c = qdq("a", 0.02, -5)
    nodes += [*more, helper.make_node("Add", ["a_d", "a_d"], ["s"])]
    constants |= c
    more, c = qdq("s", 0.05, 0)
    nodes += more
    constants |= c
    model = model_of(nodes, {"x": list(x.shape)}, ["s_d"], constants, opset=15)
    tflite = convert(model, *AS_ONNX, mode="int8")
    made = litert_run(tflite, {"x": x})["s_d"]
    wanted = onnxruntime_run(model, {"x": x})["s_d"]
    compare.at_least(2.01, np.abs(made - wanted).max() / 0.05, "steps")
    assert operators(tflite).count(DEQUANTIZE) == 1


def test_what_stays_float_stays_right():
    """An operator without a QuantizeLinear behind it computes in float, as in ONNX."""
    x = floats(2, 6)
    first, constants = qdq("x", 0.05, 0)
    w_nodes, w_constants, _ = weights("w", floats(6, 5), 1)
    nodes = [*first, *w_nodes, helper.make_node("MatMul", ["x_d", "w"], ["y"])]
    model = model_of(nodes, {"x": [2, 6]}, ["y"], {**constants, **w_constants}, opset=15)
    made = litert_run(convert(model, mode="int8"), {"x": x})["y"]
    compare.floats(made, onnxruntime_run(model, {"x": x})["y"], 1e-5, "float")


def test_other_modes_are_refused():
    first, constants = qdq("x", 0.05, 0)
    said = refusal(model_of(first, {"x": [2, 6]}, ["x_d"], constants, opset=15))
    assert "--mode int8" in said


def test_several_scales_of_what_is_computed_are_refused():
    nodes = [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"], axis=1, name="wide"),
             helper.make_node("DequantizeLinear", ["q", "s", "z"], ["y"], axis=1)]
    model = model_of(nodes, {"x": [2, 3]}, ["y"], {"s": np.float32([1, 2, 3]), "z": np.int8([0, 0, 0])})
    assert "'wide'" in refusal(model)


def accuracy(tflite, inputs, labels):
    runner = judge.interpreter(tflite, "litert")
    source, target = runner.get_input_details()[0], runner.get_output_details()[0]
    right = 0
    for x, label in zip(inputs, labels):
        runner.set_tensor(source["index"], x.reshape(source["shape"]).astype(source["dtype"]))
        runner.invoke()
        right += int(np.argmax(runner.get_tensor(target["index"])) == label)
    return right / len(labels)


def test_keyword_network(data):
    """MLPerf Tiny's keyword network: QDQ against its int8 .tflite sibling, on the benchmark's features."""
    folder = data / "mlperf_tiny/kws"
    labels = np.load(folder / "labels.npy")
    ours = convert(folder / "kws_ref_model_qdq.onnx", mode="int8")
    theirs = (folder / "kws_ref_model.tflite").read_bytes()
    mine = accuracy(ours, np.load(folder / "features.npy"), labels)
    sibling = accuracy(theirs, np.load(folder / "features_int8.npy"), labels)
    print(f"keyword network: {mine:.1%}, its sibling {sibling:.1%}")
    assert abs(mine - sibling) <= 1 / 200
    compare.at_least(mine, sibling - 1 / 200, "accuracy")


def test_image_network(data):
    """ResNet-8: within one in a hundred of ONNX Runtime's accuracy with the same file."""
    folder = data / "mlperf_tiny/image_classification"
    images, labels = np.load(folder / "images_uint8.npy"), np.load(folder / "labels.npy")
    path = folder / "resnet_qdq.onnx"
    mine = accuracy(convert(path, mode="int8"), images.astype(np.float32), labels)
    model = onnx.load(path)
    right = 0
    import onnxruntime
    session = onnxruntime.InferenceSession(path)
    for image, label in zip(images, labels):
        scores = session.run(None, {model.graph.input[0].name: image[None].astype(np.float32)})[0]
        right += int(np.argmax(scores) == label)
    theirs = right / len(labels)
    print(f"image network: {mine:.1%}, ONNX Runtime {theirs:.1%}")
    # LiteRT's AVERAGE_POOL_2D keeps its input's scale, so that its result is rounded twice.
    compare.at_least(mine, theirs - 1 / 100, "accuracy")
