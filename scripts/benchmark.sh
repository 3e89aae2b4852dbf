#!/usr/bin/env bash
# Measures litesmith beside LiteRT, ONNX Runtime and TensorFlow and writes the table of
# docs/performance.md. Takes minutes, wants a quiet machine, and is no part of CI:
#   scripts/benchmark.sh                      everything but the large networks
#   scripts/benchmark.sh --only wake_word     one group (--help lists them); the rest of the table stays
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(scripts/judges.sh)
[ -x build/release/cli/litesmith ] || scripts/build.sh release -- --quiet
export TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=0 CUDA_VISIBLE_DEVICES= PYTHONDONTWRITEBYTECODE=1
PATH=$(dirname "$python"):$PATH exec "$python" scripts/benchmark.py "$@"
