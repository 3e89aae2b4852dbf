"""Random numbers, scales and zero points for networks of one element-wise or row-wise op.

Tensors are drawn so that what is rare by chance happens often: the ends of the type's range, zero
points there, values on either side of the middle.
"""

import numpy as np

RANGES = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767)}


def scale(rng, low, high):
    """Between 2^low and 2^high, as a float32."""
    return float(np.float32(np.exp2(rng.uniform(low, high))))


def zero_point(rng, dtype):
    if dtype == "int16":
        return 0
    low, high = RANGES[dtype]
    return int(rng.choice([low, high, (low + high) // 2, *rng.integers(low, high + 1, 2)]))


def codes(rng, shape, dtype):
    """Quantized elements; a third of the tensors hold only ends and middles."""
    low, high = RANGES[dtype]
    middle = (low + high) // 2
    kind = rng.integers(3)
    if kind == 0:
        return rng.integers(low, high + 1, shape).astype(dtype)
    if kind == 1:
        drawn = rng.normal(middle, (high - low) / 6, shape)
        return np.clip(np.round(drawn), low, high).astype(dtype)
    return rng.choice([low, low + 1, middle, middle + 1, high - 1, high], shape).astype(dtype)


def all_codes(rng, shape, dtype):
    """Quantized elements among which every 8-bit code is."""
    result = codes(rng, shape, dtype)
    if dtype != "int16":
        result.reshape(-1)[:256] = np.arange(RANGES[dtype][0], RANGES[dtype][1] + 1)
    return result


def numbers(rng, shape, dtype):
    """Elements of a type without a scale."""
    if dtype == "float32":
        return rng.normal(0, rng.choice([1, 5, 30]), shape).astype(dtype)
    return rng.integers(-1000, 1000, shape).astype(dtype)


def shape_of(rng, elements=10_000, ranks=(1, 5)):
    """About so many elements; rows of every length, so that vectors have every remainder."""
    rank = int(rng.integers(ranks[0], ranks[1] + 1))
    shape = [int(n) for n in rng.integers(1, 6, rank)]
    row = int(rng.integers(1, 70)) if rng.random() < 0.5 else int(rng.integers(70, 700))
    if rank > 1:
        shape[-1] = row
    fitting = int(rng.integers(0, max(rank - 1, 1)))
    shape[fitting] = max(1, elements * shape[fitting] // int(np.prod(shape)))
    return shape
