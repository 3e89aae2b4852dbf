"""A small network of every operator, in any type: what the tests of versions, shapes and
quantization are made from.

    CASES["MAX_POOL_2D"].build("int8")
"""

import numpy as np

from single_op import Network

RNG_SEED = 7


class Activation:
    """An operand that is computed: an input of the network, of the type under test or its own."""

    def __init__(self, *shape, dtype=None, signature=None):
        self.shape, self.dtype, self.signature = shape, dtype, signature


class Weights:
    """A constant of floats; int8 with a scale for each slice along `dimension` in integer networks,
    one scale for all when that is None."""

    def __init__(self, *shape, dimension=None):
        self.shape, self.dimension = shape, dimension


class Bias:
    def __init__(self, size):
        self.size = size


def x(*shape, **keywords):
    return Activation(*shape, **keywords)


def ints(*values, dtype="int32"):
    return np.array(values, dtype)


class Case:
    """`operands` are Activations, Weights, Bias, arrays (constants as they are) or None. `outputs`
    are shapes, or (shape, type) where the type is not the one under test."""

    def __init__(self, op, operands, *outputs, **attributes):
        self.op, self.operands, self.attributes = op, operands, attributes
        self.outputs = [o if isinstance(o[-1:], list) or (len(o) == 2 and isinstance(o[1], str))
                        else (o, None) for o in outputs]

    def build(self, dtype="float32", weights=None, per_channel=True, rename=None, ranges=False):
        """The file's bytes. `weights` is their type where it does not follow from `dtype`."""
        rng = np.random.default_rng(RNG_SEED)
        net = Network()
        quantized = {} if dtype not in ("int8", "uint8", "int16") else dict(scale=0.5, zero_point=0)
        weights = weights or {"int8": "int8", "int16": "int8", "uint8": "uint8"}.get(dtype, dtype)

        def tensor(operand):
            if operand is None:
                return None
            if isinstance(operand, Activation):
                own = operand.dtype is not None
                return net.input(operand.shape, operand.dtype or dtype,
                                 signature=operand.signature, **({} if own else quantized))
            if isinstance(operand, Bias):
                if not quantized:
                    return net.constant(np.zeros(operand.size, dtype))
                kind = {"int8": "int32", "uint8": "int32", "int16": "int64"}[dtype]
                return net.constant(np.zeros(operand.size, kind), scale=0.25)
            if isinstance(operand, Weights):
                if weights not in ("int8", "uint8", "int16"):
                    return net.constant(rng.uniform(-1, 1, operand.shape).astype(weights))
                values = rng.integers(1, 100, operand.shape).astype(weights)
                if operand.dimension is None or not per_channel:
                    return net.constant(values, scale=0.5)
                count = operand.shape[operand.dimension]
                return net.constant(values, scale=np.full(count, 0.5), dimension=operand.dimension)
            return net.constant(operand)

        inputs = [tensor(operand) for operand in self.operands]
        outputs = []
        for shape, kind in self.outputs:
            outputs.append(net.tensor(shape, kind or dtype, **({} if kind else quantized)))
        net.op_to(self.op, inputs, outputs, **self.attributes)
        return net.finish(outputs)


IMAGE = (1, 4, 4, 8)
POOL = dict(padding="VALID", stride_w=2, stride_h=2, filter_width=2, filter_height=2)
CONV = dict(padding="SAME", stride_w=1, stride_h=1)
BORDER = ints([0, 0], [1, 1], [2, 2], [0, 0])


