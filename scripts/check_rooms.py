#!/usr/bin/env python3
"""Checks that every #include in src/ follows the arrows between rooms (docs/architecture.md).

A room may include itself, what it leans on, and what those lean on. An include that points the
other way is an error, as is a folder that is no room of the house.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Each room and the rooms it leans on directly.
LEANS_ON = {
    "base": [],
    "ir": ["base"],
    "ops": ["ir"],
    "kernels": ["base"],
    "formats": ["ops"],
    "rewrite": ["ops"],
    "inspect": ["ops", "formats"],
    "runtime": ["ops", "kernels"],
    "data": ["formats"],
    "quantize": ["runtime", "data"],
    "evaluate": ["runtime", "data"],
    "benchmark": ["runtime", "inspect"],
    "report": ["evaluate", "inspect", "benchmark"],
    "optimize": ["report", "quantize", "rewrite"],
    "api": ["optimize"],
}


def reachable(room):
    """The room and everything below it."""
    found = {room}
    for below in LEANS_ON[room]:
        found |= reachable(below)
    return found


def main():
    complaints = []
    checked = 0
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in (".cc", ".h"):
            continue
        name = path.relative_to(ROOT)
        room = name.parts[1]
        if room not in LEANS_ON:
            complaints.append(f"{name}: '{room}' is no room; add it to scripts/check_rooms.py")
            continue
        allowed = reachable(room)
        for number, line in enumerate(path.read_text().splitlines(), 1):
            include = re.match(r'\s*#\s*include\s+"([^"/]+)/', line)
            if include and include[1] in LEANS_ON:
                checked += 1
                if include[1] not in allowed:
                    complaints.append(f"{name}:{number}: {room} must not lean on {include[1]}")
    print("\n".join(complaints) or f"rooms: {checked} includes follow the arrows")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
