#!/usr/bin/env python3
"""Writes tests/unit/inspect/tflm_memory_measured.tsv: what TFLite Micro's wheel really takes, model by model.

    scripts/measure_tflm_memory.py [DATA]

DATA is the folder of public models (LITESMITH_TEST_DATA when not given). For each model: the bytes of the arena's
two parts as the interpreter reports them, and the smallest arena, a multiple of 16 bytes, in which the model can be
allocated, found by trial. The wheel is the one of tests/interop/tflm-requirements.txt.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
INTEROP = ROOT / "tests/interop"
TABLE = ROOT / "tests/unit/inspect/tflm_memory_measured.tsv"
ALIGNMENT = 16
TFLM = "models/tensorflow+tflite-micro/tensorflow/lite/micro"
MODELS = [
    "mlperf_tiny/kws/kws_ref_model.tflite",
    "mlperf_tiny/kws/kws_saved_model_variables.tflite",
    "mlperf_tiny/image_classification/pretrainedResnet_quant.tflite",
    "mlperf_tiny/image_classification/pretrainedResnet.tflite",
    "models/esphome+micro-wake-word-models/models/v2/okay_nabu.tflite",
    "models/esphome+micro-wake-word-models/models/v2/vad.tflite",
    f"{TFLM}/models/person_detect.tflite",
    f"{TFLM}/models/keyword_scrambled_8bit.tflite",
    f"{TFLM}/models/keyword_scrambled.tflite",
    f"{TFLM}/examples/micro_speech/models/micro_speech_quantized.tflite",
    f"{TFLM}/examples/hello_world/models/hello_world_int8.tflite",
    f"{TFLM}/examples/mnist_lstm/trained_lstm_int8.tflite",
    f"{TFLM}/integration_tests/seanet/transpose_conv/transpose_conv0.tflite",
    f"{TFLM}/integration_tests/seanet/conv/conv0.tflite",
    f"{TFLM}/integration_tests/seanet/leaky_relu/leaky_relu0.tflite",
]


def interpreter():
    done = subprocess.run([str(ROOT / "scripts/judges.sh"), str(INTEROP / "tflm-requirements.txt")],
                          capture_output=True, text=True, check=True)
    return done.stdout.strip()


def attempt(python, model, arena):
    done = subprocess.run([python, str(INTEROP / "tflm_worker.py")], text=True, capture_output=True, check=True,
                          input=json.dumps([{"model": str(model), "arena": arena}]))
    return json.loads(done.stdout)


def smallest_arena(python, model, enough):
    """The smallest arena that works, by bisection below one that does."""
    too_small, works = 0, enough
    while works - too_small > ALIGNMENT:
        middle = (too_small + works) // 2 // ALIGNMENT * ALIGNMENT
        if attempt(python, model, middle)["status"] == "ran":
            works = middle
        else:
            too_small = middle
    return works


def main():
    data = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["LITESMITH_TEST_DATA"])
    python = interpreter()
    wheel = re.search(r"tflite_micro==(\S+)", (INTEROP / "tflm-requirements.txt").read_text())[1]
    lines = [f"# Written by scripts/measure_tflm_memory.py: tflite_micro {wheel} on x86-64.",
             "# model\tplanned bytes\tpersistent bytes\tsmallest arena"]
    for name in MODELS:
        model = data / name
        if not model.is_file():
            sys.exit(f"{model} is missing")
        taken = attempt(python, model, 60_000_000)
        if taken["status"] != "ran":
            sys.exit(f"{name}: {taken}")
        enough = (taken["total"] + 65536) // ALIGNMENT * ALIGNMENT
        smallest = smallest_arena(python, model, enough)
        lines.append(f"{name}\t{taken['head']}\t{taken['tail']}\t{smallest}")
        print(lines[-1], flush=True)
    TABLE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
