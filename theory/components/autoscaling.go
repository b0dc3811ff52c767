package components

import (
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"

	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// autoscaling is the HorizontalPodAutoscalers: they scale by figures that
// others serve.
var autoscaling = theory.Component{
	Name: "autoscaling",
	For: message.Word{
		EN: "HorizontalPodAutoscalers: they scale workloads by figures that the metrics APIs serve",
		PT: "HorizontalPodAutoscalers: escalam cargas por números que as APIs de métricas servem",
	},
	Laws: []theory.Law{{
		ID: "hpa",
		Doc: "every HorizontalPodAutoscaler gets its figures\n\n" +
			"Its condition ScalingActive says why not. " +
			"Source: k8s.io/kubernetes v1.37, pkg/controller/podautoscaler/horizontal.go (2026-11).",
		Reads: slices.Concat(nodeReads, logReads, []theory.Read{
			{Verb: theory.VerbList, Resource: evidence.HorizontalPodAutoscalers.Name, Helps: true},
			{Verb: theory.VerbList, Resource: evidence.APIServices.Name},
			{Verb: theory.VerbList, Resource: evidence.Services.Name},
		}),
		State: autoscalersFed,
	}},
}

var (
	hpaSuspect  = message.Word{EN: "HorizontalPodAutoscaler without figures", PT: "HorizontalPodAutoscaler sem números"}
	hpaHeld     = message.Word{EN: "%[1]s gets its figures", PT: "%[1]s recebe seus números"}
	hpasHeld    = message.Word{EN: "%[1]s of %[1]s HorizontalPodAutoscalers get their figures", PT: "%[1]s de %[1]s HorizontalPodAutoscalers recebem seus números"}
	hpaSeen     = message.Word{EN: "%[1]s does not scale, %[2]s: %[3]s", PT: "%[1]s não escala, %[2]s: %[3]s"}
	hpaOwn      = message.Word{EN: "figures for %[1]s itself", PT: "números para o próprio %[1]s"}
	hpaRequests = message.Word{EN: "%[1]s scales by a share of what its Pods request, and they request nothing: %[2]s.", PT: "%[1]s escala por uma fração do que seus Pods requisitam, e eles nada requisitam: %[2]s."}
	hpaNoAPI    = message.Word{EN: "%[1]s scales by figures of %[2]s, an API that nobody serves.", PT: "%[1]s escala por números de %[2]s, uma API que ninguém serve."}
)

// metricsAPIs are the groups that figures come from, by the reason of the
// condition.
var metricsAPIs = map[string]string{
	"FailedGetResourceMetric":          "metrics.k8s.io",
	"FailedGetContainerResourceMetric": "metrics.k8s.io",
	"FailedGetPodsMetric":              "custom.metrics.k8s.io",
	"FailedGetObjectMetric":            "custom.metrics.k8s.io",
	"FailedGetExternalMetric":          "external.metrics.k8s.io",
}

func autoscalersFed(v *theory.View) {
	list := theory.List(v, evidence.HorizontalPodAutoscalers)
	apis := theory.List(v, evidence.APIServices)
	for _, item := range list.Items {
		h := item.Object
		for _, c := range h.Status.Conditions {
			if c.Type == autoscalingv2.ScalingActive && c.Reason != "ScalingDisabled" {
				stateAutoscaler(v, h, c, list.Question, apis)
			}
		}
	}
}

func available(api *apiServiceObject) bool {
	return slices.ContainsFunc(api.Status.Conditions, func(c apiregistrationv1.APIServiceCondition) bool {
		return c.Type == apiregistrationv1.Available && c.Status == apiregistrationv1.ConditionTrue
	})
}

func stateAutoscaler(v *theory.View, h *autoscalingv2.HorizontalPodAutoscaler, condition autoscalingv2.HorizontalPodAutoscalerCondition, q evidence.Question, apis theory.Listing[*apiServiceObject]) {
	at := subject{Kind: evidence.HorizontalPodAutoscalers.Kind, Namespace: h.Namespace, Name: h.Name}
	cited := []theory.Evidence{{Question: q, Object: at, Field: "status.conditions[ScalingActive]", Value: string(condition.Status) + " " + condition.Reason + ": " + condition.Message}}
	c := theory.Claim{
		ID: claimID("hpa", at), Subject: at, Symptom: "metrics", Sum: true, Suspect: hpaSuspect.With(),
		Held: hpaHeld.With(at.String()), HeldAll: hpasHeld, Evidence: cited, Verdict: diagnose.Holds,
	}
	if condition.Status == corev1.ConditionTrue {
		v.State(c)
		return
	}
	group := metricsAPIs[condition.Reason]
	if group == "" {
		return // it cannot find or scale its target: nothing of figures
	}
	i := slices.IndexFunc(apis.Items, func(i evidence.Item[*apiServiceObject]) bool { return i.Object.Spec.Group == group })
	if requests := strings.Contains(condition.Message, "missing request for"); !requests && i >= 0 && available(apis.Items[i].Object) {
		return // it looks every 15 s, and will find them; or its Pods are not ready
	}
	c.Verdict, c.Seen = diagnose.Broken, hpaSeen.With(at.String(), condition.Reason, condition.Message)
	c.Began = exactly(condition.LastTransitionTime.Time)
	own := theory.Claim{ID: claimID("hpa-own", at), Subject: at, Suspect: hpaOwn.With(at.String()), Rank: 3, Evidence: cited}
	switch {
	case strings.Contains(condition.Message, "missing request for"):
		own.Verdict, own.Mode = diagnose.Broken, "no-requests"
		own.Modes = []theory.Mode{{Name: "no-requests", Category: report.CategoryConfig, Summary: hpaRequests.With(at.String(), condition.Message)}}
	case i < 0 && apis.Known():
		own.Verdict, own.Mode = diagnose.Broken, "no-api"
		own.Modes = []theory.Mode{{Name: "no-api", Category: report.CategoryAPIService, Summary: hpaNoAPI.With(at.String(), group)}}
	default:
		unknown(&own, diagnose.NoStandpoint, "")
		if i >= 0 && apis.Items[i].Object.Spec.Service != nil {
			c.Needs = append(c.Needs, all(apiServiceID(apis.Items[i].Object.Name)))
			if apis.Items[i].Object.Name == metricsAPI {
				c.Needs = append(c.Needs, all("metrics"))
			}
		}
	}
	v.State(own)
	c.Needs = append(c.Needs, all(apiAnswers, own.ID))
	v.State(c)
}
