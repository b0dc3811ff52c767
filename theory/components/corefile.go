package components

import (
	"fmt"
	"net"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

var (
	corefileSuspect = message.Word{EN: "Corefile of %[1]s", PT: "Corefile de %[1]s"}
	corefileUnknown = message.Word{EN: "The Corefile in ConfigMap %[1]s/%[2]s has \"%[3]s\" in line %[4]s, which no plugin of CoreDNS has: %[5]s exits as it reads it.", PT: "O Corefile no ConfigMap %[1]s/%[2]s tem \"%[3]s\" na linha %[4]s, que nenhum plugin do CoreDNS tem: %[5]s termina ao lê-lo."}
	corefileBraces  = message.Word{EN: "The braces of the Corefile in ConfigMap %[1]s/%[2]s do not match: %[3]s exits as it reads it.", PT: "As chaves do Corefile no ConfigMap %[1]s/%[2]s não casam: %[3]s termina ao lê-lo."}
	corefileLoop    = message.Word{EN: "Line %[3]s of the Corefile in ConfigMap %[1]s/%[2]s forwards to %[4]s, which is CoreDNS itself: its loop plugin finds the loop, and %[5]s exits.", PT: "A linha %[3]s do Corefile no ConfigMap %[1]s/%[2]s encaminha a %[4]s, que é o próprio CoreDNS: o plugin loop encontra o laço, e %[5]s termina."}
	corefileNoLoop  = message.Word{EN: "Remove the line (or name a resolver outside of the cluster in it)", PT: "Remova a linha (ou indique nela um resolvedor fora do cluster)"}
	corefileLine    = message.Word{EN: "Remove the line (or correct it)", PT: "Remova a linha (ou corrija-a)"}
	corefileEdit    = message.Word{EN: "Correct the Corefile", PT: "Corrija o Corefile"}
	corefileOwnFork = message.Word{EN: "if this CoreDNS was built with plugins of its own, see what it says before it exits", PT: "se este CoreDNS foi compilado com plugins próprios, veja o que ele diz antes de terminar"}
)

// corednsPlugins are the directives of CoreDNS: coredns v1.15, plugin.cfg, and
// what the parser itself knows (2026-11).
var corednsPlugins = strings.Fields(`root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof
prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer
hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami sign view on proxyproto
nomad https https3 grpc_server import federation`)

// corefile states that the Corefile of a workload whose Pods exit as they start
// can be read by CoreDNS.
func corefile(v *theory.View, w *theory.Workload) (diagnose.ID, bool) {
	spec := &w.Template.Spec
	for i := range spec.Volumes {
		m := spec.Volumes[i].ConfigMap
		if m == nil || len(spec.Containers) == 0 || path.Base(spec.Containers[0].Image) == "" || !strings.Contains(path.Base(spec.Containers[0].Image), "coredns") {
			continue
		}
		found := theory.Get(v, evidence.ConfigMaps, w.Subject.Namespace, m.Name)
		text := ""
		if found.Exists {
			text = found.Object.Data["Corefile"]
		}
		if text == "" {
			continue
		}
		directive, line, balanced := unknownDirective(text)
		loop, upstream := 0, ""
		if directive == "" && balanced && !spec.HostNetwork && !diesOfOther(w, v.Now(), "Loop") {
			loop, upstream = forwardsToItself(text)
		}
		if directive == "" && balanced && loop == 0 {
			continue
		}
		at := subject{Kind: "ConfigMap", Namespace: w.Subject.Namespace, Name: m.Name, Detail: "Corefile"}
		edit := theory.Step{Text: corefileEdit.With(), Command: fmt.Sprintf("kubectl -n %s edit configmap %s", at.Namespace, at.Name)}
		mode := theory.Mode{Name: "braces", Category: report.CategoryDNS, Summary: corefileBraces.With(at.Namespace, at.Name, w.Subject.String())}
		value := "braces do not match"
		if directive != "" {
			value = directive
			mode = theory.Mode{Name: "unknown-directive", Category: report.CategoryDNS, Summary: corefileUnknown.With(at.Namespace, at.Name, directive, itoa(line), w.Subject.String())}
			if !strings.Contains(strings.Split(text, "\n")[line-1], "{") && plainWord(directive) {
				edit = theory.Step{Text: corefileLine.With(), Command: fmt.Sprintf(`kubectl -n %s get configmap %s -o yaml | sed '/^ *%s\( .*\)*$/d' | kubectl replace -f -`, at.Namespace, at.Name, directive)}
			}
		}
		if loop > 0 {
			value = upstream
			mode = theory.Mode{Name: "loop", Category: report.CategoryDNS, Summary: corefileLoop.With(at.Namespace, at.Name, itoa(loop), upstream, w.Subject.String())}
			if !strings.Contains(strings.Split(text, "\n")[loop-1], "{") {
				edit = theory.Step{Text: corefileNoLoop.With(), Command: fmt.Sprintf(`kubectl -n %s get configmap %s -o yaml | sed '/^ *%s *$/d' | kubectl replace -f -`, at.Namespace, at.Name, strings.Join(strings.Fields(strings.NewReplacer(".", `\.`, "/", `\/`).Replace(strings.Split(text, "\n")[loop-1])), "  *"))}
			}
		}
		mode.Remedy = &theory.Remedy{Steps: []theory.Step{edit, makeStep(w), waitStep(w)}}
		if loop == 0 {
			mode.Remedy.Before = []message.Text{corefileOwnFork.With()}
		}
		changed, by := theory.LastChange(found.Object.ObjectMeta)
		cited := []theory.Evidence{{Question: found.Question, Object: at, Field: "data.Corefile", Value: value}}
		c := theory.Claim{
			ID: claimID("corefile", at), Subject: at, Suspect: corefileSuspect.With(w.Subject.Name), Verdict: diagnose.Broken, Mode: mode.Name, Modes: []theory.Mode{mode},
			Evidence: cited, Changed: changed,
			Events: []theory.Event{{At: changed, Text: changedEvent.With("ConfigMap "+at.Namespace+"/"+at.Name, writerOf(by)), Evidence: cited}},
		}
		v.State(c)
		return c.ID, true
	}
	return "", false
}

// diesOfOther reports whether the Pods of a workload leave last words as they
// exit, and none of them has the word.
func diesOfOther(w *theory.Workload, now time.Time, word string) bool {
	other := false
	for _, pod := range w.Pods {
		if t := theory.TroubleOf(pod, now); t != nil && t.Message != "" {
			if strings.Contains(t.Message, word) {
				return false
			}
			other = true
		}
	}
	return other
}

// forwardsToItself returns the first line, from 1, in which a server block with
// the plugin loop forwards to the port 53 of its own loopback, on which it
// listens itself, and what it forwards to; 0: there is none. Source: coredns
// v1.15, plugin/loop/README.md (2026-11).
func forwardsToItself(text string) (at int, upstream string) {
	depth, own, loops := 0, false, false
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch {
		case depth == 0:
			zone := strings.TrimSuffix(words[0], "{")
			own, loops, at = !strings.HasPrefix(zone, "(") && (!strings.Contains(zone, ":") || strings.HasSuffix(zone, ":53")) && !strings.Contains(zone, "://"), false, 0
		case depth == 1 && words[0] == "loop":
			loops = true
		case depth == 1 && words[0] == "forward" && len(words) > 2 && at == 0:
			for _, to := range words[2:] {
				host := strings.TrimPrefix(strings.TrimSuffix(to, ":53"), "dns://")
				if ip := net.ParseIP(strings.Trim(host, "[]")); ip != nil && ip.IsLoopback() {
					at, upstream = i+1, to
				}
			}
		}
		depth += strings.Count(line, "{") - strings.Count(line, "}")
		if own && loops && at > 0 && depth == 0 {
			return at, upstream
		}
	}
	return 0, ""
}

func plainWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-' })
}

// unknownDirective returns the first directive of a Corefile that no plugin has,
// with its line from 1, and whether the braces match.
func unknownDirective(text string) (directive string, at int, balanced bool) {
	depth, snippet := 0, false
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if depth == 0 {
			snippet = strings.HasPrefix(words[0], "(")
		}
		if depth == 1 && !snippet && words[0] != "}" && directive == "" && !slices.Contains(corednsPlugins, words[0]) {
			directive, at = words[0], i+1
		}
		for _, word := range words {
			// Braces that belong to a placeholder, {name}, stand inside of a word.
			switch word {
			case "{":
				depth++
			case "}":
				depth--
			}
			if depth < 0 {
				return directive, at, false
			}
		}
		if last := words[len(words)-1]; last != "{" && strings.HasSuffix(last, "{") && depth == 0 {
			depth++ // ".:53{" opens a block, too
		}
	}
	return directive, at, depth == 0
}
