"""Random convolution, dense and pooling networks of one op, judged by LiteRT in every kind of numbers.

A case is a seed: it draws shapes, padding, strides, dilations, groups, scales, zero points and fused
activations. Outputs are made to use their range by choosing the output scale from the sums that
occur; some channels get tiny or huge scales, some biases make ties.
"""

import numpy as np

from single_op import Network

ACTIVATIONS = ["NONE", "NONE", "RELU", "RELU6", "RELU_N1_TO_1"]


def output_size(size, taps, stride, dilation, padding):
    reach = (taps - 1) * dilation + 1
    if padding == "SAME":
        return (size + stride - 1) // stride
    return (size + stride - reach) // stride


class Geometry:
    """The spatial half of a case."""

    def __init__(self, rng, dilated=True):
        self.padding = rng.choice(["SAME", "VALID"])
        self.taps = rng.integers(1, 5, 2)
        self.strides = rng.integers(1, 4, 2) if rng.random() < 0.6 else np.array([1, 1])
        self.dilations = np.array([1, 1])
        if dilated and rng.random() < 0.3:
            # LiteRT refuses nothing here, but XNNPACK and Eigen take strides or dilations.
            self.dilations = rng.integers(1, 4, 2)
            self.strides = np.array([1, 1])
        smallest = (self.taps - 1) * self.dilations + 1
        self.size = (smallest if self.padding == "VALID" else 1) + rng.integers(0, 9, 2)
        self.out = [int(output_size(*each, self.padding)) for each in
                    zip(self.size, self.taps, self.strides, self.dilations)]

    def attributes(self):
        return dict(padding=str(self.padding), stride_h=int(self.strides[0]),
                    stride_w=int(self.strides[1]), dilation_h_factor=int(self.dilations[0]),
                    dilation_w_factor=int(self.dilations[1]))


def weight_scales(rng, channels, per_channel):
    scales = np.exp2(rng.uniform(-9, -5, channels)).astype(np.float32)
    if per_channel and channels > 3 and rng.random() < 0.4:
        scales[0] *= np.float32(2.0 ** -14)
        scales[1] *= np.float32(2.0 ** 5)
    return scales if per_channel else scales[:1]


# The integer types of activations: their range, zero points, and the types of bias.
RANGES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767)}


def quantized_weights(rng, shape, dtype):
    if dtype == "uint8":
        return rng.integers(0, 256, shape).astype(np.uint8)
    return rng.integers(-127, 128, shape).astype(np.int8)


def integer_layer(op, seed, dtype, bias_type=None, per_channel=True, samples=None):
    """The bytes of a file with one integer layer, and its input."""
    rng = np.random.default_rng(seed)
    low, high = RANGES[dtype]
    channel_dimension = 3 if op == "DEPTHWISE_CONV_2D" else 0
    shape, filter_shape, out_shape, channels, terms, attributes = layout(op, rng)
    scales = weight_scales(rng, channels, per_channel and dtype != "uint8")
    x_scale = np.float32(np.exp2(rng.uniform(-12, -4)))
    x_zero = 0 if dtype == "int16" else int(rng.integers(low, high + 1))
    w_zero = int(rng.integers(0, 256)) if dtype == "uint8" else 0
    if op == "FULLY_CONNECTED" and dtype == "int8" and not per_channel and rng.random() < 0.3:
        w_zero = int(rng.integers(-20, 20))  # of old files; XNNPACK leaves them alone
    spread = np.sqrt(terms) * 73 * (high - low) * 0.29
    typical = float(np.exp2(np.mean(np.log2(scales)))) * x_scale
    y_scale = np.float32(spread * typical * np.exp2(rng.uniform(-2, 2)) / (high - low) * 4)
    if rng.random() < 0.25:  # powers of two: accumulators fall on ties
        x_scale = np.float32(2.0 ** -6)
        scales = np.full_like(scales, 2.0 ** -7)
        y_scale = np.float32(2.0 ** -13 * 2.0 ** np.round(np.log2(max(spread / (high - low), 1))))
    y_zero = 0 if dtype == "int16" else int(rng.integers(low, high + 1))
    bias_type = bias_type or "int32"
    reach = int(spread) + 1
    bias = rng.integers(-reach, reach + 1, channels).astype(bias_type)

    net = Network()
    x = net.input(shape, dtype, scale=x_scale, zero_point=x_zero)
    w = net.constant(quantized_weights(rng, filter_shape, dtype), scale=scales, zero_point=w_zero,
                     dimension=channel_dimension if len(scales) > 1 else 0)
    b = net.constant(bias, scale=x_scale * scales)
    if dtype == "int16" and op != "DEPTHWISE_CONV_2D":
        attributes["quantized_bias_type"] = bias_type.upper()
    if op == "FULLY_CONNECTED" and rng.random() < 0.2:  # convolutions must have a bias
        b = None
    y = net.op(op, [x, w, b], out_shape, dtype, scale=y_scale, zero_point=y_zero,
               activation=str(rng.choice(ACTIVATIONS)), **attributes)
    samples = samples or batches(out_shape)
    return net.finish([y]), rng.integers(low, high + 1, [samples * shape[0], *shape[1:]]).astype(dtype)


