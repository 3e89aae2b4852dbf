"""Versions of operators and the oldest runtime that knows them, judged by TensorFlow's exporter.

mlir_sparsify reads a .tflite file and writes it again as the converter writes every file: with the
version that each op has for its types, its options table, and the metadata min_runtime_version.
"""

import pytest

import compare
import op_table
from op_cases import CASES, Activation, Bias, Case, Weights, ints, x
from single_op import schema, unpack

convert = pytest.importorskip("tensorflow.lite.python.convert")
import tensorflow as tf  # noqa: E402

TYPES = ("float32", "int8", "int16", "uint8", "int32", "int64", "bool", "float16", "uint32")
NAMES = {v: k for k, v in vars(schema.BuiltinOperator).items() if not k.startswith("_")}


def variants():
    """What decides a version beside the type of the first operand."""
    image, filters = Activation(1, 4, 4, 8), Weights(16, 3, 3, 8, dimension=0)
    conv = dict(padding="SAME", stride_w=1, stride_h=1)
    yield "grouped", Case("CONV_2D", [image, Weights(16, 3, 3, 4, dimension=0), Bias(16)],
                          (1, 4, 4, 16), **conv), {}
    hybrid = dict(weights="int8")
    for per_channel in (True, False):
        kind = "per channel" if per_channel else "per tensor"
        how = dict(hybrid, per_channel=per_channel)
        yield f"hybrid {kind}", Case("CONV_2D", [image, filters, Bias(16)], (1, 4, 4, 16), **conv), how
        yield f"hybrid {kind}", Case(
            "DEPTHWISE_CONV_2D", [image, Weights(1, 3, 3, 8, dimension=3), Bias(8)], (1, 4, 4, 8),
            depth_multiplier=1, **conv), how
        for asymmetric in (True, False):
            yield f"hybrid {kind} asymmetric {asymmetric}", Case(
                "FULLY_CONNECTED", [x(3, 8), Weights(10, 8, dimension=0), Bias(10)], (3, 10),
                asymmetric_quantize_inputs=asymmetric), how
    yield "one unit", Case("FULLY_CONNECTED", [x(3, 8), Weights(1, 8, dimension=0), Bias(1)],
                           (3, 1)), hybrid
    yield "one channel", Case("CONV_2D", [image, Weights(1, 3, 3, 8, dimension=0), Bias(1)],
                              (1, 4, 4, 1), **conv), hybrid
    yield "dilated", Case("DEPTHWISE_CONV_2D", [image, Weights(1, 3, 3, 8, dimension=3), Bias(8)],
                          (1, 4, 4, 8), depth_multiplier=1, dilation_w_factor=2, dilation_h_factor=2,
                          **conv), {}
    for dtype in ("float32", "int8"):
        yield f"keep dims {dtype}", Case(
            "FULLY_CONNECTED", [x(2, 3, 8), Weights(10, 8, dimension=0), Bias(10)], (2, 3, 10),
            keep_num_dims=True), dict(dtype=dtype)
    for op in "SUB DIV MAXIMUM MINIMUM ADD MUL".split():
        for dtype in ("float32", "int8"):
            yield f"rank 5 {dtype}", Case(op, [x(1, 1, 1, 1, 2), x(2, 1, 1, 1, 1)], (2, 1, 1, 1, 2)), dict(
                dtype=dtype)
    for rank in (5, 6, 7):
        yield f"rank {rank}", Case("TRANSPOSE", [x(*range(1, rank + 1)), ints(*range(rank))],
                                   tuple(range(1, rank + 1))), {}
    for dtype in ("float32", "int8", "bool", "int16"):
        yield f"rank 5 {dtype}", Case("SLICE", [x(1, 2, 3, 4, 5), ints(0, 0, 0, 0, 0), ints(1, 1, 1, 1, 1)],
                                      (1, 1, 1, 1, 1)), dict(dtype=dtype)
        yield f"rank 5 {dtype}", Case(
            "STRIDED_SLICE", [x(1, 2, 3, 4, 5), ints(0, 0, 0, 0, 1), ints(1, 2, 3, 4, 3),
                              ints(1, 1, 1, 1, 1)], (1, 2, 3, 4, 2)), dict(dtype=dtype)
        yield f"rank 5 {dtype}", Case("PAD", [x(1, 2, 3, 4, 5), ints(*[[0, 1]] * 5)], (2, 3, 4, 5, 6)), dict(
            dtype=dtype)
    yield "ellipsis", Case("STRIDED_SLICE", [x(4, 6), ints(0, 1), ints(0, 3), ints(1, 1)], (4, 2),
                           ellipsis_mask=1), {}
    yield "new axis", Case("STRIDED_SLICE", [x(4, 6), ints(0, 1), ints(0, 3), ints(1, 1)], (1, 2, 6),
                           new_axis_mask=1), {}
    for op in "RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR".split():
        for how in (dict(half_pixel_centers=True), dict(align_corners=True)):
            for dtype in ("float32", "int8"):
                yield f"{how} {dtype}", Case(op, [image, ints(8, 6)], (1, 8, 6, 8), **how), dict(
                    dtype=dtype)
    yield "batch dims", Case("GATHER", [x(2, 4), x(2, 3, dtype="int32")], (2, 3), axis=1,
                             batch_dims=1), {}
    yield "int16 indices", Case("GATHER", [x(4), x(3, dtype="int16")], (3,), axis=0), {}
    for to in "int8 uint8 int16 int32 int64 float64 float16 bool uint16 uint32".split():
        yield f"to {to}", Case("CAST", [x(3)], ((3,), to), out_data_type=to.upper()), {}


