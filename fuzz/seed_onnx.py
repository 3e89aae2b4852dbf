"""Writes the seeds of fuzz_onnx: small models, each operator in one of them.

    python fuzz/seed_onnx.py fuzz/corpus

Run by hand, with the onnx package (tests/interop/requirements.txt); its output is kept in the repository.
"""

import pathlib
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper

N = helper.make_node


def model(nodes, inputs, outputs, constants=None, opset=17):
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(k, t, s) for k, (t, s) in inputs.items()],
        [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in (constants or {}).items()])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)],
                             ir_version=8).SerializeToString()


F, I = TensorProto.FLOAT, TensorProto.INT64


def weights(*shape):
    return np.linspace(-1, 1, int(np.prod(shape)), dtype=np.float32).reshape(shape)


def models():
    yield "image", model(
        [N("Conv", ["x", "w", "b"], ["c"], pads=[1, 1, 1, 1]), N("Relu", ["c"], ["r"]),
         N("Conv", ["r", "d"], ["e"], group=3, auto_pad="SAME_LOWER"), N("Clip", ["e", "", "six"], ["f"]),
         N("MaxPool", ["f"], ["m"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
         N("AveragePool", ["m"], ["a"], kernel_shape=[2, 2], pads=[0, 0, 1, 1]),
         N("Flatten", ["a"], ["v"]), N("Gemm", ["v", "g"], ["y"], alpha=0.5)],
        {"x": (F, ["batch", 2, 5, 4])}, ["y"],
        {"w": weights(3, 2, 3, 3), "b": weights(3), "d": weights(3, 1, 2, 2), "six": np.float32(6),
         "g": weights(18, 2)})
    yield "sequence", model(
        [N("Conv", ["x", "w"], ["c"], strides=[2]), N("BatchNormalization", ["c", "s", "s", "s", "v"], ["n"]),
         N("GlobalAveragePool", ["n"], ["p"]), N("Squeeze", ["p", "axis"], ["q"]), N("LogSoftmax", ["q"], ["y"])],
        {"x": (F, [1, 2, 9])}, ["y"],
        {"w": weights(3, 2, 3), "s": weights(3), "v": np.ones(3, np.float32), "axis": np.int64([2])})
    yield "shapes", model(
        [N("Shape", ["x"], ["s"]), N("Gather", ["s", "zero"], ["n"]), N("Unsqueeze", ["n", "zero1"], ["u"]),
         N("Concat", ["u", "rest"], ["t"], axis=0), N("Reshape", ["x", "t"], ["r"]),
         N("Transpose", ["r"], ["tr"], perm=[1, 0]), N("Slice", ["tr", "zero1", "two"], ["sl"]),
         N("Expand", ["sl", "wide"], ["e"]), N("ReduceMean", ["e"], ["y"], axes=[0], keepdims=0)],
        {"x": (F, ["batch", 2, 3])}, ["y"],
        {"zero": np.int64(0), "zero1": np.int64([0]), "rest": np.int64([-1]), "two": np.int64([2]),
         "wide": np.int64([3, 2, 1])})
    yield "attention", model(
        [N("MatMul", ["x", "w"], ["q"]), N("Transpose", ["x"], ["k"], perm=[0, 2, 1]), N("MatMul", ["q", "k"], ["a"]),
         N("Softmax", ["a"], ["s"]), N("MatMul", ["s", "x"], ["m"]), N("LayerNormalization", ["m", "g"], ["l"]),
         N("Split", ["l"], ["b", "c"], axis=2), N("Where", ["o", "b", "c"], ["y"])],
        {"x": (F, [1, 3, 4])}, ["y"], {"w": weights(4, 4), "g": weights(4), "o": np.array([True, False])})
    yield "resize", model(
        [N("Resize", ["x", "", "s"], ["r"], mode="linear"), N("Resize", ["r", "", "", "z"], ["t"]),
         N("ConvTranspose", ["t", "w"], ["u"], strides=[2, 2]), N("Pad", ["u", "p"], ["v"], mode="reflect"),
         N("DepthToSpace", ["v"], ["y"], blocksize=2, mode="CRD")],
        {"x": (F, [1, 2, 3, 2])}, ["y"],
        {"s": np.float32([1, 1, 2, 2]), "z": np.int64([1, 2, 5, 3]), "w": weights(2, 4, 3, 3),
         "p": np.int64([0, 0, 1, 0, 0, 0, 0, 2])})
    yield "activations", model(
        [N("HardSwish", ["x"], ["a"]), N("PRelu", ["a", "s"], ["b"]), N("Elu", ["b"], ["c"], alpha=0.5),
         N("Mish", ["c"], ["d"]), N("HardSigmoid", ["d"], ["e"]), N("Greater", ["e", "s"], ["f"]),
         N("Cast", ["f"], ["g"], to=1), N("Softplus", ["g"], ["h"]), N("Max", ["h", "s", "x"], ["i"]),
         N("ArgMax", ["i"], ["j"], axis=1), N("TopK", ["i", "k"], ["y", "l"])],
        {"x": (F, [2, 3, 2, 2])}, ["y", "j"], {"s": weights(3, 1, 1), "k": np.int64([1])}, 18)
    q = {"s": np.float32(0.1), "z": np.uint8(128), "ws": np.float32([0.1, 0.2]), "wz": np.int8([0, 0]),
         "w": np.int8([[1, 2, 3], [4, -5, 6]])}
    yield "quantized", model(
        [N("QuantizeLinear", ["x", "s", "z"], ["q"]), N("DequantizeLinear", ["q", "s", "z"], ["d"]),
         N("DequantizeLinear", ["w", "ws", "wz"], ["wd"], axis=0), N("Gemm", ["d", "wd"], ["m"], transB=1),
         N("QuantizeLinear", ["m", "s", "z"], ["n"]), N("DequantizeLinear", ["n", "s", "z"], ["y"])],
        {"x": (F, [2, 3])}, ["y"], q)
    yield "gather", model(
        [N("Gather", ["t", "i"], ["g"]), N("Tile", ["g", "r"], ["y"])], {"i": (I, [2])}, ["y"],
        {"t": weights(5, 2), "r": np.int64([1, 2])})


def main(folder):
    target = folder / "fuzz_onnx"
    target.mkdir(parents=True, exist_ok=True)
    for name, data in models():
        (target / name).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
