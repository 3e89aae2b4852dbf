"""What people write: a file evaluated with LiteRT in Python, one interpreter a thread.

    evaluate_with_litert.py MODEL X.npy Y.npy THREADS
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from ai_edge_litert.interpreter import Interpreter


def right(model, samples, labels):
    interpreter = Interpreter(model, num_threads=1)
    interpreter.allocate_tensors()
    x, y = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    count = 0
    for sample, label in zip(samples, labels):
        interpreter.set_tensor(x, sample[None])
        interpreter.invoke()
        count += int(np.argmax(interpreter.get_tensor(y)) == label)
    return count


model, threads = sys.argv[1], int(sys.argv[4])
samples, labels = np.load(sys.argv[2], mmap_mode="r"), np.load(sys.argv[3])
samples = samples.reshape(len(samples), 50, 13, 1)
with ThreadPoolExecutor(threads) as pool:
    parts = pool.map(right, [model] * threads, np.array_split(samples, threads), np.array_split(labels, threads))
print(sum(parts) / len(labels))
