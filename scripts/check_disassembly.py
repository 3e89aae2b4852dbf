#!/usr/bin/env python3
"""Checks that the hot loops of int8 kernels keep their accumulators where they are.

    scripts/check_disassembly.py OBJECT... [--function PATTERN] [--objdump PROGRAM]

g++ 12 copies the accumulator of every vpdpbusd intrinsic through a second register, which costs a third of the speed;
and where a function with such a loop is inlined into a large one, it keeps accumulators on the stack, which doubles the
time. Here no innermost loop with a dot product (vpdpbusd, vpdpwssd, on 64-bit Arm sdot) may move one vector register to
another, or, on x86-64, one to or from the stack: on Arm g++ 12 has some, and no Arm was there to measure their cost
(docs/known-failures.md). PATTERN (a regular expression on demangled names) chooses functions.
"""

import argparse
import re
import subprocess
import sys

FUNCTION = re.compile(r"^[0-9a-f]+ <(.*)>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(?:\{vex\} )?(\S+)\s*(.*)$")
DOTS = {"vpdpbusd", "vpdpwssd", "sdot"}
# Conditional ones: an unconditional jump backwards is how a block that lies elsewhere comes back.
BRANCH = re.compile(r"^(j(?!mp)\w+|b\.\w+|cbn?z|tbn?z)$")
TARGET = re.compile(r"\b([0-9a-f]+) <")
COPY = re.compile(r"^(vmov(dq[au]\w*|[au]p[sd]) %[xyz]mm\d+,%[xyz]mm\d+|mov v\d+\.16b, v\d+\.16b)$")
SPILL = re.compile(r"^vmov.*\(%rsp\).*$")


def functions(path, objdump):
    """(name, [(address, mnemonic, operands)]) of an object file."""
    text = subprocess.run([objdump, "-d", "-C", "--no-show-raw-insn", path], check=True, capture_output=True,
                          text=True).stdout
    name, body = None, []
    for line in text.splitlines():
        if begins := FUNCTION.match(line):
            if name:
                yield name, body
            name, body = begins.group(1), []
        elif found := INSTRUCTION.match(line):
            body.append((found.group(1), found.group(2), found.group(3).split("#")[0].strip()))
    if name:
        yield name, body


def loops(body):
    """The innermost loops that multiply: from the target of a jump backwards to that jump, with no such jump inside."""
    places = {address: i for i, (address, _, _) in enumerate(body)}
    found = []
    for i, (_, mnemonic, operands) in enumerate(body):
        named = TARGET.search(operands) if BRANCH.match(mnemonic) else None
        target = places.get(named.group(1)) if named else None
        if target is not None and target <= i:
            found.append((target, i))
    for begin, end in found:
        if any(begin <= other and last < end for other, last in found if (other, last) != (begin, end)):
            continue
        loop = body[begin:end]
        if any(mnemonic in DOTS for _, mnemonic, _ in loop):
            yield loop


def moves(loop):
    return [f"{address}: {mnemonic} {operands}" for address, mnemonic, operands in loop
            if COPY.match(f"{mnemonic} {operands}") or SPILL.match(f"{mnemonic} {operands}")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("objects", nargs="+")
    parser.add_argument("--function", default="", metavar="PATTERN")
    parser.add_argument("--objdump", default="objdump", metavar="PROGRAM")
    arguments = parser.parse_args()
    checked, dots, failed = 0, 0, False
    for path in arguments.objects:
        for name, body in functions(path, arguments.objdump):
            if not re.search(arguments.function, name):
                continue
            for loop in loops(body):
                checked += 1
                count = sum(mnemonic in DOTS for _, mnemonic, _ in loop)
                dots += count
                if found := moves(loop):
                    failed = True
                    print(f"{name}: {len(found)} moves in a loop of {count} dot products, the first {found[0]}")
    if checked == 0:
        sys.exit("no loop with a dot product was found")
    print(f"{checked} loops, {dots} dot products" + ("" if failed else ": no moves"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
