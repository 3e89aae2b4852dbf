"""Writes the seeds of fuzz_keras and fuzz_hdf5: small networks, each layer in one of them.

    python fuzz/seed_keras.py fuzz/corpus

Run by hand, with Keras (tests/interop/requirements.txt); its output is kept in the repository.
"""

import io
import json
import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
from keras import layers as L

keras.utils.set_random_seed(1)
ROOT = pathlib.Path(__file__).resolve().parents[1]


@keras.saving.register_keras_serializable("mine")
class Mine(L.Layer):
    """A layer whose code no file holds."""

    def call(self, x):
        return x + 1


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
    yield "functions", sequential((2, 3, 4), *(L.Activation(name) for name in (
        "leaky_relu", "softsign", "hard_swish", "log_sigmoid", "squareplus", "tanh_shrink", "soft_shrink",
        "hard_tanh", "sparse_sigmoid", "sparse_plus", "celu", "exponential", "softplus")),
        L.ReLU(6), L.Softmax(axis=(1, 2)))
    yield "bilinear", sequential((3, 4, 2), L.UpSampling2D(2, interpolation="bilinear"),
                                 L.BatchNormalization(axis=1), L.Dense(2, activation=L.LeakyReLU(0.1)))
    yield "precisions", sequential((3,), *(L.Dense(2, dtype=each) for each in ("float16", "float64", "bfloat16")))
    x = keras.Input((3, 2))
    y, h, c = L.LSTM(2, return_sequences=True, return_state=True)(x)
    z = L.LSTM(2, return_sequences=True, activation="relu", go_backwards=True)(y, initial_state=[h, c])
    yield "lstm", keras.Model(x, [L.Bidirectional(L.LSTM(2))(z), L.LSTM(2, unroll=True)(x), c])
    yield "recurrent", sequential((3, 2), L.GRU(2, return_sequences=True),
                                  L.GRU(2, return_sequences=True, reset_after=False),
                                  L.TimeDistributed(L.Dense(2)), L.Bidirectional(L.GRU(2, return_sequences=True),
                                                                                 merge_mode="sum"),
                                  L.SimpleRNN(2))
    x, memory = keras.Input((3, 4)), keras.Input((2, 4))
    y = L.MultiHeadAttention(2, 2)(x, x, use_causal_mask=True)
    y = L.MultiHeadAttention(1, 2, value_dim=3, output_shape=4, use_bias=False)(y, memory, memory)
    yield "attention", keras.Model([x, memory], L.Attention(use_scale=True)([y, x]))
    i, j, k = keras.Input((3,), dtype="int32"), keras.Input((3, 2)), keras.Input((3, 3), dtype="bool")
    x = L.Embedding(4, 2, mask_zero=True)(i)
    y = L.Dense(2)(L.Masking(-1.0)(j))
    z = L.GRU(2, return_sequences=True)(L.Concatenate()([L.Add()([x, y]), x]))
    z = L.MultiHeadAttention(1, 2)(z, x, attention_mask=k)
    yield "masks", keras.Model([i, j, k], [L.Bidirectional(L.LSTM(2, return_sequences=True))(x), L.LSTM(2)(y),
                                        L.GlobalAveragePooling1D()(L.Attention()([z, y])), L.SimpleRNN(2)(z)])
    i, j = keras.Input((3, 4, 2)), keras.Input((4, 3, 2))
    x = L.Resizing(2, 5)(L.GroupNormalization(2)(L.GroupNormalization(3, axis=1)(i)))
    y = L.EinsumDense("abcd,cde->abe", output_shape=(4, 3), bias_axes="e")(j)
    yield "products", keras.Model([i, j], [L.Dot(-1, normalize=True)([y, y]), L.EinsumDense("...x,xy->...y", output_shape=3)(
        L.Resizing(4, 3, interpolation="nearest")(x))])
    yield "transposed", sequential((3, 4, 2), L.Conv2DTranspose(2, 3, strides=2, padding="same", activation="relu"),
                                   L.Conv2DTranspose(1, 2, strides=(1, 2), output_padding=(0, 1)), L.Reshape((-1, 1)),
                                   L.Conv1DTranspose(2, 3, strides=2))
    i = keras.Input((4,), dtype="int32")
    x = L.Embedding(5, 3)(i)
    ops = keras.ops
    y = ops.concatenate([ops.relu(x) * 2 - 1, ops.transpose(ops.reshape(x, (-1, 3, 4)), (0, 2, 1))], axis=-1)
    y = ops.where(ops.greater(y, 0.5), ops.square(y), ops.mean(y, axis=1, keepdims=True))
    y = ops.matmul(y[:, 1:, ::2], ops.ones((3, 2), "float32"))
    yield "operations", keras.Model(i, [ops.argmax(y, axis=-1), ops.take(y, [0, 2], axis=1), ops.pad(y, [[0, 0], [1, 0], [0, 1]])])
    a, b = keras.Input((3, 4)), keras.Input((3, 4))
    made = [ops.add(a, b), ops.maximum(a, b), ops.minimum(a, 0.5), ops.divide(a, b), a / 2, ops.power(a, 3), ops.power(a, 0.5),
            ops.power(ops.exp(a), b), ops.clip(a, -1, 1), ops.cast(ops.less(a, b), "float32"), ops.cast(a, "int32"),
            ops.where(ops.logical_and(ops.equal(a, b), ops.logical_not(ops.less_equal(a, b))), a, 1.0),
            ops.where(ops.logical_or(ops.not_equal(a, b), ops.greater_equal(a, b)), a, b), ops.gelu(a), ops.gelu(a, approximate=False),
            ops.leaky_relu(a, 0.1), ops.elu(a, 0.5), ops.celu(a, 2.0), ops.softmax(a, axis=1), ops.log_softmax(a), ops.round(a)]
    x = a
    for each in ("absolute", "sqrt", "rsqrt", "exp", "log1p", "sin", "cos", "floor", "ceil", "sign", "negative", "expm1", "reciprocal",
                 "log", "square", "tanh", "sigmoid", "silu", "softplus", "softsign", "selu", "relu6", "hard_sigmoid", "hard_silu"):
        x = getattr(ops, each)(x)
    yield "elementwise", keras.Model([a, b], made + [x])
    a, b = keras.Input((3, 4)), keras.Input((1, 3, 4))
    yield "movement", keras.Model([a, b], [
        ops.swapaxes(a, 1, 2), ops.moveaxis(a, 1, 2), ops.stack([a, a], axis=1), *ops.split(a, 2, axis=2),
        *ops.split(a, [1, 2], axis=1), ops.squeeze(b, 1), ops.flip(a, axis=1), ops.repeat(a, 2, axis=2), ops.tile(a, [1, 2, 1]),
        ops.pad(a, [[0, 0], [1, 1], [2, 1]], mode="reflect"), ops.pad(a, [[0, 0], [1, 0], [0, 0]], constant_values=3.0),
        a[:, 0], a[..., None], a[:, -1:, 1:3], ops.expand_dims(a, 1), ops.take(a, [0, -1], axis=2), ops.reshape(b, (-1, 4, 3))])
    yield "reductions", keras.Model([a, b], [
        ops.max(a, axis=1), ops.min(a, axis=-1, keepdims=True), ops.sum(a), ops.var(a, axis=[1, 2]), ops.std(a, axis=1),
        ops.any(ops.greater(a, 0), axis=1), ops.all(ops.greater(a, 0), axis=2), ops.argmin(a, axis=1), ops.mean(b, axis=(1, 2)),
        ops.matmul(a, ops.swapaxes(a, 1, 2)), ops.zeros_like(a)])
    i = keras.Input((4, 5, 4))
    x = L.Conv2D(4, 2, groups=2, use_bias=False, padding="same", activation="hard_silu")(i)
    x = L.DepthwiseConv2D(2, use_bias=False, strides=2)(L.SeparableConv2D(4, 2, use_bias=False, dilation_rate=2, padding="same")(x))
    y = L.DepthwiseConv1D(2, padding="same")(L.SeparableConv1D(3, 2)(L.Reshape((-1, 2))(x)))
    z = L.Conv3D(2, 2, padding="same", use_bias=True)(L.Reshape((2, 2, 5, 4))(i))
    w = L.TimeDistributed(L.Dense(2, use_bias=False))(L.TimeDistributed(L.Flatten())(i))
    yield "without_bias", keras.Model(i, [y, z, w, L.Embedding(4, 2)(keras.ops.cast(L.Flatten()(i), "int64"))])
    a, b = keras.Input((3, 2)), keras.Input((2,))
    c, d = L.Masking()(a), L.Masking(2.0)(a)
    both = L.Bidirectional(L.GRU(2, return_sequences=True), merge_mode="mul")(L.Multiply()([a, L.Activation("relu")(a)]))
    yield "vectors", keras.Model([a, b], [L.Dot(1)([b, b]), L.Dot((2, 1))([a, b]), L.Add()([a, L.RepeatVector(3)(b)]), both,
                                          L.Bidirectional(L.LSTM(2, return_sequences=True, return_state=True), merge_mode=None)(a)[0],
                                          L.LSTM(2, return_sequences=True)(L.Average()([c, d])),
                                          L.GRU(2, go_backwards=True)(c)])
    yield "refused", keras.Sequential([keras.Input((3,)), L.Lambda(lambda x: x), L.GaussianNoise(0.1), Mine(), L.Activation("hard_shrink"),
                                       L.Embedding(3, 2)])
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


