package components

import (
	"bytes"
	"crypto/x509"
	"net"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

var (
	programSuspect = message.Word{EN: "%[1]s on %[2]s not working", PT: "%[1]s em %[2]s não funciona"}
	programHeld    = message.Word{EN: "%[1]s runs on %[2]s, and answers", PT: "%[1]s está em execução em %[2]s, e responde"}
	programRuns    = message.Word{EN: "%[1]s runs on %[2]s", PT: "%[1]s está em execução em %[2]s"}
	programStopped = message.Word{EN: "%[1]s does not run on %[2]s, though static Pod %[3]s asks for it.", PT: "%[1]s não está em execução em %[2]s, embora o Pod estático %[3]s o peça."}
	programSilent  = message.Word{EN: "%[1]s runs on %[2]s, and does not answer at %[3]s: %[4]s.", PT: "%[1]s está em execução em %[2]s, e não responde em %[3]s: %[4]s."}
	programAbsent  = message.Word{EN: "Nothing listens at %[1]s on %[2]s, where kube-apiserver looks for etcd: %[3]s.", PT: "Nada escuta em %[1]s em %[2]s, onde o kube-apiserver procura o etcd: %[3]s."}
	kubeletAbsent  = message.Word{EN: "The kubelet does not run on %[1]s, which has static Pods: nothing starts them.", PT: "O kubelet não está em execução em %[1]s, que tem Pods estáticos: nada os inicia."}
	programSeen    = message.Word{EN: "%[1]s on %[2]s: %[3]s", PT: "%[1]s em %[2]s: %[3]s"}
	doesNotRun     = message.Word{EN: "does not run", PT: "não está em execução"}
	seeProgram     = message.Word{EN: "See on %[1]s why %[2]s does not run, and start it", PT: "Veja em %[1]s por que o %[2]s não está em execução, e inicie-o"}
	renewFile      = message.Word{EN: "Renew the certificate in %[1]s on %[2]s, signed by the CA that its peers trust", PT: "Renove o certificado em %[1]s em %[2]s, assinado pela CA em que seus pares confiam"}
	renewFileShort = message.Word{EN: "%[1]s, for some seconds, if it has to be restarted to read it", PT: "%[1]s, por alguns segundos, se precisar ser reiniciado para lê-lo"}
	namedBy        = message.Word{EN: "named by", PT: "indicado por"}
	inFile         = message.Word{EN: "in", PT: "em"}

	servedSuspect = message.Word{EN: "certificate renewed on disk, not loaded", PT: "certificado renovado no disco, não carregado"}
	servedOld     = message.Word{EN: "%[1]s on %[2]s still serves a certificate that is not valid (until %[3]s), though the one in %[4]s is: it has not read the file since it was renewed.", PT: "%[1]s em %[2]s ainda serve um certificado que não vale (até %[3]s), embora o que está em %[4]s valha: não leu o arquivo desde a renovação."}
	servedHeld    = message.Word{EN: "%[1]s serves the certificate in %[2]s", PT: "%[1]s serve o certificado que está em %[2]s"}
	restartIt     = message.Word{EN: "Restart %[1]s on %[2]s", PT: "Reinicie o %[1]s em %[2]s"}
)

// hostAlone is what can be judged of a machine without any API server.
var hostAlone = theory.Component{Name: host.Name, For: host.For, Laws: []theory.Law{hostLaw}}

var hostLaw = theory.Law{
	ID: "host-programs",
	Doc: "the programs of Kubernetes on a machine run, answer, and have valid certificates\n\n" +
		"The certificates are those in the files that their flags and configurations name. kube-apiserver, the kubelet and etcd read their serving certificates again by themselves, at the latest at the next handshake (etcd v3.7, client/pkg/transport/listener.go) or within a minute (k8s.io/apiserver v0.37, pkg/server/dynamiccertificates); konnectivity-server and -agent never do. " +
		"Sources: kubernetes.io/docs/setup/best-practices/certificates; kubernetes.io/docs/tasks/configure-pod-container/static-pod (2026-11).",
	Reads: []theory.Read{{Verb: theory.VerbHost}, {Verb: theory.VerbTLS}, {Verb: theory.VerbList, Resource: evidence.Nodes.Name}},
	State: hostPrograms,
}

// hostsSeen are the nodes that were looked at as machines.
func hostsSeen(v *theory.View) []evidence.Standpoint {
	return slices.DeleteFunc(slices.Clone(v.Options().Standpoints), evidence.Standpoint.OnPodNetwork)
}

// certificateDirs are where kubelets and kubeadm keep certificates: what a Pod
// that sees a node's files is asked about.
var certificateDirs = []string{"/etc/kubernetes/pki", "/var/lib/kubelet/pki"}

func programsQuestion(from evidence.Standpoint) evidence.Question {
	return evidence.Question{Kind: evidence.Programs, From: from}
}

func programID(node, name string) diagnose.ID {
	return claimID("program-works", subject{Kind: "Program", Namespace: node, Name: name})
}

func hostPrograms(v *theory.View) {
	seen := hostsSeen(v)
	ask := v.Answer
	if len(seen) == 0 && v.Options().ProbeFiles {
		// What Pods on nodes were asked beside; nothing is asked of them again.
		ask = v.Peek
		for _, item := range theory.List(v, evidence.Nodes).Items {
			seen = append(seen, evidence.FromNode(item.Object.Name))
		}
	}
	for _, from := range seen {
		a, ok := ask(programsQuestion(from))
		if !ok || a.Gap != nil && len(a.Programs) == 0 {
			continue
		}
		h := &hostFacts{v: v, from: from, node: from.Node(), answer: a, ask: ask, stated: map[string]bool{}}
		for i := range a.Programs {
			if p := &a.Programs[i]; !h.stated[p.Name] {
				h.stated[p.Name] = true
				h.program(p)
			}
		}
		h.missing()
	}
}

// hostFacts is what is known of one machine.
type hostFacts struct {
	v      *theory.View
	from   evidence.Standpoint
	node   string
	answer evidence.Answer
	ask    func(evidence.Question) (evidence.Answer, bool)
	stated map[string]bool
}

// file is what is known of a file with certificates: asked for by itself, or
// found in a directory that was.
func (h *hostFacts) file(name string) (evidence.Question, evidence.Answer, bool) {
	dir := evidence.Question{Kind: evidence.Certificates, Path: path.Dir(name), From: h.from}
	if a, ok := h.v.Peek(dir); ok && a.Gap == nil {
		for _, f := range a.Files {
			if f.Path == name {
				a.Files = []evidence.CertificateFile{f}
				return dir, a, true
			}
		}
	}
	q := evidence.Question{Kind: evidence.Certificates, Path: name, From: h.from}
	a, ok := h.ask(q)
	return q, a, ok
}

func (h *hostFacts) named(name string) *evidence.Program {
	for i := range h.answer.Programs {
		if h.answer.Programs[i].Name == name {
			return &h.answer.Programs[i]
		}
	}
	return nil
}

// sees reports whether that a program is not among those that run says that it
// does not: some do, so processes can be seen, and none holds several in one.
func (h *hostFacts) sees() bool {
	some := false
	for i := range h.answer.Programs {
		p := &h.answer.Programs[i]
		if slices.Contains([]string{"k3s", "rke2", "kubelite", "hyperkube"}, p.Name) {
			return false
		}
		some = some || p.Running
	}
	return some && h.answer.Gap == nil
}

// programFlags reads a command line as flags.
func programFlags(p *evidence.Program) theory.Flags { return theory.FlagsOfArgs(p.Args) }

func (h *hostFacts) program(p *evidence.Program) {
	at := subject{Kind: "Program", Namespace: h.node, Name: p.Name}
	c := theory.Claim{
		ID: programID(h.node, p.Name), Subject: at, Symptom: "node", Suspect: programSuspect.With(p.Name, h.node), Held: programRuns.With(p.Name, h.node),
		Evidence: []theory.Evidence{{Question: programsQuestion(h.from), Object: at, Field: "running", Value: "true"}},
		Verdict:  diagnose.Holds,
	}
	start := &theory.Remedy{Steps: []theory.Step{{
		Text: seeProgram.With(h.node, p.Name), Command: "crictl ps -a --name " + p.Name + "; journalctl -u kubelet -n 50", Action: "start-component", Args: map[string]string{"name": p.Name, "node": h.node},
	}}}
	certificates := h.certificates(p)
	if len(certificates) > 0 {
		c.Needs = append(c.Needs, all(certificates...))
	}
	if p.Name == "kube-apiserver" && h.localEtcd(p) != "" {
		c.Needs = append(c.Needs, all(programID(h.node, "etcd")))
		if etcd := h.named("etcd"); etcd != nil {
			c.Needs = append(c.Needs, all(h.certificates(etcd)...))
		}
	}
	category := report.CategoryWorkloadDown
	switch p.Name {
	case "kube-apiserver", "etcd":
		category = report.CategoryAPIDown
	case "kubelet":
		category = report.CategoryKubeletDown
	}
	switch {
	case !p.Running && !h.sees():
		unknown(&c, diagnose.NoStandpoint, "")
		c.Evidence = nil
	case !p.Running:
		c.Verdict, c.Mode = diagnose.Broken, "stopped"
		c.Evidence[0].Value = "false"
		c.Seen = programSeen.With(p.Name, h.node, doesNotRun)
		c.Modes = []theory.Mode{{Name: "stopped", Category: category, Summary: programStopped.With(p.Name, h.node, p.Manifest), Remedy: start}}
		if kubelet := h.named("kubelet"); p.Manifest != "" && (kubelet == nil || !kubelet.Running) {
			c.Needs = append(c.Needs, all(programID(h.node, "kubelet")))
		}
	default:
		h.answers(p, &c, category, start)
	}
	h.v.State(c)
}

// answers judges a program that runs by whether its port answers.
func (h *hostFacts) answers(p *evidence.Program, c *theory.Claim, category string, start *theory.Remedy) {
	address := h.portOf(p)
	if address == "" {
		return
	}
	q := evidence.Question{Kind: evidence.TLS, Address: address, From: h.from}
	a, ok := h.ask(q)
	if !ok || a.Gap != nil || a.Shake == nil {
		return
	}
	cited := theory.Evidence{Question: q, Value: cmpText(a.Shake.Error, "handshake completed")}
	if a.Shake.Stage == "port" {
		c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "silent", append(c.Evidence, cited)
		c.Seen = programSeen.With(p.Name, h.node, a.Shake.Error)
		c.Modes = []theory.Mode{{Name: "silent", Category: category, Summary: programSilent.With(p.Name, h.node, address, a.Shake.Error), Remedy: start}}
		return
	}
	c.Held, c.Evidence = programHeld.With(p.Name, h.node), append(c.Evidence, cited)
	h.inUse(p, a.Shake, cited)
	if p.Name == "kube-apiserver" {
		h.ready(p, c, address, category)
	}
}

// ready judges kube-apiserver by what it says of itself, where it says so to
// anybody.
func (h *hostFacts) ready(p *evidence.Program, c *theory.Claim, address, category string) {
	q := evidence.Question{Kind: evidence.HTTP, Address: address, Path: "/readyz", From: h.from}
	a, ok := h.ask(q)
	if !ok || a.Gap != nil || a.Status != 500 {
		return
	}
	var failed []string
	for _, m := range failedCheck.FindAllStringSubmatch(a.Text, -1) {
		failed = append(failed, m[1])
	}
	if len(failed) == 0 {
		return
	}
	checks := strings.Join(failed, ", ")
	c.Verdict, c.Mode = diagnose.Broken, "check"
	c.Evidence = append(c.Evidence, theory.Evidence{Question: q, Value: "HTTP 500 " + checks})
	c.Seen = programSeen.With(p.Name, h.node, readyBroken.With(checks))
	c.Modes = []theory.Mode{{Name: "check", Category: category, Summary: readyBroken.With(checks)}}
}

// portOf is where a program answers on its own machine; empty: not known.
func (h *hostFacts) portOf(p *evidence.Program) string {
	flags := programFlags(p)
	local := func(bound, port string) string {
		if ip := net.ParseIP(bound); ip == nil || ip.IsUnspecified() {
			bound = "127.0.0.1"
		}
		return net.JoinHostPort(bound, port)
	}
	switch p.Name {
	case "kube-apiserver":
		return local(flags["bind-address"], cmpText(flags["secure-port"], "6443"))
	case "kubelet":
		if flags["config"] != "" && p.Config["kind"] == "" {
			return "" // the file that may say otherwise was not read
		}
		return local(cmpText(p.Config["address"], flags["address"]), cmpText(p.Config["port"], cmpText(flags["port"], "10250")))
	case "etcd":
		for listen := range strings.SplitSeq(flags["listen-client-urls"], ",") {
			if u, err := url.Parse(listen); err == nil && u.Scheme == "https" && u.Port() != "" {
				return local(u.Hostname(), u.Port())
			}
		}
	}
	return ""
}

// localEtcd is where kube-apiserver looks for an etcd on its own machine; empty:
// it does not.
func (h *hostFacts) localEtcd(p *evidence.Program) string {
	for server := range strings.SplitSeq(programFlags(p)["etcd-servers"], ",") {
		if u, err := url.Parse(server); err == nil && u.Port() != "" {
			if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
				return u.Host
			}
		}
	}
	return ""
}

