#!/usr/bin/env bash
# How many lines of each reader its fuzz target reaches, with the kept corpus and with what fuzzing on
# this machine has added to it (build/fuzz/corpus):
#   scripts/fuzz_coverage.sh            all targets
#   scripts/fuzz_coverage.sh npy hdf5   these
# Fails when a reader is reached in fewer than 85 of 100 lines. The line-by-line view of the last run
# is build/coverage/<target>.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
least=85
# What each target is there to reach: the readers, not the writers beside them.
declare -A readers=(
  [tflite]=src/formats/tflite
  [npy]=src/formats/npy
  [hdf5]=src/formats/hdf5
  [keras]="src/formats/keras src/formats/zip"
)
targets=("$@")
[ ${#targets[@]} = 0 ] && targets=(tflite npy hdf5 keras)

scripts/setup.sh coverage
for name in "${targets[@]}"; do build+=(--target "fuzz_$name"); done
scripts/build.sh coverage "${build[@]}" -- --quiet

status=0
printf '%-8s %8s %8s %8s\n' reader lines reached percent
for name in "${targets[@]}"; do
  program=build/coverage/fuzz/fuzz_$name
  profile=build/coverage/$name
  corpora=("fuzz/corpus/fuzz_$name")
  [ -d "build/fuzz/corpus/fuzz_$name" ] && corpora+=("build/fuzz/corpus/fuzz_$name")
  LLVM_PROFILE_FILE=$profile.profraw "$program" -runs=0 -rss_limit_mb=4096 "${corpora[@]}" 2>"$profile.log" ||
    { tail -n 20 "$profile.log"; exit 1; }
  llvm-profdata-14 merge -sparse "$profile.profraw" -o "$profile.profdata"
  # shellcheck disable=SC2086  # one word a folder
  mapfile -t sources < <(git ls-files ${readers[$name]} | grep -E '\.(cc|h)$' | grep -v -E '/write')
  llvm-cov-14 show "$program" -instr-profile="$profile.profdata" "${sources[@]}" >"$profile.txt"
  llvm-cov-14 export -summary-only "$program" -instr-profile="$profile.profdata" "${sources[@]}" |
    python3 -c '
import json, sys
lines = json.load(sys.stdin)["data"][0]["totals"]["lines"]
print("%-8s %8d %8d %8.1f" % (sys.argv[1], lines["count"], lines["covered"], lines["percent"]))
sys.exit(lines["percent"] < float(sys.argv[2]))' "$name" "$least" || status=1
done
exit $status