def broken_configs(config):
    """Configurations that a careful hand could have written, each with something missing or wrong."""
    def change(what):
        tree = json.loads(config)
        layers = tree["config"]["layers"]
        what(tree, layers, layers[-1])
        return json.dumps(tree).encode()

    def no_input(tree, layers, last):
        del layers[0]

    def built_for(place, key, value):
        def apply(tree, layers, last):
            del layers[0]
            {"first": layers[0]["config"], "model": tree["config"]}[place][key] = value
        return apply

    yield "never_built", change(no_input)
    yield "batch_input_shape", change(built_for("first", "batch_input_shape", [None, 5, 4, 2]))
    yield "input_shape", change(built_for("first", "input_shape", [5, 4, 2]))
    yield "build_input_shape", change(built_for("model", "build_input_shape", [None, 5, 4, 2]))
    yield "twice", change(lambda tree, layers, last: last["config"].update(name=layers[1]["config"]["name"]))
    yield "wrapper", change(lambda tree, layers, last: last.update(class_name="PruneLowMagnitude"))
    yield "subclass", change(lambda tree, layers, last: tree.update(class_name="MyModel", config={}))
    yield "activation", change(lambda tree, layers, last: last["config"].update(activation="nonesuch"))
    yield "units", change(lambda tree, layers, last: last["config"].update(units=5))
    yield "bias", change(lambda tree, layers, last: last["config"].update(use_bias=False))
    yield "groups", change(lambda tree, layers, last: layers[1]["config"].update(groups=3))
    yield "sparse", change(lambda tree, layers, last: layers[0]["config"].update(sparse=True))
    yield "dtype", change(lambda tree, layers, last: layers[0]["config"].update(dtype="complex64"))
    yield "rank", change(lambda tree, layers, last: layers[0]["config"].update(batch_shape=[None, 8]))


