"""Writes the seeds of fuzz_keras and fuzz_hdf5: small networks, each layer in one of them.

    python fuzz/seed_keras.py fuzz/corpus

Run by hand, with Keras (tests/interop/requirements.txt); its output is kept in the repository.
"""

import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras import layers as L

ROOT = pathlib.Path(__file__).resolve().parents[1]


def sequential(shape, *layers):
    return keras.Sequential([keras.Input(shape), *layers])


def networks():
    yield "conv", sequential((5, 4, 2), L.Conv2D(2, 3, activation="relu"), L.MaxPooling2D(2),
                             L.Flatten(), L.Dropout(0.5), L.Dense(2, activation="softmax"))
    yield "sequence", sequential((6, 2), L.Conv1D(2, 3, padding="causal", activation="gelu"),
                                 L.BatchNormalization(), L.AveragePooling1D(2), L.UpSampling1D(2),
                                 L.Cropping1D(1), L.ZeroPadding1D(1), L.GlobalMaxPooling1D())
    yield "depthwise", sequential((5, 4, 2), L.DepthwiseConv2D(3, padding="same"),
                                  L.SeparableConv2D(2, 2, activation="swish"),
                                  L.GlobalAveragePooling2D())
    yield "image", sequential((4, 3, 2), L.ZeroPadding2D(1), L.UpSampling2D(2), L.Cropping2D(1),
                              L.AveragePooling2D(2, padding="same"), L.Permute((3, 1, 2)),
                              L.Reshape((-1, 2)), L.Softmax(axis=1))
    yield "first", sequential((2, 5, 4), L.Conv2D(2, 3, data_format="channels_first"),
                              L.MaxPooling2D(2, data_format="channels_first"),
                              L.Flatten(data_format="channels_first"))
    yield "activations", sequential((4,), L.RepeatVector(2), L.PReLU(), L.LeakyReLU(), L.ELU(0.5),
                                    L.ReLU(2.0, 0.1), L.Activation("hard_sigmoid"),
                                    L.Activation("mish"), L.Activation("selu"),
                                    L.Activation("glu"), L.Activation("log_softmax"))
    yield "normalization", sequential((3, 2), L.Rescaling(0.5, 1), L.Normalization(mean=1, variance=2),
                                      L.LayerNormalization(), L.UnitNormalization())
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b", dtype="int32")
    dense = L.Dense(2)
    x, y = dense(a), dense(b)
    merged = L.Concatenate()([L.Add()([x, y]), L.Subtract()([x, y]), L.Multiply()([x, y]),
                              L.Average()([x, y]), L.Maximum()([x, y]), L.Minimum()([x, y])])
    yield "merging", keras.Model([a, b], [merged, x])
    inner = sequential((3,), L.Dense(3))
    i = keras.Input((3,))
    functional = keras.Model(i, L.Dense(3)(i))
    x = keras.Input((3,))
    yield "nested", keras.Model(x, functional(inner(functional(x))))


def main(folder):
    keras_seeds, hdf5_seeds = folder / "fuzz_keras", folder / "fuzz_hdf5"
    for each in (keras_seeds, hdf5_seeds):
        each.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        for name, model in networks():
            model.save(temporary / "model.keras")
            with zipfile.ZipFile(temporary / "model.keras") as archive:
                config, weights = archive.read("config.json"), archive.read("model.weights.h5")
            (keras_seeds / name).write_bytes(config + b"\0" + weights)
            if name in ("conv", "nested"):
                (hdf5_seeds / name).write_bytes(weights)
                model.save(temporary / "model.h5")
                shutil.copy(temporary / "model.h5", keras_seeds / f"{name}_h5")
            if name == "normalization":
                shutil.copy(temporary / "model.keras", keras_seeds / f"{name}_archive")
    # The oldest archives have their weights under other names.
    fixture = ROOT / "tests/fixtures/keras/tensorflow-2.12.1/nested.zip"
    with zipfile.ZipFile(fixture) as outer, outer.open("model.keras") as inner, \
            zipfile.ZipFile(inner) as archive:
        (keras_seeds / "nested_2_12").write_bytes(
            archive.read("config.json") + b"\0" + archive.read("model.weights.h5"))
    for name in ("kinds", "chunked", "external_data", "soft_link"):
        shutil.copy(ROOT / f"tests/fixtures/hdf5/{name}.h5", hdf5_seeds / name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
