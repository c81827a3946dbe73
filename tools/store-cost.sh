#!/usr/bin/env bash
# Shows what a store costs: its time beside plain encoding of the same pictures, in turns, and its memory for 400 and for 40,000 pictures.
# bench/results/store.md keeps one output. usage: tools/store-cost.sh [FILE]
set -eu
cd "$(dirname "$0")/.."
report=${1:-/dev/stdout}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build tools/clipcore -c Release >/dev/null
clipcore="dotnet artifacts/bin/ClipCore.Cli/release/ClipCore.Cli.dll"

list() { # list TIMES FILE: the demo's birds, as often as wanted, as a list
  { echo image,label
    for _ in $(seq "$1"); do for picture in weights/demo/data/waterbirds/*.png; do echo "$PWD/$picture,0"; done; done; } >"$2"
}
seconds() { local start=$EPOCHREALTIME; "$@" >/dev/null; awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

list 10 "$work/4000.csv"
pictures=$(for _ in $(seq 10); do echo weights/demo/data/waterbirds/*.png; done)
for round in 1 2 3; do
  seconds $clipcore encode $pictures --out "$work/encoded.npy" >>"$work/encode"
  seconds $clipcore run "$work/4000.csv" --out "$work/store-$round" >>"$work/run"
  rm -rf "$work/store-$round"
done
encode=$(median <"$work/encode") run=$(median <"$work/run")
list 1 "$work/400.csv"
list 100 "$work/40000.csv"
{
  echo '# What a store costs'
  echo
  echo "Printed by tools/store-cost.sh on $(grep -m 1 'model name' /proc/cpuinfo | cut -d: -f2 | sed 's/^ *//'): the demo model, pictures of 96 × 96 pixels, whole processes from start to end."
  echo
  awk -v e="$encode" -v r="$run" 'BEGIN { printf "4,000 pictures: `encode` %.2f s, `run` %.2f s (medians of three in turns): %.0f %% of the throughput of plain encoding.\n\n", e, r, 100 * e / r }'
  echo '| pictures | peak memory of `run` |'
  echo '|---|---|'
  for count in 400 40000; do
    $clipcore run "$work/$count.csv" --out "$work/store-$count" --json "$work/run.json" >/dev/null
    awk -v n=$count -v b="$(sed -n 's/.*"peakMemoryBytes": *\([0-9]*\).*/\1/p' "$work/run.json")" 'BEGIN { printf "| %d | %.0f MB |\n", n, b / 1e6 }'
    rm -rf "$work/store-$count"
  done
} >"$report"
