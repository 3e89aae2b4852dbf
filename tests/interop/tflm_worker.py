"""Runs .tflite files in TFLite Micro; tflm.py starts it with the Python that has tflite_micro.

Reads a JSON list of jobs on stdin: {"model": path, "inputs": path of an .npz with arrays "0", "1", ... or
null, "outputs": path of the .npz to write or null, "arena": bytes}. Writes a JSON line for each:
{"status": "ran" | "refused" | "failed" | "crashed" | "hung", "message": text, "total": bytes, "head": bytes,
"tail": bytes}, the bytes being those of the arena where it ran. Each file has a process of its own.
"""

import json
import os
import re
import signal
import sys
import tempfile

import numpy as np
from tflite_micro import runtime

SECONDS = 60


def run(job, log):
    interpreter = None
    try:
        with open(job["model"], "rb") as file:
            interpreter = runtime.Interpreter.from_bytes(file.read(), arena_size=job["arena"])
        if job.get("inputs"):
            arrays = np.load(job["inputs"])
            outputs = {}
            for step in range(len(arrays["0"])):
                for i in range(len(arrays.files)):
                    interpreter.set_input(arrays[str(i)][step], i)
                interpreter.invoke()
                for i in range(job["output_count"]):
                    outputs.setdefault(str(i), []).append(interpreter.get_output(i).copy())
                if job.get("reset", True):
                    interpreter.reset()
            if job.get("outputs"):
                np.savez(job["outputs"], **{k: np.stack(v) for k, v in outputs.items()})
        else:
            interpreter.invoke()
        interpreter.print_allocations()
    except Exception as error:  # whatever it is, it is this file's result
        log.flush()
        text = open(log.name, errors="replace").read() + str(error)
        return {"status": "refused" if interpreter is None else "failed", "message": text[-500:]}
    text = open(log.name, errors="replace").read()
    sizes = dict(re.findall(r"Arena allocation (total|head|tail) (\d+) bytes", text))
    return {"status": "ran", "message": "", **{key: int(value) for key, value in sizes.items()}}


def apart(job):
    """The result of `run` in a child that may crash or hang."""
    with tempfile.NamedTemporaryFile("w+") as log, tempfile.NamedTemporaryFile("w+") as result:
        child = os.fork()
        if child == 0:
            signal.alarm(SECONDS)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            json.dump(run(job, log), result)
            result.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            hung = os.WTERMSIG(status) == signal.SIGALRM
            return {"status": "hung" if hung else "crashed", "message": str(os.WTERMSIG(status))}
        return json.load(open(result.name))


if __name__ == "__main__":
    for job in json.load(sys.stdin):
        print(json.dumps(apart(job)), flush=True)