def refused_layers():
    """One configuration of layers that are all refused, each for another reason."""
    recurrent = {"units": 2, "activation": "tanh", "recurrent_activation": "sigmoid"}
    image = {"filters": 2, "kernel_size": [2, 2, 2], "padding": "valid"}
    layers = [
        ("ReLU", {"threshold": 1.0}), ("MultiHeadAttention", {"use_gate": True}),
        ("MultiHeadAttention", {"num_heads": 1, "key_dim": 2, "attention_axes": [1, 2]}),
        ("MultiHeadAttention", {"num_heads": 1, "key_dim": 2, "output_shape": [2, 2]}),
        ("Attention", {"score_mode": "concat"}),
        ("Conv3D", {**image, "data_format": "channels_first"}), ("Conv3D", {**image, "groups": 2, "data_format": "channels_last"}),
        ("Conv2D", {**image, "data_format": "channels_middle"}), ("Conv2D", {**image, "padding": "full"}), ("Dot", {"axes": [1, 2, 3]}),
        *(("EinsumDense", {"equation": each, "output_shape": [None, 2]})
          for each in ("ab,bc", "abc,bc->ac", "abc,cd->bad", "ab,bc->bc", "abc,bcd->abd", "ab,bcd->ac")),
        ("BatchNormalization", {"axis": [1, 2]}), ("BatchNormalization", {"renorm": True}),
        ("LayerNormalization", {"axis": [1, 2]}), ("LayerNormalization", {"axis": -1, "rms_scaling": True}),
        ("LSTM", {**recurrent, "time_major": True}), ("LSTM", {**recurrent, "stateful": True, "return_state": True}),
        ("GRU", {**recurrent, "stateful": True}),
        ("Bidirectional", {"merge_mode": "least", "layer": {"class_name": "LSTM", "config": recurrent}}),
        ("Resizing", {"height": 2, "width": 2, "crop_to_aspect_ratio": True}),
        ("Resizing", {"height": 2, "width": 2, "interpolation": "bicubic"}),
        ("UpSampling2D", {"size": [2, 2], "interpolation": "bicubic"}),
        ("Conv2DTranspose", {**image, "kernel_size": [2, 2], "dilation_rate": [2, 2]})]
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 4, 4], "dtype": "float32"}}
    return json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": [first] + [
        {"class_name": name, "config": {"name": f"n{i}", **config}} for i, (name, config) in enumerate(layers)]}}).encode()


