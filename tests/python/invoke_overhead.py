"""Prints what set_tensor, invoke and get_tensor take here and in ai_edge_litert, in one run, in turns:

    python tests/python/invoke_overhead.py MODEL.tflite

Of a model that computes next to nothing this is what Python adds to a run; test_overhead.py holds us to that.
"""

import sys
import time

import numpy as np


def prepared(kind, path):
    interpreter = kind(model_path=path, num_threads=1)
    interpreter.allocate_tensors()
    inputs, outputs = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    return interpreter, inputs["index"], outputs["index"], np.ones(inputs["shape"], inputs["dtype"])


def microseconds(what, calls):
    began = time.perf_counter()
    for _ in range(calls):
        what()
    return (time.perf_counter() - began) / calls * 1e6


def measure(path, rounds=30, calls=300):
    """The median microseconds of each call, by (call, program)."""
    from ai_edge_litert.interpreter import Interpreter as Theirs
    from litesmith.lite import Interpreter as Ours

    subjects = {"litesmith": prepared(Ours, path), "ai_edge_litert": prepared(Theirs, path)}
    seen = {}
    for _ in range(rounds):
        for name, (interpreter, index_in, index_out, x) in subjects.items():
            def whole():
                interpreter.set_tensor(index_in, x)
                interpreter.invoke()
                interpreter.get_tensor(index_out)

            for part, call in (("set_tensor", lambda: interpreter.set_tensor(index_in, x)),
                               ("invoke", interpreter.invoke),
                               ("get_tensor", lambda: interpreter.get_tensor(index_out)), ("all three", whole)):
                seen.setdefault((part, name), []).append(microseconds(call, calls))
    return {key: float(np.median(values)) for key, values in seen.items()}


def main():
    found = measure(sys.argv[1])
    for part in ("set_tensor", "get_tensor", "invoke", "all three"):
        print(f"{part:11}", *(f"{name} {found[part, name]:8.2f} us" for name in ("litesmith", "ai_edge_litert")),
              sep="  ")


if __name__ == "__main__":
    main()
