package components

import (
	"strings"
	"time"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// etcd keeps all objects. Only the API server speaks to it, so that it is seen
// by what the API server says of it, and by whether anything gets written.
var etcd = theory.Component{
	Name: "etcd",
	For: message.Word{
		EN: "the database of all objects; only the API server speaks to it, each showing the other a certificate",
		PT: "o banco de dados de todos os objetos; só o servidor da API fala com ele, e cada um mostra um certificado ao outro",
	},
	Laws: []theory.Law{
		{
			ID: "etcd-serves",
			Doc: "etcd answers the API server\n\n" +
				"The API server reads a key of etcd for its readiness checks etcd and etcd-readiness. That fails where etcd does not run, has no quorum, hangs or is out of reach, and where one of the certificates between the two has expired: the check does not say which. " +
				"Source: k8s.io/apiserver v0.37, pkg/storage/storagebackend/factory; tried in the lab (2026-11).",
			Reads: []theory.Read{versionRead, readyzRead, {Verb: theory.VerbHost}},
			State: etcdServes,
		},
		{
			ID: "etcd-writes",
			Doc: "what is written is kept\n\n" +
				"Kubelets, leaders and the API server itself renew their Leases every 2 to 10 s. Where none is renewed any more, though the API server answers, nothing can be written. Its counters of etcd's errors then tell whether etcd refuses writes; etcd does so, and goes on answering reads, when its database has reached its quota. " +
				"Sources: etcd.io/docs/v3.6/op-guide/maintenance, space quota; k8s.io/apiserver v0.37, pkg/storage/etcd3/metrics; tried in the lab (2026-11).",
			Reads: []theory.Read{versionRead, {Verb: theory.VerbList, Resource: evidence.Leases.Name}, metricsRead},
			State: etcdWrites,
		},
	},
}

const (
	etcdID       = diagnose.ID("etcd")
	etcdWritesID = diagnose.ID("etcd-writes")
	// unwritten is how old the last renewal of any Lease may be: the slowest of
	// those that renew do so every 10 s.
	unwritten = 25 * time.Second
	// scrapes is how many scrapes are taken, at most, to see writes fail: from
	// the third on they are 2 s apart, and a kubelet tries every 10 s.
	scrapes = 8
)

var (
	etcdSuspect = message.Word{EN: "etcd does not answer the API server", PT: "o etcd não responde ao servidor da API"}
	etcdHolds   = message.Word{EN: "the API server can read from etcd", PT: "o servidor da API consegue ler do etcd"}
	etcdBroken  = message.Word{
		EN: "The API server cannot use etcd: its readiness check %[1]s fails. etcd does not run, has lost its quorum, hangs, or one of the certificates that the two show each other is not valid.",
		PT: "O servidor da API não consegue usar o etcd: sua verificação de prontidão %[1]s falha. O etcd não está em execução, perdeu o quórum, travou, ou um dos certificados que os dois se mostram não é válido.",
	}
	etcdStart  = message.Word{EN: "See on each control-plane machine whether etcd runs, and why not, and start it (on a managed cluster: ask the provider)", PT: "Veja em cada máquina do plano de controle se o etcd está em execução, e por que não, e inicie-o (em cluster gerenciado: consulte o provedor)"}
	etcdRenew  = message.Word{EN: "See whether a certificate between the API server and etcd has expired, and renew it; etcd and kube-apiserver have to start again to use it", PT: "Veja se algum certificado entre o servidor da API e o etcd venceu, e renove-o; o etcd e o kube-apiserver precisam reiniciar para usá-lo"}
	etcdNot    = message.Word{EN: "restoring a backup, or removing a member, before it is known why etcd does not answer", PT: "restaurar um backup, ou remover um membro, antes de saber por que o etcd não responde"}
	etcdRemedy = &theory.Remedy{
		Steps: []theory.Step{
			{Text: etcdStart.With(), Command: "crictl ps -a --name etcd; crictl logs $(crictl ps -aq --name etcd | head -1) 2>&1 | tail -50", Action: "start-component", Args: map[string]string{"name": "etcd"}},
			{Text: etcdRenew.With(), Command: "kubeadm certs check-expiration; kubeadm certs renew apiserver-etcd-client; kubeadm certs renew etcd-server", Action: "renew-etcd-certificates"},
		},
		Not: []message.Text{etcdNot.With()},
	}

	writesSymptom  = message.Word{EN: "writes fail", PT: "escritas falham"}
	writesSeen     = message.Word{EN: "nothing is written: none of %[1]s Leases was renewed in the last %[2]s", PT: "nada é gravado: nenhum de %[1]s Leases foi renovado nos últimos %[2]s"}
	writesHeld     = message.Word{EN: "Lease %[1]s was renewed %[2]s before we looked", PT: "o Lease %[1]s foi renovado %[2]s antes de olharmos"}
	writesSuspect  = message.Word{EN: "etcd refuses writes", PT: "o etcd recusa escritas"}
	writesUnproven = message.Word{EN: "etcd refuses writes, as it does when its database has reached its quota.", PT: "O etcd recusa escritas, como faz quando seu banco de dados atinge a cota."}
	writesRefused  = message.Word{
		EN: "etcd refuses every write (%[1]s of %[1]s in %[2]s) and answers reads, as it does when its database has reached its quota (alarm NOSPACE). Nothing in the cluster can change until there is space.",
		PT: "O etcd recusa toda escrita (%[1]s de %[1]s em %[2]s) e responde a leituras, como faz quando seu banco de dados atinge a cota (alarme NOSPACE). Nada no cluster pode mudar até que haja espaço.",
	}
	databaseLabel = message.Word{EN: "database", PT: "banco de dados"}
	databaseSize  = message.Word{EN: "%[1]s MB; the quota is 2147 MB unless etcd's --quota-backend-bytes says otherwise", PT: "%[1]s MB; a cota é de 2147 MB se o --quota-backend-bytes do etcd não disser outra"}
	freeSpace     = message.Word{EN: "On each machine of etcd (the paths are kubeadm's): compact and defragment it, or raise --quota-backend-bytes, then take the alarm back", PT: "Em cada máquina do etcd (os caminhos são os do kubeadm): compacte e desfragmente, ou aumente --quota-backend-bytes, e então retire o alarme"}
	freeShort     = message.Word{EN: "a member does not answer while it is defragmented: one at a time", PT: "um membro não responde enquanto é desfragmentado: um de cada vez"}
	freeNot       = message.Word{EN: "only taking the alarm back: the next write raises it again", PT: "apenas retirar o alarme: a próxima escrita o dispara de novo"}
	freeEtcd      = &theory.Remedy{
		Steps: []theory.Step{
			{Text: freeSpace.With(), Command: etcdctlAt + "etcdctl alarm list; etcdctl compact $(etcdctl endpoint status -w json | grep -o '\"revision\":[0-9]*' | head -1 | cut -d: -f2); etcdctl defrag; etcdctl alarm disarm", Interrupts: freeShort.With(), Action: "free-etcd-space"},
		},
		Not: []message.Text{freeNot.With()},
	}
	seeAlarms    = message.Word{EN: "on a control-plane machine, or in etcd's container", PT: "em uma máquina do plano de controle, ou no contêiner do etcd"}
	etcdHopTitle = "kube-apiserver>etcd"
)

// etcdctlAt is where etcdctl finds etcd, and what it shows it, as kubeadm places them.
const etcdctlAt = "export ETCDCTL_ENDPOINTS=https://127.0.0.1:2379 ETCDCTL_CACERT=/etc/kubernetes/pki/etcd/ca.crt ETCDCTL_CERT=/etc/kubernetes/pki/etcd/server.crt ETCDCTL_KEY=/etc/kubernetes/pki/etcd/server.key; "

// etcdServes states that the API server can read from etcd.
func etcdServes(v *theory.View) {
	checks := readyz(v)
	c := theory.Claim{
		ID: etcdID, Subject: subject{Kind: "Endpoint", Name: "etcd"}, Suspect: etcdSuspect.With(), Held: etcdHolds.With(),
		Needs: append(needsHosts(v), all(apiAnswers)), Evidence: checks.cited, Connection: etcdHopTitle,
		Modes: []theory.Mode{{Name: "unusable", Category: report.CategoryAPIDown, Summary: etcdBroken.With("etcd"), Remedy: etcdRemedy}},
		Tests: []theory.Test{{Text: onControlPlane.With(), Command: "crictl ps -a --name etcd; kubeadm certs check-expiration"}},
	}
	failed := checks.ofEtcd()
	switch {
	case len(failed) > 0:
		c.Verdict, c.Mode = diagnose.Broken, "unusable"
		c.Modes[0].Summary = etcdBroken.With(strings.Join(failed, ", "))
	case checks.why == "":
		c.Verdict = diagnose.Holds
	default:
		unknown(&c, checks.why, checks.detail)
	}
	v.State(c)
}

// etcdWrites states that what is written is kept, and that etcd takes it.
func etcdWrites(v *theory.View) {
	leases, now := theory.List(v, evidence.Leases), clusterNow(v)
	at := subject{Kind: "Endpoint", Name: "etcd"}
	c := theory.Claim{
		ID: etcdWritesID, Subject: at, Suspect: writesSuspect.With(), Needs: []diagnose.Need{all(etcdID)},
		Modes: []theory.Mode{{Name: "no-space", Category: report.CategoryResourceExhaustion, Summary: writesUnproven.With(), Remedy: freeEtcd}},
		Tests: []theory.Test{{Text: seeAlarms.With(), Command: etcdctlAt + "etcdctl alarm list; etcdctl endpoint status -w table"}},
	}
	var last time.Time
	n := 0
	for _, item := range leases.Items {
		renewed := item.Object.Spec.RenewTime
		if renewed == nil {
			continue
		}
		n++
		if renewed.After(last) {
			last = renewed.Time
			lease := subject{Kind: "Lease", Namespace: item.Object.Namespace, Name: item.Object.Name}
			c.Evidence = []theory.Evidence{{Question: leases.Question, Object: lease, Field: "spec.renewTime", Value: rfc3339(last)}}
			c.Held = writesHeld.With(item.Object.Namespace+"/"+item.Object.Name, message.Ago(max(now.Sub(last), 0)))
		}
	}
	age := now.Sub(last)
	switch {
	case n > 0 && age <= unwritten:
		c.Verdict = diagnose.Holds
		v.State(c)
		return
	case !leases.Known():
		why, detail := leases.Why()
		unknown(&c, why, detail)
		v.State(c)
		return
	case n < 2:
		// One that is silent may have stopped by itself.
		unknown(&c, diagnose.NoStandpoint, "")
		v.State(c)
		return
	}
	seen := c.Evidence
	refused := writesOf(v)
	switch {
	case refused.tried > 0 && refused.failed == refused.tried:
		c.Verdict, c.Mode = diagnose.Broken, "no-space"
		c.Modes[0].Summary = writesRefused.With(refused.failed, message.Ago(max(refused.over, time.Second)))
		c.Evidence = refused.cited
		c.Began = diagnose.Interval{After: last, Before: now}
		if refused.size > 0 {
			c.Details = []theory.Detail{{Name: "database", Label: databaseLabel, Value: databaseSize.With(itoa(int(refused.size / 1e6)))}}
		}
	case refused.tried > refused.failed:
		c.Verdict, c.Evidence = diagnose.Holds, refused.cited
		c.Held = message.Text{}
	default:
		unknown(&c, cmpWhy(refused.why, diagnose.NoStandpoint), "")
	}
	v.State(c)
	if c.Verdict == diagnose.Holds {
		return
	}
	v.State(theory.Claim{
		ID: "writes", Subject: subject{Kind: "Endpoint", Name: "kube-apiserver", Detail: "writes"}, Symptom: "writes", Sum: true, Verdict: diagnose.Broken,
		Suspect: writesSymptom.With(), Seen: writesSeen.With(n, message.Ago(age)), Evidence: seen,
		Needs: []diagnose.Need{all(apiAnswers, etcdWritesID)},
	})
}

// writes is what the API server's counters tell of its writes to etcd between
// scrapes of one instance of it.
type writes struct {
	tried, failed int
	over          time.Duration
	size          float64 // of the database, in bytes; 0: not told
	cited         []theory.Evidence
	why           diagnose.Why // nothing was learned, because
}

// writesOf scrapes until writes were tried in between.
func writesOf(v *theory.View) writes {
	first, ok := v.Answer(metricsQuestion(0))
	if !ok {
		return writes{why: diagnose.NotAsked}
	}
	if first.Gap != nil {
		why, _ := theory.WhyOf(first.Gap)
		return writes{why: why}
	}
	for nth := 1; nth < scrapes; nth++ {
		next, ok := v.Answer(metricsQuestion(nth))
		if !ok {
			return writes{why: diagnose.NotAsked}
		}
		if next.Gap != nil {
			continue
		}
		if w := compareWrites(first, next); w.tried > 0 {
			return w
		}
	}
	return writes{why: diagnose.NoStandpoint}
}

const (
	etcdRequests = "etcd_requests_total"
	etcdErrors   = "etcd_request_errors_total"
	storageSize  = "apiserver_storage_size_bytes"
)

func compareWrites(first, second evidence.Answer) writes {
	before, after := samples(first.Text), samples(second.Text)
	if len(after[processStart]) != 1 || before.sum(processStart) != after.sum(processStart) {
		return writes{}
	}
	// Leases are what is always written. The API server's own record of its
	// address is kept in another way, of which errors are not counted.
	grew := func(name string) int {
		labels := []string{`operation="update"`, `resource="leases"`}
		return int(after.sum(name, labels...) - before.sum(name, labels...))
	}
	w := writes{tried: grew(etcdRequests), failed: grew(etcdErrors), over: second.At.Sub(first.At), size: after.sum(storageSize)}
	for _, one := range []struct {
		name string
		n    int
	}{{etcdRequests, w.tried}, {etcdErrors, w.failed}} {
		w.cited = append(w.cited, theory.Evidence{Question: second.Question, Field: one.name + " update leases", Value: "+" + itoa(one.n)})
	}
	return w
}
