package faults

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// chats is the Deployment of the lab's workload, which answers HTTP.
func chats(l *cluster.Lab) Subject {
	return Subject{Kind: "Deployment", Namespace: l.Names.Workload.Namespace, Name: l.Names.Workload.Deployment}
}

// logger is the DaemonSet of the lab's workload.
func logger(l *cluster.Lab) Subject {
	return Subject{Kind: "DaemonSet", Namespace: l.Names.Workload.Namespace, Name: l.Names.Workload.DaemonSet}
}

func (s Subject) args(verb string, more ...string) []string {
	return append([]string{verb, strings.ToLower(s.Kind), s.Name, "--namespace=" + s.Namespace}, more...)
}

// kubectl runs the commands one after the other.
func kubectl(ctx context.Context, l *cluster.Lab, commands ...[]string) error {
	for _, args := range commands {
		if _, err := l.Kubectl(ctx, "", args...); err != nil {
			return err
		}
	}
	return nil
}

// losePodsOf deletes the Pods with the app label of that name: their workload needs new ones.
func losePodsOf(s Subject) []string {
	return []string{"delete", "pods", "--namespace=" + s.Namespace, "--selector=app=" + s.Name, "--force", "--grace-period=0"}
}

// unready is the symptom of a workload that has not all the Pods that it asks for.
func unready(s Subject) Symptom {
	field := "{.status.readyReplicas}"
	if s.Kind == "DaemonSet" {
		field = "{.status.numberReady}"
	}
	return Symptom{Doc: s.Name + " has no ready Pod", Args: fixed(s.args("get", "--output=jsonpath=["+field+"]")...), Any: []string{"[]", "[0]"}}
}

// eventSays is the symptom of an event in a namespace.
func eventSays(namespace, doc string, any ...string) Symptom {
	return Symptom{Doc: doc, Any: any, Args: fixed("get", "events", "--namespace="+namespace, "--output=jsonpath={.items[*].message}")}
}

// admissionFault is a fault that refuses new Pods of a workload of the lab,
// which then loses those it has.
func admissionFault(name, doc string, of func(*cluster.Lab) Subject, forbid func(context.Context, *cluster.Lab) error, undo func(*cluster.Lab) []string, due func(*cluster.Lab) Verdict, says string) *Fault {
	return &Fault{
		Name: name, Doc: doc,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := forbid(ctx, l); err != nil {
				return err
			}
			return kubectl(ctx, l, losePodsOf(of(l)))
		},
		Heal: healBy(of, undo),
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{unready(of(l)), eventSays(of(l).Namespace, "its Pods are refused", says)}
		},
		Due: func(l *cluster.Lab) Due { return sameFrom(due(l)) },
	}
}

func quotaExhausted() *Fault {
	const name = "pods-per-team"
	return admissionFault("quota-exhausted", "a ResourceQuota leaves no room for the Pods of a Deployment", chats,
		func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			// The DaemonSet of the namespace has one Pod on each node.
			if err := kubectl(ctx, l, []string{"create", "quota", name, "--namespace=" + s.Namespace, fmt.Sprintf("--hard=pods=%d", len(l.Nodes))}); err != nil {
				return err
			}
			return waitFor(ctx, l, "pods", "get", "resourcequota", name, "--namespace="+s.Namespace, "--output=jsonpath={.status.used}")
		}, func(l *cluster.Lab) []string {
			return []string{"delete", "resourcequota", name, "--namespace=" + chats(l).Namespace, "--ignore-not-found"}
		},
		func(l *cluster.Lab) Verdict {
			return Verdict{[]string{"resource-exhaustion"}, Subject{Kind: "ResourceQuota", Namespace: chats(l).Namespace, Name: name}, Confirmed}
		}, "exceeded quota")
}

func podSecurityForbids() *Fault {
	const label = "pod-security.kubernetes.io/enforce"
	return admissionFault("pod-security-forbids", "a namespace enforces the Pod Security level restricted, which the Pods of its DaemonSet violate", logger,
		func(ctx context.Context, l *cluster.Lab) error {
			return kubectl(ctx, l, []string{"label", "namespace", logger(l).Namespace, label + "=restricted", "--overwrite"})
		}, func(l *cluster.Lab) []string { return []string{"label", "namespace", logger(l).Namespace, label + "-"} },
		func(l *cluster.Lab) Verdict {
			return Verdict{[]string{"config"}, Subject{"Namespace", "", logger(l).Namespace, label}, Confirmed}
		}, "violates PodSecurity")
}

