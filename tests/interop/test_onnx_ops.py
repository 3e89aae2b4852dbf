"""Each ONNX operator that is imported, in several settings: our file against ONNX Runtime."""

import numpy as np
import pytest
from onnx import helper

import compare
from onnx_judge import (AS_ONNX, TOLERANCE, assert_alike, convert, floats, litert_run, model_of,
                        one_node)
from structure import File

X4 = (2, 4, 9, 8)  # NCHW
X3 = (2, 4, 11)    # NCL


def positive(*shape):
    return np.abs(floats(*shape)) + 0.1


def cases():
    def case(op, inputs, constants=None, label="", **given):
        if not isinstance(inputs, dict):
            inputs = {"x": inputs}
        return pytest.param(op, inputs, constants, given, id=f"{op} {label or given}")

    # One operand, element by element.
    for op in ("Abs", "Neg", "Exp", "Relu", "Sigmoid", "Tanh", "Sin", "Cos", "Floor", "Ceil", "Round",
               "Sign", "Identity", "Elu", "Selu", "Celu", "Softplus", "Softsign", "HardSigmoid",
               "LeakyRelu", "ThresholdedRelu", "Reciprocal"):
        yield case(op, floats(3, 5) * 3, label="rank 2")
        yield case(op, floats(*X4) * 3, label="rank 4")
    for op in ("Log", "Sqrt"):
        yield case(op, positive(3, 5))
    yield case("HardSwish", floats(3, 40) * 4)
    yield case("Mish", floats(3, 40) * 4, opset=18)
    yield case("Gelu", floats(3, 40), opset=20)
    yield case("Gelu", floats(3, 40), opset=20, approximate="tanh")
    yield case("LeakyRelu", floats(3, 5), alpha=0.3)
    yield case("Elu", floats(3, 5), alpha=0.7)
    yield case("Celu", floats(3, 5), alpha=0.7)
    yield case("Selu", floats(3, 5), alpha=1.5, gamma=2.0)
    yield case("HardSigmoid", floats(3, 5), alpha=1 / 6, beta=0.5)
    yield case("ThresholdedRelu", floats(3, 5), alpha=0.25)
    yield case("Dropout", floats(3, 5))
    for low, high in ((0, 6), (0, 1), (-1, 1), (-0.5, 2), (0, None), (None, 1.5)):
        constants = {}
        order = ["x"]
        for name, bound in (("low", low), ("high", high)):
            order.append(name if bound is not None else "")
            if bound is not None:
                constants[name] = np.float32(bound)
        yield case("Clip", floats(4, 9) * 4, constants, order=order, label=f"{low} {high}")
        yield case("Clip", floats(4, 9) * 4, label=f"opset 7 {low} {high}", opset=7,
                   **({"min": float(low)} if low is not None else {}),
                   **({"max": float(high)} if high is not None else {}))
    for to in (1, 6, 7, 9, 2):
        yield case("Cast", np.abs(floats(3, 5)) * 9, to=to)
    yield case("Not", floats(3, 5) > 0)

    # Operands that broadcast.
    for op in ("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"):
        yield case(op, {"a": floats(*X4), "b": positive(*X4)}, label="same")
        yield case(op, {"a": floats(*X4), "b": positive(4, 1, 1)}, label="channels")
        yield case(op, {"a": floats(*X4)}, {"b": positive(4, 1, 1)}, label="constant channels")
        yield case(op, {"a": floats(*X4)}, {"b": positive(8)}, label="constant columns")
        yield case(op, {"b": floats(1, 4, 1, 1)}, {"a": positive(9, 8)}, label="constant image")
        yield case(op, {"a": floats(*X4)}, {"b": np.float32(1.5)}, label="scalar")
    for op in ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"):
        yield case(op, {"a": np.round(floats(3, 5)), "b": np.round(floats(3, 5, seed=1))})
    for op in ("And", "Or"):
        yield case(op, {"a": floats(3, 5) > 0, "b": floats(3, 5, seed=1) > 0})
    for power in (1, 2, 3, 4, 0.5, -0.5, -1):
        yield case("Pow", positive(3, 5), {"p": np.float32(power)}, label=str(power))
    yield case("Pow", positive(3, 5), {"p": np.float32(2.7)}, label="2.7")
    yield case("Pow", floats(3, 5), {"p": np.int64([[3], [-2], [0]])}, label="integers")
    yield case("Pow", {"x": positive(*X4), "p": floats(4, 1, 1)}, label="computed")
    yield case("Erf", floats(30, 50) * 2)
    yield case("Where", {"c": floats(3, 5) > 0, "a": floats(3, 5), "b": floats(5)})
    for slope, label in ((floats(4, 1, 1), "channels"), (floats(1), "one"), (floats(8), "columns")):
        yield case("PRelu", floats(*X4), {"slope": slope}, label=label)
    yield case("Max", {"a": floats(3, 5), "b": floats(3, 5, seed=1), "c": floats(3, 5, seed=2)})

    # Convolutions.
    def conv(shape, filters, kernel, bias=True, group=1, **given):
        weights = {"w": floats(filters, shape[1] // group, *kernel, seed=1)}
        if bias:
            weights["b"] = floats(filters, seed=2)
        return case("Conv", floats(*shape), weights, group=group,
                    label=f"{len(kernel)}D {filters} {kernel} group {group} {given}", **given)

    for kernel, shape in (((3, 3), X4), ((5,), X3)):
        n = len(kernel)
        yield conv(shape, 6, kernel)
        yield conv(shape, 6, kernel, bias=False)
        yield conv(shape, 6, kernel, strides=[2] * n)
        yield conv(shape, 6, kernel, dilations=[2] * n)
        yield conv(shape, 6, kernel, pads=[1] * (2 * n))
        yield conv(shape, 6, kernel, pads=[1] * (2 * n), strides=[2] * n)
        yield conv(shape, 6, kernel, pads=list(range(n)) + [2] * n)
        for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
            yield conv(shape, 6, kernel, auto_pad=auto)
            yield conv(shape, 6, kernel, auto_pad=auto, strides=[2] * n)
        yield conv(shape, 4, kernel, group=4)
        yield conv(shape, 8, kernel, group=4, pads=[1] * (2 * n))
        yield conv(shape, 6, kernel, group=2)
    yield conv(X4, 6, (1, 1))
    yield conv((2, 1, 9, 8), 1, (3, 3))
    yield conv(X4, 6, (2, 4), strides=[3, 1])

    def transposed(shape, filters, kernel, bias=True, **given):
        weights = {"w": floats(shape[1], filters, *kernel, seed=1)}
        if bias:
            weights["b"] = floats(filters * given.get("group", 1), seed=2)
        return case("ConvTranspose", floats(*shape), weights, label=f"{kernel} {given}", **given)

    for kernel, shape in (((3, 3), X4), ((4,), X3)):
        n = len(kernel)
        yield transposed(shape, 3, kernel)
        yield transposed(shape, 3, kernel, bias=False, strides=[2] * n)
        yield transposed(shape, 3, kernel, strides=[2] * n, pads=[1] * (2 * n))
        yield transposed(shape, 3, kernel, strides=[2] * n, pads=[0] * n + [1] * n,
                         output_padding=[1] * n)
        yield transposed(shape, 3, kernel, strides=[2] * n, auto_pad="SAME_UPPER")
        yield transposed(shape, 3, kernel, strides=[2] * n, auto_pad="SAME_LOWER")
        yield transposed(shape, 3, kernel, dilations=[3] * n, pads=[1] * (2 * n))
        yield transposed(shape, 3, kernel, dilations=[2] * n, group=2, strides=[2] * n)
        yield transposed(shape, 3, kernel, strides=[2] * n, group=2)
        yield transposed(shape, 1, kernel, group=4, pads=[1] * (2 * n), bias=False)

    # Pools.
    for op in ("MaxPool", "AveragePool"):
        for shape, n in ((X4, 2), (X3, 1)):
            for given in ({}, {"strides": [2] * n}, {"pads": [1] * (2 * n)},
                          {"pads": [1] * (2 * n), "strides": [2] * n},
                          {"auto_pad": "SAME_UPPER", "strides": [2] * n},
                          {"auto_pad": "SAME_LOWER", "strides": [2] * n},
                          {"pads": [0] * n + [1] * n, "strides": [2] * n},
                          {"ceil_mode": 1, "strides": [2] * n},
                          {"ceil_mode": 1, "strides": [2] * n, "pads": [1] * (2 * n)}):
                yield case(op, floats(*shape), kernel_shape=[3] * n, label=f"{n}D {given}", **given)
                if op == "AveragePool" and given:
                    yield case(op, floats(*shape), kernel_shape=[3] * n, count_include_pad=1,
                               label=f"{n}D counting {given}", **given)
    for op in ("GlobalAveragePool", "GlobalMaxPool"):
        yield case(op, floats(*X4), label="2D")
        yield case(op, floats(*X3), label="1D")

    # Reductions.
    for op in ("ReduceMean", "ReduceMax", "ReduceMin", "ReduceSumSquare", "ReduceL1", "ReduceL2",
               "ReduceLogSum", "ReduceLogSumExp"):
        for axes, keep in (([1], 1), ([2, 3], 0), ([-1], 0), (None, 1), (None, 0)):
            given = {} if axes is None else {"axes": axes}
            yield case(op, positive(*X4), keepdims=keep, label=f"{axes} {keep}", **given)
            yield case(op, positive(*X4),
                       None if axes is None else {"axes": np.int64(axes)}, keepdims=keep, opset=18,
                       label=f"opset 18 {axes} {keep}")
    yield case("ReduceSum", floats(*X4), {"axes": np.int64([1])}, keepdims=0)
    yield case("ReduceSum", floats(*X4), opset=11, axes=[0, 2])
    for op in ("ArgMax", "ArgMin"):
        for axis, keep in ((1, 0), (-1, 1), (0, 0)):
            yield case(op, floats(*X4), axis=axis, keepdims=keep)

    # Products of matrices.
    for given in ({}, {"transB": 1}, {"transA": 1}, {"alpha": 0.5, "beta": 2.0}):
        a = floats(6, 3) if given.get("transA") else floats(3, 6)
        b = floats(5, 6, seed=1) if given.get("transB") else floats(6, 5, seed=1)
        for c in (floats(5, seed=2), floats(1, 5, seed=2), floats(3, 1, seed=2), floats(3, 5, seed=2)):
            yield case("Gemm", a, {"b": b, "c": c}, label=f"{given} {c.shape}", **given)
        yield case("Gemm", a, {"b": b}, label=f"{given} no bias", **given)
        yield case("Gemm", {"a": a, "b": b}, label=f"{given} computed", **given)
    for a, b in (((3, 6), (6, 5)), ((2, 3, 6), (6, 5)), ((2, 3, 6), (2, 6, 5)),
                 ((2, 4, 3, 6), (2, 4, 6, 5)), ((6,), (6, 5)), ((3, 6), (6,)), ((2, 1, 3, 6), (4, 6, 5))):
        yield case("MatMul", {"a": floats(*a), "b": floats(*b, seed=1)}, label=f"{a} {b} computed")
        yield case("MatMul", floats(*a), {"b": floats(*b, seed=1)}, label=f"{a} {b}")

    # Normalizations.
    def parameters(n):
        return {"scale": floats(n, seed=1), "shift": floats(n, seed=2), "mean": floats(n, seed=3),
                "variance": positive(n)}

    for shape in (X4, X3, (3, 4)):
        yield case("BatchNormalization", floats(*shape), parameters(4), label=str(shape))
    yield case("BatchNormalization", {"x": floats(*X4), **parameters(4)}, label="computed", epsilon=0.1)
    yield case("InstanceNormalization", floats(*X4), {"s": floats(4), "b": floats(4, seed=1)})
    yield case("LayerNormalization", floats(2, 5, 8), {"s": floats(8), "b": floats(8, seed=1)})
    yield case("LayerNormalization", floats(2, 5, 8), {"s": floats(5, 8)}, axis=1, epsilon=0.01)
    for op in ("Softmax", "LogSoftmax"):
        for axis in (0, 1, 2, 3, -1):
            yield case(op, floats(*X4), axis=axis)
            yield case(op, floats(*X4), axis=axis, opset=11)
        yield case(op, floats(3, 5))

    # Shapes.
    for target in ((2, 36, 8), (2, -1), (0, 0, -1), (8, 72), (1, 2, 4, 72)):
        yield case("Reshape", floats(*X4), {"s": np.int64(target)}, label=str(target))
    for axis in (0, 1, 2, 3, 4, -1):
        yield case("Flatten", floats(*X4), axis=axis)
    for perm in ((0, 2, 3, 1), (0, 3, 1, 2), (3, 2, 1, 0), (0, 1, 3, 2)):
        yield case("Transpose", floats(*X4), perm=perm)
    yield case("Transpose", floats(3, 5))
    yield case("Squeeze", floats(2, 1, 5, 1), {"a": np.int64([1, -1])})
    yield case("Squeeze", floats(2, 1, 5, 1))
    yield case("Squeeze", floats(2, 1, 5, 1), opset=11, axes=[3])
    yield case("Unsqueeze", floats(2, 5), {"a": np.int64([0, -1])})
    yield case("Unsqueeze", floats(2, 5), opset=11, axes=[1, 3])
    yield case("Expand", floats(3, 1), {"s": np.int64([2, 1, 6])})
    yield case("Tile", floats(2, 3), {"r": np.int64([2, 3])})
    yield case("Concat", {"a": floats(2, 3, 4), "b": floats(2, 5, 4)}, axis=1)
    yield case("Concat", {"a": floats(2, 3, 4), "b": floats(2, 3, 1)}, axis=-1)
    yield case("Split", floats(2, 6, 4), axis=1, outputs=("y", "z"))
    yield case("Split", floats(2, 6, 4), {"s": np.int64([1, 2, 3])}, axis=1, outputs=("y", "z", "u"))
    yield case("Split", floats(2, 6, 4), opset=11, axis=1, split=[4, 2], outputs=("y", "z"))
    yield case("Slice", floats(5, 6), {"s": np.int64([1, -3]), "e": np.int64([2**63 - 1, -1])})
    yield case("Slice", floats(5, 6), {"s": np.int64([4, 0]), "e": np.int64([-9, 5]),
                                       "a": np.int64([0, 1]), "t": np.int64([-2, 2])})
    yield case("Slice", floats(5, 6), opset=9, starts=[1], ends=[4], axes=[1])
    yield case("Gather", floats(5, 6), {"i": np.int64([[0, -1], [2, 2]])}, axis=1)
    yield case("Gather", floats(5, 6), {"i": np.int64(3)})
    yield case("Gather", {"x": floats(5, 6), "i": np.int64([3, 0, 1])})
    yield case("Pad", floats(*X4), {"p": np.int64([0, 1, 2, 0, 0, 0, 1, 3])})
    yield case("Pad", floats(*X4), {"p": np.int64([0, 0, 2, 1, 0, 0, 1, 3]), "v": np.float32(1.5)})
    yield case("Pad", floats(*X4), {"p": np.int64([0, 0, 2, 1, 0, 0, 1, 3])}, mode="reflect")
    yield case("Pad", floats(*X4), {"p": np.int64([0, 0, -2, 1, 0, 0, 1, -3])}, label="negative")
    yield case("Pad", floats(3, 5), opset=9, pads=[1, 0, 0, 2], value=0.5)
    yield case("DepthToSpace", floats(2, 12, 3, 4), blocksize=2)
    yield case("DepthToSpace", floats(2, 12, 3, 4), blocksize=2, mode="CRD")
    yield case("SpaceToDepth", floats(2, 3, 4, 6), blocksize=2)

    def resize(scales, label="", **given):
        return case("Resize", floats(2, 3, 6, 5), {"s": np.float32([1, 1, *scales])},
                    order=["x", "", "s"], label=f"{scales} {given} {label}", **given)

    for rule in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
        for rounding in ("round_prefer_floor", "floor", "ceil", "round_prefer_ceil"):
            yield resize((2, 3), coordinate_transformation_mode=rule, nearest_mode=rounding)
        yield resize((2, 2), mode="linear", coordinate_transformation_mode=rule)
    yield resize((0.5, 0.6), coordinate_transformation_mode="half_pixel")
    for rule in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
        yield resize((2, 3), mode="cubic", coordinate_transformation_mode=rule)
    yield resize((0.5, 0.7), mode="cubic", cubic_coeff_a=-0.5, exclude_outside=1)
    yield resize((0.6, 0.7), mode="linear")
    yield resize((1.7, 0.7), mode="linear", coordinate_transformation_mode="asymmetric")
    yield resize((0.6, 1.5), mode="linear", opset=19, coordinate_transformation_mode="half_pixel_symmetric")
    yield resize((0.5, 0.4), mode="linear", opset=18, antialias=1, exclude_outside=1)
    yield resize((0.5, 0.4), mode="cubic", opset=18, antialias=1, exclude_outside=1)
    yield case("Resize", floats(2, 3, 6, 5), {"s": np.int64([2, 3, 9, 7])}, order=["x", "", "", "s"],
               label="sizes")
    yield case("Resize", floats(2, 3, 6, 5), {"s": np.int64([2, 3, 9, 7])}, order=["x", "", "", "s"],
               mode="linear", label="linear sizes")
    yield case("Upsample", floats(2, 3, 6, 5), {"s": np.float32([1, 1, 2, 3])}, opset=9)
    yield case("Upsample", floats(2, 3, 6, 5), {"s": np.float32([1, 1, 2, 2])}, opset=9, mode="linear")


@pytest.mark.parametrize("op, inputs, constants, given", cases())
def test_operator(op, inputs, constants, given):
    model = one_node(op, inputs, constants, **given)
    assert_alike(model, inputs, op)


def test_shapes_are_folded():
    """What PyTorch writes for x.view(x.size(0), -1) and for interpolating to another tensor's size."""
    x = floats(2, 4, 9, 8)
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Constant", [], ["zero"], value_int=0),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Unsqueeze", ["batch", "axis"], ["batch1"]),
        helper.make_node("Concat", ["batch1", "rest"], ["target"], axis=0),
        helper.make_node("Reshape", ["x", "target"], ["y"]),
    ]
    constants = {"axis": np.int64([0]), "rest": np.int64([-1])}
    assert_alike(model_of(nodes, {"x": x}, ["y"], constants), {"x": x}, "fixed batch")
    assert_alike(model_of(nodes, {"x": ["batch", 4, 9, 8]}, ["y"], constants), {"x": x}, "any batch")


