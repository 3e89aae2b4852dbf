"""Prints what set_tensor, invoke and get_tensor take here and in ai_edge_litert, in one run, in turns:

    python tests/python/invoke_overhead.py MODEL.tflite
"""

import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter as Theirs
from litesmith.lite import Interpreter as Ours

ROUNDS, CALLS = 30, 300


def prepared(kind, path):
    interpreter = kind(model_path=path, num_threads=1)
    interpreter.allocate_tensors()
    inputs, outputs = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    return interpreter, inputs["index"], outputs["index"], np.ones(inputs["shape"], inputs["dtype"])


def microseconds(what):
    began = time.perf_counter()
    for _ in range(CALLS):
        what()
    return (time.perf_counter() - began) / CALLS * 1e6


def main():
    subjects = {"litesmith": prepared(Ours, sys.argv[1]), "ai_edge_litert": prepared(Theirs, sys.argv[1])}
    seen = {}
    for _ in range(ROUNDS):
        for name, (interpreter, index_in, index_out, x) in subjects.items():
            def whole():
                interpreter.set_tensor(index_in, x)
                interpreter.invoke()
                interpreter.get_tensor(index_out)

            for part, call in (("set_tensor", lambda: interpreter.set_tensor(index_in, x)),
                               ("invoke", interpreter.invoke),
                               ("get_tensor", lambda: interpreter.get_tensor(index_out)), ("all three", whole)):
                seen.setdefault((part, name), []).append(microseconds(call))
    for part in ("set_tensor", "get_tensor", "invoke", "all three"):
        print(f"{part:11}", *(f"{name} {np.median(seen[part, name]):8.2f} us" for name in subjects), sep="  ")


if __name__ == "__main__":
    main()