const denyPolicy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: limits.example.com}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  validations:
  - {expression: "object.spec.containers.all(c, has(c.resources.limits))", message: every container states limits}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: limits-everywhere}
spec:
  policyName: limits.example.com
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{.Namespace}}}}}
`

func policyDenies() *Fault {
	return admissionFault("policy-denies", "a ValidatingAdmissionPolicy denies the Pods of a Deployment", chats,
		func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			if err := apply(ctx, l, denyPolicy, s); err != nil {
				return err
			}
			return waitFor(ctx, l, "denied request", "run", "probe", "--namespace="+s.Namespace, "--image="+l.Images["chatter"], "--dry-run=server")
		}, func(*cluster.Lab) []string {
			return []string{"delete", "validatingadmissionpolicy,validatingadmissionpolicybinding", "limits.example.com", "limits-everywhere", "--ignore-not-found"}
		},
		func(*cluster.Lab) Verdict {
			return Verdict{[]string{"config"}, Subject{Kind: "ValidatingAdmissionPolicyBinding", Name: "limits-everywhere"}, Confirmed}
		}, "denied request")
}

func serviceAccountMissing() *Fault {
	const name = "courier"
	return admissionFault("serviceaccount-missing", "the ServiceAccount of a Deployment was deleted", chats,
		func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			return kubectl(ctx, l,
				[]string{"create", "serviceaccount", name, "--namespace=" + s.Namespace},
				s.args("patch", `--patch={"spec":{"template":{"spec":{"serviceAccountName":"`+name+`"}}}}`),
				[]string{"rollout", "status", "deployment/" + s.Name, "--namespace=" + s.Namespace, "--timeout=90s"},
				[]string{"delete", "serviceaccount", name, "--namespace=" + s.Namespace})
		}, func(l *cluster.Lab) []string {
			return chats(l).args("patch", `--patch={"spec":{"template":{"spec":{"serviceAccountName":null,"serviceAccount":null}}}}`)
		},
		func(l *cluster.Lab) Verdict {
			return Verdict{[]string{"config"}, Subject{Kind: "ServiceAccount", Namespace: chats(l).Namespace, Name: name}, Confirmed}
		}, "not found")
}

func priorityClassMissing() *Fault {
	const name = "platform-critical"
	return admissionFault("priorityclass-missing", "the PriorityClass that a DaemonSet names does not exist", logger,
		func(ctx context.Context, l *cluster.Lab) error {
			return kubectl(ctx, l, logger(l).args("patch", `--patch={"spec":{"template":{"spec":{"priorityClassName":"`+name+`"}}}}`))
		}, func(l *cluster.Lab) []string {
			return logger(l).args("patch", `--patch={"spec":{"template":{"spec":{"priorityClassName":null,"priority":null}}}}`)
		},
		func(*cluster.Lab) Verdict {
			return Verdict{[]string{"config"}, Subject{Kind: "PriorityClass", Name: name}, Confirmed}
		}, "no PriorityClass")
}

// healBy undoes a fault of a workload with one command, and makes its Pods anew.
func healBy(of func(*cluster.Lab) Subject, undo func(*cluster.Lab) []string) func(context.Context, *cluster.Lab) error {
	return func(ctx context.Context, l *cluster.Lab) error {
		s := of(l)
		return kubectl(ctx, l, undo(l), []string{"rollout", "restart", strings.ToLower(s.Kind) + "/" + s.Name, "--namespace=" + s.Namespace})
	}
}

// waitFor waits until what kubectl prints contains a text.
func waitFor(ctx context.Context, l *cluster.Lab, what string, args ...string) error {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Second) {
		text, err := l.Kubectl(ctx, "", args...)
		if strings.Contains(text, what) {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return fmt.Errorf("waiting for %q: %v: %s", what, err, strings.TrimSpace(text))
		}
	}
}

func imagePullFailed() *Fault {
	return &Fault{
		Name: "image-pull-failed", Doc: "a DaemonSet was rolled out with an image that does not exist",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			s := logger(l)
			return kubectl(ctx, l, []string{"set", "image", "daemonset/" + s.Name, "main=" + l.Images["chatter"] + "-next", "--namespace=" + s.Namespace}, losePodsOf(s))
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			s := logger(l)
			return kubectl(ctx, l, []string{"set", "image", "daemonset/" + s.Name, "main=" + l.Images["chatter"], "--namespace=" + s.Namespace})
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{unready(logger(l)), eventSays(logger(l).Namespace, "the image cannot be pulled", "ErrImagePull", "ImagePullBackOff", "Failed to pull")}
		},
		Due: func(l *cluster.Lab) Due { return sameFrom(Verdict{[]string{"workload-down"}, logger(l), Confirmed}) },
	}
}

const mounted = "settings"

// mountFault is a Deployment that names an object which is then deleted.
func mountFault(name, doc, kind string, make []string, spec string, says ...string) *Fault {
	at := func(l *cluster.Lab) Subject { return Subject{Kind: kind, Namespace: chats(l).Namespace, Name: mounted} }
	return &Fault{
		Name: name, Doc: doc,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			err := kubectl(ctx, l,
				append(make, "--namespace="+s.Namespace),
				s.args("patch", "--patch="+spec),
				[]string{"rollout", "status", "deployment/" + s.Name, "--namespace=" + s.Namespace, "--timeout=90s"},
				at(l).args("delete"), losePodsOf(s))
			time.Sleep(20 * time.Second) // what comes a moment after the Pod is not missing
			return err
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			s := chats(l)
			return kubectl(ctx, l, []string{"rollout", "undo", "deployment/" + s.Name, "--namespace=" + s.Namespace}, at(l).args("delete", "--ignore-not-found"))
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{unready(chats(l)), eventSays(chats(l).Namespace, "the object is not found", says...)}
		},
		Due: func(l *cluster.Lab) Due { return sameFrom(Verdict{[]string{"config"}, at(l), Confirmed}) },
	}
}

func secretMissing() *Fault {
	return mountFault("secret-missing", "a Secret that a Deployment mounts was deleted", "Secret",
		[]string{"create", "secret", "generic", mounted, "--from-literal=token=x"},
		`{"spec":{"template":{"spec":{"volumes":[{"name":"s","secret":{"secretName":"`+mounted+`"}}],"containers":[{"name":"main","volumeMounts":[{"name":"s","mountPath":"/settings"}]}]}}}}`,
		"not found")
}

func configMapMissing() *Fault {
	return mountFault("configmap-missing", "a ConfigMap that a Deployment reads into its environment was deleted", "ConfigMap",
		[]string{"create", "configmap", mounted, "--from-literal=mode=fast"},
		`{"spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"MODE","valueFrom":{"configMapKeyRef":{"name":"`+mounted+`","key":"mode"}}}]}]}}}}`,
		"not found")
}

