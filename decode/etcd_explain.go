package decode

var etcdClues = []clue{
	{on: "etcd-no-space", says: w("etcd's space quota is used up: it takes no more writes until compacted, defragmented and disarmed", "a cota de espaço do etcd acabou: não aceita escritas até compactar, desfragmentar e desarmar o alarme"), points: []point{{"etcd-slow", 66}}, sure: true},
	{on: "etcd-no-leader", says: w("etcd has no leader: too few members reach each other", "o etcd não tem líder: poucos membros se alcançam"), points: []point{{"etcd-down", 52}, {"port", 18}, {"etcd-slow", 14}, {"cert-expired", 10}}},
	{on: "etcd-stopped", says: w("the API server has no connection to a running etcd", "o servidor da API não tem conexão com um etcd que rode"), points: []point{{"etcd-down", 50}, {"cert-expired", 16}, {"etcd-slow", 16}, {"port", 12}}},
	{on: "etcd-members", says: w("etcd's members do not agree on who is one of them: a member was removed, or its data is of another cluster", "os membros do etcd não concordam sobre quem é membro: um foi removido, ou seus dados são de outro cluster"), points: []point{{"etcd-down", 54}, {"other", 20}}},
	{on: "etcd-busy", says: w("etcd turns requests away", "o etcd rejeita requisições"), points: []point{{"etcd-slow", 52}}},
	{on: "etcd-compacted", says: w("a client asked for a revision that etcd has thrown away, as it does every few minutes: it lists anew", "um cliente pediu uma revisão que o etcd já descartou, como faz a cada poucos minutos: ele lista de novo"), points: []point{{"etcd-slow", 16}, {"overload", 12}}},
	{on: "etcd-leader-changed", says: w("etcd's leader changes: slow disks or a shaky network", "o líder do etcd muda: discos lentos ou rede instável"), points: []point{{"etcd-slow", 42}, {"port", 20}, {"etcd-down", 12}}},
	{on: "etcd-timeout", says: w("etcd did not finish in time", "o etcd não terminou a tempo"), points: []point{{"etcd-slow", 44}, {"etcd-down", 26}, {"port", 15}}},
	{on: "etcd-too-large", says: w("an object is larger than etcd takes", "um objeto é maior do que o etcd aceita"), points: []point{{"other", 55}}},
	{on: "etcd-corrupt", says: w("etcd's members disagree on what is stored", "os membros do etcd discordam do que está guardado"), points: []point{{"etcd-down", 50}, {"bug", 15}}},
	{on: "etcd-slow", says: w("etcd is slow", "o etcd está lento"), points: []point{{"etcd-slow", 46}}},
	{on: "etcd-rejected", also: "tls-validity", says: w("etcd refused a connection", "o etcd recusou uma conexão"), points: []point{{"cert-expired", 12}, {"clock", 6}}},
	{on: "etcd-rejected", also: "tls-bad-certificate", says: w("whoever connects to etcd refused what it shows: another CA, names, or its end", "quem conecta ao etcd recusou o que ele apresenta: outra CA, nomes, ou o fim"), points: []point{{"ca-mismatch", 14}, {"cert-expired", 10}, {"san", 10}}},
	{on: "etcd-rejected", also: "tls-san", says: w("etcd refused a connection", "o etcd recusou uma conexão")},
	{on: "etcd-read-index", says: w("a member got no answer from its leader in time: a slow network between them, or a slow leader", "um membro não recebeu resposta do líder a tempo: rede lenta entre eles, ou líder lento"), points: []point{{"etcd-slow", 40}, {"port", 24}, {"etcd-down", 14}}},
	{on: "etcd-peer-lost", says: w("a member does not keep up with another, or cannot reach it: the other is down, slow, or behind a bad network", "um membro não acompanha outro, ou não o alcança: o outro está fora, lento, ou atrás de uma rede ruim"), points: []point{{"etcd-down", 34}, {"port", 28}, {"etcd-slow", 24}}},
	{on: "etcd-rejected", says: w("etcd refused a connection", "o etcd recusou uma conexão"), points: []point{{"cert-expired", 24}, {"client-ca-mismatch", 22}, {"san", 10}}},
	{on: "etcd-unhealthy", says: w("the API server cannot use etcd", "o servidor da API não consegue usar o etcd"), points: []point{{"etcd-down", 46}, {"cert-expired", 14}, {"etcd-slow", 14}}},
}
