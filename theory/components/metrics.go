package components

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

type serviceItem = evidence.Item[*corev1.Service]

const metricsAPI = "v1beta1.metrics.k8s.io"

// figuresOfNodes asks for the CPU and memory figures of all nodes.
var figuresOfNodes = evidence.Question{Kind: evidence.Raw, Path: "/apis/metrics.k8s.io/v1beta1/nodes"}

// metrics is metrics-server, or whatever serves the resource metrics API: it
// asks every kubelet for CPU and memory figures.
var metrics = theory.Component{
	Name: "metrics-server",
	For: message.Word{
		EN: "CPU and memory figures: metrics-server asks every kubelet on port 10250, and serves kubectl top and the HorizontalPodAutoscaler through an aggregated API",
		PT: "números de CPU e memória: o metrics-server pergunta a cada kubelet na porta 10250 e atende kubectl top e o HorizontalPodAutoscaler por uma API agregada",
	},
	Laws: []theory.Law{{
		ID: "metrics",
		Doc: "every node has CPU and memory figures\n\n" +
			"Sources: metrics-server v0.9, pkg/scraper and pkg/api; KNOWN_ISSUES.md (2026-11).",
		Reads: slices.Concat(nodeReads, logReads, theory.CredentialReads, apiServiceReads, rbacReads, []theory.Read{{Verb: theory.VerbRaw, Resource: figuresOfNodes.Path}}),
		State: metricsFlow,
	}},
}

var (
	metricsSuspect = message.Word{EN: "no CPU and memory figures", PT: "sem números de CPU e memória"}
	metricsHeld    = message.Word{EN: "%[1]s of %[2]s nodes have CPU and memory figures", PT: "%[1]s de %[2]s nós têm números de CPU e memória"}
	metricsSeen    = message.Word{EN: "no CPU and memory figures: %[1]s", PT: "sem números de CPU e memória: %[1]s"}
	scrapeSuspect  = message.Word{EN: "metrics-server cannot read the kubelet of %[1]s", PT: "metrics-server não lê o kubelet de %[1]s"}
	someScrape     = message.Word{EN: "metrics-server cannot read a kubelet", PT: "metrics-server não lê um kubelet"}
	scrapeSeen     = message.Word{EN: "no CPU and memory figures of node %[1]s", PT: "sem números de CPU e memória do nó %[1]s"}
	scrapeHeld     = message.Word{EN: "node %[1]s has figures", PT: "o nó %[1]s tem números"}
	scrapesHeld    = message.Word{EN: "%[1]s of %[1]s nodes have figures", PT: "%[1]s de %[1]s nós têm números"}
	scrapeBroken   = message.Word{EN: "metrics-server cannot read the kubelet of node %[1]s, from its own Pod.", PT: "O metrics-server não consegue ler o kubelet do nó %[1]s, a partir do seu Pod."}
	scrapeSays     = message.Word{EN: "metrics-server cannot read the kubelet of node %[1]s, from its own Pod: %[2]s.", PT: "O metrics-server não consegue ler o kubelet do nó %[1]s, a partir do seu Pod: %[2]s."}
	scrapeLog      = message.Word{EN: "metrics-server's own log names the error", PT: "o log do próprio metrics-server diz o erro"}
)