def _cases():
    for op in ("RELU RELU6 RELU_N1_TO_1 RELU_0_TO_1 LOGISTIC TANH ELU HARD_SWISH EXP LOG SQRT RSQRT "
               "ABS NEG SQUARE LOG_SOFTMAX GELU QUANTIZE FLOOR CEIL ROUND SIGN SIN COS").split():
        yield Case(op, [x(*IMAGE)], IMAGE)
    yield Case("SOFTMAX", [x(*IMAGE)], IMAGE, beta=1.0)
    yield Case("LEAKY_RELU", [x(*IMAGE)], IMAGE, alpha=0.1)
    yield Case("DEQUANTIZE", [x(*IMAGE)], (IMAGE, "float32"))
    yield Case("AVERAGE_POOL_2D", [x(*IMAGE)], (1, 2, 2, 8), **POOL)
    yield Case("MAX_POOL_2D", [x(*IMAGE)], (1, 2, 2, 8), **POOL)
    for op in "ADD SUB MUL DIV MAXIMUM MINIMUM SQUARED_DIFFERENCE".split():
        yield Case(op, [x(1, 4), x(3, 1)], (3, 4))
    for op in "EQUAL NOT_EQUAL LESS LESS_EQUAL GREATER GREATER_EQUAL".split():
        yield Case(op, [x(1, 4), x(3, 1)], ((3, 4), "bool"))
    flags = x(1, 4, dtype="bool")
    yield Case("LOGICAL_NOT", [flags], ((1, 4), "bool"))
    for op in "LOGICAL_AND LOGICAL_OR".split():
        yield Case(op, [flags, flags], ((1, 4), "bool"))
    for op in "SELECT SELECT_V2".split():
        yield Case(op, [flags, x(1, 4), x(1, 4)], (1, 4))
    for op in "REDUCE_ANY REDUCE_ALL".split():
        yield Case(op, [flags, ints(1)], ((1,), "bool"))
    yield Case("SPACE_TO_DEPTH", [x(*IMAGE)], (1, 2, 2, 32), block_size=2)
    yield Case("DEPTH_TO_SPACE", [x(*IMAGE)], (1, 8, 8, 2), block_size=2)
    yield Case("BATCH_MATMUL", [x(2, 3, 8), Weights(8, 5)], (2, 3, 5))
    yield Case("TRANSPOSE_CONV", [ints(1, 8, 8, 3), Weights(3, 3, 3, 8, dimension=0), x(*IMAGE),
                                  Bias(3)], (1, 8, 8, 3), padding="SAME", stride_w=2, stride_h=2)
    yield Case("FILL", [ints(2, 3), x()], (2, 3))
    yield Case("ZEROS_LIKE", [x(2, 3)], (2, 3))
    yield Case("ONE_HOT", [x(2, 3, dtype="int32"), np.array(4, "int32"), x(), x()], (2, 3, 4), axis=-1)
    yield Case("REVERSE_V2", [x(2, 3), ints(1)], (2, 3))
    yield Case("FLOOR_DIV", [x(1, 4), x(3, 1)], (3, 4))
    yield Case("CUMSUM", [x(2, 3), np.array(1, "int32")], (2, 3))
    yield Case("CONV_3D", [x(1, 4, 4, 4, 2), Weights(2, 3, 2, 2, 3), Bias(3)], (1, 4, 4, 4, 3), padding="SAME",
               stride_d=1, stride_w=1, stride_h=1)
    yield Case("CONV_3D_TRANSPOSE", [ints(1, 4, 4, 4, 3), Weights(2, 3, 2, 3, 3), x(1, 4, 4, 4, 3), Bias(3)],
               (1, 4, 4, 4, 3), padding="SAME", stride_d=1, stride_w=1, stride_h=1)
    yield Case("SEGMENT_SUM", [x(3, 2), ints(0, 0, 1)], (2, 2))
    yield Case("PRELU", [x(*IMAGE), Weights(1, 1, 8)], IMAGE)
    yield Case("CONV_2D", [x(*IMAGE), Weights(16, 3, 3, 8, dimension=0), Bias(16)], (1, 4, 4, 16),
               **CONV)
    yield Case("DEPTHWISE_CONV_2D", [x(*IMAGE), Weights(1, 3, 3, 8, dimension=3), Bias(8)], IMAGE,
               depth_multiplier=1, **CONV)
    yield Case("FULLY_CONNECTED", [x(3, 8), Weights(10, 8, dimension=0), Bias(10)], (3, 10))
    yield Case("RESHAPE", [x(*IMAGE), ints(1, 128)], (1, 128))
    yield Case("SQUEEZE", [x(1, 4, 1)], (4, 1), squeeze_dims=[0])
    yield Case("EXPAND_DIMS", [x(3, 4), np.array(1, "int32")], (3, 1, 4))
    yield Case("PAD", [x(*IMAGE), BORDER], (1, 6, 8, 8))
    yield Case("PADV2", [x(*IMAGE), BORDER, x()], (1, 6, 8, 8))
    yield Case("MIRROR_PAD", [x(*IMAGE), BORDER], (1, 6, 8, 8))
    yield Case("TRANSPOSE", [x(2, 3, 4), ints(2, 0, 1)], (4, 2, 3))
    yield Case("CONCATENATION", [x(1, 4), x(1, 5)], (1, 9), axis=1)
    yield Case("PACK", [x(1, 4), x(1, 4)], (1, 2, 4), axis=1, values_count=2)
    yield Case("UNPACK", [x(2, 4)], (4,), (4,), num=2, axis=0)
    yield Case("TILE", [x(2, 3), ints(2, 1)], (4, 3))
    yield Case("BROADCAST_TO", [x(1, 3), ints(2, 3)], (2, 3))
    for op in "MEAN SUM REDUCE_MAX REDUCE_MIN".split():
        yield Case(op, [x(*IMAGE), ints(1, 2)], (1, 8))
    yield Case("SLICE", [x(4, 6), ints(1, 2), ints(2, -1)], (2, 4))
    yield Case("STRIDED_SLICE", [x(4, 6), ints(1, 0), ints(4, 6), ints(2, 3)], (2, 2))
    yield Case("SPLIT", [np.array(0, "int32"), x(2, 4)], (1, 4), (1, 4), num_splits=2)
    yield Case("SPLIT_V", [x(3, 4), ints(1, 2), np.array(0, "int32")], (1, 4), (2, 4), num_splits=2)
    yield Case("GATHER", [x(4, 3), ints(0, 2)], (2, 3), axis=0)
    yield Case("GATHER_ND", [x(4, 3), ints([0], [2])], (2, 3))
    yield Case("SCATTER_ND", [ints([0], [2]), x(2, 3), ints(4, 3)], (4, 3))
    yield Case("DYNAMIC_UPDATE_SLICE", [x(4, 3), x(2, 3), ints(1, 0)], (4, 3))
    yield Case("EMBEDDING_LOOKUP", [x(2, dtype="int32"), x(4, 3)], (2, 3))
    for op in "ARG_MAX ARG_MIN".split():
        yield Case(op, [x(2, 3), np.array(1, "int32")], ((2,), "int32"), output_type="INT32")
    yield Case("TOPK_V2", [x(2, 3), np.array(2, "int32")], (2, 2), ((2, 2), "int32"))
    yield Case("RESIZE_BILINEAR", [x(*IMAGE), ints(8, 6)], (1, 8, 6, 8))
    yield Case("RESIZE_NEAREST_NEIGHBOR", [x(*IMAGE), ints(8, 6)], (1, 8, 6, 8))
    yield Case("SHAPE", [x(*IMAGE)], ((4,), "int32"), out_type="INT32")
    yield Case("CAST", [x(3)], ((3,), "int32"), out_data_type="INT32")


CASES = {case.op: case for case in _cases()}
