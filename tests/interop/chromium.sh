#!/usr/bin/env bash
# Opens the demo's report and the archived copy of a hostile page in Chromium.
#
#   chromium.sh CHROMIUM IBID WEB DEMO_FOLDER WORK_DIR
#
# IBID is the program, WEB the built example `web`.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
chromium="$1"; ibid="$2"; web="$3"; demo="$4"; work="$5"
rm -rf "$work"; mkdir -p "$work"
fail() { echo "chromium: $*"; exit 1; }
browse() { # URL: its DOM after everything has settled; what the console said goes to $work/console
  timeout 60 "$chromium" --headless --no-sandbox --disable-gpu --disable-background-networking \
    --user-data-dir="$work/profile" --enable-logging=stderr --virtual-time-budget=4000 \
    --dump-dom "$1" 2>"$work/console"
}

# --- the report: everything is in the page, and nothing complains
browse "file://$demo/report.html" >"$work/report.dom"
for words in 'The sea at Lundvik' 'Page not found' 'broken' 'sha256' '<mark>'; do
  grep -qi -- "$words" "$work/report.dom" || fail "the report does not show “$words”"
done
! grep -E 'Refused to|Uncaught|Blocked' "$work/console" || fail "the report broke its own policy"

# --- a page that does all it can to reach a beacon
python3 "$here/beacon.py" "$work/beacon.log" & beacon=$!
trap 'kill "$beacon" ${served:-} 2>/dev/null || true' EXIT
for _ in $(seq 50); do [ -s "$work/beacon.log" ] && break; sleep 0.1; done
port="$(head -1 "$work/beacon.log")"
sed "s|BEACON|http://127.0.0.1:$port|g" "$here/hostile.html" >"$work/hostile.html"
calls() { tail -n +2 "$work/beacon.log" | wc -l; }
browse "file://$work/hostile.html" >/dev/null
[ "$(calls)" -ge 5 ] || fail "the hostile page is not hostile: only $(calls) requests when opened as it is"

# --- the same page, archived and opened from the report
printf 'http://lighthouse.example/log\t200\thostile.html\n' >"$work/table.tsv"
"$web" "$work/table.tsv" >"$work/web.log" 2>&1 & served=$!
for _ in $(seq 50); do grep -q 'http://127.0.0.1:' "$work/web.log" && break; sleep 0.1; done
proxy="$(grep -o 'http://127.0.0.1:[0-9]*' "$work/web.log" | head -1)"
[ -n "$proxy" ] || fail "the example web did not start: $(cat "$work/web.log")"
echo 'The keeper [counted four hundred and twelve ships](http://lighthouse.example/log) in May.' >"$work/draft.md"
(cd "$work" && "$ibid" check draft.md --proxy "$proxy" --fail-on never --quiet --output report.html)
copy="$(find "$work/report-copies" -name '*.html' | head -1)"
[ -n "$copy" ] || fail "the report has no archived copy"
grep -q 'four hundred and twelve' "$copy" || fail "the copy is empty"
before="$(calls)"
browse "file://$copy" >"$work/copy.dom"
grep -q 'Archived copy' "$work/copy.dom" || fail "the copy does not show: $(head -c 300 "$work/copy.dom")"
grep -q 'Blocked script execution' "$work/console" || fail "Chromium did not say that it kept the script from running"
browse "file://$work/report.html" >/dev/null
after="$(calls)"
[ "$before" = "$after" ] || { tail -n +2 "$work/beacon.log" | tail -n "$((after - before))"; fail "the archived page reached out"; }
