#!/bin/sh
# lab.sh runs the tests of the lab, and has laudo judged on the faults of its
# catalogue: real clusters on this machine, broken, diagnosed and cured as the
# diagnosis says. It needs root on Linux, and packages that the lab names, and
# installs in CI only. "lab.sh catalogue" judges every profile, and keeps the
# figures in docs/catalogue.md.
set -eu
cd "$(dirname "$0")/../lab"

if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
	echo "************************************************************************" >&2
	echo "* NOT TESTED ON A REAL CLUSTER: that takes root on Linux" >&2
	echo "************************************************************************" >&2
	[ "${1:-}" != catalogue ] || exit 1
	exec go test -short ./...
fi

laudo=$PWD/../bin/laudo
(cd .. && go build -o bin/laudo ./cmd/laudo)

judge() { # PROFILE ARGS...
	profile=$1
	shift
	go run . judge --fresh --name "judge$$" --profile "$profile" --laudo "$laudo" "$@"
}

if [ "${1:-}" != catalogue ]; then
	set -x
	go test -timeout 40m ./...
	# The ten that came first; the whole catalogue takes longer.
	judge deployment-mtls agent-cert-expired agent-cert-other-ca agent-bundle-stale \
		server-cert-expired server-cert-san agents-scaled-to-zero agents-crash-looping \
		agent-port-blocked kubelet-port-blocked kubelet-stopped
	exit
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
code=0
{
	echo "# The catalogue of faults, judged"
	echo
	echo "Made by \`make catalogue\` on $(date -u +%F), at commit $(git rev-parse --short HEAD), on $(nproc) cores."
	for profile in deployment-mtls daemonset-token http-connect; do
		judge "$profile" --out "$out/$profile.md" >&2 || code=1
		echo
		echo "## $profile"
		echo
		cat "$out/$profile.md"
	done
} >"$out/catalogue.md"
cp "$out/catalogue.md" ../docs/catalogue.md
exit "$code"