// missing states programs that nothing shows but that others need: an etcd that
// kube-apiserver looks for on this machine, the kubelet that starts static Pods.
func (h *hostFacts) missing() {
	if api := h.named("kube-apiserver"); api != nil && h.named("etcd") == nil {
		if address := h.localEtcd(api); address != "" {
			h.absentEtcd(address)
		}
	}
	static := slices.ContainsFunc(h.answer.Programs, func(p evidence.Program) bool { return p.Manifest != "" })
	if static && h.named("kubelet") == nil && h.sees() {
		at := subject{Kind: "Program", Namespace: h.node, Name: "kubelet"}
		h.v.State(theory.Claim{
			ID: programID(h.node, "kubelet"), Subject: at, Symptom: "node", Suspect: programSuspect.With("kubelet", h.node), Verdict: diagnose.Broken, Mode: "stopped",
			Seen:     programSeen.With("kubelet", h.node, doesNotRun),
			Evidence: []theory.Evidence{{Question: programsQuestion(h.from), Object: at, Field: "running", Value: "false"}},
			Modes: []theory.Mode{{Name: "stopped", Category: report.CategoryKubeletDown, Summary: kubeletAbsent.With(h.node), Remedy: &theory.Remedy{Steps: []theory.Step{{
				Text: startKubelet.With(h.node), Command: "systemctl start kubelet; journalctl -u kubelet -n 50", Action: "start-kubelet", Args: map[string]string{"node": h.node},
			}}}}},
		})
	}
}

