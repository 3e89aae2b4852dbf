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


def each(name, ops, shape=(2, 3, 2, 2), opset=17, **constants):
    """A model in which every one of `ops` ((type, further inputs, attributes)) reads the input."""
    nodes, outputs = [], []
    for i, (op, more, attributes) in enumerate(ops):
        outputs.append(f"y{i}")
        nodes.append(N(op, ["x", *more], [outputs[-1]], **attributes))
    return name, model(nodes, {"x": (F, list(shape))}, outputs, constants, opset)


def spelled_out():
    """Constants in each of the ways that TensorProto has."""
    tensors = [
        TensorProto(name="f", data_type=F, dims=[2], float_data=[1, 2]),
        TensorProto(name="d", data_type=TensorProto.DOUBLE, dims=[2], double_data=[1, 2]),
        TensorProto(name="h", data_type=TensorProto.FLOAT16, dims=[2], int32_data=[0x3c00, 0x4000]),
        TensorProto(name="b", data_type=TensorProto.BFLOAT16, dims=[2], raw_data=b"\x80\x3f\x00\x40"),
        TensorProto(name="e", data_type=TensorProto.DOUBLE, dims=[1], raw_data=bytes(8)),
        TensorProto(name="i8", data_type=TensorProto.INT8, dims=[2], int32_data=[1, -2]),
        TensorProto(name="u8", data_type=TensorProto.UINT8, dims=[2], int32_data=[1, 2]),
        TensorProto(name="i16", data_type=TensorProto.INT16, dims=[2], int32_data=[1, -2]),
        TensorProto(name="i32", data_type=TensorProto.INT32, dims=[2], int32_data=[1, -2]),
        TensorProto(name="t", data_type=TensorProto.BOOL, dims=[2], int32_data=[1, 0]),
        TensorProto(name="r", data_type=TensorProto.BOOL, dims=[2], raw_data=b"\x01\x00"),
        TensorProto(name="i64", data_type=I, dims=[2], int64_data=[1, -1]),
    ]
    names = [tensor.name for tensor in tensors]
    nodes = [N("Cast", [name], [f"c{name}"], to=1) for name in names] + [N("Sum", ["x", *(f"c{n}" for n in names)], ["y"])]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", F, [2])],
                              [helper.make_tensor_value_info("y", F, None)], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def broken():
    """What is refused: each finding of its own kind."""
    whole = spelled_out()
    external = whole.graph.initializer[0]
    external.ClearField("float_data")
    external.data_location = TensorProto.EXTERNAL
    external.external_data.add(key="location", value="weights.bin")
    whole.graph.initializer[1].dims[0] = 3
    whole.graph.initializer[5].int32_data[0] = 999
    whole.graph.initializer[6].data_type = TensorProto.STRING
    whole.graph.node.append(N("FusedConv", ["x"], ["odd"], domain="com.microsoft"))
    whole.graph.node.append(N("Conv", ["x", "cf"], ["bad"], name="bad"))
    whole.graph.input.append(helper.make_tensor_value_info("open", F, ["batch", "width", None]))
    whole.graph.input.append(helper.make_tensor_value_info("text", TensorProto.STRING, [1]))
    whole.functions.add(name="Mine", domain="mine")
    whole.graph.sparse_initializer.add().values.name = "sparse"
    yield "findings", whole.SerializeToString()
    yield "cycle", model([N("Add", ["x", "b"], ["a"]), N("Relu", ["a"], ["b"]), N("Neg", ["nobody"], ["c"])],
                         {"x": (F, [2])}, ["b"])
    yield "future", model([N("Relu", ["x"], ["y"])], {"x": (F, [2])}, ["y"], opset=99)


