#!/usr/bin/env bash
# Times the native builds beside just-in-time code on a random ViT-B/16, in turns, and prints the medians and their ratio;
# bench/results/native.md keeps one output. usage: tools/native-speed.sh [FILE]
set -eu
cd "$(dirname "$0")/.."
report=${1:-/dev/stdout}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build tools/clipcore -c Release >/dev/null
tools/release.sh "$work/release" >/dev/null
jit="dotnet artifacts/bin/ClipCore.Cli/release/ClipCore.Cli.dll"

time_of() { # time_of COMMAND...: milliseconds an image
  "$@" bench --model random:ViT-B-16 --threads "$threads" --seconds 2 --json "$work/bench.json" >/dev/null
  sed -n 's/.*"imageMs": *\([0-9.]*\).*/\1/p' "$work/bench.json"
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

{
  echo '# Native code beside just-in-time code'
  echo
  echo "Printed by tools/native-speed.sh on $(grep -m 1 'model name' /proc/cpuinfo | cut -d: -f2 | sed 's/^ *//'): ViT-B/16, random weights, batch 1, milliseconds an image, medians of five runs in turns."
  echo
  echo '| build | threads | just in time | native | native / just in time |'
  echo '|---|---|---|---|---|'
  for build in v4 v3; do
    grep -qw avx512f /proc/cpuinfo || [ $build = v3 ] || continue
    for threads in 1 2; do
      : >"$work/jit"; : >"$work/native"
      for _ in 1 2 3 4 5; do
        if [ $build = v3 ]; then time_of env DOTNET_EnableAVX512=0 $jit >>"$work/jit"; else time_of $jit >>"$work/jit"; fi
        time_of "$work/release/clipcore-$build" >>"$work/native"
      done
      a=$(median <"$work/jit") b=$(median <"$work/native")
      awk -v build=$build -v threads="$threads" -v a="$a" -v b="$b" 'BEGIN { printf "| x86-64-%s | %d | %.1f | %.1f | %.3f |\n", build, threads, a, b, b / a }'
    done
  done
} >"$report"
