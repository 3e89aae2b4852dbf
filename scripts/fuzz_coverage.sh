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
  [onnx]=src/formats/onnx
)
targets=("$@")
[ ${#targets[@]} = 0 ] && targets=(tflite npy hdf5 keras onnx)

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
  llvm-cov-14 show "$program" -instr-profile="$profile.profdata" >"$profile.txt"
  # shellcheck disable=SC2086  # one word a folder
  llvm-cov-14 export -summary-only "$program" -instr-profile="$profile.profdata" |
    python3 -c '
import json, os, sys
name, least, *folders = sys.argv[1:]
count = covered = 0
for file in json.load(sys.stdin)["data"][0]["files"]:
    path = os.path.relpath(os.path.normpath(file["filename"]))
    folder, _, base = path.rpartition("/")
    if any((folder + "/").startswith(each + "/") for each in folders) and not base.startswith("write"):
        count += file["summary"]["lines"]["count"]
        covered += file["summary"]["lines"]["covered"]
percent = 100 * covered / count
print("%-8s %8d %8d %8.1f" % (name, count, covered, percent))
sys.exit(percent < float(least))' "$name" "$least" ${readers[$name]} || status=1
done
exit $status
