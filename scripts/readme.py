#!/usr/bin/env python3
"""Writes the README's figures from a run's own output, or checks that they still agree with it.

    scripts/readme.py FOLDER           writes what stands between the markers in README.md, and the picture
    scripts/readme.py FOLDER --check   fails when README.md or the picture say something else

FOLDER is what scripts/demo.sh made. Latency is left out: it is the machine's, not the model's.
"""

import argparse
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "accuracy_size.svg"

# What the team published for its network on its own recordings: size as printed, accuracy in percent.
PUBLISHED = {
    "float32": ("79.1K", 93.62),
    "dynamic_range": ("21.5K", 93.65),
    "int8": ("20.6K", 49.7),
    "float16": ("40.5K", 93.62),
    "int16x8": ("21.0K", 93.57),
}


def table(results):
    rows = [
        "| mode | file bytes | weights and other data | accuracy | right | 95% interval | lost / gained "
        "| published size | published accuracy |",
        "|---|---:|---:|---:|---:|---|---:|---:|---:|",
    ]
    for mode in results["modes"]:
        size, accuracy = PUBLISHED[mode["mode"]]
        name = mode["mode"] + (f" ({mode['io_type']} in and out)" if mode["io_type"] != "float32" else "")
        low, high = mode["interval"]
        rows.append(
            f"| {name} | {mode['file_bytes']:,} | {mode['data_bytes']:,} | {100 * mode['accuracy']:.2f}% "
            f"| {mode['correct']:,} of {mode['n']:,} | {100 * low:.1f}–{100 * high:.1f}% "
            f"| {mode['lost']} / {mode['gained']} | {size} | {accuracy:g}% |"
        )
    return "\n".join(rows)


def cast(results):
    int8 = next(mode for mode in results["modes"] if mode["mode"] == "int8")
    wrong = int8["cast"]
    return (
        f"The published 49.7% is no loss of quantization. Fed with a cast instead of the file's scale and zero "
        f"point, our int8 file scores {100 * wrong['accuracy']:.2f}% on the same clips; read as the file says, "
        f"{100 * int8['accuracy']:.2f}%."
    )


def replace(text, marker, content):
    begin, end = f"<!-- {marker}: written by scripts/readme.py -->", f"<!-- end of {marker} -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    return f"{before}{begin}\n{content}\n{end}{after}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    results = json.loads((arguments.folder / "results.json").read_text())
    picture = (arguments.folder / "accuracy_size.svg").read_text()
    old = README.read_text()
    new = replace(replace(old, "table", table(results)), "cast", cast(results))
    if not arguments.check:
        README.write_text(new)
        PICTURE.write_text(picture)
        return
    stale = [path.name for path, same in [(README, new == old), (PICTURE, PICTURE.read_text() == picture)] if not same]
    if stale:
        sys.exit(f"{', '.join(stale)}: figures differ from {arguments.folder}; run scripts/readme.py and look why")
    print("README.md and its picture say what the run says")


if __name__ == "__main__":
    main()
