"""``tf.data.Dataset`` over arrays: what scripts use to feed calibration and evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .tensor import Tensor

AUTOTUNE = -1


def _map(function: Callable[[Any], Any], value: Any) -> Any:
    """``function`` on each array of a nest of tuples and dicts."""
    if isinstance(value, dict):
        return {name: _map(function, each) for name, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_map(function, each) for each in value)
    return function(value)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, tuple):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value]


def _stack(elements: list[Any]) -> Any:
    first = elements[0]
    if isinstance(first, dict):
        return {name: _stack([each[name] for each in elements]) for name in first}
    if isinstance(first, tuple):
        return tuple(_stack(list(parts)) for parts in zip(*elements))
    return np.stack(elements).view(Tensor)


def _as_tensor(value: Any) -> Tensor:
    array = np.asarray(value)
    if not hasattr(value, "dtype"):  # Python numbers are float32 and int32 to TensorFlow
        array = array.astype({np.dtype(np.float64): np.float32, np.dtype(np.int64): np.int32}.get(
            array.dtype, array.dtype))
    return array.view(Tensor)


class Dataset:
    """Elements one by one; each method gives a new dataset and nothing is read before it is walked through.

    >>> import litesmith.tf as tf, numpy as np
    >>> dataset = tf.data.Dataset.from_tensor_slices(np.zeros((10, 3), np.float32)).batch(4).take(2)
    >>> [element.shape for element in dataset]
    [(4, 3), (4, 3)]
    >>> numbers = tf.data.Dataset.from_tensor_slices(np.arange(6))
    >>> list(numbers.map(lambda x: x * 2).skip(4).as_numpy_iterator())
    [np.int64(8), np.int64(10)]
    >>> sorted(int(x) for x in numbers.shuffle(6, seed=1).cache().prefetch(tf.data.AUTOTUNE)) == list(range(6))
    True
    >>> int(numbers.repeat(2).cardinality()), [int(i) for i, _ in numbers.take(2).enumerate(start=5)]
    (12, [5, 6])
    >>> len(tf.data.Dataset.zip((numbers, numbers)))
    6
    """

    def __init__(self, make: Callable[[], Iterator[Any]], count: int) -> None:
        self._make = make
        self._count = count  # -1: no end, -2: not known

    @staticmethod
    def from_tensor_slices(tensors: Any, name: Any = None) -> Dataset:
        """The slices of arrays along their first dimension, of their dtypes and the rest of their shapes.

        Args:
          tensors: an array ``[N, ...]``, or a tuple or dict of them.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: the first dimensions differ.
        """
        if isinstance(tensors, list):
            stackable = len(tensors) > 0 and hasattr(tensors[0], "dtype")
            tensors = np.stack(tensors) if stackable else _as_tensor(tensors)
        nest = _map(_as_tensor, tensors)
        sizes = {len(leaf) for leaf in _leaves(nest)}
        if len(sizes) != 1:
            raise ValueError(f"Dimensions {sorted(sizes)} are not compatible: all arrays need the same first dimension")
        (count,) = sizes

        def slices() -> Iterator[Any]:
            for i in range(count):
                yield _map(lambda leaf: leaf[i, ...].view(Tensor), nest)

        return Dataset(slices, count)

    def batch(self, batch_size: Any, drop_remainder: Any = False, num_parallel_calls: Any = None,
              deterministic: Any = None, name: Any = None) -> Dataset:
        """Consecutive elements as one, with a first dimension for them.

        Args:
          batch_size: how many.
          drop_remainder: leave out a last batch that is not full.
          num_parallel_calls, deterministic: the order is always the same, and one thread's.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: ``batch_size`` is less than 1.
        """
        size = int(batch_size)
        if size < 1:
            raise ValueError(f"batch_size must be greater than zero, not {size}")

        def batches() -> Iterator[Any]:
            held: list[Any] = []
            for element in self._make():
                held.append(element)
                if len(held) == size:
                    yield _stack(held)
                    held = []
            if held and not drop_remainder:
                yield _stack(held)

        count = self._count
        if count >= 0:
            count = count // size if drop_remainder else (count + size - 1) // size
        return Dataset(batches, count)

    def take(self, count: Any, name: Any = None) -> Dataset:
        """The first elements.

        Args:
          count: how many; -1: all.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: ``count`` is no number.
        """
        wanted = int(count)
        if wanted < 0:
            return self

        def first() -> Iterator[Any]:
            if wanted == 0:
                return
            for i, element in enumerate(self._make(), 1):
                yield element
                if i == wanted:
                    return

        return Dataset(first, wanted if self._count == -1 else min(wanted, self._count) if self._count >= 0 else -2)

    def skip(self, count: Any, name: Any = None) -> Dataset:
        """All but the first elements.

        Args:
          count: how many are left out; -1: all.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: ``count`` is no number.
        """
        number = int(count)

        def rest() -> Iterator[Any]:
            for i, element in enumerate(self._make()):
                if i >= number >= 0:
                    yield element

        return Dataset(rest, self._count if self._count < 0 else max(self._count - number, 0) if number >= 0 else 0)

    def map(self, map_func: Any, num_parallel_calls: Any = None, deterministic: Any = None, synchronous: Any = None,
            use_unbounded_threadpool: Any = False, name: Any = None) -> Dataset:
        """A function of each element.

        Args:
          map_func: the function; the parts of an element that is a tuple are its arguments.
          num_parallel_calls, deterministic, synchronous, use_unbounded_threadpool: the order is always the same, and
            one thread's.
          name: ignored, here as in TensorFlow.

        Raises:
          Exception: whatever ``map_func`` raises, when the dataset is walked through.
        """

        def mapped() -> Iterator[Any]:
            for element in self._make():
                result = map_func(*element) if isinstance(element, tuple) else map_func(element)
                yield _map(_as_tensor, tuple(result) if isinstance(result, list) else result)

        return Dataset(mapped, self._count)

    def shuffle(self, buffer_size: Any, seed: Any = None, reshuffle_each_iteration: Any = True,
                name: Any = None) -> Dataset:
        """The elements in a random order. Seeded, the order is always the same; it is not TensorFlow's.

        Args:
          buffer_size: an element moves forward by at most this many places.
          seed: a whole number; None: another order each time.
          reshuffle_each_iteration: another order each time the dataset is walked through.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: ``buffer_size`` is less than 1.
        """
        size = int(buffer_size)
        if size < 1:
            raise ValueError(f"buffer_size must be greater than zero, not {size}")
        rounds = np.random.SeedSequence(seed)

        def shuffled() -> Iterator[Any]:
            source = rounds.spawn(1)[0] if reshuffle_each_iteration else rounds
            random = np.random.default_rng(source)
            held: list[Any] = []
            for element in self._make():
                held.append(element)
                if len(held) > size:
                    yield held.pop(int(random.integers(len(held) - 1)))
            while held:
                yield held.pop(int(random.integers(len(held))))

        return Dataset(shuffled, self._count)

    def repeat(self, count: Any = None, name: Any = None) -> Dataset:
        """The elements over and over.

        Args:
          count: how often; None: without end.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: ``count`` is no number.
        """
        times = -1 if count is None else int(count)

        def repeated() -> Iterator[Any]:
            done = 0
            while times < 0 or done < times:
                yield from self._make()
                done += 1

        return Dataset(repeated, -1 if times < 0 else self._count * times if self._count >= 0 else self._count)

    def prefetch(self, buffer_size: Any, name: Any = None) -> Dataset:
        """The same dataset: there is nothing to wait for.

        Args:
          buffer_size: without effect on the elements, here as in TensorFlow.
          name: ignored, here as in TensorFlow.

        Raises:
          TypeError: no ``buffer_size`` is given.
        """
        return self

    def cache(self, filename: Any = "", name: Any = None) -> Dataset:
        """The same dataset, kept in memory once walked through.

        Args:
          filename: refused.
          name: ignored, here as in TensorFlow.

        Raises:
          NotImplementedError: ``filename`` is given.
        """
        if filename:
            raise NotImplementedError("cache() in a file is not offered; leave filename empty")
        held: list[Any] = []
        whole = False

        def cached() -> Iterator[Any]:
            nonlocal whole
            if whole:
                yield from held
                return
            seen = []
            for element in self._make():
                seen.append(element)
                yield element
            held[:] = seen
            whole = True

        return Dataset(cached, self._count)

    def enumerate(self, start: Any = 0, name: Any = None) -> Dataset:
        """Pairs of number (int64) and element.

        Args:
          start: the first number.
          name: ignored, here as in TensorFlow.

        Raises:
          ValueError: ``start`` is no number.
        """

        def numbered() -> Iterator[Any]:
            for i, element in enumerate(self._make(), int(start)):
                yield np.asarray(i, np.int64).view(Tensor), element

        return Dataset(numbered, self._count)

    @staticmethod
    def zip(*args: Any, datasets: Any = None, name: Any = None) -> Dataset:
        """Tuples of the elements of several datasets, as many as the shortest has.

        Args:
          args: the datasets, or a tuple of them.
          datasets: the same.
          name: ignored, here as in TensorFlow.

        Raises:
          TypeError: there are none.
        """
        parts = args or datasets
        if len(parts) == 1 and isinstance(parts[0], (tuple, list)):
            parts = parts[0]

        def zipped() -> Iterator[Any]:
            return iter(zip(*(part._make() for part in parts)))

        counts = [part._count for part in parts if part._count != -1]
        return Dataset(zipped, min(counts) if counts and min(counts) >= 0 else -2 if counts else -1)

    def as_numpy_iterator(self) -> Iterator[Any]:
        """The elements as plain NumPy arrays."""
        return iter(_map(lambda leaf: leaf.numpy(), element) for element in self._make())

    def cardinality(self) -> Tensor:
        """The number of elements; -1 without end, -2 when not known."""
        return np.asarray(self._count, np.int64).view(Tensor)

    def __iter__(self) -> Iterator[Any]:
        return self._make()

    def __len__(self) -> int:
        if self._count < 0:
            raise TypeError("The dataset is infinite." if self._count == -1 else "The dataset length is unknown.")
        return self._count


def __getattr__(name: str) -> Any:
    raise AttributeError(f"litesmith.tf.data offers no '{name}'; it has Dataset.from_tensor_slices and its methods")
