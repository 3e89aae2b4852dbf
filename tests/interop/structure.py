"""Two .tflite files laid side by side: ops, operands, parameters and constants, bit for bit."""

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from single_op import unpack

_NAME = {number: name for name, number in vars(schema.BuiltinOperator).items()
         if not name.startswith("_")}
_TYPE = {number: name for name, number in vars(schema.TensorType).items()
         if not name.startswith("_")}


class Tensor:
    """What a file says about one tensor."""

    def __init__(self, tensor, buffers):
        self.name = tensor.name.decode()
        self.dtype = _TYPE[tensor.type]
        self.shape = _list(tensor.shape)
        self.signature = _list(tensor.shapeSignature) or self.shape
        quantization = tensor.quantization
        self.scale = _list(quantization.scale) if quantization else []
        zero_point = _list(quantization.zeroPoint) if quantization else []
        self.zero_point = zero_point if self.scale else []
        self.dimension = quantization.quantizedDimension if len(self.scale) > 1 else 0
        self.range = (_list(quantization.min), _list(quantization.max)) if quantization else ([], [])
        data = buffers[tensor.buffer].data
        self.data = None if data is None or len(data) == 0 else bytes(bytearray(data))

    def values(self):
        """The elements of a constant."""
        return np.frombuffer(self.data, self.dtype.lower().replace("bool", "bool_")).reshape(
            self.shape)


class Op:
    """One op with its operands looked up."""

    def __init__(self, operator, codes, tensors):
        code = codes[operator.opcodeIndex]
        self.name = _NAME[max(code.builtinCode, code.deprecatedBuiltinCode)]
        self.version = code.version
        self.options = {}
        if operator.builtinOptions is not None:
            self.options = {name: _list(value) if isinstance(value, np.ndarray) else value
                            for name, value in vars(operator.builtinOptions).items()
                            if value is not None}  # an absent list says what no table says
        self.input_ids = _list(operator.inputs)
        self.output_ids = _list(operator.outputs)
        self.inputs = [tensors[i] if i >= 0 else None for i in self.input_ids]
        self.outputs = [tensors[i] for i in self.output_ids]

    def quantized(self):
        return any(t is not None and t.scale for t in [*self.inputs, *self.outputs])


class File:
    """A file's main subgraph and what is said about it."""

    def __init__(self, data):
        model = unpack(data)
        graph = model.subgraphs[0]
        self.bytes = len(data)
        self.tensors = [Tensor(t, model.buffers) for t in graph.tensors]
        self.ops = [Op(o, model.operatorCodes, self.tensors) for o in graph.operators]
        self.input_ids, self.output_ids = _list(graph.inputs), _list(graph.outputs)
        self.inputs = [self.tensors[i] for i in self.input_ids]
        self.outputs = [self.tensors[i] for i in self.output_ids]
        self.graph_name = graph.name.decode() if graph.name else None
        self.description = model.description.decode() if model.description else None
        self.metadata = {m.name.decode(): bytes(bytearray(model.buffers[m.buffer].data))
                         for m in model.metadata or []}
        self.signatures = {
            s.signatureKey.decode(): tuple(
                {m.name.decode(): self.tensors[m.tensorIndex].name for m in entries or []}
                for entries in (s.inputs, s.outputs))
            for s in model.signatureDefs or []}
        self.data_bytes = sum(0 if b.data is None else len(b.data) for b in model.buffers)

    def is_16x8(self):
        return any(t.dtype == "INT16" and t.scale for t in self.tensors)

    def min_runtime_version(self):
        text = self.metadata["min_runtime_version"].rstrip(b"\0").decode()
        return tuple(map(int, text.split(".")))

    def op_names(self):
        return [op.name for op in self.ops]


def differences(ours, theirs):
    """Every way in which our file's graph differs from theirs, as sentences; none when equal."""
    return Comparison(ours, theirs).run()


