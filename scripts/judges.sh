#!/usr/bin/env bash
# Prints the path of a Python that has the judges (tests/interop/requirements.txt, or another file that is given:
#   scripts/judges.sh tests/interop/tflm-requirements.txt). Their virtual
# environment lives in the user's cache under the hash of that file, so it is made once and found
# again by every checkout, and it needs no network once made.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
requirements=${1:-$root/tests/interop/requirements.txt}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/litesmith
python=$(command -v python3)
hash=$({ cat "$requirements"; "$python" --version; } | sha256sum | cut -c1-16)
environment=$cache/judges-$hash

if [ ! -e "$environment/complete" ]; then
  mkdir -p "$cache"
  exec 9>"$cache/judges.lock"
  flock 9  # two runs at once make it once
fi
if [ ! -e "$environment/complete" ]; then
  echo "judges: making $environment (the judges are about 700 MB from PyPI, once)" >&2
  rm -rf "$environment"
  "$python" -m venv "$environment" >&2
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --no-cache-dir --requirement "$requirements" >&2
  touch "$environment/complete"
fi
echo "$environment/bin/python"
