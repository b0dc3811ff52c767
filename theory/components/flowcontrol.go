package components

import (
	"regexp"
	"slices"
	"strings"
	"time"

	flowcontrolv1 "k8s.io/api/flowcontrol/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// flowControl is the law of API Priority and Fairness.
var flowControl = theory.Law{
	ID: "flow-control",
	Doc: "the API server has room for the requests of every priority level\n\n" +
		"It counts by priority level and flow schema the requests that it turns away (429) for want of seats. Only the difference of two scrapes of one instance counts: some rejections long ago say nothing. " +
		"Asked for a second time only where there was one at all. " +
		"Sources: kubernetes.io/docs/concepts/cluster-administration/flow-control (shares, autoupdate-spec); k8s.io/apiserver v0.37, pkg/util/flowcontrol/metrics (2026-11).",
	Reads: []theory.Read{versionRead, metricsRead, {Verb: theory.VerbList, Resource: evidence.FlowSchemas.Name, Helps: true}},
	State: seatsSuffice,
}

const (
	rejections = "apiserver_flowcontrol_rejected_requests_total"
	// manyRejected is how many rejections between two scrapes count: a burst may
	// lose one or two.
	manyRejected = 3
)

var (
	flowSuspect = message.Word{EN: "priority level %[1]s overloaded", PT: "nível de prioridade %[1]s sobrecarregado"}
	flowHeld    = message.Word{EN: "priority level %[1]s turned no request away in %[2]s", PT: "o nível de prioridade %[1]s não recusou requisições em %[2]s"}
	flowBroken  = message.Word{EN: "The API server turns requests away (429) for want of seats in priority level %[1]s: %[2]s in %[3]s, of flow schema %[4]s.", PT: "O servidor da API recusa requisições (429) por falta de assentos no nível de prioridade %[1]s: %[2]s em %[3]s, do flow schema %[4]s."}
	flowSeen    = message.Word{EN: "the API server turns clients away (429): %[1]s requests in %[2]s", PT: "o servidor da API recusa clientes (429): %[1]s requisições em %[2]s"}
	flowClients = message.Word{EN: "clients turned away", PT: "clientes recusados por sobrecarga"}
	flowLook    = message.Word{EN: "See the level's seats, and which requests take them", PT: "Veja os assentos do nível, e que requisições os ocupam"}
	flowSeats   = message.Word{EN: "Give the level twice the shares it has now; levels divide the API server's seats in proportion to their shares. With the annotation the API server leaves what you set, also in a level that it made itself", PT: "Dê ao nível o dobro das cotas que tem agora; os níveis dividem os assentos do servidor da API em proporção às suas cotas. Com a anotação, o servidor da API mantém o que você definiu, mesmo em um nível que ele criou"}
	flowOwn     = message.Word{EN: "This level is for requests that no other flow schema matches, and cannot be changed: give these a FlowSchema of their own, with a level such as workload-low", PT: "Este nível é para requisições a que nenhum outro flow schema se aplica, e não pode ser alterado: dê a elas um FlowSchema próprio, com um nível como workload-low"}
	flowBefore  = message.Word{EN: "if one client floods the level (kubectl get --raw /debug/api_priority_and_fairness/dump_requests shows whose requests wait), stop that client instead", PT: "se um cliente inunda o nível (kubectl get --raw /debug/api_priority_and_fairness/dump_requests mostra de quem são as requisições em espera), pare esse cliente em vez disso"}
)

func flowID(level string) diagnose.ID {
	return claimID("flow-control", subject{Kind: "PriorityLevelConfiguration", Name: level})
}

// flow is what a priority level turned away between two scrapes.
type flow struct {
	level    string
	schemas  []string
	rejected int
	over     time.Duration
	judged   bool // there were two scrapes of one instance
	cited    []theory.Evidence
}

var flowLabels = regexp.MustCompile(`flow_schema="([^"]*)",priority_level="([^"]*)",reason="([^"]*)"`)

// rejectedBy sums rejections for want of seats by level, and by schema.
func rejectedBy(s series) map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	for _, one := range s[rejections] {
		m := flowLabels.FindStringSubmatch(one.labels)
		if m == nil || m[3] == "cancelled" || one.value == 0 {
			continue // who asked went away by itself
		}
		if out[m[2]] == nil {
			out[m[2]] = map[string]float64{}
		}
		out[m[2]][m[1]] += one.value
	}
	return out
}

