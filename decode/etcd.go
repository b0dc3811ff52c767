package decode

// etcdFaults are etcd's, in its own log and as the API server repeats them.
// Sources: etcd v3.7 api/v3rpc/rpctypes/error.go, server/etcdserver, 2026-11.
var etcdFaults = []fault{
	{id: "etcd-no-space", stage: "health", has: "database space exceeded", hop: apiToEtcd, weight: 5},
	{id: "etcd-no-space", stage: "health", has: "NOSPACE", hop: apiToEtcd, weight: 5, re: rx(`\bNOSPACE\b`)},
	{id: "etcd-no-space", stage: "health", has: "etcdserver: no space", hop: apiToEtcd, weight: 5},
	{id: "etcd-no-leader", stage: "health", has: "etcdserver: unhealthy cluster", hop: apiToEtcd, weight: 5},
	{id: "etcd-no-leader", stage: "health", has: "not enough started members", hop: apiToEtcd, weight: 5},
	{id: "etcd-stopped", stage: "process", has: "etcdserver: server stopped", hop: apiToEtcd, weight: 4},
	{id: "etcd-stopped", stage: "process", has: "etcd client connection not yet established", hop: apiToEtcd, weight: 4},
	{id: "etcd-stopped", stage: "process", has: "etcd grpc connection not ready", hop: apiToEtcd, weight: 4},
	{id: "etcd-stopped", stage: "process", has: "rror getting data from etcd", hop: apiToEtcd, weight: 3},
	{id: "etcd-members", stage: "config", has: "etcdserver: cluster ID mismatch", hop: etcdToEtcd, weight: 4},
	{id: "etcd-members", stage: "config", has: "etcdserver: member not found", hop: etcdToEtcd, weight: 4},
	{id: "etcd-members", stage: "config", has: "request cluster ID mismatch", hop: etcdToEtcd, weight: 4},
	{id: "etcd-members", stage: "config", has: "the member has been permanently removed from the cluster", hop: etcdToEtcd, weight: 4},
	{id: "etcd-busy", stage: "health", has: "etcdserver: too many requests", hop: apiToEtcd, weight: 4},
	{id: "etcd-compacted", stage: "health", has: "required revision has been compacted", hop: apiToEtcd, weight: 2},
	{id: "etcd-no-leader", stage: "health", has: "etcdserver: no leader", hop: apiToEtcd, weight: 5},
	{id: "etcd-leader-changed", stage: "health", has: "etcdserver: leader changed", hop: apiToEtcd, weight: 4},
	{id: "etcd-timeout", stage: "health", has: "etcdserver: request timed out", hop: apiToEtcd, weight: 4},
	{id: "etcd-too-large", stage: "config", has: "etcdserver: request is too large", hop: apiToEtcd, weight: 4},
	{id: "etcd-corrupt", stage: "health", has: "etcdserver: corrupt cluster", hop: apiToEtcd, weight: 5},
	{id: "etcd-slow", stage: "health", has: "apply request took too long", weight: 2},
	{id: "etcd-slow", stage: "health", has: "slow fdatasync", weight: 3},
	{
		id: "etcd-rejected", stage: "tls", has: "rejected connection", weight: 3,
		re: rx(`rejected connection(?: on \w+ endpoint)?`),
	},
	{id: "etcd-unhealthy", stage: "health", has: "[-]etcd", hop: apiToEtcd, weight: 3},
}