def test_layouts_travel_through_networks():
    """Element-wise operators, reductions without dims, Squeeze and Gemm behind channels-last images."""
    x = floats(2, 3, 12, 10)
    nodes = [
        helper.make_node("Mul", ["x", "std"], ["n"]),
        helper.make_node("Conv", ["n", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Add", ["r", "c"], ["s"]),
        helper.make_node("MaxPool", ["s"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "g"], ["y"]),
        helper.make_node("ReduceMean", ["p"], ["m"], axes=[2, 3], keepdims=0),
        helper.make_node("GlobalAveragePool", ["p"], ["ga"]),
        helper.make_node("Squeeze", ["ga", "axes"], ["z"]),
        helper.make_node("ReduceMax", ["p"], ["w_left"], axes=[1], keepdims=0),
        helper.make_node("Transpose", ["p"], ["t"], perm=[0, 2, 3, 1]),
        helper.make_node("Softmax", ["t"], ["sm"], axis=2),
    ]
    constants = {"std": floats(3, 1, 1, seed=5), "w": floats(4, 3, 3, 3, seed=1),
                 "g": floats(4 * 6 * 5, 7, seed=2), "axes": np.int64([2, 3])}
    outputs = ["y", "m", "z", "w_left", "sm"]
    model = model_of(nodes, {"x": x}, outputs, constants)
    assert_alike(model, {"x": x}, "network")


@pytest.mark.parametrize("root", ["Div", "Mul"])
@pytest.mark.parametrize("form", ["x, then half", "half, then x", "half of x"])
def test_gelu_written_out_is_one_operator(form, root):
    x = floats(2, 3, 5) * 2
    factor, rest = {"x, then half": ("x", "half"), "half, then x": ("half", "x"), "half of x": ("h", None)}[form]
    nodes = [helper.make_node("Mul", ["x", "half"], ["h"]),
             helper.make_node(root, ["x", "root"], ["r"]),
             helper.make_node("Erf", ["r"], ["e"]),
             helper.make_node("Add", ["one", "e"], ["a"]),
             helper.make_node("Mul", [factor, "a"], ["m"])]
    if rest:
        nodes.append(helper.make_node("Mul", ["m", rest], ["y"]))
    constants = {"half": np.float32(0.5), "one": np.float32(1),
                 "root": np.float32(np.sqrt(2) if root == "Div" else np.sqrt(0.5))}
    model = model_of(nodes, {"x": x}, ["y" if rest else "m"], constants)
    assert_alike(model, {"x": x}, form)
    compare.equal([op.name for op in File(convert(model)).ops], ["GELU"], form)


def test_what_only_looks_like_gelu_is_left_alone():
    x = floats(2, 3, 5) * 2
    for change in ("one", "root", "half", "seen"):
        nodes = [helper.make_node("Div", ["x", "root"], ["r"]), helper.make_node("Erf", ["r"], ["e"]),
                 helper.make_node("Add", ["e", "one"], ["a"]), helper.make_node("Mul", ["x", "a"], ["m"]),
                 helper.make_node("Mul", ["m", "half"], ["y"])]
        constants = {"half": np.float32(0.5), "one": np.float32(1), "root": np.float32(np.sqrt(2))}
        if change != "seen":
            constants[change] = constants[change] * np.float32(1.01)
        model = model_of(nodes, {"x": x}, ["y", "e"] if change == "seen" else ["y"], constants)
        assert_alike(model, {"x": x}, change)


@pytest.mark.parametrize("op, numpy_s", [("Add", np.add), ("Sub", np.subtract), ("Mul", np.multiply),
                                         ("Div", np.divide)])
def test_opset_6_aligns_at_an_axis(op, numpy_s):
    """ONNX Runtime has no opset 6: NumPy is the judge."""
    a = floats(*X4)
    for b, axis in ((positive(4), 1), (positive(2), 0), (positive(4, 9), 1), (positive(9, 8), None)):
        model = one_node(op, {"a": a}, {"b": b}, broadcast=1, opset=6, **({} if axis is None else {"axis": axis}))
        spread = b.reshape(b.shape + (1,) * (0 if axis is None else 4 - axis - b.ndim))
        compare.floats(litert_run(convert(model, *AS_ONNX), {"a": a})["y"], numpy_s(a, spread), TOLERANCE,
                       f"{op} {b.shape} at {axis}")


def test_opset_6_has_a_slope_for_each_channel():
    x, slope = floats(*X4), floats(4)
    made = litert_run(convert(one_node("PRelu", {"x": x}, {"slope": slope}, opset=6), *AS_ONNX), {"x": x})["y"]
    compare.floats(made, np.where(x < 0, x * slope.reshape(4, 1, 1), x), TOLERANCE, "PRelu 6")
