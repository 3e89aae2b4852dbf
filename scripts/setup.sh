#!/usr/bin/env bash
# Installs the Debian packages that a level of work needs, and nothing when they are there already:
#   scripts/setup.sh build    compile and run litesmith and its unit tests
#   scripts/setup.sh bench    and Google Benchmark, for the suite in bench/
#   scripts/setup.sh ci       and what the checks need: clang, the Arm cross compiler, qemu, Python
#   scripts/setup.sh wheel    what scripts/build_wheel.sh needs
#   scripts/setup.sh coverage what scripts/fuzz_coverage.sh needs
# Works as root or through sudo; needs no network once the packages are installed.
set -euo pipefail

build=(
  g++ cmake ninja-build git ca-certificates
  flatbuffers-compiler libflatbuffers-dev libminizip-dev zlib1g-dev libmd-dev
  nlohmann-json3-dev rapidjson-dev libcli11-dev libfmt-dev libgtest-dev libgmock-dev
)
ci=(
  clang clang-tidy clang-format libclang-rt-14-dev  # a second compiler, fuzzing, style
  g++-aarch64-linux-gnu qemu-user                   # tests on 64-bit Arm
  python3 python3-dev python3-venv                  # the judges, the Python package, scripts of checks
  valgrind                                          # counts instructions
  ccache                                            # the Python package compiles what the program did
  graphviz                                          # inspect --graph, when a test draws
)
coverage=(clang libclang-rt-14-dev llvm-14 python3)
bench=(libbenchmark-dev)
wheel=(
  debootstrap dpkg-dev binutils                     # a clean Debian to try things in, sources of others
  g++-aarch64-linux-gnu qemu-user                   # the program for 64-bit Arm
  python3 python3-dev python3-venv
)
case "${1:-build}" in
  bench) wanted=("${build[@]}" "${bench[@]}") ;;
  build) wanted=("${build[@]}") ;;
  ci) wanted=("${build[@]}" "${ci[@]}") ;;
  wheel) wanted=("${build[@]}" "${wheel[@]}") ;;
  coverage) wanted=("${build[@]}" "${coverage[@]}") ;;
  *) echo "usage: scripts/setup.sh [build|bench|ci|wheel|coverage]" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} = 0 ]; then
  echo "setup: all ${#wanted[@]} packages are installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "setup: needs root or sudo to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "setup: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
