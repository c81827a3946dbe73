#!/usr/bin/env bash
# Makes the release layout for this machine's system: one name to start, clipcore, and beside it the builds that it hands over to.
# usage: tools/release.sh [FOLDER]
set -eu
cd "$(dirname "$0")/.."
out=${1:-artifacts/release}
mkdir -p "$out"
if [ "$(uname -m)" = aarch64 ]; then
  dotnet publish tools/clipcore -c Release -p:PublishProfile=arm64 -p:PublishDir="$PWD/artifacts/publish/arm64/" -warnaserror
  install -m 755 artifacts/publish/arm64/clipcore "$out/clipcore"
else
  for level in v2 v3 v4; do
    dotnet publish tools/clipcore -c Release -p:PublishProfile=x86-64-$level -p:PublishDir="$PWD/artifacts/publish/x86-64-$level/" -warnaserror
    name=clipcore-$level
    [ "$level" = v2 ] && name=clipcore
    install -m 755 "artifacts/publish/x86-64-$level/clipcore" "$out/$name"
  done
fi
ls -l "$out"