func (h *hostFacts) absentEtcd(address string) {
	q := evidence.Question{Kind: evidence.TCP, Address: address, From: h.from}
	a, ok := h.ask(q)
	at := subject{Kind: "Program", Namespace: h.node, Name: "etcd"}
	c := theory.Claim{
		ID: programID(h.node, "etcd"), Subject: at, Symptom: "node", Suspect: programSuspect.With("etcd", h.node), Held: programHeld.With("etcd", h.node),
		Evidence: []theory.Evidence{{Question: q, Value: "connected"}},
		Modes: []theory.Mode{{Name: "absent", Category: report.CategoryAPIDown, Remedy: &theory.Remedy{Steps: []theory.Step{{
			Text: seeProgram.With(h.node, "etcd"), Command: "crictl ps -a --name etcd; systemctl status etcd", Action: "start-component", Args: map[string]string{"name": "etcd", "node": h.node},
		}}}}},
	}
	switch {
	case !ok || a.Gap != nil || a.Shake == nil:
		unknown(&c, diagnose.Failed, "")
	case a.Shake.Stage == "":
		c.Verdict = diagnose.Holds
	default:
		c.Verdict, c.Mode = diagnose.Broken, "absent"
		c.Evidence[0].Value = a.Shake.Error
		c.Seen = programSeen.With("etcd", h.node, a.Shake.Error)
		c.Modes[0].Summary = programAbsent.With(address, h.node, a.Shake.Error)
	}
	h.v.State(c)
}

