"""Builds small .tflite files, one op or a few, with LiteRT's own schema classes.

    net = Network()
    x = net.input([1, 8, 8, 3], "int8", scale=0.02, zero_point=-5)
    w = net.constant(weights, scale=scales, dimension=0)
    b = net.constant(bias.astype("int32"), scale=0.02 * scales, dimension=0)
    y = net.op("CONV_2D", [x, w, b], [1, 8, 8, 16], "int8", scale=0.1, zero_point=3,
               padding="SAME", stride_w=1, stride_h=1, activation="RELU")
    data = net.finish([y])

Any op of the schema can be written this way: attributes are named as the schema names them, and
values of its enums may be given by name.
"""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from flatbuffers import flexbuffers

# Ops whose options table is not called after them.
_OPTIONS_TABLE = {
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "L2_POOL_2D": "Pool2DOptions",
    "L2_NORMALIZATION": "L2NormOptions",
    "MEAN": "ReducerOptions",
    "SUM": "ReducerOptions",
    "REDUCE_MAX": "ReducerOptions",
    "REDUCE_MIN": "ReducerOptions",
    "REDUCE_PROD": "ReducerOptions",
    "REDUCE_ANY": "ReducerOptions",
    "REDUCE_ALL": "ReducerOptions",
    "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions",
    "UNIDIRECTIONAL_SEQUENCE_RNN": "SequenceRNNOptions",
    "CONV_3D_TRANSPOSE": "Conv3DOptions",
}

# Spelled as the schema's enums, for the attributes that hold one.
_ENUMS = {
    "padding": schema.Padding,
    "fused_activation_function": schema.ActivationFunctionType,
    "mode": schema.MirrorPadMode,
    "quantized_bias_type": schema.TensorType,
    "in_data_type": schema.TensorType,
    "out_data_type": schema.TensorType,
    "output_type": schema.TensorType,
    "out_type": schema.TensorType,
}


def tensor_type(dtype):
    """The schema's number of a NumPy type or its name."""
    name = "bool" if dtype is bool else np.dtype(dtype).name
    return getattr(schema.TensorType, name.upper())


def options_table(op):
    """The name of an op's options table, or None when it has none."""
    if op in _OPTIONS_TABLE:
        return _OPTIONS_TABLE[op]
    wanted = op.replace("_", "").lower() + "options"
    for name in vars(schema.BuiltinOptions):
        if name.lower() == wanted:
            return name
    return None


def _camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


