#!/usr/bin/env bash
# Puts the demo's WARC files into pywb and replays one page from it.
#
#   pywb.sh VENV_BIN DEMO_FOLDER WORK_DIR
set -euo pipefail
bin="$1"; demo="$2"; work="$3"
rm -rf "$work"; mkdir -p "$work"; cd "$work"
"$bin/wb-manager" init demo >/dev/null 2>&1
"$bin/wb-manager" add demo "$demo"/archive/*.warc.gz >add.log 2>&1 || { cat add.log; exit 1; }
url="$(grep -o 'http://[^ )]*/levels' "$demo/draft.md" | head -1)"
[ -n "$url" ] || { echo "the demo's document names no page to replay"; exit 1; }
port=18411
"$bin/wayback" -b 127.0.0.1 -p "$port" >server.log 2>&1 </dev/null & pid=$!
trap 'kill "$pid" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  curl -fsS -o /dev/null --max-time 1 "http://127.0.0.1:$port/" 2>/dev/null && break
  kill -0 "$pid" 2>/dev/null || { echo "pywb ended:"; tail -3 server.log; exit 1; }
  sleep 0.2
done
curl -sS --max-time 20 -L -o page "http://127.0.0.1:$port/demo/2026id_/$url"
grep -q 'mean level has risen' page || { echo "the page is not replayed:"; head -c 500 page; exit 1; }