// usedFile is a file with certificates that a program is told to use.
type usedFile struct {
	flag, path string
	what       message.Word
	kubeconfig bool
}

// usedFiles are the files with certificates that a program's flags and
// configuration name. A flag is known by the form of its name and value.
func usedFiles(p *evidence.Program) []usedFile {
	var files []usedFile
	add := func(flag, file string) {
		if !strings.HasPrefix(file, "/") {
			return
		}
		f := usedFile{flag: flag, path: path.Clean(file), what: plainCertificate}
		name := strings.ToLower(flag)
		switch {
		case strings.HasSuffix(name, "kubeconfig"):
			if strings.HasPrefix(name, "bootstrap") {
				return
			}
			f.what, f.kubeconfig = clientCertificate, true
		case strings.Contains(name, "key") || strings.Contains(name, "token") || strings.HasSuffix(name, "config") || strings.HasSuffix(name, "config-file"):
			return
		case strings.Contains(name, "ca-file") || strings.Contains(name, "cafile") || strings.Contains(name, "ca-cert") || strings.HasSuffix(name, "certificate-authority"):
			f.what = authorities
		case strings.Contains(name, "client-cert") || name == "etcd-certfile" || name == "agent-cert" || name == "kubelet-client-certificate":
			f.what = clientCertificate
		case strings.Contains(name, "cert"):
			f.what = servingCertificate
		default:
			return
		}
		files = append(files, f)
	}
	flags := programFlags(p)
	for _, flag := range sortedNames(flags) {
		add(flag, flags[flag])
	}
	for _, field := range sortedNames(p.Config) {
		add(field, p.Config[field])
	}
	return files
}