func metricsFlow(v *theory.View) {
	apis := theory.List(v, evidence.APIServices)
	i := slices.IndexFunc(apis.Items, func(i apiServiceItem) bool { return i.Object.Name == metricsAPI })
	if i < 0 || apis.Items[i].Object.Spec.Service == nil {
		return
	}
	service := apis.Items[i].Object.Spec.Service
	backend := backendOf(v, service.Namespace, service.Name)
	q := figuresOfNodes
	var a evidence.Answer
	ok := counted(v) // an answer that stays out must not hold up what is counted
	if ok {
		a, ok = v.Answer(q)
	}
	figures := theory.Claim{
		ID: "metrics", Subject: subject{Kind: "APIService", Name: metricsAPI}, Symptom: "metrics", Sum: true,
		Suspect: metricsSuspect.With(), Needs: []diagnose.Need{all(apiAnswers, apiServiceID(metricsAPI))},
		Evidence: []theory.Evidence{{Question: q, Value: httpStatus(a)}},
	}
	have := map[string]bool{}
	switch {
	case !ok:
		unknown(&figures, diagnose.NotAsked, "")
	case a.Gap != nil && a.Gap.Why != evidence.TimedOut && a.Status == 0:
		why, detail := theory.WhyOf(a.Gap)
		unknown(&figures, why, detail)
	case a.Status == 403 || a.Status == 401:
		unknown(&figures, diagnose.Forbidden, "list nodes.metrics.k8s.io")
	case a.Status == 200 && a.Gap == nil:
		var whole bool
		if have, whole = nodesWithFigures(a.Text); whole {
			figures.Verdict = diagnose.Holds
		} else {
			// Cut off, as on very large clusters, or no list at all.
			unknown(&figures, diagnose.Failed, "")
		}
	default:
		figures.Verdict = diagnose.Broken
		figures.Seen = metricsSeen.With(strings.TrimSpace(httpStatus(a) + " " + firstLine(a.Text)))
		if a.Gap != nil {
			figures.Seen = metricsSeen.With(noAnswer.With())
		}
		figures.Evidence[0].Value = strings.TrimSpace(httpStatus(a) + " " + firstLine(a.Text))
		if seen := tunnelSeen(v); (a.Status == 503 || a.Status == 500) && seen.unserved(v) {
			figures.Tried, figures.Failed = 1, 1 // another API server may have an agent
		}
	}
	if figures.Verdict == diagnose.Broken && strings.HasSuffix(firstLine(a.Text), "Unauthorized") {
		// metrics-server is not let in at the API server, by the token that it presents.
		figures.Needs = append(figures.Needs, all(tokensID))
	}
	nodes := theory.List(v, evidence.Nodes)
	log := scrapeLogOf(v, backend, have)
	scraper := stateScraper(v, backend, figures.Verdict == diagnose.Broken, log)
	if figures.Verdict == diagnose.Holds {
		figures.Held = metricsHeld.With(len(have), len(nodes.Items))
	}
	v.State(figures)
	var scrapes []diagnose.ID
	for _, item := range nodes.Items {
		scrapes = append(scrapes, stateScrape(v, item.Object, q, figures, have, scraper, log))
	}
	if !nodes.Known() {
		// Of the nodes that are not seen, none may be read.
		others := theory.Claim{ID: "scrape", Subject: subject{Kind: "Node", Name: "*"}, Suspect: someScrape.With(), Rank: 3}
		why, detail := nodes.Why()
		unknown(&others, why, detail)
		if len(scraper) > 0 {
			others.Needs = []diagnose.Need{all(scraper...)}
		}
		v.State(others)
		scrapes = append(scrapes, others.ID)
	}
	if backend != nil && len(scrapes) > 0 {
		// metrics-server is Ready as soon as one kubelet was read.
		backends(v)[backend.Subject] = []diagnose.Need{{Op: diagnose.Any, On: scrapes}}
	}
}

type (
	apiServiceObject = apiregistrationv1.APIService
	apiServiceItem   = evidence.Item[*apiServiceObject]
)

// youngNode is how long after its creation a node may lack figures:
// metrics-server needs two scrapes, 15 s apart by default.
const youngNode = 2 * time.Minute

