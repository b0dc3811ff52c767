#!/bin/sh
# vulnerabilities.sh looks for known vulnerabilities in what laudo is built
# from. The database is on the network: where it cannot be had, a note says so.
set -eu
out=$(mktemp)
trap 'rm -f "$out"' EXIT
code=0
go tool -modfile=tools/go.mod govulncheck ./... >"$out" 2>&1 || code=$?
if [ "$code" = 0 ] || [ "$code" = 3 ]; then # 3: there are some
	cat "$out"
	exit "$code"
fi
if grep -qiE 'vuln\.go\.dev|dial tcp|no such host|Forbidden|connection refused|timeout' "$out"; then
	echo "vulnerabilities: NOTE: NOT CHECKED: the database of vulnerabilities cannot be reached from here" >&2
	exit 0
fi
cat "$out" >&2
exit "$code"
