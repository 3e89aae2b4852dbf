"""The onnx package's own tests, of nodes and of PyTorch's exporter: those whose operators and types litesmith has.

A LiteRT file has constants where an ONNX node may have inputs: shapes, axes, amounts and scales of a
test are therefore made initializers. What is left out is left out by the importer's own list of
operators and by element type, each with its reason; of the rest at least LEAST must pass (852 of 905 did, 94%).
"""

import collections
import os
import pathlib
import re

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper
from onnx.backend.test.loader import load_model_tests

import compare
import ours
from onnx_judge import AS_ONNX, convert, litert_run

LEAST = 0.9
TYPES = {TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32, TensorProto.INT8, TensorProto.UINT8,
         TensorProto.BOOL}
# Inputs that say how, not what: constants in a LiteRT file.
TOLD = {"Reshape": [1], "Expand": [1], "Tile": [1], "Slice": [1, 2, 3, 4], "Pad": [1, 2, 3], "Split": [1],
        "Squeeze": [1], "Unsqueeze": [1], "Resize": [1, 2, 3], "Upsample": [1], "Clip": [1, 2],
        "ConstantOfShape": [0], "Range": [0, 1, 2], "Pow": [1], "TopK": [1], "OneHot": [1, 2], "CumSum": [1],
        "ConvTranspose": [1], "LSTM": [1, 2, 3, 4], "GRU": [1, 2, 3, 4], "RNN": [1, 2, 3, 4],
        "Dropout": [1, 2], "QuantizeLinear": [1, 2], "DequantizeLinear": [1, 2]}


def operators():
    """The names in the importer's list."""
    text = (ours.ROOT / "src/formats/onnx/operators.cc").read_text()
    return set(re.findall(r'\{"(\w+)", build_', text))


def prepared(case):
    """The model with what tells made constant, its inputs, and its wanted outputs."""
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    inputs, wanted = case.data_sets[0]
    kept = {t.name for t in model.graph.initializer}
    names = [i.name for i in model.graph.input if i.name not in kept]
    given = dict(zip(names, map(np.asarray, inputs)))
    for node in model.graph.node:
        told = [i for i in TOLD.get(node.op_type, []) if i < len(node.input)]
        if node.op_type.startswith("Reduce"):
            told = list(range(1, len(node.input)))
        for i in told:
            if node.input[i] in given:
                model.graph.initializer.append(numpy_helper.from_array(given.pop(node.input[i]), node.input[i]))
    kept = [i for i in model.graph.input if i.name in given]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    return model, given, dict(zip([o.name for o in model.graph.output], map(np.asarray, wanted)))


def reason_to_leave_out(case, known):
    """Why a test is none of ours, or None."""
    model = case.model
    if case.data_sets is None or len(case.data_sets) == 0:
        return "without data"
    for node in model.graph.node:
        if node.domain not in ("", "ai.onnx"):
            return f"domain {node.domain}"
        if node.op_type not in known:
            return f"operator {node.op_type}"
        if node.op_type.endswith("Pool") or node.op_type == "ConvTranspose":
            shapes = [i.type.tensor_type.shape for i in model.graph.input if i.name == node.input[0]]
            if shapes and len(shapes[0].dim) > 4:
                return f"{node.op_type} in three dimensions, which LiteRT has not"
        if node.op_type.endswith("Pool") and any(a.name == "dilations" and set(a.ints) != {1}
                                                 for a in node.attribute):
            return f"{node.op_type} with gaps, which LiteRT has not"
        if any(a.name == "training_mode" and a.i for a in node.attribute) or "training_dropout" in case.name:
            return f"{node.op_type} in training"
    if not next((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), 0) >= 6:
        return "opset below 6"
    for value in [*model.graph.input, *model.graph.output]:
        kind = value.type.WhichOneof("value")
        if kind != "tensor_type":
            return f"a {kind}"
        if value.type.tensor_type.elem_type not in TYPES:
            return f"type {TensorProto.DataType.Name(value.type.tensor_type.elem_type)}"
    return None


