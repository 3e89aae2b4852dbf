#!/usr/bin/env bash
# Fetches what Debian 12 has of others' work for machines other than this one. apt checks the signatures; nothing is
# installed, no root is needed and this machine's own package lists stay as they are.
#   scripts/third_party.sh sources DIR   what an sdist carries: headers, minizip's and libmd's sources, the compiled schema
#   scripts/third_party.sh arm64 DIR     a root folder with the libraries of 64-bit Arm, for the preset aarch64-program
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
what=${1:-}
target=${2:-}
case "$what" in
  sources | arm64) [ -n "$target" ] ;;
  *) false ;;
esac || { echo "usage: scripts/third_party.sh sources|arm64 DIR" >&2; exit 2; }

rm -rf "$target"
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"
cat >"$work/apt.conf" <<CONFIG
Dir::State::Lists "$work/lists";
Dir::State::status "/dev/null";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
CONFIG
export APT_CONFIG=$work/apt.conf
cd "$work/packages"
# From where this machine gets Debian itself, there are also the sources and the other architectures.
apt-get -qq update
. /etc/os-release
apt-get indextargets 'Identifier: Packages' 'Component: main' --format '$(REPO_URI) $(RELEASE)' | sort -u |
  while read -r address suite; do
    [[ "$suite" == "$VERSION_CODENAME"* ]] || continue
    for kind in "deb [arch=amd64,arm64" "deb-src ["; do
      echo "$kind signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $address $suite main"
    done
  done >"$work/sources.list"
cat >>"$work/apt.conf" <<CONFIG
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "-";
APT::Architectures { "amd64"; "arm64"; };
CONFIG
apt-get -qq update
unpacked=$work/unpacked
mkdir -p "$unpacked"
get() {
  apt-get -qq download "$@"
  for package in *.deb; do dpkg-deb -x "$package" "$unpacked"; done
}

if [ "$what" = arm64 ]; then
  get zlib1g-dev:arm64 libminizip-dev:arm64 libmd-dev:arm64
  cp -a "$unpacked/usr" "$target/"
  exit 0
fi

get nlohmann-json3-dev rapidjson-dev libcli11-dev libflatbuffers-dev
apt-get -qq source minizip libmd >/dev/null
mkdir -p "$target/include/minizip" "$target/minizip" "$target/libmd" "$target/generated"
for headers in nlohmann rapidjson CLI flatbuffers; do cp -r "$unpacked/usr/include/$headers" "$target/include/"; done
cp minizip-*/{unzip,zip,ioapi,crypt}.h "$target/include/minizip/"
cp minizip-*/{unzip,zip,ioapi}.{c,h} minizip-*/crypt.h minizip-*/debian/copyright "$target/minizip/"
cp libmd-*/include/sha2.h "$target/include/"
cp libmd-*/src/{sha2.c,local-link.h} libmd-*/COPYING "$target/libmd/"
touch "$target/libmd/config.h"  # which configure would have made; nothing it could say matters to sha2.c here
cd "$root/src"
while read -r schema; do
  flatc --cpp -o "$target/generated/$(dirname "$schema")" "$schema"
done < <(find . -name '*.fbs' | sed 's,^\./,,')
