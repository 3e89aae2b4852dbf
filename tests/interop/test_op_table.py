"""The operator table against LiteRT's own schema: codes, names, options tables, every slot."""

import inspect
import re

import pytest
from ai_edge_litert import schema_py_generated as schema

import compare
import op_table
from single_op import options_table

TABLE = {row["name"]: row for row in op_table.table()} if op_table.built() else {}

# What the generated readers call a scalar's type, and what litesmith calls it.
KINDS = {"BoolFlags": "bool", "Int8Flags": "int8", "Int32Flags": "int32", "Float32Flags": "float"}
# Fields without an attribute: deprecated ones, and one that no released converter writes. Files that
# have them keep them.
LEFT_OUT = {("ResizeBilinearOptions", "new_height"), ("ResizeBilinearOptions", "new_width"),
            ("FullyConnectedOptions", "quant_spec")}
# Integers that name a subgraph have a kind of their own.
SUBGRAPHS = re.compile(r"subgraph_index$")


def union_and_table(op):
    """The union that an op's options stand in and the table's name, or two times None."""
    table = options_table(op)
    if table is not None:
        return schema.BuiltinOptions, table
    wanted = op.replace("_", "").lower() + "options"
    for name in vars(schema.BuiltinOptions2):  # the first union was full
        if name.lower() == wanted:
            return schema.BuiltinOptions2, name
    return None, None


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def fields(table):
    """{slot: (name, kind, default)} of one generated table class, read from its source."""
    found = {}
    cls = getattr(schema, table)
    for name, method in inspect.getmembers(cls, inspect.isfunction):
        source = inspect.getsource(method)
        offset = re.search(r"self\._tab\.Offset\((\d+)\)", source)
        if offset is None or re.search(r"(AsNumpy|Length|IsNone)$", name):
            continue
        if (table, snake(name)) in LEFT_OUT:
            continue
        slot = (int(offset[1]) - 4) // 2
        scalar = re.search(r"self\._tab\.Get\(flatbuffers\.number_types\.(\w+), o \+", source)
        element = re.search(r"self\._tab\.Get\(flatbuffers\.number_types\.(\w+), a \+", source)
        default = re.search(r"return ([\w.]+)\s*$", source)[1]
        if element is not None:
            kind = {"Int32Flags": "int32s", "Float32Flags": "floats", "Uint8Flags": "bytes"}[
                element[1]]
            found[slot] = (snake(name), kind, None)
        elif scalar is not None:
            kind = KINDS[scalar[1]]
            if kind == "int32" and SUBGRAPHS.search(snake(name)):
                kind = "subgraph"
            found[slot] = (snake(name), kind, {"bool": lambda t: t == "True",
                                               "float": float}.get(kind, int)(default))
        else:
            found[slot] = (snake(name), "string", None)
    return found


@pytest.mark.parametrize("name", TABLE)
def test_code_is_the_schemas(name):
    compare.equal(TABLE[name]["code"], getattr(schema.BuiltinOperator, name), name)


@pytest.mark.parametrize("name", TABLE)
def test_options_table_is_the_schemas(name):
    union, options = union_and_table(name)
    expected = 0 if options is None else getattr(union, options)
    compare.equal(TABLE[name]["options_tag"], expected, name)


@pytest.mark.parametrize("name", TABLE)
def test_attributes_are_the_schemas(name):
    ours_ = {a["slot"]: (a["name"], a["kind"], None if a["kind"] in _LISTS else a["default"])
             for a in TABLE[name]["attributes"]}
    options = union_and_table(name)[1]
    compare.equal(ours_, {} if options is None else fields(options), name)


_LISTS = ("string", "int32s", "floats", "bytes")
_ENUMS = {"padding": schema.Padding, "fused_activation_function": schema.ActivationFunctionType,
          "mode": schema.MirrorPadMode, "weights_format": schema.FullyConnectedOptionsWeightsFormat,
          "kernel_type": schema.LSTMKernelType}


@pytest.mark.parametrize("name", TABLE)
def test_enum_values_are_named_as_the_schema_names_them(name):
    for attribute in TABLE[name]["attributes"]:
        if not attribute["names"]:
            continue
        enum = _ENUMS.get(attribute["name"], schema.TensorType)
        theirs = {v: k for k, v in vars(enum).items() if not k.startswith("_")}
        compare.equal(dict(enumerate(attribute["names"])), theirs,
                      f"{name} {attribute['name']}")
