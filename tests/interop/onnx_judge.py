"""ONNX models made here, ONNX Runtime's answers for them, and our files run by LiteRT."""

import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import compare
import judge
import ours
from single_op import unpack

onnxruntime.set_default_logger_severity(4)

TOLERANCE = 1e-5  # of the largest value: sums in another order, other polynomials for exp and tanh
OPSET = 17
# Inputs and outputs stay as ONNX has them, so that both can be given the same arrays.
AS_ONNX = ("--keep-nchw-input", "--sequence-input", "ncl")


def rng(seed=0):
    return np.random.default_rng(seed)


def floats(*shape, seed=0):
    return rng(seed).standard_normal(shape).astype(np.float32)


def model_of(nodes, inputs, outputs, constants=None, opset=OPSET, types=None):
    """A checked model. `inputs` maps names to arrays or shapes; `constants` names to arrays."""
    types = types or {}

    def info(name, given):
        dtype = types.get(name, TensorProto.FLOAT)
        shape = given.shape if isinstance(given, np.ndarray) else given
        if isinstance(given, np.ndarray) and name not in types:
            dtype = helper.np_dtype_to_tensor_dtype(given.dtype)
        return helper.make_tensor_value_info(name, dtype, shape)

    graph = helper.make_graph(
        nodes, "graph", [info(name, given) for name, given in inputs.items()],
        [helper.make_tensor_value_info(name, types.get(name, TensorProto.UNDEFINED), None)
         for name in outputs] if any(name in types for name in outputs) else
        [onnx.ValueInfoProto(name=name) for name in outputs],
        [numpy_helper.from_array(array, name) for name, array in (constants or {}).items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    if any(node.domain for node in nodes):
        return model
    return onnx.shape_inference.infer_shapes(model)


def one_node(op, inputs, constants=None, outputs=("y",), opset=OPSET, types=None, order=None,
             **attributes):
    """A model of one node that reads `inputs` and `constants` in that order, or in `order`."""
    names = order if order is not None else [*inputs, *(constants or {})]
    node = helper.make_node(op, names, list(outputs), name=f"the_{op}", **attributes)
    return model_of([node], inputs, [name for name in outputs if name], constants, opset, types)


def onnxruntime_run(model, inputs):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, inputs), strict=True))


def convert(model, *options, mode="float32"):
    """The bytes of our file; `model` is an ONNX model or the path of one."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = model
        if not isinstance(model, (str, pathlib.Path)):
            path = folder / "model.onnx"
            onnx.save(model, path)
        ours.call("convert", path, "-o", folder / "model.tflite", "--mode", mode, *options)
        return (folder / "model.tflite").read_bytes()


def refusal(model, *options):
    """What litesmith says of a model that it does not convert."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = model
        if not isinstance(model, (str, pathlib.Path)):
            path = folder / "model.onnx"
            path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
        done = ours.call("convert", path, "-o", folder / "model.tflite", *options, check=False)
        assert done.returncode in (3, 4, 5, 6), (done.returncode, done.stdout, done.stderr)
        return done.stderr


def litert_run(tflite, inputs):
    """Outputs by name; inputs by the names of the ONNX model, whole (no batching)."""
    parsed = unpack(tflite)
    graph = parsed.subgraphs[0]
    signature = parsed.signatureDefs[0]
    runner = judge.interpreter(tflite, "litert")
    by_index = {int(m.tensorIndex): m.name.decode() for m in signature.inputs or []}
    details = {d["index"]: d for d in runner.get_input_details()}
    for index in map(int, graph.inputs if graph.inputs is not None else []):
        array = np.ascontiguousarray(inputs[by_index[index]])
        if tuple(details[index]["shape"]) != array.shape:
            runner.resize_tensor_input(index, array.shape)
    runner.allocate_tensors()
    for index in map(int, graph.inputs if graph.inputs is not None else []):
        runner.set_tensor(index, np.ascontiguousarray(inputs[by_index[index]]))
    runner.invoke()
    return {m.name.decode(): runner.get_tensor(int(m.tensorIndex)) for m in signature.outputs}


def assert_alike(model, inputs, what="", tolerance=TOLERANCE, options=AS_ONNX):
    """Our file, run by LiteRT, gives what ONNX Runtime gives for the model."""
    wanted = onnxruntime_run(model, inputs)
    made = litert_run(convert(model, *options), inputs)
    assert sorted(made) == sorted(wanted)
    for name, theirs in wanted.items():
        compare.tensors([made[name]], [theirs], tolerance, f"{what} {name}")
