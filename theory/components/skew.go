package components

import (
	"encoding/json"
	"strconv"

	"k8s.io/apimachinery/pkg/util/version"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// skew is the law that kubelets are of a version that the API server supports.
var skew = theory.Law{
	ID: "version-skew",
	Doc: "a kubelet is not newer than the API server, and at most three minor versions older\n\n" +
		"Kubelets before 1.25 may be two older. A skew breaks nothing by itself: it is a risk. " +
		"Source: kubernetes.io/releases/version-skew-policy (2026-11).",
	Reads: nodeReads,
	State: versionsSupported,
}

var (
	skewSuspect = message.Word{EN: "kubelet version not supported by the API server", PT: "versão do kubelet não suportada pelo servidor da API"}
	skewHeld    = message.Word{EN: "kubelets of %[1]s are supported by an API server of %[2]s", PT: "kubelets %[1]s são suportados por um servidor da API %[2]s"}
	skewOlder   = message.Word{EN: "%[1]s %[2]s, which an API server of %[3]s does not support: at most three minor versions older.", PT: "%[1]s %[2]s, o que um servidor da API %[3]s não suporta: no máximo três versões menores atrás."}
	skewNewer   = message.Word{EN: "%[1]s %[2]s, newer than the API server, which is of %[3]s: that is not supported.", PT: "%[1]s %[2]s, mais novo que o servidor da API, que é %[3]s: isso não é suportado."}
	skewNodes   = message.Count{One: message.Word{EN: "The kubelet of %[1]s node is of", PT: "O kubelet de %[1]s nó é"}, Other: message.Word{EN: "The kubelets of %[1]s nodes are of", PT: "Os kubelets de %[1]s nós são"}}
	skewUpgrade = message.Word{EN: "Upgrade these nodes, one minor version at a time, after the control plane", PT: "Atualize esses nós, uma versão menor por vez, depois do plano de controle"}
	skewControl = message.Word{EN: "Upgrade the control plane first; nodes follow", PT: "Atualize primeiro o plano de controle; os nós vêm depois"}
)

// olderMinors is how many minor versions a kubelet may be older, and manyFrom
// the kubelet's minor version from which on.
const (
	olderMinors = 3
	manyFrom    = 25
)

func versionsSupported(v *theory.View) {
	answer, ok := v.Answer(versionQuestion)
	if !ok || answer.Gap != nil {
		return
	}
	var said struct {
		GitVersion string `json:"gitVersion"`
	}
	if json.Unmarshal([]byte(answer.Text), &said) != nil {
		return
	}
	api, err := version.ParseSemantic(said.GitVersion)
	if err != nil {
		return
	}
	nodes := theory.List(v, evidence.Nodes)
	type of struct {
		count int
		first string
	}
	byVersion := map[string]*of{}
	for _, item := range nodes.Items {
		kubelet, err := version.ParseSemantic(item.Object.Status.NodeInfo.KubeletVersion)
		if err != nil || kubelet.Major() != api.Major() {
			continue
		}
		minor := strconv.Itoa(int(kubelet.Minor()))
		if byVersion[minor] == nil {
			byVersion[minor] = &of{first: item.Object.Name}
		}
		byVersion[minor].count++
	}
	apiMinor := int(api.Minor())
	for _, name := range sortedNames(byVersion) {
		minor, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		these, kubelets := byVersion[name], "1."+name
		server := "1." + strconv.Itoa(apiMinor)
		at := subject{Kind: "Node", Name: these.first, Detail: kubelets}
		count := skewNodes
		count.N = these.count
		c := theory.Claim{
			ID: claimID("kubelet-version", subject{Kind: "Version", Name: kubelets}), Subject: at, Suspect: skewSuspect.With(),
			Held: skewHeld.With(kubelets, server), Verdict: diagnose.Holds,
			Evidence: []theory.Evidence{
				{Question: versionQuestion, Field: "gitVersion", Value: said.GitVersion},
				{Question: nodes.Question, Object: subject{Kind: "Node", Name: these.first}, Field: "status.nodeInfo.kubeletVersion", Value: kubelets},
			},
		}
		allowed := olderMinors
		if minor < manyFrom {
			allowed--
		}
		risk := func(mode string, summary message.Text, step theory.Step) {
			c.Verdict, c.Mode = diagnose.Broken, mode
			c.Modes = []theory.Mode{{Name: mode, Category: report.CategoryVersionSkew, Summary: summary, Remedy: &theory.Remedy{Steps: []theory.Step{step}}}}
		}
		switch {
		case minor > apiMinor:
			risk("newer", skewNewer.With(count, kubelets, server), theory.Step{Text: skewControl.With()})
		case apiMinor-minor > allowed:
			risk("older", skewOlder.With(count, kubelets, server), theory.Step{
				Text: skewUpgrade.With(), Action: "upgrade-kubelet", Args: map[string]string{"node": these.first},
			})
		}
		v.State(c)
	}
}