class Network:
    """One subgraph under construction. Tensors are plain indices."""

    def __init__(self):
        self._tensors = []
        self._buffers = [schema.BufferT()]
        self._operators = []
        self._codes = []
        self._inputs = []

    def tensor(self, shape, dtype, *, scale=None, zero_point=0, dimension=0, name=None, data=None,
               signature=None):
        """Adds a tensor. `scale` is a number, or one a channel along `dimension`."""
        result = schema.TensorT()
        result.shape = np.asarray(shape, np.int32)
        result.shapeSignature = None if signature is None else np.asarray(signature, np.int32)
        result.hasRank = True
        result.type = tensor_type(dtype)
        result.name = name or f"t{len(self._tensors)}"
        result.quantization = schema.QuantizationParametersT()
        if scale is not None:
            scales = np.atleast_1d(np.asarray(scale, np.float32))
            result.quantization.scale = scales
            result.quantization.zeroPoint = np.broadcast_to(
                np.asarray(zero_point, np.int64), scales.shape).copy()
            result.quantization.quantizedDimension = dimension
        buffer = schema.BufferT()
        if data is not None:
            buffer.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
        result.buffer = len(self._buffers)
        self._buffers.append(buffer)
        self._tensors.append(result)
        return len(self._tensors) - 1

    def input(self, shape, dtype, **quantization):
        index = self.tensor(shape, dtype, **quantization)
        self._inputs.append(index)
        return index

    def constant(self, values, **quantization):
        values = np.asarray(values)
        return self.tensor(values.shape, values.dtype, data=values, **quantization)

    def narrow(self, codes, bits, *, blocks=None, **quantization):
        """A constant of int2 or int4, packed. `blocks`: its scales along the last dimension."""
        codes = np.asarray(codes)
        in_a_byte = 8 // bits
        lanes = np.zeros(-(-codes.size // in_a_byte) * in_a_byte, np.uint8)
        lanes[:codes.size] = codes.ravel().astype(np.int8).view(np.uint8) & (2**bits - 1)
        packed = sum(lanes[i::in_a_byte] << (bits * i) for i in range(in_a_byte)).astype(np.uint8)
        index = self.tensor(codes.shape, "int8", data=packed, **quantization)
        self._tensors[index].type = getattr(schema.TensorType, f"INT{bits}")
        if blocks is not None:
            details = schema.BlockwiseQuantizationT()
            details.scales = self.constant(np.asarray(blocks, np.float16))
            details.zeroPoints = -1
            details.blockSize = codes.shape[-1] // np.shape(blocks)[-1]
            parameters = self._tensors[index].quantization
            parameters.detailsType = schema.QuantizationDetails.BlockwiseQuantization
            parameters.details = details
        return index

    def variable(self, shape, dtype, **quantization):
        """A variable tensor, which outlives a run."""
        index = self.tensor(shape, dtype, **quantization)
        self._tensors[index].isVariable = True
        self._tensors[index].buffer = 0
        return index

    def op(self, op, inputs, shape, dtype, *, scale=None, zero_point=0, version=1, activation=None,
           **attributes):
        """Adds an op with one output, and returns that output. An input may be None (absent)."""
        output = self.tensor(shape, dtype, scale=scale, zero_point=zero_point)
        self.op_to(op, inputs, [output], version=version, activation=activation, **attributes)
        return output

    def op_to(self, op, inputs, outputs, *, version=1, activation=None, intermediates=(),
              **attributes):
        """Adds an op whose output tensors exist already."""
        if activation is not None:
            attributes["fused_activation_function"] = activation
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(op, version)
        operator.inputs = np.asarray([-1 if i is None else i for i in inputs], np.int32)
        operator.outputs = np.asarray(outputs, np.int32)
        if len(intermediates):
            operator.intermediates = np.asarray(intermediates, np.int32)
        table = options_table(op)
        if table is not None:
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, table)
            operator.builtinOptions = getattr(schema, table + "T")()
            for name, value in attributes.items():
                if isinstance(value, str):
                    value = getattr(_ENUMS[name], value)
                if not hasattr(operator.builtinOptions, _camel(name)):
                    raise AttributeError(f"{table} has no attribute {name}")
                setattr(operator.builtinOptions, _camel(name), value)
        elif attributes:
            raise AttributeError(f"{op} has no options table for {sorted(attributes)}")
        self._operators.append(operator)

    def custom_op_to(self, name, inputs, outputs, options):
        """Adds a custom op whose output tensors exist already. `options`: a dictionary, or bytes."""
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code("CUSTOM", 1, name)
        operator.inputs = np.asarray(inputs, np.int32)
        operator.outputs = np.asarray(outputs, np.int32)
        data = options if isinstance(options, bytes) else bytes(flexbuffers.Dumps(options))
        operator.customOptions = np.frombuffer(data, np.uint8)
        self._operators.append(operator)

    def finish(self, outputs, subgraphs=()):
        """The file's bytes. `subgraphs`: more networks with their outputs, subgraphs 1, 2, ..."""
        model = schema.ModelT()
        model.version = 3
        model.description = "made by litesmith's tests"
        model.operatorCodes = []
        model.subgraphs = []
        model.buffers = [schema.BufferT()]
        for i, (network, made) in enumerate([(self, outputs), *subgraphs]):
            graph = schema.SubGraphT()
            graph.name = "main" if i == 0 else f"subgraph_{i}"
            graph.tensors = network._tensors
            graph.operators = network._operators
            graph.inputs = np.asarray(network._inputs, np.int32)
            graph.outputs = np.asarray(made, np.int32)
            for tensor in graph.tensors:
                tensor.buffer += len(model.buffers) - 1 if tensor.buffer else 0
            for operator in graph.operators:
                operator.opcodeIndex += len(model.operatorCodes)
            model.operatorCodes += network._codes
            model.subgraphs.append(graph)
            model.buffers += network._buffers[1:]
        return pack(model)

    def _code(self, op, version, custom_code=None):
        number = getattr(schema.BuiltinOperator, op)
        for i, code in enumerate(self._codes):
            if (code.builtinCode, code.version, code.customCode) == (number, version, custom_code):
                return i
        code = schema.OperatorCodeT()
        code.customCode = custom_code
        code.builtinCode = number
        code.deprecatedBuiltinCode = min(number, 127)
        code.version = version
        self._codes.append(code)
        return len(self._codes) - 1


def pack(model):
    """A schema object as the bytes of a file."""
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def unpack(data):
    """The bytes of a file as a schema object."""
    return schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))


def expose_all_tensors(data):
    """The same network with every tensor that an op makes of the inputs as an output, in the ops'
    order.

    This is how two interpreters are compared tensor by tensor: neither needs a way to look inside.
    Returns the new file's bytes and the tensors' names.
    """
    model = unpack(data)
    graph = model.subgraphs[0]
    known = {i for i, t in enumerate(graph.tensors)
             if model.buffers[t.buffer].data is not None and len(model.buffers[t.buffer].data)}
    made = []
    for operator in graph.operators:
        if all(int(t) in known or t < 0 for t in operator.inputs):
            known.update(int(t) for t in operator.outputs)  # the same for every sample
        else:
            made += [int(t) for t in operator.outputs]
    graph.outputs = np.asarray(made, np.int32)
    model.signatureDefs = None
    names = []
    for position, tensor in enumerate(made):
        # Names are what results are found by, so they must differ.
        name = f"{position}:{graph.tensors[tensor].name.decode()}"
        graph.tensors[tensor].name = name
        names.append(name)
    return pack(model), names
