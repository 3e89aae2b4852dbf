"""litesmith as its users see it: the program, called with files."""

import os
import pathlib
import subprocess
import tempfile

import numpy as np

from single_op import unpack

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    """The built program, or None."""
    named = os.environ.get("LITESMITH_BIN")
    path = pathlib.Path(named) if named else ROOT / "build/release/cli/litesmith"
    return path if path.is_file() else None


def call(*arguments, check=True, **options):
    """Runs `litesmith ARGUMENTS...`; a failure shows what the program said."""
    done = subprocess.run([str(binary()), *map(str, arguments)], capture_output=True, text=True,
                          **options)
    if check and done.returncode != 0:
        raise AssertionError(
            f"litesmith {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done


def run(model, inputs, arithmetic, names=None):
    """As judge.run: the outputs of `litesmith run`, in the file's order.

    `inputs` are arrays in the order of the file's inputs. Several inputs or outputs travel by name:
    those the signature gives, or the tensors' own. `names` replaces them (two lists).
    """
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "model.tflite").write_bytes(model)
        input_names, output_names = names if names is not None else tensor_names(model)
        if len(inputs) == 1:
            source = folder / "x.npy"
            np.save(source, inputs[0])
        else:
            source = folder / "x.npz"
            np.savez(source, **dict(zip(input_names, inputs, strict=True)))
        target = folder / ("y.npy" if len(output_names) == 1 else "y.npz")
        call("run", folder / "model.tflite", "--input", source, "--output", target,
             "--arithmetic", arithmetic)
        made = np.load(target)
        return [made] if len(output_names) == 1 else [made[name] for name in output_names]


def tensor_names(model):
    """The names a file's inputs and outputs go by: its signature's, or its tensors'."""
    parsed = unpack(model)
    graph = parsed.subgraphs[0]
    of_tensor = {i: t.name.decode() for i, t in enumerate(graph.tensors)}
    for signature in parsed.signatureDefs or []:
        if signature.subgraphIndex == 0:
            of_tensor |= {m.tensorIndex: m.name.decode()
                          for m in [*signature.inputs, *signature.outputs]}
    return [of_tensor[int(i)] for i in graph.inputs], [of_tensor[int(i)] for i in graph.outputs]


def convert(model, mode, *options):
    """The bytes of `litesmith convert MODEL --mode MODE OPTIONS`; `model` is a file or its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if isinstance(model, bytes):
            (folder / "in.tflite").write_bytes(model)
            model = folder / "in.tflite"
        call("convert", model, "--mode", mode, "-o", folder / "out.tflite", *options)
        return (folder / "out.tflite").read_bytes()