func probeWrongPort() *Fault {
	return &Fault{
		Name: "probe-wrong-port", Doc: "the readiness probe of a Deployment asks a port on which nothing listens",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return kubectl(ctx, l, chats(l).args("patch", `--patch={"spec":{"strategy":{"type":"Recreate","rollingUpdate":null},"template":{"spec":{"containers":[{"name":"main","readinessProbe":{"httpGet":{"path":"/","port":9999}}}]}}}}`))
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			return kubectl(ctx, l, chats(l).args("patch", `--patch={"spec":{"template":{"spec":{"containers":[{"name":"main","readinessProbe":{"httpGet":{"path":"/","port":8080}}}]}}}}`))
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{unready(chats(l)), eventSays(chats(l).Namespace, "the probe fails", ":9999: connect: connection refused")}
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"config", "workload-down"}, chats(l), Confirmed})
		},
	}
}

func nodesCordoned() *Fault {
	each := func(verb string) func(context.Context, *cluster.Lab) error {
		return func(ctx context.Context, l *cluster.Lab) error {
			for _, n := range l.Nodes {
				if err := kubectl(ctx, l, []string{verb, n.Name}); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return &Fault{
		Name: "nodes-cordoned", Doc: "every node is cordoned, and a Deployment lost its Pods",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := each("cordon")(ctx, l); err != nil {
				return err
			}
			return kubectl(ctx, l, losePodsOf(chats(l)))
		},
		Heal: each("uncordon"),
		Symptoms: func(l *cluster.Lab) []Symptom {
			return []Symptom{unready(chats(l)), eventSays(chats(l).Namespace, "no node takes its Pods", "were unschedulable")}
		},
		Due: func(*cluster.Lab) Due { return sameFrom(Verdict{[]string{"config"}, Subject{Kind: "Node"}, Confirmed}) },
	}
}
