"""The networks that conversions are judged on, built in Keras with seeded weights.

Batch norms get statistics as training leaves them (means off zero, variances off one), so that
folding them has something to do. Weights are random, but every network is scaled so that its
activations stay in the ranges of trained ones.
"""

import numpy as np


def sign_language():
    """The sign-language network: 128x128x3, three conv blocks, 27 classes."""
    from keras import Sequential, layers
    network = Sequential([layers.Input((128, 128, 3), name="image")])
    for filters in (32, 64, 64):
        network.add(layers.Conv2D(filters, 3, activation="relu"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    network.add(layers.Dense(64, activation="relu"))
    network.add(layers.Dense(27, activation="softmax"))
    return network


def ds_cnn():
    """MLPerf Tiny's keyword spotter: a strided convolution, four separable blocks, 12 classes."""
    from keras import Model, layers
    inputs = layers.Input((49, 10, 1), name="features")
    x = layers.Conv2D(64, (10, 4), strides=(2, 2), padding="same")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Dropout(0.2)(x)
    for _ in range(4):
        x = layers.DepthwiseConv2D(3, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
        x = layers.Conv2D(64, 1, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    x = layers.Dropout(0.4)(x)
    x = layers.AveragePooling2D((25, 5))(x)
    x = layers.Flatten()(x)
    return Model(inputs, layers.Dense(12, activation="softmax")(x))


def resnet8():
    """MLPerf Tiny's image classifier: three residual stacks on 32x32x3, 10 classes."""
    from keras import Model, layers
    inputs = layers.Input((32, 32, 3))

    def conv(x, filters, size, strides, relu=True):
        x = layers.Conv2D(filters, size, strides=strides, padding="same")(x)
        x = layers.BatchNormalization()(x)
        return layers.Activation("relu")(x) if relu else x

    x = conv(inputs, 16, 3, 1)
    y = conv(conv(x, 16, 3, 1), 16, 3, 1, relu=False)
    x = layers.Activation("relu")(layers.Add()([x, y]))
    for filters in (32, 64):
        y = conv(conv(x, filters, 3, 2), filters, 3, 1, relu=False)
        x = layers.Conv2D(filters, 1, strides=2, padding="same")(x)
        x = layers.Activation("relu")(layers.Add()([x, y]))
    x = layers.AveragePooling2D(8)(x)
    x = layers.Flatten()(x)
    return Model(inputs, layers.Dense(10, activation="softmax")(x))


def mobilenet_v1():
    """MobileNetV1 0.25 at 96x96x3 with two classes, as MLPerf Tiny's person detector."""
    from keras import Model, layers
    inputs = layers.Input((96, 96, 3))

    def finish(x):
        return layers.Activation("relu")(layers.BatchNormalization()(x))

    filters = 8
    x = finish(layers.Conv2D(filters, 3, strides=2, padding="same")(inputs))
    for i, stride in enumerate((1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)):
        if stride == 2 or i == 0:
            filters *= 2
        x = finish(layers.DepthwiseConv2D(3, strides=stride, padding="same")(x))
        x = finish(layers.Conv2D(filters, 1, padding="same")(x))
    x = layers.AveragePooling2D(3)(x)
    x = layers.Flatten()(x)
    return Model(inputs, layers.Dense(2, activation="softmax")(x))


def autoencoder():
    """MLPerf Tiny's anomaly detector: dense layers with batch norms around a bottleneck of 8."""
    from keras import Model, layers
    inputs = layers.Input((640,))
    x = inputs
    for units in (128, 128, 128, 128, 8, 128, 128, 128, 128):
        x = layers.Dense(units)(x)
        x = layers.BatchNormalization()(x)
        x = layers.Activation("relu")(x)
    return Model(inputs, layers.Dense(640)(x))


ALL = {"sign_language": sign_language, "ds_cnn": ds_cnn, "resnet8": resnet8,
       "mobilenet_v1": mobilenet_v1, "autoencoder": autoencoder}


def build(name):
    """The network with its seeded weights, and seeded samples of its input: (network, samples)."""
    import keras
    keras.utils.clear_session()  # layer names count from one again
    network = ALL[name]()
    rng = np.random.default_rng(len(name))
    for layer in _layers(network):
        if layer.__class__.__name__ == "BatchNormalization":
            size = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(0.5, 1.5, size), rng.normal(0, 0.5, size),
                               rng.normal(0, 0.5, size), rng.uniform(0.3, 2, size)])
        elif layer.weights:
            kernel, bias = layer.get_weights()
            fan_in = kernel.size // kernel.shape[-1]
            if layer.__class__.__name__ == "DepthwiseConv2D":
                fan_in = kernel.shape[0] * kernel.shape[1]
            layer.set_weights([rng.normal(0, np.sqrt(2 / fan_in), kernel.shape),
                               rng.normal(0, 0.1, bias.shape)])
    return network, samples(network.input_shape[1:], 64, rng)


def samples(shape, count, rng):
    """Smooth random inputs: noise at two scales, so that neighbours are alike as in real data."""
    fine = rng.normal(0, 0.3, (count, *shape))
    level = rng.normal(0, 1, (count,) + (1,) * (len(shape) - 1) + shape[-1:])
    ramp = np.linspace(-1, 1, shape[0]).reshape((1, -1) + (1,) * (len(shape) - 1))
    slope = rng.normal(0, 1, (count,) + (1,) * len(shape))
    return (fine + level + ramp * slope).astype(np.float32)


def _layers(network):
    for layer in network.layers:
        yield from _layers(layer) if hasattr(layer, "layers") else [layer]