class Comparison:
    """Follows two graphs from their outputs back, so that the order of ops that do not depend on
    each other makes no difference."""

    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs
        self.found = []
        self.matched = {}  # our tensor's index by theirs
        self.producers = [{t: op for op in file.ops for t in op.output_ids}
                          for file in (ours, theirs)]

    def tensors(self, where, ours, theirs):
        """Sentences on how two tensors differ."""
        return _tensor_differences(where, ours, theirs)

    def versions(self, where, op, other):
        # The 16x8 quantizer raises versions of ops that it leaves in float too; those stay true here.
        if op.version != other.version and (op.quantized() or not self.theirs.is_16x8()):
            self.found.append(f"{where}: version {op.version}, theirs {other.version}")

    def run(self):
        ours, theirs = self.ours, self.theirs
        for what in ("inputs", "outputs"):
            mine, others = getattr(ours, what), getattr(theirs, what)
            if len(mine) != len(others):
                return [f"{len(mine)} {what}, theirs {len(others)}"]
            for i, (a, b) in enumerate(zip(mine, others)):
                self.found += self.tensors(f"graph {what} {i}", a, b)
                if a.name != b.name:
                    self.found.append(f"graph {what} {i}: name '{a.name}', theirs '{b.name}'")
        for a, b in zip(ours.output_ids, theirs.output_ids):
            self.match(a, b, "output")
        if self.found:
            self.found.append(f"ops {ours.op_names()}, theirs {theirs.op_names()}")
        return self.found

    def match(self, a, b, where):
        """Tensor `a` of ours must be computed as `b` of theirs is."""
        if b in self.matched:
            if self.matched[b] != a and self.ours.tensors[a].data is None:
                self.found.append(f"{where}: another tensor than theirs, '{self.theirs.tensors[b].name}'")
            return
        self.matched[b] = a
        op, other = self.producers[0].get(a), self.producers[1].get(b)
        if op is None or other is None:
            if op is not other:
                self.found.append(f"{where}: made by {op and op.name}, theirs {other and other.name}")
            return
        name = f"{other.name} '{self.theirs.tensors[b].name}'"
        if op.name != other.name:
            self.found.append(f"{name}: ours is {op.name}")
            return
        self.versions(name, op, other)
        if op.options != other.options:
            self.found.append(f"{name}: options {op.options}, theirs {other.options}")
        for kind, mine, others in (("input", op.input_ids, other.input_ids),
                                   ("output", op.output_ids, other.output_ids)):
            if len(mine) != len(others):
                self.found.append(f"{name}: {len(mine)} {kind}s, theirs {len(others)}")
                continue
            for j, (x, y) in enumerate(zip(mine, others)):
                label = f"{name} {kind} {j}"
                if op.name == "RESHAPE" and kind == "input" and j == 1:
                    continue  # how the shape is found; which it is shows in the output
                if x < 0 or y < 0:
                    if x != y:
                        self.found.append(f"{label} is absent in one of the files")
                    continue
                self.found += self.tensors(label, self.ours.tensors[x], self.theirs.tensors[y])
                self.match(x, y, label)


def _tensor_differences(where, ours, theirs):
    found = []

    def check(what, a, b):
        if a != b:
            found.append(f"{where}: {what} {_short(a)}, theirs {_short(b)}")

    check("type", ours.dtype, theirs.dtype)
    check("shape", ours.shape, theirs.shape)
    check("shape signature", ours.signature, theirs.signature)
    check("quantized dimension", ours.dimension, theirs.dimension)
    check("zero point", ours.zero_point, theirs.zero_point)
    if ours.scale != theirs.scale:
        unequal = [i for i, (a, b) in enumerate(zip(ours.scale, theirs.scale)) if a != b]
        found.append(f"{where}: {len(ours.scale)} scales, theirs {len(theirs.scale)}, "
                     f"{len(unequal)} differ" + (
                         f"; the first {ours.scale[unequal[0]]!r}, theirs "
                         f"{theirs.scale[unequal[0]]!r}" if unequal else ""))
    if (ours.data is None) != (theirs.data is None):
        found.append(f"{where}: constant in one of the files only")
    elif ours.data != theirs.data and ours.dtype == theirs.dtype and ours.shape == theirs.shape:
        a, b = ours.values(), theirs.values()
        at = np.flatnonzero(a.ravel() != b.ravel())
        found.append(f"{where}: {at.size} of {a.size} values differ; at {at[0]} "
                     f"{a.flat[at[0]]}, theirs {b.flat[at[0]]}")
    return found


def _list(values):
    return [] if values is None else np.asarray(values).tolist()


def _short(value):
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
