#!/bin/sh
# lab.sh runs the tests of the lab: real clusters on this machine, broken and
# diagnosed. It needs root, and some packages, which it installs in CI only.
set -eu
cd "$(dirname "$0")/../lab"

if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
	echo "lab: NOTE: SKIPPED: clusters need root on Linux; only what needs no cluster is tested" >&2
	[ "${1:-}" != catalogue ] || exit 1
	exec go test -short ./...
fi

packages=
need() { # PROGRAM PACKAGE
	command -v "$1" >/dev/null 2>&1 || [ -e "/usr/sbin/$1" ] || [ -e "/usr/lib/cni/$1" ] || packages="$packages $2"
}
need containerd containerd
need runc runc
need ptp containernetworking-plugins
need ip iproute2
need nft nftables
need iptables iptables
need conntrack conntrack
need nsenter util-linux
if [ -n "$packages" ]; then
	if [ "${CI:-}" != true ]; then
		echo "lab: some packages are missing, and are not installed for you:" >&2
		echo "  apt-get install --no-remove$packages" >&2
		exit 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086 # words are wanted
	apt-get install -qq -y --no-remove --no-install-recommends $packages
fi

if [ "${1:-}" = catalogue ]; then
	exec go run . catalogue
fi
set -x
exec go test -timeout 60m ./...
