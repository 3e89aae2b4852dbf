#!/usr/bin/env python3
"""Guards against slower kernels without a clock: instructions that one invocation takes, counted by callgrind.

    scripts/count_instructions.py             fails when a count exceeds that of bench/instruction_counts.json by more than
                                              the tolerance written there
    scripts/count_instructions.py --update    writes the counts of this build there

Counted are Interpreter::invoke and what it calls, on the example's network in three kinds, at the AVX2 level, which
valgrind knows. The count is the same on every machine, but belongs to the compiler: another compiler is only told.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/release/cli/litesmith"
COUNTS = ROOT / "bench/instruction_counts.json"
EXAMPLE = ROOT / "examples/wake_word"
MODES = ("float32", "int8", "int16x8")


def litesmith(*words, tool=()):
    return subprocess.run([*tool, str(PROGRAM), *map(str, words)], check=True, capture_output=True, text=True,
                          env={**os.environ, "LITESMITH_ISA": "avx2"})


def one_sample(target):
    """The first sample of the example's features, as a .npy of its own (numpy may not be here)."""
    data = (EXAMPLE / "test_features.npy").read_bytes()
    header_bytes = int.from_bytes(data[8:10], "little")
    header = data[10:10 + header_bytes].decode("latin1")
    shape = [int(n) for n in re.search(r"'shape': \(([\d, ]*)\)", header).group(1).split(",") if n.strip()]
    if "'<f4'" not in header:
        sys.exit("the example's features are no longer float32")
    size = 4
    for n in shape[1:]:
        size *= n
    header = re.sub(r"'shape': \(\d+", "'shape': (1", header).rstrip().ljust(header_bytes - 1) + "\n"
    target.write_bytes(data[:10] + header.encode("latin1") + data[10 + header_bytes:10 + header_bytes + size])


def count(model, sample, folder):
    out = folder / "callgrind.out"
    tool = ("valgrind", "--tool=callgrind", "--toggle-collect=litesmith::Interpreter::invoke()",
            f"--callgrind-out-file={out}")
    litesmith("run", model, "--input", sample, "--output", folder / "y.npy", "--threads", "1", tool=tool)
    total = int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.M).group(1))
    if total == 0:
        sys.exit("callgrind saw no Interpreter::invoke()")
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    update = parser.parse_args().update
    compiler = re.search(r"compiler (.*)", litesmith("--version").stdout).group(1)
    counted = {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        one_sample(folder / "x.npy")
        for mode in MODES:
            model = folder / f"{mode}.tflite"
            calibrate = [] if mode == "float32" else ["--calibrate", EXAMPLE / "calibration_features.npy"]
            litesmith("convert", EXAMPLE / "wake_word.keras", "-o", model, "--mode", mode, *calibrate)
            counted[mode] = count(model, folder / "x.npy", folder)
    if update:
        COUNTS.write_text(json.dumps({"compiler": compiler, "isa": "avx2", "tolerance": 0.03,
                                      "instructions": counted}, indent=2) + "\n")
        print(f"counted: {counted}")
        return 0
    expected = json.loads(COUNTS.read_text())
    if compiler != expected["compiler"]:
        print(f"counts are of {expected['compiler']}, this is {compiler}: not compared; {counted}")
        return 0
    failed = 0
    for mode, found in counted.items():
        before = expected["instructions"][mode]
        change = found / before - 1
        bad = change > expected["tolerance"]
        failed += bad
        print(f"{mode}: {found:,} instructions, {before:,} before ({100 * change:+.1f}%)" + (" FAILED" if bad else ""))
    if failed:
        print("If this is meant, say so with scripts/count_instructions.py --update")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
