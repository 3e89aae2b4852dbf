"""The importers' columns of docs/operators.md, held against files made of each layer and operator."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import onnx
import pytest
from keras import layers as L

import compare
import ours
import test_onnx_ops
import test_onnx_qdq
import test_onnx_recurrent
from onnx_judge import model_of, one_node
from single_op import schema, unpack

IMAGE, SEQUENCE, VECTOR, VOLUME = (9, 8, 4), (12, 4), (10,), (5, 6, 7, 3)
TWO = (IMAGE, IMAGE)
ACTIVATIONS = ("relu relu6 leaky_relu elu selu gelu sigmoid tanh exponential softplus softsign silu hard_sigmoid "
               "hard_silu softmax log_softmax").split()
LAYERS = {
    "Activation": [(IMAGE, lambda name=name: L.Activation(name)) for name in ACTIVATIONS],
    "Add": [(TWO, L.Add)],
    "Attention": [(((4, 6), (4, 6)), lambda: lambda x: L.Attention(use_scale=True)(x, use_causal_mask=True))],
    "Average": [(TWO, L.Average)],
    "AveragePooling1D": [(SEQUENCE, lambda: L.AveragePooling1D(2))],
    "AveragePooling2D": [(IMAGE, lambda: L.AveragePooling2D(2))],
    "BatchNormalization": [(IMAGE, L.BatchNormalization)],
    "Bidirectional": [(SEQUENCE, lambda: L.Bidirectional(L.LSTM(3))),
                      (SEQUENCE, lambda: L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode="ave")),
                      (SEQUENCE, lambda: L.Bidirectional(L.LSTM(3), merge_mode="mul"))],
    "Concatenate": [(TWO, L.Concatenate)],
    "Conv1D": [(SEQUENCE, lambda: L.Conv1D(3, 3)), (SEQUENCE, lambda: L.Conv1D(3, 3, padding="causal"))],
    "Conv1DTranspose": [(SEQUENCE, lambda: L.Conv1DTranspose(3, 3))],
    "Conv2D": [(IMAGE, lambda: L.Conv2D(3, 3))],
    "Conv2DTranspose": [(IMAGE, lambda: L.Conv2DTranspose(3, 3))],
    "Conv3D": [(VOLUME, lambda: L.Conv3D(3, 2))],
    "Cropping1D": [(SEQUENCE, lambda: L.Cropping1D(1))],
    "Cropping2D": [(IMAGE, lambda: L.Cropping2D(1))],
    "Dense": [(VECTOR, lambda: L.Dense(3)), (IMAGE, lambda: L.Dense(3))],
    "DepthwiseConv1D": [(SEQUENCE, lambda: L.DepthwiseConv1D(3))],
    "DepthwiseConv2D": [(IMAGE, lambda: L.DepthwiseConv2D(3))],
    "Dot": [(((4, 6), (4, 6)), lambda: L.Dot(2, normalize=True)), (((6,), (6,)), lambda: L.Dot(1))],
    "ELU": [(IMAGE, L.ELU), (IMAGE, lambda: L.ELU(0.5))],
    "EinsumDense": [(SEQUENCE, lambda: L.EinsumDense("abc,cd->abd", (None, 3), bias_axes="d")),
                    (SEQUENCE, lambda: L.EinsumDense("abc,cde->abde", (None, 2, 3)))],
    "Embedding": [(VECTOR, lambda: L.Embedding(9, 3))],
    "Flatten": [(IMAGE, L.Flatten)],
    "GRU": [(SEQUENCE, lambda: L.GRU(3)), (SEQUENCE, lambda: L.GRU(3, return_sequences=True, reset_after=False))],
    "GlobalAveragePooling1D": [(SEQUENCE, L.GlobalAveragePooling1D)],
    "GlobalAveragePooling2D": [(IMAGE, L.GlobalAveragePooling2D)],
    "GlobalMaxPooling1D": [(SEQUENCE, L.GlobalMaxPooling1D)],
    "GlobalMaxPooling2D": [(IMAGE, L.GlobalMaxPooling2D)],
    "GroupNormalization": [(IMAGE, lambda: L.GroupNormalization(groups=1))],
    "LSTM": [(SEQUENCE, lambda: L.LSTM(3)), (SEQUENCE, lambda: L.LSTM(3, go_backwards=True)),
             (SEQUENCE, lambda: L.LSTM(3, return_sequences=True, return_state=True))],
    "LayerNormalization": [(IMAGE, L.LayerNormalization)],
    "LeakyReLU": [(IMAGE, L.LeakyReLU)],
    "Masking": [(SEQUENCE, L.Masking)],
    "MaxPooling1D": [(SEQUENCE, lambda: L.MaxPooling1D(2))],
    "MaxPooling2D": [(IMAGE, lambda: L.MaxPooling2D(2))],
    "Maximum": [(TWO, L.Maximum)],
    "Minimum": [(TWO, L.Minimum)],
    "MultiHeadAttention": [(SEQUENCE, lambda: lambda x: L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True))],
    "Multiply": [(TWO, L.Multiply)],
    "Normalization": [(VECTOR, lambda: L.Normalization(mean=1.0, variance=2.0))],
    "PReLU": [(IMAGE, L.PReLU)],
    "Permute": [(IMAGE, lambda: L.Permute((2, 1, 3)))],
    "ReLU": [(IMAGE, lambda limit=limit: L.ReLU(limit)) for limit in (None, 6.0, 3.0, 1.0)] + [
        (IMAGE, lambda: L.ReLU(negative_slope=0.1))],
    "RepeatVector": [(VECTOR, lambda: L.RepeatVector(3))],
    "Rescaling": [(IMAGE, lambda: L.Rescaling(2.0, 1.0))],
    "Reshape": [(IMAGE, lambda: L.Reshape((-1, 4)))],
    "Resizing": [(IMAGE, lambda: L.Resizing(9, 9)), (IMAGE, lambda: L.Resizing(9, 9, interpolation="nearest"))],
    "SeparableConv1D": [(SEQUENCE, lambda: L.SeparableConv1D(3, 3))],
    "SeparableConv2D": [(IMAGE, lambda: L.SeparableConv2D(3, 3))],
    "SimpleRNN": [(SEQUENCE, lambda: L.SimpleRNN(3, return_sequences=True))],
    "Softmax": [(IMAGE, L.Softmax)],
    "Subtract": [(TWO, L.Subtract)],
    "TimeDistributed": [(IMAGE, lambda: L.TimeDistributed(L.Flatten()))],
    "UnitNormalization": [(IMAGE, L.UnitNormalization)],
    "UpSampling1D": [(SEQUENCE, lambda: L.UpSampling1D(2))],
    "UpSampling2D": [(IMAGE, lambda: L.UpSampling2D(2)), (IMAGE, lambda: L.UpSampling2D(2, interpolation="bilinear"))],
    "ZeroPadding1D": [(SEQUENCE, lambda: L.ZeroPadding1D(1))],
    "ZeroPadding2D": [(IMAGE, lambda: L.ZeroPadding2D(1))],
}
NAMES = {code: name for name, code in vars(schema.BuiltinOperator).items() if not name.startswith("_")}


def stated(title="Keras layers"):
    """layer -> operators, from the column of the page."""
    layers, column = {}, None
    for line in (ours.ROOT / "docs/operators.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if title in cells:
            column = cells.index(title)
        if column is None or len(cells) <= column or not cells[1].isupper():
            continue
        for layer in filter(None, cells[column].split(", ")):
            layers.setdefault(layer, set()).add(cells[1])
    return layers


def codes_of(model, *options, mode="float32"):
    """The operators of litesmith's file."""
    file = unpack(ours.convert(model, mode, *options))
    codes = [file.operatorCodes[operator.opcodeIndex] for operator in file.subgraphs[0].operators]
    return {NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)] for code in codes}


