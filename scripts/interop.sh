#!/usr/bin/env bash
# Runs the tests in which TensorFlow and LiteRT are the judges; arguments go to pytest:
#   scripts/interop.sh                       all of them
#   scripts/interop.sh -k max_pool           those with a name like that
# LITESMITH_BIN names the program to judge (default: build/release/cli/litesmith).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
if ! python=$("$root/scripts/judges.sh"); then
  echo "interop: the judges could not be installed (no network?)" >&2
  [ "${CI:-}" = true ] && exit 1
  echo "interop: SKIPPED, nothing was compared"
  exit 0
fi
cd "$root/tests/interop"
export TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=0 CUDA_VISIBLE_DEVICES= PYTHONDONTWRITEBYTECODE=1
# A file of tests goes to one process: what it converted once, its tests share.
exec "$python" -m pytest -q -p no:cacheprovider -rs -n "$(nproc)" --dist loadfile "$@"