// stateScrape states that a node's figures are there, which rests on
// metrics-server reaching the kubelet from its own Pod.
func stateScrape(v *theory.View, node *corev1.Node, q evidence.Question, figures theory.Claim, have map[string]bool, scraper []diagnose.ID, log scrapeLogged) diagnose.ID {
	at := subject{Kind: "Node", Name: node.Name}
	scrape := theory.Claim{
		ID: claimID("scrape", at), Subject: at, Suspect: scrapeSuspect.With(node.Name), HeldAll: scrapesHeld, Held: scrapeHeld.With(node.Name),
		Modes: []theory.Mode{{Name: "unread", Category: report.CategoryMetricsServerConfig, Summary: scrapeBroken.With(node.Name)}},
		// The port as metrics-server meets it may differ from the port as the
		// agents meet it: its failure explains, its working proves nothing.
		Needs: []diagnose.Need{
			all(kubeletID(node.Name)), atStart(kubeletStageID(theory.StagePort, node.Name)), atStart(kubeletStageID(theory.StageTLS, node.Name)), atStart(nodeReadyID(node.Name)),
		},
	}
	if len(scraper) > 0 {
		scrape.Needs = append(scrape.Needs, all(scraper...))
	}
	scrape.Tests = log.tests
	symptom := theory.Claim{
		ID: claimID("figures", at), Subject: at, Symptom: "metrics", Sum: true, Suspect: metricsSuspect.With(),
		Held: scrapeHeld.With(node.Name), HeldAll: scrapesHeld,
		Needs:    []diagnose.Need{all("metrics", scrape.ID)},
		Evidence: []theory.Evidence{{Question: q, Object: at, Field: "usage"}},
	}
	switch {
	case figures.Verdict == diagnose.Holds && have[node.Name]:
		symptom.Verdict = diagnose.Holds
	case figures.Verdict == diagnose.Holds && node.Labels["type"] == "virtual-kubelet":
		unknown(&symptom, diagnose.Hidden, "")
	case figures.Verdict == diagnose.Holds && v.Now().Sub(node.CreationTimestamp.Time) > youngNode:
		symptom.Verdict, symptom.Seen = diagnose.Broken, scrapeSeen.With(node.Name)
		symptom.Evidence[0].Value = "absent"
	case figures.Verdict == diagnose.Broken:
		unknown(&symptom, diagnose.Masked, "")
	default:
		unknown(&symptom, cmpWhy(figures.Why, diagnose.NotAsked), "")
	}
	unknown(&scrape, diagnose.NoStandpoint, "")
	if f, ok := log.byNode[node.Name]; ok && !have[node.Name] {
		judgeScrape(&scrape, node.Name, f, log)
	}
	v.State(scrape)
	v.State(symptom)
	return scrape.ID
}

// judgeScrape says of a kubelet that metrics-server logs it cannot read why that
// is, unless it is for a reason that it has with all of them.
func judgeScrape(c *theory.Claim, node string, f loggedError, log scrapeLogged) {
	var category string
	stage, mode := kubeletStage(&f.Finding)
	switch {
	case stage == theory.StagePort && mode != "refused":
		category = report.CategoryNetworkBlocked
	case stage == theory.StagePort:
		category = report.CategoryKubeletDown
	case stage == theory.StageTLS && mode == "expired":
		category = report.CategoryCertExpired
	case stage == theory.StageTLS && mode == "no-certificate":
		category = report.CategoryCertNotIssued
	case stage == theory.StageTLS && mode == "other-ca" && log.read > 0:
		category = report.CategoryCertCAMismatch
	case stage == theory.StageTLS && mode == "not-named" && log.read > 0:
		category = report.CategoryCertSAN
	case stage == theory.StageName && log.read > 0:
		category = report.CategoryDNS
	case stage == theory.StageClient:
		category = report.CategoryTokenAuth
	default:
		return
	}
	c.Verdict, c.Mode, c.Evidence = diagnose.Broken, "unread", []theory.Evidence{log.cite(f)}
	c.Modes[0].Category, c.Modes[0].Summary = category, scrapeSays.With(node, f.Text)
}

// nodesWithFigures reads a NodeMetricsList, and reports whether it was whole.
func nodesWithFigures(body string) (map[string]bool, bool) {
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Usage    map[string]string
		}
	}
	have := map[string]bool{}
	if json.Unmarshal([]byte(body), &list) != nil {
		return have, false
	}
	for _, item := range list.Items {
		have[item.Metadata.Name] = len(item.Usage) > 0
	}
	return have, true
}