def operators(shapes, layer, folder):
    inputs = [keras.Input(shape) for shape in (shapes if isinstance(shapes[0], tuple) else (shapes,))]
    model = keras.Model(inputs, layer(inputs if len(inputs) > 1 else inputs[0]))
    rng = np.random.default_rng(0)  # weights that nothing is folded away for
    model.set_weights([np.abs(rng.normal(size=weight.shape)) + 0.1 for weight in model.get_weights()])
    model.save(folder / "layer.keras")
    return codes_of(folder / "layer.keras")


@pytest.mark.parametrize("name", LAYERS)
def test_layer(name, tmp_path):
    made = set().union(*(operators(shapes, layer(), tmp_path) for shapes, layer in LAYERS[name]))
    compare.equal(made, stated()[name], name)


def test_no_other_layers():
    compare.equal(set(stated()) - set(LAYERS), set(), "layers of the page that are not tested")


def recurrent_operators(folder):
    """Of the settings that test_onnx_recurrent.py holds against ONNX Runtime."""
    settings = {"LSTM": [{}, {"outputs": ("Y", "Y_h", "Y_c")}, {"activations": ["Sigmoid", "Relu", "Relu"]},
                         {"states": ("h", "c")}],
                "GRU": [{}, {"linear_before_reset": 1}, {"states": ("h",)}, {"activations": ["Sigmoid", "Relu"]}],
                "RNN": [{}, {"states": ("h",)}, {"activations": ["Relu"]}]}
    made = {}
    for op, each in settings.items():
        for given in each:
            for direction in ("forward", "reverse", "bidirectional"):
                twice = {key: value * (1 + (direction == "bidirectional")) if key == "activations" else value
                         for key, value in given.items()}
                model, _ = test_onnx_recurrent.recurrent(op, direction, **twice)
                onnx.save(model, folder / "recurrent.onnx")
                made.setdefault(op, set()).update(codes_of(folder / "recurrent.onnx"))
    return made


def quantizing_operators(folder):
    """A value, quantized and dequantized again, in an int8 file: the pair becomes a pair."""
    nodes, constants = test_onnx_qdq.qdq("x", 0.05, 0)
    onnx.save(model_of(nodes, {"x": [2, 6]}, ["x_d"], constants, opset=15), folder / "pair.onnx")
    compare.equal(codes_of(folder / "pair.onnx", mode="int8"), {"QUANTIZE", "DEQUANTIZE"}, "QuantizeLinear")
    return {"QuantizeLinear": {"QUANTIZE"}, "DequantizeLinear": {"DEQUANTIZE"}}


def test_onnx_operators(tmp_path):
    """Of the settings that test_onnx_ops.py holds against ONNX Runtime, and those of the above."""
    made = recurrent_operators(tmp_path) | quantizing_operators(tmp_path)
    for case in test_onnx_ops.cases():
        name, inputs, constants, given = case.values
        onnx.save(one_node(name, inputs, constants, **given), tmp_path / "node.onnx")
        sequences = ["--sequence-input", "nlc"] if any(np.ndim(x) == 3 for x in inputs.values()) else []
        made.setdefault(name, set()).update(codes_of(tmp_path / "node.onnx", *sequences))
    made = {name: ops for name, ops in made.items() if ops}
    compare.equal(made, stated("ONNX operators"), "ONNX operators")
