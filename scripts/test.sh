#!/usr/bin/env bash
# All checks, by level:
#   scripts/test.sh fast    style, rooms, unit tests: some minutes
#   scripts/test.sh ci      also the judges, the README's figures, kernels on 64-bit Arm (emulated), the unit tests
#                           under sanitizers, and short fuzzing (the default)
#   scripts/test.sh full    also what does not pass yet (docs/known-failures.md), all unit tests on 64-bit Arm,
#                           clang-tidy, and what takes hours: a million executions of each fuzz target
# Every step runs, whatever became of the one before; the last line counts them.
set -uo pipefail
cd "$(dirname "$0")/.."
level=${1:-ci}
case "$level" in
  fast | ci | full) ;;
  *) echo "usage: scripts/test.sh [fast|ci|full]" >&2; exit 2 ;;
esac
fuzz_runs=20000
[ "$level" = full ] && fuzz_runs=1000000

passed=0
failed=()
step() {  # step "what it is" command...
  local name=$1 began=$SECONDS
  shift
  printf '\n=== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1))
    printf '=== %s: passed (%d s)\n' "$name" $((SECONDS - began))
  else
    failed+=("$name")
    printf '=== %s: FAILED (%d s)\n' "$name" $((SECONDS - began))
  fi
}

sources() { git ls-files '*.cc' '*.h'; }
style() { sources | xargs clang-format --dry-run -Werror; }
rooms() { python3 scripts/check_rooms.py; }
# The rooms whose code depends on the instruction set, by emulation; `full` runs every test that the cross build has.
levels_of_arm() {
  local tests=(kernels_test runtime_test quantize_test same_bytes_test isas)
  scripts/build.sh aarch64 --target "${tests[@]/#/litesmith_}" -- --quiet &&
    ctest --preset aarch64 -j "$(nproc)" --progress \
      -R '^(unit\.(kernels|runtime|quantize)|integration\.same_bytes|tools\.isas)'
}
figures() { scripts/demo.sh out/demo && scripts/readme.py out/demo --check; }
build_and_test() {  # build_and_test PRESET
  scripts/build.sh "$1" -- --quiet && ctest --preset "$1" -j "$(nproc)" --progress
}
threads() {
  scripts/build.sh thread --target litesmith_threads_test -- --quiet && ctest --preset thread -R integration.threads
}
# A fixed number of executions from a fixed seed: the outcome does not depend on the machine. Below
# `full` they begin with the kept corpus alone; `full` goes on from what earlier runs added to it.
fuzz() {  # fuzz NAME...
  local name grown status=0
  for name in "$@"; do
    grown=build/fuzz/corpus/fuzz_$name
    [ "$level" = full ] || { grown=build/fuzz/short/fuzz_$name; rm -rf "$grown"; }
    mkdir -p "$grown"
    echo "fuzz_$name"
    "build/fuzz/fuzz/fuzz_$name" -runs="$fuzz_runs" -seed=1 -rss_limit_mb=2048 -timeout=300 \
      -artifact_prefix="build/fuzz/" "$grown" "fuzz/corpus/fuzz_$name" \
      >"build/fuzz/fuzz_$name.log" 2>&1 || { tail -n 40 "build/fuzz/fuzz_$name.log"; status=1; }
    tail -n 1 "build/fuzz/fuzz_$name.log"
  done
  return $status
}
all_architectures() { LITESMITH_ARCHITECTURES=all scripts/interop.sh test_architectures.py; }
# Looks at what the fuzz preset compiles of src/ and cli/: files joined, so that headers are read once for some of
# them. A file of the build folder that includes others of ours is how they are joined, no mistake.
tidy() {
  cmake --preset fuzz >/dev/null
  python3 - >build/tidy.files <<'PYTHON'
import json, os, re
for command in json.load(open("build/fuzz/compile_commands.json")):
    output = re.search(r" -o (\S+)", command["command"])[1]
    if re.match(r"(src|cli)/", output) and "_test.dir" not in output:
        print(command["file"])
PYTHON
  xargs -P "$(nproc)" -n 1 clang-tidy -p build/fuzz --quiet --checks=-bugprone-suspicious-include \
      <build/tidy.files >build/tidy.log 2>build/tidy.progress || { grep -E 'error|warning' build/tidy.log; return 1; }
}

if [ "$level" = fast ]; then
  step "packages" scripts/setup.sh build
else
  step "packages" scripts/setup.sh ci
  step "format" style
fi
command -v python3 >/dev/null && step "rooms" rooms
step "unit tests" build_and_test release
if [ "$level" != fast ]; then
  step "judged by TensorFlow and LiteRT" scripts/interop.sh
  step "the Python package" scripts/python.sh
  step "the README's figures" figures
  step "instruction counts" python3 scripts/count_instructions.py
  step "kernels and files on 64-bit Arm" levels_of_arm
  step "unit tests under sanitizers (clang)" build_and_test fuzz
  step "fuzzing, $fuzz_runs executions each" fuzz tflite keras onnx hdf5 npy
fi
if [ "$level" = full ]; then
  step "whole architectures against TensorFlow" all_architectures
  step "all unit tests on 64-bit Arm" build_and_test aarch64
  step "threads under ThreadSanitizer" threads
  step "clang-tidy" tidy
fi

printf '\n'
[ ${#failed[@]} = 0 ] || printf 'failed: %s\n' "${failed[@]}"
echo "$passed passed, ${#failed[@]} failed"
[ ${#failed[@]} = 0 ]