def more_models():
    lstm = dict(w=weights(2, 16, 3), r=weights(2, 16, 4), b=weights(2, 32), h=weights(2, 1, 4))
    yield "lstm", model(
        [N("LSTM", ["x", "w", "r", "b"], ["p", "q"], hidden_size=4, direction="bidirectional"),
         N("LSTM", ["x", "w", "r", "b", "", "h", "h"], ["s", "t", "u"], hidden_size=4, direction="bidirectional",
           activations=["Sigmoid", "Relu", "Relu"] * 2),
         N("Squeeze", ["s", "axis"], ["y"])],
        {"x": (F, [3, 1, 3])}, ["p", "q", "t", "u", "s"], {**lstm, "axis": np.int64([2])})
    yield "gru", model(
        [N("Transpose", ["x"], ["tx"], perm=[1, 0, 2]), N("Shape", ["tx"], ["s"]), N("Slice", ["s", "one", "two"], ["n"]),
         N("Concat", ["one", "n", "four"], ["t"], axis=0), N("ConstantOfShape", ["t"], ["z"]),
         N("Slice", ["z", "zero", "one", "zero"], ["h"]),
         N("GRU", ["tx", "w", "r", "b", "", "h"], ["p", "q"], hidden_size=4, linear_before_reset=1),
         N("GRU", ["tx", "w", "r"], ["", "u"], hidden_size=4, direction="reverse"),
         N("RNN", ["tx", "v", "o"], ["y", ""], hidden_size=4, activations=["Relu"])],
        {"x": (F, ["batch", 3, 3])}, ["p", "q", "u", "y"],
        {"w": weights(1, 12, 3), "r": weights(1, 12, 4), "b": weights(1, 24), "v": weights(1, 4, 3),
         "o": weights(1, 4, 4), "zero": np.int64([0]), "one": np.int64([1]), "two": np.int64([2]), "four": np.int64([4])})
    yield "gelu", model(
        [N("Div", ["x", "root"], ["r"]), N("Erf", ["r"], ["e"]), N("Add", ["e", "one"], ["a"]),
         N("Mul", ["x", "a"], ["m"]), N("Mul", ["m", "half"], ["g"]), N("Mul", ["g", "half"], ["h"]),
         N("Mul", ["g", "inverse"], ["i"]), N("Erf", ["i"], ["j"]), N("Add", ["one", "j"], ["k"]),
         N("Mul", ["h", "k"], ["l"]), N("Erf", ["l"], ["y"])],
        {"x": (F, [2, 3])}, ["y"], {"root": np.float32(2**0.5), "inverse": np.float32(0.5**0.5), "one": np.float32(1),
                                    "half": np.float32(0.5)})
    plain = "Abs Ceil Cos Exp Floor Log Neg Reciprocal Relu Round Sigmoid Sign Sin Sqrt Tanh Identity Dropout Celu " \
            "Selu Softsign ThresholdedRelu HardSigmoid LeakyRelu Flatten Size Shape"
    yield each("unary", [(op, [], {}) for op in plain.split()])
    yield each("settings", [("Celu", [], {"alpha": 0.5}), ("Elu", [], {"alpha": 0.5}), ("Softmax", [], {"axis": 1}),
                            ("LogSoftmax", [], {"axis": 2}), ("LpNormalization", [], {"axis": 1, "p": 1}),
                            ("LpNormalization", [], {}), ("Clip", ["low"], {}), ("Clip", ["low", "one"], {}),
                            ("Clip", ["zero", "one"], {}), ("Clip", ["minus", "one"], {}), ("Clip", ["zero"], {}),
                            ("Mean", ["x", "c"], {}), ("Min", ["c"], {}), ("Sub", ["c"], {}), ("Equal", ["c"], {}),
                            ("Less", ["c"], {}), ("LessOrEqual", ["c"], {}), ("GreaterOrEqual", ["c"], {}),
                            ("InstanceNormalization", ["s", "s"], {}), ("Pow", ["low"], {}), ("Pow", ["c"], {}),
                            ("BatchNormalization", ["s", "s", "s", "s"], {}), ("CastLike", ["low"], {})],
               low=np.float32(-0.5), zero=np.float32(0), one=np.float32(1), minus=np.float32(-1), c=weights(3, 1, 1),
               s=weights(3))
    yield each("powers", [("Pow", [f"p{i}"], {}) for i in range(8)],
               **{f"p{i}": np.float32(p) for i, p in enumerate((1, 2, 3, 4, 0.5, -0.5, -1, 2.5))})
    reductions = "Mean Sum Max Min L1 L2 LogSum LogSumExp SumSquare"
    yield each("reductions", [(f"Reduce{op}", [], {"axes": [1, -1], "keepdims": i % 2}) if op != "Sum" else
                              ("ReduceSum", ["axes"], {}) for i, op in enumerate(reductions.split())] +
               [("ArgMax", [], {"axis": 1, "keepdims": 0}), ("ArgMin", [], {"axis": 3}), ("ReduceMean", [], {})],
               axes=np.int64([2]))
    yield each("reductions18", [("ReduceMean", ["axes"], {}), ("ReduceMax", ["none"], {"noop_with_empty_axes": 1})],
               opset=18, axes=np.int64([1, 2]), none=np.int64([]))
    yield each("pools", [("MaxPool", [], {"kernel_shape": [3, 3], "pads": [1, 1, 0, 0]}),
                         ("MaxPool", [], {"kernel_shape": [3, 2], "pads": [2, 0, 0, 1], "strides": [2, 1]}),
                         ("MaxPool", [], {"kernel_shape": [2, 2], "auto_pad": "VALID"}),
                         ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}),
                         ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [1, 0, 0, 1], "ceil_mode": 1, "strides": [2, 2]}),
                         ("AveragePool", [], {"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER"}),
                         ("GlobalMaxPool", [], {}), ("GlobalAveragePool", [], {}),
                         ("SpaceToDepth", [], {"blocksize": 2}), ("DepthToSpace", [], {"blocksize": 2, "mode": "DCR"})],
               (1, 4, 6, 6))
    yield each("transposed", [("ConvTranspose", ["w"], {"group": 2, "strides": [2, 2], "output_padding": [1, 1]}),
                              ("ConvTranspose", ["w", "b"], {"group": 2, "pads": [1, 0, 1, 1]}),
                              ("ConvTranspose", ["w"], {"group": 2, "auto_pad": "SAME_LOWER", "strides": [2, 2]}),
                              ("ConvTranspose", ["w"], {"group": 2, "output_shape": [6, 6], "strides": [2, 2]}),
                              ("ConvTranspose", ["w"], {"group": 2, "dilations": [2, 3]}),
                              ("Conv", ["g"], {"dilations": [2, 2], "pads": [2, 2, 2, 2]}),
                              ("Conv", ["d"], {"group": 4, "auto_pad": "SAME_UPPER", "strides": [2, 1]})],
               (1, 4, 3, 3), w=weights(4, 3, 2, 2), b=weights(6), g=weights(2, 4, 3, 3), d=weights(8, 1, 2, 2))
    yield each("moves", [("Slice", ["start", "end", "axes", "steps"], {}), ("Pad", ["pads"], {}),
                         ("Pad", ["pads", "fill"], {}), ("Pad", ["cut"], {}), ("Tile", ["tiles"], {}),
                         ("Expand", ["wide"], {}), ("Unsqueeze", ["axes"], {}), ("GatherND", ["at"], {}),
                         ("Gather", ["index"], {"axis": 1}), ("Concat", ["x"], {"axis": 1}), ("Concat", ["x"], {"axis": -1}),
                         ("Reshape", ["target"], {}), ("Reshape", ["exact"], {"allowzero": 1}), ("TopK", ["k"], {"axis": 2}),
                         ("Transpose", [], {"perm": [0, 2, 3, 1]}), ("Transpose", [], {}), ("Flatten", [], {"axis": 2})],
               start=np.int64([-1]), end=np.int64([-100]), axes=np.int64([1]), steps=np.int64([-1]),
               pads=np.int64([0, 0, 1, 0, 0, 0, 0, 1]), fill=np.float32(2), cut=np.int64([0, 0, -1, 0, 0, 0, 0, 0]),
               tiles=np.int64([1, 1, 2, 1]), wide=np.int64([1, 2, 1, 1, 1]), at=np.int64([[0, 1]]), index=np.int64([[-1, 0]]),
               target=np.int64([0, -1, 2]), exact=np.int64([2, 12]), k=np.int64([1]))
    for rule in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric"):
        yield each(f"resize_{rule}", [("Resize", ["", "s"], {"coordinate_transformation_mode": rule, "nearest_mode": rounding})
                                      for rounding in ("floor", "ceil", "round_prefer_ceil", "round_prefer_floor")] +
                   [("Resize", ["", "s"], {"coordinate_transformation_mode": rule, "mode": mode})
                    for mode in ("linear", "cubic")], (1, 2, 3, 2), s=np.float32([1, 1, 2, 2]))
    yield each("resampled", [("Resize", ["", "s"], {"mode": mode, "antialias": 1, "exclude_outside": i % 2})
                             for i, mode in enumerate(("linear", "cubic", "linear", "cubic"))], (1, 2, 5, 7), 18,
               s=np.float32([1, 1, 0.6, 0.3]))
    yield each("upsample", [("Upsample", ["s"], {}), ("Upsample", ["s"], {"mode": "linear"})], opset=9,
               s=np.float32([1, 1, 2, 2]))
    yield each("opset6", [("Add", ["c"], {"broadcast": 1, "axis": 1}), ("Mul", ["x"], {}), ("PRelu", ["c"], {}),
                          ("Pad", [], {"pads": [0, 0, 1, 1, 0, 0, 1, 1]}), ("Clip", [], {"min": 0.0, "max": 6.0}),
                          ("Slice", [], {"starts": [0], "ends": [1], "axes": [1]}), ("Softmax", [], {"axis": 1}),
                          ("Squeeze", [], {"axes": [0]}), ("Unsqueeze", [], {"axes": [0]}), ("TopK", [], {"k": 1}),
                          ("BatchNormalization", ["c", "c", "c", "c"], {"is_test": 1})],
               (1, 3, 2, 2), 6, c=weights(3))
    folded = [N("Constant", [], ["i"], value_int=2), N("Constant", [], ["f"], value_float=0.5),
              N("Constant", [], ["is"], value_ints=[2, 3]), N("Constant", [], ["fs"], value_floats=[1.0, 2.0]),
              N("Shape", ["x"], ["s"]), N("Cast", ["s"], ["sf"], to=1), N("Mul", ["sf", "f"], ["h"]), N("Floor", ["h"], ["hf"]),
              N("Ceil", ["h"], ["hc"]), N("Cast", ["hf"], ["n"], to=7), N("Div", ["s", "i"], ["q"]), N("Sub", ["s", "q"], ["d"]),
              N("Max", ["d", "q"], ["m"]), N("Equal", ["m", "q"], ["e"]), N("Where", ["e", "m", "q"], ["w"]), N("Neg", ["w"], ["ne"]),
              N("Not", ["e"], ["no"]), N("And", ["e", "no"], ["an"]), N("Or", ["e", "an"], ["o"]), N("Xor", ["o", "e"], ["xo"]),
              N("Min", ["q", "i", "s"], ["mi"]), N("Pow", ["s", "i"], ["po"]), N("Range", ["zero", "i", "one"], ["ra"]),
              N("Gather", ["s", "zero"], ["g"]), N("Size", ["x"], ["si"]), N("ConstantOfShape", ["is"], ["cs"]),
              N("Slice", ["s", "one1", "two1"], ["sl"]), N("Squeeze", ["sl"], ["sq"]), N("Unsqueeze", ["sq", "zero1"], ["un"]),
              N("Concat", ["un", "one1"], ["t"], axis=0), N("Reshape", ["fs", "t"], ["y"]), N("MatMul", ["x", "ma"], ["mm"]),
              N("MatMul", ["x", "x"], ["mx"]), N("Gemm", ["x", "ma", "fs"], ["ge"], transA=1, beta=2.0, alpha=0.5),
              N("MatMul", ["x", "fs"], ["mv"]), N("Split", ["x", "sp"], ["s1", "s2"], axis=1), N("Split", ["x"], ["s3", "s4"])]
    yield "folded", model(folded, {"x": (F, [2, 2])},
                          "y mm mx ge mv s1 s2 s3 s4 cs ra si g po mi xo ne hc n".split(),
                          {"zero": np.int64(0), "one": np.int64(1), "zero1": np.int64([0]), "one1": np.int64([1]),
                           "two1": np.int64([2]), "ma": weights(2, 2), "sp": np.int64([1, 1])})
    q = {"s": np.float32(0.1), "z": np.uint8(128), "ws": np.float32([0.1, 0.2]), "wz": np.int8([0, 0]),
         "w": np.linspace(-90, 90, 2 * 3 * 9).astype(np.int8).reshape(2, 3, 3, 3), "d": np.int8([[[[3]]], [[[5]]]]),
         "b": np.int32([4, -5]), "bs": np.float32([0.01, 0.02]), "bz": np.int32([0, 0])}
    dq = lambda i, o: N("DequantizeLinear", [i, "s", "z"], [o])  # noqa: E731
    qu = lambda i, o: N("QuantizeLinear", [i, "s", "z"], [o])  # noqa: E731
    yield "quantized_image", model(
        [qu("x", "q0"), dq("q0", "f0"), N("DequantizeLinear", ["w", "ws", "wz"], ["wf"], axis=0),
         N("DequantizeLinear", ["b", "bs", "bz"], ["bf"], axis=0), N("Conv", ["f0", "wf", "bf"], ["c"], pads=[1, 1, 1, 1]),
         N("Relu", ["c"], ["r"]), qu("r", "q1"), dq("q1", "f1"),
         N("DequantizeLinear", ["d", "ws", "wz"], ["df"], axis=0), N("Conv", ["f1", "df"], ["e"], group=2),
         qu("e", "q2"), dq("q2", "f2"), N("Add", ["f2", "f1"], ["a"]), qu("a", "q3"), dq("q3", "f3"),
         N("MaxPool", ["f3"], ["m"], kernel_shape=[2, 2]), qu("m", "q4"), dq("q4", "f4"), N("Sigmoid", ["f4"], ["g"]),
         qu("g", "q5"), dq("q5", "f5"), N("GlobalAveragePool", ["f5"], ["p"]), qu("p", "q6"), dq("q6", "y")],
        {"x": (F, [1, 3, 4, 4])}, ["y"], q)
    yield "spelled_out", spelled_out().SerializeToString()
    yield from broken()


def main(folder):
    target = folder / "fuzz_onnx"
    target.mkdir(parents=True, exist_ok=True)
    for name, data in [*models(), *more_models()]:
        (target / name).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
