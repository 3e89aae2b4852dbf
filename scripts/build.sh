#!/usr/bin/env bash
# Configures and builds a CMake preset with as many jobs as memory allows:
#   scripts/build.sh release [cmake --build arguments...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
# A compiler process of this project takes up to 1 GB.
gigabytes=$(awk '/MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
cores=$(nproc)
jobs=$((gigabytes < cores ? gigabytes : cores))
cmake --preset "$preset" >"/tmp/litesmith-configure-$$" 2>&1 ||
  { cat "/tmp/litesmith-configure-$$" >&2; rm -f "/tmp/litesmith-configure-$$"; exit 1; }
rm -f "/tmp/litesmith-configure-$$"
cmake --build --preset "$preset" -j "$((jobs > 0 ? jobs : 1))" "$@"
