#!/bin/sh
# demo.sh LAUDO EXAMPLE diagnoses a recorded incident, shows the report, and
# succeeds when it is the one that was recorded with it.
set -eu
laudo=$1 example=$2
bundle=$example/bundle.tar.gz

code=0
"$laudo" diagnose --from "$bundle" --lang en || code=$?

out=$(mktemp)
trap 'rm -f "$out"' EXIT
COLUMNS=100 LC_ALL=C.UTF-8 "$laudo" diagnose --from "$bundle" --lang en >"$out" || true
echo
if ! diff -u "$example/expected.txt" "$out"; then
	echo "demo: FAILED: the report above differs from $example/expected.txt" >&2
	exit 1
fi
if [ "$code" != 1 ]; then
	echo "demo: FAILED: exit code $code, and an incident is due 1" >&2
	exit 1
fi
echo "demo: the diagnosis came out as recorded ($example)"