def all_cases():
    for op, case in CASES.items():
        for dtype in TYPES:
            yield f"{op} {dtype}", case, dict(dtype=dtype)
    for what, case, how in variants():
        yield f"{case.op} {what}", case, how


def exported(model):
    """The file as TensorFlow writes it, or None where its importer refuses the types."""
    try:
        return bytes(convert.mlir_sparsify(model))
    except (convert.ConverterError, RuntimeError):  # the latter from its verifier
        return None


def newer_than_the_judge(release):
    def numbers(text):
        return [int(part) for part in text.split(".")[:2]]
    return release != "" and numbers(release) > numbers(tf.__version__)


def test_versions_and_releases_are_those_that_the_exporter_writes():
    judged = set()
    cases = [(what, case.op, exported(case.build(**how))) for what, case, how in all_cases()]
    cases = [case for case in cases if case[2] is not None]
    # The exporter's own files are looked at: it drops attributes that its dialect does not have.
    for (what, op, made), described in zip(cases, op_table.describe([made for *_, made in cases])):
        theirs = unpack(made)
        code = getattr(schema.BuiltinOperator, op)
        codes = [c for c in theirs.operatorCodes if c.builtinCode == code]
        if not codes:
            continue  # folded away
        assert "error" not in described, f"{what}: {described.get('error')}"
        row = next(row for row in described["ops"] if row["name"] == op)
        if newer_than_the_judge(row["runtime_version"]):
            continue
        compare.equal(row["version"], codes[0].version, f"{what}: version")
        if len(theirs.operatorCodes) == 1:
            text = next(bytes(theirs.buffers[m.buffer].data) for m in theirs.metadata
                        if m.name == b"min_runtime_version").rstrip(b"\0").decode()
            compare.equal(row["runtime_version"], text, f"{what}: runtime")
        judged.add(op)
    missing = sorted(set(CASES) - judged)
    assert not missing, f"the exporter judged none of {missing}"


def test_options_are_those_that_the_exporter_writes():
    table = {row["name"]: row for row in op_table.table()}
    for op, case in CASES.items():
        made = exported(case.build())
        if made is None:
            continue
        theirs = unpack(made)
        for operator in theirs.subgraphs[0].operators:
            name = NAMES[theirs.operatorCodes[operator.opcodeIndex].builtinCode]
            # Some ops have a table that the exporter no longer writes.
            if name == op and operator.builtinOptionsType != 0:
                compare.equal(table[op]["options_tag"], operator.builtinOptionsType, op)
