#!/usr/bin/env bash
# Runs `clipcore verify` in every way that this machine offers: just in time, without hardware intrinsics, natively compiled for x86-64-v2, v3 and v4, and for
# ARM64 under qemu-user. Needs the packages clang, zlib1g-dev, qemu-user, libc6-arm64-cross and libstdc++6-arm64-cross. Prints what it found;
# bench/results/verify.md keeps one output. usage: tools/verify-everywhere.sh [FILE]
set -u
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
report=${1:-/dev/stdout}
failed=0

row() { # row NAME COMMAND...
  local name=$1 start=$SECONDS line code
  shift
  "$@" >"$work/out" 2>&1
  code=$?
  line=$(grep -E 'runs (have|differ)' "$work/out" | tail -n 1)
  [ "$code" -eq 0 ] || failed=$((failed + 1))
  echo "| $name | ${line:-failed: $(tail -n 1 "$work/out")} | $((SECONDS - start)) s |" >>"$work/report"
  echo "$name: ${line:-failed} (exit code $code)" >&2
}

dotnet build tools/clipcore -c Release >/dev/null || exit 1
tools/release.sh "$work/release" >/dev/null || exit 1
dotnet publish tools/clipcore -c Release -r linux-arm64 --self-contained -p:PublishAot=false -o "$work/arm64" >/dev/null || exit 1
jit="dotnet artifacts/bin/ClipCore.Cli/release/ClipCore.Cli.dll"

row 'just in time' $jit verify
row 'just in time, AVX-512 off' env DOTNET_EnableAVX512=0 $jit verify
row 'just in time, all hardware intrinsics off' env DOTNET_EnableHWIntrinsic=0 $jit verify --quick
row 'native, x86-64-v2 (no FMA: computed in software)' env CLIPCORE_NO_HANDOVER=1 "$work/release/clipcore" verify --quick
row 'native, x86-64-v3' "$work/release/clipcore-v3" verify
row 'native, x86-64-v4' "$work/release/clipcore-v4" verify
row 'ARM64 (NEON is the 128-bit width), under qemu' env DOTNET_GCHeapHardLimit=0x20000000 qemu-aarch64 -L /usr/aarch64-linux-gnu "$work/arm64/ClipCore.Cli" verify --quick

{
  echo '# The same bits everywhere'
  echo
  echo "Printed by tools/verify-everywhere.sh on $(grep -m 1 'model name' /proc/cpuinfo | cut -d: -f2 | sed 's/^ *//')."
  echo
  echo '| how | found | time |'
  echo '|---|---|---|'
  cat "$work/report"
} >"$report"
[ "$failed" -eq 0 ]
