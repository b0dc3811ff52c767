#!/bin/sh
# unit.sh runs the tests of this module, with the race detector where there is
# a C compiler for it.
set -eu
race=-race
if [ "$(go env CGO_ENABLED)" != 1 ] || ! command -v "$(go env CC)" >/dev/null 2>&1; then
	race=
	echo "unit: NOTE: no C compiler, so no race detector (on Debian: apt-get install gcc libc6-dev)" >&2
fi
set -x
# The race detector sees in one replay what it sees in a hundred; the hundred
# are for what the program says.
go test -timeout 20m $race -short ./...
exec go test -timeout 20m . ./decode ./evidence
