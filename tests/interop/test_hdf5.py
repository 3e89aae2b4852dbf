"""The HDF5 reader, judged by h5py: both print all they see in a file, and the prints are equal."""

import os
import pathlib
import subprocess

import h5py
import numpy as np
import pytest

import compare
import ours

KINDS = {"i": "int", "u": "int", "f": "float", "S": "string", "O": "strings", "V": "opaque"}


def dump_tool():
    named = os.environ.get("LITESMITH_BIN")
    build = pathlib.Path(named).parents[1] if named else ours.ROOT / "build/release"
    return build / "tests/tools/litesmith_hdf5_dump"


def described(dtype, shape):
    size = 16 if dtype.kind == "O" else dtype.itemsize
    signed = "s" if dtype.kind in "if" else ""
    return f"{KINDS[dtype.kind]}{size}{signed} ({''.join(f'{n},' for n in shape)})"


def text_of(value):
    data = value if isinstance(value, bytes) else value.encode()
    return f"{len(data)}:{data.decode()}"


def attribute_lines(thing, path):
    # By the low-level interface: h5py's own turns some of them into Python objects.
    for i in range(h5py.h5a.get_num_attrs(thing.id)):
        found = h5py.h5a.open(thing.id, index=i)
        name = found.name.decode()
        value = thing.attrs[name]
        shape = found.get_space().shape if found.get_space().get_simple_extent_type() else ()
        line = f"{path}@{name} {described(found.dtype, shape)}"
        if found.dtype.kind in "SO":
            values = [value] if shape == () else list(np.ravel(value))
            yield line + "".join(f" {text_of(v)}" for v in values)
        else:
            yield f"{line} {np.asarray(value, found.dtype).tobytes().hex()}"


def group_lines(group):
    yield f"{group.name} group"
    yield from attribute_lines(group, group.name)
    for name in sorted(group, key=str.encode):
        child = group[name]
        path = f"{group.name.rstrip('/')}/{name}"
        if isinstance(child, h5py.Group):
            yield from group_lines(child)
        else:
            yield f"{path} {described(child.dtype, child.shape)} {np.asarray(child[()]).tobytes().hex()}"
            yield from attribute_lines(child, path)


def assert_seen_alike(path):
    done = subprocess.run([dump_tool(), path], capture_output=True, text=True, check=True)
    with h5py.File(path) as file:
        theirs = list(group_lines(file))
    mine = done.stdout.splitlines()
    # Attributes of one object come in the header's order, which h5py does not promise.
    compare.equal(sorted(mine), sorted(theirs), path.name)
    compare.equal([line for line in mine if "@" not in line],
                  [line for line in theirs if "@" not in line], path.name)


def random_tree(group, rng, depth):
    """What Keras writes, in random amounts: groups, numeric datasets, string attributes."""
    for i in range(int(rng.integers(0, 12))):
        dtype = rng.choice(["f2", "f4", "f8", "i1", "i4", "i8", "u1"])
        shape = tuple(rng.integers(0, 5, rng.integers(0, 5)))
        group[f"d{i}"] = (rng.standard_normal(shape) * 50).astype(dtype)
    for i in range(int(rng.integers(0, 20))):
        words = ["wörd" * int(rng.integers(0, 30)) for _ in range(int(rng.integers(1, 9)))]
        kind = rng.integers(3)
        if kind == 0:
            group.attrs[f"a{i}"] = words[0]
        elif kind == 1:
            group.attrs[f"a{i}"] = words
        else:
            group.attrs[f"a{i}"] = np.array(["w" * len(w) for w in words], dtype="S") \
                if any(words) else np.zeros((0,))
    if depth:
        for i in range(int(rng.integers(0, 4))):
            random_tree(group.create_group(f"g{i}"), rng, depth - 1)


@pytest.mark.parametrize("seed", range(8))
def test_random_trees(tmp_path, seed):
    path = tmp_path / f"random{seed}.h5"
    with h5py.File(path, "w") as file:
        random_tree(file, np.random.default_rng(seed), 3)
    assert_seen_alike(path)


def test_a_group_with_an_index_of_several_levels(tmp_path):
    path = tmp_path / "many.h5"
    with h5py.File(path, "w") as file:
        for i in range(1500):
            file[f"many/member{i}"] = np.float32(i)
    assert_seen_alike(path)


@pytest.mark.parametrize("path", sorted((ours.ROOT / "tests/fixtures").rglob("kinds.h5")),
                         ids=lambda path: path.name)
def test_fixture(path):
    assert_seen_alike(path)
