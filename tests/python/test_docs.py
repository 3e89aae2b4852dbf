"""Everything public says what it takes, gives and raises, and shows it; the pages built from that build."""

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import typing

import litesmith
import litesmith.tf
import pytest

from conftest import ROOT

PUBLIC = ("litesmith", "litesmith.errors", "litesmith.dtypes", "litesmith.lite", "litesmith.lite.experimental",
          "litesmith.lite.interpreter", "litesmith.tf", "litesmith.tf.data", "litesmith.tf._keras")
NEVER_RETURNS = ("NoReturn", typing.NoReturn)


def modules():
    return sorted({"litesmith", *(each.name for each in pkgutil.walk_packages(litesmith.__path__, "litesmith.")
                                  if not each.name.endswith(("._native", ".__main__")))})


def names_of(module):
    if hasattr(module, "__all__"):
        return module.__all__
    return [name for name, value in vars(module).items()
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__]


def public():
    """(name, object, class it belongs to) of each public class, function, method and property."""
    found = {}
    for module_name in PUBLIC:
        module = importlib.import_module(module_name)
        for name in names_of(module):
            if name == "keras" or (module_name, name) == ("litesmith.tf", "lite"):
                continue
            value = getattr(module, name)
            if not getattr(value, "__module__", "").startswith("litesmith"):
                continue
            path = f"{module_name}.{name}"
            if inspect.isclass(value):
                found[value] = (path, value, None)
                for part, member in vars(value).items():
                    member = getattr(member, "__func__", member)
                    wrapped = getattr(member, "func", None) or getattr(member, "fget", None) or member
                    if (not part.startswith("_") or part == "__call__") and inspect.isfunction(wrapped):
                        found.setdefault(wrapped, (f"{path}.{part}", wrapped, value))
            elif inspect.isfunction(value):
                found[value] = (path, value, None)
    return sorted(found.values(), key=lambda each: each[0])


EVERYTHING = public()
FUNCTIONS = [each for each in EVERYTHING if not inspect.isclass(each[1])]


def arguments_of(text):
    """The names that an Args: section explains."""
    section = re.search(r"(?ms)^\s*Args:\n(.*?)(?:\n\s*\n|\Z)", text or "")
    if not section:
        return set()
    lines = section[1].splitlines()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    entries = [re.match(rf"\s{{{indent}}}([\w, ]+):", line) for line in lines]
    return {name.strip() for entry in entries if entry for name in entry[1].split(",")}


def parameters(function):
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def identify(each):
    return each[0] if isinstance(each, tuple) else ""


def is_error(value):
    return inspect.isclass(value) and issubclass(value, Exception)


def test_the_list_is_whole():
    names = {name for name, _, _ in EVERYTHING}
    assert {"litesmith.quantize", "litesmith.Model.save", "litesmith.Interpreter.__call__",
            "litesmith.lite.TFLiteConverter.convert", "litesmith.lite.Interpreter.set_tensor",
            "litesmith.tf.data.Dataset.map", "litesmith.Report.to_markdown"} <= names
    assert len(FUNCTIONS) > 80


@pytest.mark.parametrize("each", EVERYTHING, ids=identify)
def test_it_has_a_docstring(each):
    assert len((each[1].__doc__ or "").split()) >= 3


@pytest.mark.parametrize("each", [each for each in EVERYTHING if not is_error(each[1])], ids=identify)
def test_it_is_shown_at_work(each):
    name, value, owner = each
    if owner is None:
        assert any(">>>" in (part.__doc__ or "") for part in (value, *getattr(value, "__dict__", {}).values()))
        return
    if inspect.signature(value).return_annotation in NEVER_RETURNS:
        return
    part = name.rsplit(".", 1)[1]
    shown = "".join(re.findall(r"(?m)^\s*(?:>>>|\.\.\.).*$", "".join(
        each.__doc__ or "" for each in (value, *owner.__mro__[:-1]))))
    called = re.search(rf"\.{part}\b", shown) if part != "__call__" else re.search(r"[\w)]\(", shown)
    assert called, f"no example shows .{part}"


@pytest.mark.parametrize("each", [each for each in FUNCTIONS if parameters(each[1])], ids=identify)
def test_its_arguments_and_errors_are_explained(each):
    _, function, _ = each
    if inspect.signature(function).return_annotation in NEVER_RETURNS:
        assert "Refused" in function.__doc__  # and the error says what to do instead
        return
    assert arguments_of(function.__doc__) == set(parameters(function))
    assert re.search(r"(?m)^\s*Raises:$", function.__doc__)


@pytest.mark.parametrize("each", [each for each in EVERYTHING if inspect.isclass(each[1])
                                  and "__init__" in vars(each[1]) and each[1].__module__ != "litesmith.results"
                                  and not dataclasses.is_dataclass(each[1])
                                  and each[1].__name__ not in ("Model", "DType", "Dataset", "Layer",
                                                               "TFLiteConverter")], ids=identify)
def test_what_makes_an_object_is_explained(each):
    _, value, _ = each
    text = value.__doc__ + (value.__init__.__doc__ or "")
    assert arguments_of(value.__doc__) | arguments_of(value.__init__.__doc__) == set(parameters(value.__init__))
    assert "Raises:" in text or value.__name__ in ("RepresentativeDataset", "TargetSpec")


# What takes or gives arrays: samples, constants, tensors.
ARRAYS = [each for each in FUNCTIONS
          if re.search(r"\b(Array|Samples)\b", str(inspect.signature(each[1])))
          or each[0].endswith((".set_tensor", ".get_tensor", ".Interpreter.tensor", ".SignatureRunner.__call__",
                               ".from_tensor_slices", ".LoadedModel.predict"))]


@pytest.mark.parametrize("each", ARRAYS, ids=identify)
def test_shapes_and_dtypes_are_told(each):
    text = each[1].__doc__
    assert len(ARRAYS) >= 15
    assert re.search(r"\[(N|C)\b|shape", text), "no shape"
    assert re.search(r"dtype|float32|int32|int64|\bnumbers\b", text), "no dtype"


@pytest.mark.parametrize("name", modules())
def test_examples_run(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_the_site_is_built_from_the_docstrings(tmp_path):
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
                   cwd=ROOT, check=True)
    for page, words in (("reference/litesmith", "representative_dataset"), ("reference/lite", "resize_tensor_input"),
                        ("reference/tf", "from_tensor_slices"), ("python", "pip install"), ("cli", "litesmith")):
        text = (tmp_path / page / "index.html").read_text()
        assert words in text, page
    reference = (tmp_path / "reference" / "litesmith" / "index.html").read_text()
    for name in litesmith.__all__:
        if name not in ("errors", "__version__"):
            assert f'id="litesmith.{name}"' in reference, name


def test_the_extensions_stub_is_whole():
    from litesmith import _native

    stub = ast.parse((ROOT / "python" / "litesmith" / "_native.pyi").read_text())
    described = {node.name: node for node in stub.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert described.keys() == {name for name in dir(_native) if not name.startswith("_")}
    for name, node in described.items():
        if isinstance(node, ast.ClassDef):
            parts = {each.name if isinstance(each, ast.FunctionDef) else each.target.id for each in node.body}
            there = {each for each in vars(getattr(_native, name)) if not each.startswith("_")}
            assert parts - {"__init__"} == there, name
