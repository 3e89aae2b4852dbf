"""Writes the seeds of fuzz_npy: small arrays of every kind, as NumPy saves them, and one it refuses.

    python fuzz/seed_npy.py fuzz/corpus/fuzz_npy

Run by hand, with NumPy; its output is kept in the repository.
"""

import io
import pathlib
import sys

import numpy as np


def saved(array, version=None, **options):
    stream = io.BytesIO()
    if version is None:
        np.save(stream, array, **options)
    else:
        np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def archive(save, **arrays):
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def seeds():
    x = np.arange(12).reshape(2, 3, 2)
    for code in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split():
        yield f"{code}.npy", saved(x.astype(code))
        yield f"{code}_big.npy", saved(x.astype(">" + code))
    yield "fortran.npy", saved(np.asfortranarray(x.astype("f4")))
    yield "version_2.npy", saved(x.astype("f4"), (2, 0))
    yield "version_3.npy", saved(x.astype("f4"), (3, 0))
    yield "python_2.npy", saved(x.astype("f4")).replace(b"(2, 3, 2), ", b"(2L,3L,2L),")
    yield "labels.npy", saved(np.array([0, 1, 1, 0]))
    yield "one_hot.npy", saved(np.eye(3, dtype="f4"))
    yield "scalar.npy", saved(np.float32(1))
    yield "empty.npy", saved(np.zeros((0, 3), "f4"))
    yield "nan.npy", saved(np.full((2, 1, 2), np.nan, "f4"))
    yield "text.npy", saved(np.array(["a", "bc"]))
    yield "complex.npy", saved(np.ones(2, "c8"))
    yield "record.npy", saved(np.zeros(2, [("a", "f4"), ("b", "i2")]))
    yield "objects.npy", saved(np.array([None, 1], dtype=object), allow_pickle=True)
    yield "stored.npz", archive(np.savez, x=x.astype("f4"), y=np.array([0, 1]))
    yield "packed.npz", archive(np.savez_compressed, x=x.astype("f4"))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