def hybrid_layer(op, seed, per_channel, asymmetric=False):
    """A layer with float activations and int8 weights."""
    rng = np.random.default_rng(seed)
    channel_dimension = 3 if op == "DEPTHWISE_CONV_2D" else 0
    shape, filter_shape, out_shape, channels, _, attributes = layout(op, rng, groups=per_channel)
    scales = weight_scales(rng, channels, per_channel)
    net = Network()
    x = net.input(shape, "float32")
    w = net.constant(quantized_weights(rng, filter_shape, "int8"), scale=scales,
                     dimension=channel_dimension if len(scales) > 1 else 0)
    b = net.constant(rng.normal(size=channels).astype(np.float32))
    if op == "FULLY_CONNECTED" and rng.random() < 0.2:
        b = None
    if op == "FULLY_CONNECTED":
        attributes["asymmetric_quantize_inputs"] = asymmetric
    y = net.op(op, [x, w, b], out_shape, "float32", activation=str(rng.choice(ACTIVATIONS[:4])),
               **attributes)
    return net.finish([y]), float_samples(rng, batches(out_shape), shape)


def float_layer(op, seed):
    rng = np.random.default_rng(seed)
    shape, filter_shape, out_shape, channels, terms, attributes = layout(op, rng)
    net = Network()
    x = net.input(shape, "float32")
    # Sums of about one: a clamp must not hide the size that errors are measured against.
    w = net.constant((rng.normal(size=filter_shape) / np.sqrt(terms)).astype(np.float32))
    b = net.constant(rng.normal(size=channels).astype(np.float32))
    y = net.op(op, [x, w, b], out_shape, "float32", activation=str(rng.choice(ACTIVATIONS)),
               **attributes)
    return net.finish([y]), rng.normal(size=[4 * shape[0], *shape[1:]]).astype(np.float32)


def float_samples(rng, samples, shape):
    """Normal numbers; some samples small integers times a power of two, for ties, some constant."""
    values = rng.normal(size=[samples * shape[0], *shape[1:]]).astype(np.float32)
    for i in range(len(values)):
        kind = rng.integers(0, 6)
        if kind == 0:
            values[i] = rng.integers(-100, 156, shape[1:]) * np.float32(0.125)
            values[i].flat[0] = -12.5
            values[i].flat[-1] = 19.375
        elif kind == 1:
            values[i] *= np.float32(np.exp2(rng.uniform(-20, 20)))
        elif kind == 2:
            values[i] = np.abs(values[i]) if rng.random() < 0.7 else 0
    return values


def layout(op, rng, groups=True):
    """Input, filter and output shape, output channels, terms of a sum, attributes."""
    batch = int(rng.integers(1, 4))
    if op == "FULLY_CONNECTED":
        inputs, outputs = int(rng.integers(1, 300)), int(rng.integers(1, 70))
        rows = [batch, int(rng.integers(1, 4))] if rng.random() < 0.3 else [batch]
        return ([*rows, inputs], [outputs, inputs], [*rows, outputs], outputs, inputs,
                {"keep_num_dims": len(rows) > 1})
    geometry = Geometry(rng)
    attributes = geometry.attributes()
    size = [int(each) for each in geometry.size]
    taps = [int(each) for each in geometry.taps]
    if op == "DEPTHWISE_CONV_2D":
        inputs, multiplier = int(rng.integers(1, 40)), int(rng.integers(1, 4))
        channels = inputs * multiplier
        attributes["depth_multiplier"] = multiplier
        filter_shape = [1, *taps, channels]
        terms = taps[0] * taps[1]
    else:
        count = int(rng.integers(2, 5)) if groups and rng.random() < 0.25 else 1
        inputs = int(rng.integers(1, 24)) * count
        channels = int(rng.integers(1, 40)) * count
        filter_shape = [channels, *taps, inputs // count]
        terms = taps[0] * taps[1] * inputs // count
    return ([batch, *size, inputs], filter_shape, [batch, *geometry.out, channels], channels, terms,
            attributes)


def batches(out_shape):
    """So many runs of the file that each case compares a few thousand outputs."""
    return int(max(1, 6000 // np.prod(out_shape)))


def pool_layer(op, seed, dtype):
    rng = np.random.default_rng(seed)
    geometry = Geometry(rng, dilated=False)
    batch, channels = int(rng.integers(1, 4)), int(rng.integers(1, 70))
    shape = [batch, *[int(each) for each in geometry.size], channels]
    out_shape = [batch, *geometry.out, channels]
    attributes = geometry.attributes()
    del attributes["dilation_h_factor"], attributes["dilation_w_factor"]
    activation = str(rng.choice(ACTIVATIONS))
    quantization = {}
    if dtype != "float32":
        low, high = RANGES[dtype]
        quantization = dict(scale=np.float32(np.exp2(rng.uniform(-7, -2))),
                            zero_point=0 if dtype == "int16" else int(rng.integers(low, high + 1)))
        if rng.random() < 0.5:  # 6 and 1 fall on half steps
            quantization["scale"] = np.float32(1 / (rng.integers(1, 20) + 0.5))
    net = Network()
    x = net.input(shape, dtype, **quantization)
    y = net.op(op, [x], out_shape, dtype, activation=activation, filter_height=int(geometry.taps[0]),
               filter_width=int(geometry.taps[1]), **attributes, **quantization)
    samples = [batches(out_shape) * batch, *shape[1:]]
    if dtype == "float32":
        return net.finish([y]), rng.normal(size=samples).astype(np.float32) * 3
    return net.finish([y]), rng.integers(low, high + 1, samples).astype(dtype)