// flows are the priority levels that ever turned a request away, by name.
func flows(v *theory.View) []flow {
	first, ok := v.Answer(metricsQuestion(0))
	if !ok || first.Gap != nil {
		return nil
	}
	start := samples(first.Text)
	before := rejectedBy(start)
	var out []flow
	for _, level := range sortedNames(before) {
		f := flow{level: level}
		for nth := 1; nth < scrapes; nth++ {
			next, ok := v.Answer(metricsQuestion(nth))
			if !ok {
				break
			}
			end := samples(next.Text)
			if next.Gap != nil || len(end[processStart]) != 1 || start.sum(processStart) != end.sum(processStart) {
				continue
			}
			after := rejectedBy(end)[level]
			f.judged, f.rejected, f.schemas, f.over = true, 0, nil, max(next.At.Sub(first.At), time.Second)
			for _, schema := range sortedNames(after) {
				if more := int(after[schema] - before[level][schema]); more > 0 {
					f.rejected += more
					f.schemas = append(f.schemas, schema)
				}
			}
			f.cited = []theory.Evidence{{Question: next.Question, Field: rejections + ` priority_level="` + level + `"`, Value: "+" + itoa(f.rejected)}}
			if f.rejected >= manyRejected {
				break
			}
		}
		out = append(out, f)
	}
	return out
}

func seatsSuffice(v *theory.View) {
	for _, f := range flows(v) {
		at := subject{Kind: "PriorityLevelConfiguration", Name: f.level}
		c := theory.Claim{ID: flowID(f.level), Subject: at, Suspect: flowSuspect.With(f.level), Needs: []diagnose.Need{all(apiAnswers)}, Evidence: f.cited}
		switch {
		case !f.judged:
			unknown(&c, diagnose.NotAsked, "")
		case f.rejected < manyRejected:
			c.Verdict, c.Held = diagnose.Holds, flowHeld.With(f.level, message.Ago(f.over))
		default:
			c.Verdict, c.Mode = diagnose.Broken, "rejects"
			c.Modes = []theory.Mode{{
				Name: "rejects", Category: report.CategoryResourceExhaustion,
				Summary: flowBroken.With(f.level, itoa(f.rejected), message.Ago(f.over), strings.Join(f.schemas, ", ")),
				Remedy: &theory.Remedy{
					Before: []message.Text{flowBefore.With()},
					Steps: []theory.Step{
						{Text: flowLook.With(), Command: "kubectl get prioritylevelconfiguration " + f.level + " -o yaml && kubectl get flowschema"},
						moreSeats(f.level),
					},
				},
			}}
			v.State(theory.Claim{
				ID: claimID("clients", at), Subject: at, Symptom: "clients", Sum: true, Verdict: diagnose.Broken,
				Suspect: flowClients.With(), Seen: flowSeen.With(itoa(f.rejected), message.Ago(f.over)), Evidence: f.cited,
				Needs: []diagnose.Need{all(apiAnswers, c.ID)},
			})
		}
		v.State(c)
	}
}

// moreSeats doubles what a level has when the step is carried out.
func moreSeats(level string) theory.Step {
	if level == flowcontrolv1.PriorityLevelConfigurationNameCatchAll {
		return theory.Step{Text: flowOwn.With()}
	}
	object := "prioritylevelconfiguration " + level
	return theory.Step{
		Text: flowSeats.With(),
		Command: "kubectl annotate --overwrite " + object + " " + flowcontrolv1.AutoUpdateAnnotationKey + "=false && kubectl patch " + object +
			` --type=merge -p '{"spec":{"limited":{"nominalConcurrencyShares":'$((2 * $(kubectl get ` + object + ` -o jsonpath='{.spec.limited.nominalConcurrencyShares}')))'}}}'`,
	}
}

// kubeletsTurnedAway are the priority levels that turn requests of kubelets
// away.
func kubeletsTurnedAway(v *theory.View) []diagnose.ID {
	var ids []diagnose.ID
	for _, f := range flows(v) {
		if f.rejected < manyRejected {
			continue
		}
		if slices.ContainsFunc(theory.List(v, evidence.FlowSchemas).Items, func(i evidence.Item[*flowcontrolv1.FlowSchema]) bool {
			return slices.Contains(f.schemas, i.Object.Name) && ofKubelets(i.Object)
		}) {
			ids = append(ids, flowID(f.level))
		}
	}
	return ids
}

// ofKubelets reports whether a flow schema is about what kubelets ask.
func ofKubelets(schema *flowcontrolv1.FlowSchema) bool {
	return slices.ContainsFunc(schema.Spec.Rules, func(r flowcontrolv1.PolicyRulesWithSubjects) bool {
		return slices.ContainsFunc(r.Subjects, func(s flowcontrolv1.Subject) bool {
			return s.Group != nil && slices.Contains([]string{"system:nodes", "system:authenticated", "*"}, s.Group.Name) ||
				s.User != nil && (s.User.Name == "*" || strings.HasPrefix(s.User.Name, "system:node:"))
		})
	})
}
