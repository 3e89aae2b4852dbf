#!/usr/bin/env bash
# Builds the Python package, installs it beside the judges and runs tests/python; arguments go to pytest:
#   scripts/python.sh                 all of them
#   scripts/python.sh -k interrupt    those with a name like that
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
if ! judges=$("$root/scripts/judges.sh"); then
  echo "python: the judges could not be installed (no network?)" >&2
  [ "${CI:-}" = true ] && exit 1
  echo "python: SKIPPED, nothing was tested"
  exit 0
fi
# An environment of its own on top of the judges', so that theirs stays as pinned.
environment=$root/build/python-tests
requirements=$root/tests/python/requirements.txt
if ! cmp -s "$requirements" "$environment/complete"; then
  rm -rf "$environment"
  "$judges" -m venv "$environment"
  "$judges" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    >"$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/judges.pth"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --requirement "$requirements"
  cp "$requirements" "$environment/complete"
fi
python=$environment/bin/python
# In the folder of the release build: what the program is made of is compiled once for both.
"$python" -m pip install --quiet --disable-pip-version-check --no-input --no-build-isolation --no-deps \
  --force-reinstall --config-settings=build-dir=build/release --config-settings=cmake.define.LITESMITH_TESTS=ON \
  "$root"
"$python" -m mypy --config-file "$root/pyproject.toml" "$root/python/litesmith"
cd "$root/tests/python"
export TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=0 CUDA_VISIBLE_DEVICES= PYTHONDONTWRITEBYTECODE=1
exec "$python" -m pytest -q -p no:cacheprovider -rs "$@"
