#!/usr/bin/env bash
# The main job on the example that ships with the repository: installs what is missing, builds, and
# turns the wake-word network into five LiteRT files with the table that judges them.
#   scripts/demo.sh [FOLDER]    where the files go; out/demo when not given
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-out/demo}
example=examples/wake_word

echo "demo: packages"
scripts/setup.sh build
echo "demo: building litesmith (some minutes the first time)"
scripts/build.sh release --target litesmith -- --quiet
echo "demo: five files from $example/wake_word.keras, judged on speakers the network never heard"
echo
build/release/cli/litesmith optimize "$example/wake_word.keras" \
  --calibrate "$example/calibration_features.npy" \
  --evaluate "$example/test_features.npy" --labels "$example/test_labels.npy" \
  --io uint8 --explain-cast --out "$out"
echo
echo "demo: files, table.md, results.csv, results.json and accuracy_size.svg are in $out"