def attempt(case):
    """None when our file gives what the test wants, else what went wrong."""
    model, given, wanted = prepared(case)
    try:
        made = litert_run(convert(model, *AS_ONNX), given)
        for name, theirs in wanted.items():
            one = made[name]
            assert one.shape == theirs.shape, f"shape {one.shape}, not {theirs.shape}"
            assert one.dtype == theirs.dtype, f"{one.dtype}, not {theirs.dtype}"
            if theirs.dtype.kind == "f":
                np.testing.assert_allclose(one, theirs, rtol=max(case.rtol, 1e-5), atol=max(case.atol, 1e-6))
            else:
                np.testing.assert_array_equal(one, theirs)
    except (AssertionError, ValueError, RuntimeError, KeyError) as error:
        return str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)
    return None


def attempt_apart(case):
    """The same in a process of its own: what LiteRT makes of a file may end it."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        with os.fdopen(send, "w") as pipe:
            pipe.write(attempt(case) or "")
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return "LiteRT ends the process" if status else said or None


def stored_case(folder):
    """A test of the onnx repository as it lies in a folder."""
    model = onnx.load(folder / "model.onnx")
    read = []
    for kind in ("input", "output"):
        arrays = []
        kept = {t.name for t in model.graph.initializer}  # listed as inputs by old exporters
        for i in range(sum(v.name not in kept for v in getattr(model.graph, kind))):
            tensor = TensorProto()
            tensor.ParseFromString((folder / f"test_data_set_0/{kind}_{i}.pb").read_bytes())
            arrays.append(numpy_helper.to_array(tensor))
        read.append(arrays)

    class Case:
        name = folder.name
        rtol, atol = 1e-3, 1e-7
        data_sets = [tuple(read)]
    Case.model = model
    return Case


def read_stored(folder):
    """The test in this folder, or why there is none."""
    if not (folder / "test_data_set_0/output_0.pb").exists():
        return "without data"
    try:
        return stored_case(folder)
    except Exception as error:  # sequences and optionals are no TensorProto
        return f"no tensors ({type(error).__name__})"


@pytest.fixture(scope="module")
def outcomes():
    known = operators()
    nodes = load_model_tests(kind="node")
    folders = [pathlib.Path(case.model_dir) for kind in ("simple", "pytorch-converted", "pytorch-operator")
               for case in load_model_tests(kind=kind)]
    assert len(nodes) > 1000 and len(folders) > 100 and len(known) > 50
    left_out = collections.Counter()
    results = {}
    for case in [*nodes, *map(read_stored, folders)]:
        reason = case if isinstance(case, str) else reason_to_leave_out(case, known)
        if reason:
            left_out[reason] += 1
        else:
            results[case.name] = attempt_apart(case)
    return results, left_out


def test_backend_nodes(outcomes):
    results, left_out = outcomes
    failed = {name: why for name, why in results.items() if why}
    compare.made += len(results)
    print(f"{len(results) - len(failed)} of {len(results)} pass, {sum(left_out.values())} left out")
    for reason, count in left_out.most_common():
        print(f"  left out: {count} {reason}")
    for name, why in failed.items():
        print(f"  fails: {name}: {why}")
    assert len(failed) <= (1 - LEAST) * len(results), failed


def test_stored_models(data):
    """PyTorch's exports and small graphs, kept by the onnx project: each passes or names an operator."""
    known = operators()
    root = data / "models/onnx+onnx/onnx/backend/test/data"
    folders = sorted(path.parent for path in root.rglob("model.onnx"))
    assert folders
    passed, left_out, failed = 0, {}, {}
    for folder in folders:
        case = read_stored(folder)
        reason = case if isinstance(case, str) else reason_to_leave_out(case, known)
        if reason:
            left_out[folder.name] = reason
            continue
        why = attempt_apart(case)
        compare.made += 1
        passed += not why
        if why:
            failed[folder.name] = why
    print(f"{passed} of {passed + len(failed)} stored models pass")
    for name, why in [*left_out.items(), *failed.items()]:
        print(f"  {name}: {why}")
    assert passed >= LEAST * (passed + len(failed)), failed
