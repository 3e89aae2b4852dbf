#!/usr/bin/env bash
# Makes what is handed out, in dist/, and tries each where nothing else of ours is:
#   the wheel for x86-64 and the Python that runs this, in a Debian that holds Python alone
#   the sdist, in the same with g++, cmake and zlib
#   the static programs for x86-64 and 64-bit Arm, which must give the same bytes (Arm under qemu)
# Needs root or sudo (debootstrap, chroot) and scripts/setup.sh wheel. About half an hour, most of it the sdist.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
scripts/setup.sh wheel
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
say() { printf '\n=== %s\n' "$*"; }
fail() { echo "build_wheel: $*" >&2; exit 1; }

tools=$root/build/wheel-tools
if ! cmp -s scripts/wheel_requirements.txt "$tools/complete"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/wheel_requirements.txt
  cp scripts/wheel_requirements.txt "$tools/complete"
fi
export PATH=$tools/bin:$PATH
"${as_root[@]}" rm -rf dist build/wheel build/sdist build/clean-room
mkdir -p dist build/wheel build/sdist

say "sdist"
# What is committed, and the copies of others' work that Debian's -dev packages are elsewhere.
git archive --format=tar HEAD | tar -x -C build/sdist
scripts/third_party.sh sources build/sdist/third_party
python -m build --no-isolation --sdist --outdir dist build/sdist >build/wheel.log 2>&1 ||
  { tail -n 40 build/wheel.log; exit 1; }
sdist=$(ls dist/*.tar.gz)

say "wheel"
python -m build --no-isolation --wheel --outdir build/wheel . >build/wheel.log 2>&1 ||
  { tail -n 40 build/wheel.log; exit 1; }
# The tag is the lowest that the symbols allow. Nothing is grafted in: only the C library is linked.
auditwheel repair --wheel-dir dist build/wheel/*.whl
wheel=$(ls dist/*.whl)
python - "$wheel" <<'PYTHON'
import os, re, subprocess, sys, tempfile, zipfile
wheel = sys.argv[1]
size = os.path.getsize(wheel)
assert size < 6_000_000, f"{wheel} has {size} bytes, more than 6 MB"
with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
    names = archive.namelist()
    assert not [name for name in names if ".libs/" in name], "auditwheel grafted libraries in"
    libraries = [name for name in names if name.endswith(".so")]
    assert len(libraries) == 1, libraries
    archive.extract(libraries[0], folder)
    text = subprocess.run(["readelf", "--dynamic", os.path.join(folder, libraries[0])], check=True,
                          capture_output=True, text=True).stdout
needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", text))
assert needed <= {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"}, needed
inside = {os.path.basename(name) for name in names if "/licenses/" in name}
wanted = {"LICENSE", *(name for name in os.listdir("licenses") if name.endswith(".txt"))}
assert wanted <= inside, f"licence texts that are missing: {wanted - inside}"
print(f"{os.path.basename(wheel)}: {size:,} bytes, needs {', '.join(sorted(needed))}, {len(wanted)} licence texts")
PYTHON

say "programs"
scripts/build.sh release --target litesmith -- --quiet
scripts/third_party.sh arm64 build/arm64-root
scripts/build.sh aarch64-program --target litesmith -- --quiet
strip -o dist/litesmith-x86_64 build/release/cli/litesmith
aarch64-linux-gnu-strip -o dist/litesmith-aarch64 build/aarch64-program/cli/litesmith
for machine in x86_64 aarch64; do
  file=dist/litesmith-$machine
  readelf --dynamic "$file" | grep -q NEEDED && fail "$file is not static"
  run=("$file")
  [ "$machine" = "$(uname -m)" ] || run=("qemu-$machine" "$file")
  out=build/wheel/$machine
  mkdir -p "$out"
  for mode in float32 dynamic_range int8 float16 int16x8; do
    "${run[@]}" convert examples/wake_word/wake_word.keras -o "$out/$mode.tflite" --mode "$mode" \
      $([[ $mode == int* ]] && echo --calibrate examples/wake_word/calibration_features.npy) >"$out/$mode.txt"
  done
  "${run[@]}" run "$out/int8.tflite" --input examples/wake_word/test_features.npy --output "$out/scores.npy"
  "${run[@]}" run "$out/float32.tflite" --input examples/wake_word/test_features.npy --output "$out/float_scores.npy"
  "${run[@]}" evaluate "$out/int8.tflite" --data examples/wake_word/test_features.npy \
    --labels examples/wake_word/test_labels.npy --no-latency >"$out/evaluation.txt"
  (cd "$out" && sha256sum ./*.tflite ./*.npy evaluation.txt) >"build/wheel/$machine.sums"
done
cmp build/wheel/x86_64.sums build/wheel/aarch64.sums || fail "the Arm program's bytes are others"
echo "both programs make the same $(wc -l <build/wheel/aarch64.sums) files"

say "a clean room"
site=$(apt-get indextargets 'Identifier: Packages' 'Component: main' --format '$(RELEASE) $(REPO_URI)' |
  sort -u | awk -v suite="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$1 == suite {print $2; exit}')
room=$root/build/clean-room
"${as_root[@]}" debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
  "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$room" "$site" >build/debootstrap.log 2>&1 ||
  { tail -n 20 build/debootstrap.log; exit 1; }
inside() {
  "${as_root[@]}" chroot "$room" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore "$@"
}
"${as_root[@]}" cp -L /etc/resolv.conf "$room/etc/"
# The same certificates as outside, which pip is told of.
"${as_root[@]}" cp -L /etc/ssl/certs/ca-certificates.crt "$room/etc/ssl/certs/"
"${as_root[@]}" mkdir -p "$room/work"
"${as_root[@]}" cp dist/*.whl "$sdist" examples/wake_word/{wake_word.keras,calibration_features.npy} "$room/work/"
"${as_root[@]}" tee "$room/work/proof.py" >/dev/null <<'PYTHON'
import hashlib, litesmith, os, subprocess, sys
made = litesmith.quantize("/work/wake_word.keras", "int8", "/work/calibration_features.npy").to_bytes()
print(litesmith.__version__, hashlib.sha256(made).hexdigest())
subprocess.run([os.path.join(os.path.dirname(sys.executable), "litesmith"), "--version"], check=True)
PYTHON
prove() {  # prove VENV FILE: installs the file and nothing else, converts, compares with the program's file
  inside python3 -m venv "/work/$1"
  inside "/work/$1/bin/pip" install --quiet --cert /etc/ssl/certs/ca-certificates.crt "/work/$(basename "$2")"
  inside "/work/$1/bin/python" /work/proof.py | tee "build/wheel/$1.txt"
  grep -q "$(sha256sum build/wheel/x86_64/int8.tflite | cut -d' ' -f1)" "build/wheel/$1.txt" ||
    fail "$2 makes another int8 file than the program"
}
prove wheel "$wheel"
inside apt-get -qq install -y --no-install-recommends g++ cmake zlib1g-dev python3-dev >build/debootstrap.log 2>&1 ||
  { tail -n 20 build/debootstrap.log; exit 1; }
prove sdist "$sdist"
"${as_root[@]}" rm -rf "$room"

say "done"
ls -l dist
