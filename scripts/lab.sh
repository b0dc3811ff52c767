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
(cd .. && CGO_ENABLED=0 go build -o bin/laudo ./cmd/laudo)

program=$(mktemp)
out=$(mktemp -d)
trap 'rm -rf "$program" "$out"' EXIT
go build -o "$program" .

judge() { # NAME PROFILE ARGS...
	name=$1$$ profile=$2
	shift 2
	"$program" judge --fresh --name "$name" --profile "$profile" --laudo "$laudo" --node-probe "$@"
}

# The faults of the tunnel, which differ from profile to profile.
tunnel="agent-cert-expired agent-cert-other-ca agent-bundle-stale server-cert-expired server-cert-san
	agents-scaled-to-zero agents-crash-looping agent-port-blocked kubelet-port-blocked kubelet-stopped"

in_profile() { # PROFILE FAULTS...: those that can happen in it
	"$program" faults --profile "$1" -o name | grep -vF + | grep -xF "$(printf '%s\n' "$@")"
}

if [ "${1:-}" != catalogue ]; then
	set -x
	go test -timeout 40m ./...
	# The ten that came first; the whole catalogue takes longer.
	judge judge deployment-mtls $(in_profile deployment-mtls $tunnel)
	exit
fi

record=${RECORD:+--record $RECORD}
code=0

alone() { # REMAINDER: every second fault of those that can happen in the first profile
	"$program" faults --profile deployment-mtls -o name | grep -vF + | awk -v r="$1" 'NR % 2 == r'
}

# Two labs at once: each fault in the first profile, half of them in either, and
# then the pairs, and what differs in the other profiles.
{
	judge one deployment-mtls --variants --out "$out/1.md" $record $(alone 1) || echo failed >"$out/failed"
	for profile in daemonset-token http-connect; do
		judge other $profile --variants --out "$out/4-$profile.md" $record $(
			in_profile $profile $tunnel
			"$program" faults --profile $profile --only -o name
		) || echo failed >"$out/failed"
	done
} &
first=$!
{
	judge two deployment-mtls --variants --out "$out/2.md" $record $(alone 0) || echo failed >"$out/failed"
	judge pairs deployment-mtls --pairs --out "$out/3.md" $record || echo failed >"$out/failed"
} &
trap 'kill $first $! 2>/dev/null; wait; rm -rf "$program" "$out"' EXIT INT TERM
wait $first
wait $!
[ ! -e "$out/failed" ] || code=1
{
	echo "# The catalogue of faults, judged"
	echo
	echo "Made by \`make catalogue\` on $(date -u +%F), at commit $(git rev-parse --short HEAD), on $(nproc) cores, two labs at once."
	echo
	echo "*Rank*, *open* (causes named without certainty) and *requests* stand once for each standpoint."
	for part in "1:Every fault, one half" "2:Every fault, the other half" "3:Pairs" \
		"4-daemonset-token:Agents that are a DaemonSet and present tokens" "4-http-connect:A tunnel in http-connect mode"; do
		[ -e "$out/${part%%:*}.md" ] || continue
		echo
		echo "## ${part#*:}"
		echo
		cat "$out/${part%%:*}.md"
	done
} >../docs/catalogue.md
exit "$code"