// certificates states that the certificates in the files that a program uses are
// valid, and returns these claims.
func (h *hostFacts) certificates(p *evidence.Program) []diagnose.ID {
	var ids []diagnose.ID
	for _, f := range usedFiles(p) {
		at := subject{Kind: "File", Namespace: h.node, Name: f.path}
		q, a, ok := h.file(f.path)
		certs := certificatesIn(a)
		if f.kubeconfig {
			certs = slices.DeleteFunc(certs, func(c *x509.Certificate) bool { return c.IsCA })
			if ok && len(certs) == 0 {
				continue // it names a token, or a file that is asked for by itself
			}
		}
		claim := certificateClaim{
			id: claimID("certificate-valid", at), subject: at, what: f.what, holder: p.Name,
			cited: []theory.Evidence{{Question: q, Value: validityOf(certs)}},
			details: []theory.Detail{
				{Name: "file", Label: inFile, Value: message.Plain(f.path + " (" + h.node + ")")},
				{Name: "flag", Label: namedBy, Value: message.Plain("--" + f.flag + " (" + p.Name + ")")},
			},
			remedy: &theory.Remedy{Steps: []theory.Step{{
				Text: renewFile.With(f.path, h.node), Command: "kubeadm certs check-expiration   # then: kubeadm certs renew NAME", Interrupts: renewFileShort.With(p.Name),
				Action: "renew-certificate-file", Args: map[string]string{"node": h.node, "file": f.path},
			}}},
		}.validity(certs, f.what == authorities, h.v.Now())
		switch {
		case !ok:
			unknown(&claim, diagnose.NotAsked, "")
		case a.Gap != nil:
			why, detail := theory.WhyOf(a.Gap)
			unknown(&claim, why, detail)
		case len(certs) == 0:
			// Not there, not to be read, or none in it; in a container the path may
			// lead elsewhere.
			unknown(&claim, diagnose.NoStandpoint, errorOf(a))
		}
		h.v.State(claim)
		ids = append(ids, claim.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func errorOf(a evidence.Answer) string {
	for _, f := range a.Files {
		if f.Error != "" {
			return f.Error
		}
	}
	return "no certificate there"
}

func certificatesIn(a evidence.Answer) []*x509.Certificate {
	var certs []*x509.Certificate
	for _, f := range a.Files {
		for _, der := range f.Certificates {
			if parsed, _ := certificate.Parse(der); len(parsed) == 1 {
				certs = append(certs, parsed[0])
			}
		}
	}
	return certs
}

func validityOf(certs []*x509.Certificate) string {
	if len(certs) == 0 {
		return "no certificate"
	}
	return "notAfter " + rfc3339(certs[0].NotAfter)
}

// inUse states that a program serves what its file holds.
func (h *hostFacts) inUse(p *evidence.Program, shake *evidence.Handshake, cited theory.Evidence) {
	served := peers(shake)
	if len(served) == 0 {
		return
	}
	for _, f := range usedFiles(p) {
		if f.flag != "tls-cert-file" && f.flag != "cert-file" && f.flag != "tlsCertFile" {
			continue
		}
		q, a, _ := h.file(f.path)
		stored := certificatesIn(a)
		if len(stored) == 0 {
			continue
		}
		at := subject{Kind: "Program", Namespace: h.node, Name: p.Name, Detail: f.path}
		c := theory.Claim{
			ID: claimID("certificate-served", at), Subject: at, Suspect: servedSuspect.With(), Held: servedHeld.With(p.Name, f.path), Verdict: diagnose.Holds,
			Evidence: []theory.Evidence{cited, {Question: q, Value: validityOf(stored)}},
		}
		now := h.v.Now()
		if !bytes.Equal(served[0].Raw, stored[0].Raw) && certificate.At(served[0], now) == certificate.Expired && certificate.At(stored[0], now) == certificate.Valid {
			c.Verdict, c.Mode = diagnose.Broken, "not-loaded"
			c.Modes = []theory.Mode{{
				Name: "not-loaded", Category: report.CategoryCertNotReloaded, Summary: servedOld.With(p.Name, h.node, served[0].NotAfter, f.path),
				Remedy: &theory.Remedy{Steps: []theory.Step{{Text: restartIt.With(p.Name, h.node), Action: "restart-program", Args: map[string]string{"name": p.Name, "node": h.node}}}},
			}}
		}
		h.v.State(c)
	}
}

// needsHosts is what the way to the API server needs of the machines that were
// looked at, and that run one: none, where none was.
func needsHosts(v *theory.View) []diagnose.Need {
	var ids []diagnose.ID
	for _, from := range hostsSeen(v) {
		a, ok := v.Answer(programsQuestion(from))
		if ok && slices.ContainsFunc(a.Programs, func(p evidence.Program) bool { return p.Name == "kube-apiserver" }) {
			ids = append(ids, programID(from.Node(), "kube-apiserver"))
		}
	}
	switch len(ids) {
	case 0:
		return nil
	case 1:
		return []diagnose.Need{all(ids...)}
	}
	return []diagnose.Need{{Op: diagnose.Any, On: ids}}
}