def not_finite(weights):
    """The weights with NaN in the first array."""
    file = io.BytesIO(weights)
    with h5py.File(file, "r+") as opened:
        found = []
        opened.visititems(lambda path, each: found.append(each) if isinstance(each, h5py.Dataset) else None)
        found[0][...] = float("nan")
    return file.getvalue()


def broken_graphs(config):
    """The same of a model whose layers say themselves what they are called with."""
    def history(layer):
        return layer["inbound_nodes"][0]["args"][0][0]["config"]["keras_history"]

    def change(what):
        tree = json.loads(config)
        what({layer["config"]["name"]: layer for layer in tree["config"]["layers"]},
             [layer for layer in tree["config"]["layers"] if layer["class_name"] == "Add"][0])
        return json.dumps(tree).encode()

    yield "circle", change(lambda layers, add: history(add).__setitem__(0, add["config"]["name"]))
    yield "absent", change(lambda layers, add: history(add).__setitem__(0, "nonesuch"))
    yield "call", change(lambda layers, add: history(add).__setitem__(1, 7))
    yield "output", change(lambda layers, add: history(add).__setitem__(2, 7))


def broken_archives(whole):
    """Archives that are cut, packed oddly, or lead outside; the first members are the configuration."""
    yield "cut", whole[:-40]
    yield "directory", whole[:-1000] + b"\0" * 100 + whole[-900:]
    at = whole.rindex(b"PK\x01\x02")
    yield "method", whole[:at + 10] + b"\x0e\0" + whole[at + 12:]
    yield "size", whole[:at + 24] + b"\xff\xff\xff\x7f" + whole[at + 28:]
    yield "contents", whole[:len(whole) // 2] + b"\x55" * 8 + whole[len(whole) // 2 + 8:]
    for name, member in (("outside", "../config.json"), ("pickled", "model.weights.npz"), ("no_config", "other")):
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for kept in ("metadata.json", *(["config.json"] if name == "pickled" else [])):
                new.writestr(zipfile.ZipInfo(kept), old.read(kept))
            new.writestr(zipfile.ZipInfo(member), b"abc")
        yield name, made.getvalue()


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
                (keras_seeds / f"broken_numbers_{name}").write_bytes(config + b"\0" + not_finite(weights))
                model.save(temporary / "model.h5")
                shutil.copy(temporary / "model.h5", keras_seeds / f"{name}_h5")
            if name == "normalization":
                archive_bytes = (temporary / "model.keras").read_bytes()
                (keras_seeds / f"{name}_archive").write_bytes(archive_bytes)
                for broken, content in broken_archives(archive_bytes):
                    (keras_seeds / f"archive_{broken}").write_bytes(content)
            for which, make in (("conv", broken_configs), ("merging", broken_graphs)):
                if name == which:
                    for broken, content in make(config):
                        # Weights are looked at once the layers are understood.
                        understood = broken not in ("activation", "subclass", "wrapper", "twice", "absent", "call")
                        (keras_seeds / f"broken_{broken}").write_bytes(content + b"\0" + (weights if understood else b""))
    (keras_seeds / "refused_layers").write_bytes(refused_layers() + b"\0")
    # The oldest archives have their weights under other names.
    fixture = ROOT / "tests/fixtures/keras/tensorflow-2.12.1/nested.zip"
    with zipfile.ZipFile(fixture) as outer, outer.open("model.keras") as inner, \
            zipfile.ZipFile(inner) as archive:
        (keras_seeds / "nested_2_12").write_bytes(
            archive.read("config.json") + b"\0" + archive.read("model.weights.h5"))
    # Wrappers that train with quantization or clusters, with what they have learned; TensorFlow's own functions.
    for seed, fixture in (("quantization_aware", "quantized"), ("clustered", "clustered"), ("tf_functions", "functions")):
        with zipfile.ZipFile(ROOT / f"tests/fixtures/keras/tfmot-0.8.1/{fixture}.zip") as outer:
            with outer.open("model.keras") as inner, zipfile.ZipFile(inner) as archive:
                (keras_seeds / seed).write_bytes(archive.read("config.json") + b"\0" + archive.read("model.weights.h5"))
            (keras_seeds / f"{seed}_h5").write_bytes(outer.read("model.h5"))
    for name in ("kinds", "chunked", "external_data", "soft_link"):
        shutil.copy(ROOT / f"tests/fixtures/hdf5/{name}.h5", hdf5_seeds / name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
