package faults

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/names"
)

// changeAgents changes the agents' workload by a JSON patch, a list without its
// brackets, and replaces every Pod.
func changeAgents(ctx context.Context, l *cluster.Lab, patch string) error {
	// With the default strategy a Deployment would keep the old Pods, and the tunnel with them.
	if l.AgentKind() == "Deployment" {
		patch += `,{"op":"replace","path":"/spec/strategy","value":{"type":"Recreate"}}`
	}
	if err := patchAgents(ctx, l, "["+patch+"]"); err != nil {
		return err
	}
	return l.ReplaceAgents(ctx)
}

// restoreAgents goes back to the revision before, and to the default strategy.
func restoreAgents(ctx context.Context, l *cluster.Lab) error {
	a := l.Names.Agent
	if _, err := l.Kubectl(ctx, "", "rollout", "undo", strings.ToLower(l.AgentKind())+"/"+a.Name, "--namespace="+a.Namespace); err != nil {
		return err
	}
	if l.AgentKind() != "Deployment" {
		return nil
	}
	return patchAgents(ctx, l, `[{"op":"replace","path":"/spec/strategy","value":{"type":"RollingUpdate"}}]`)
}

// setAgentFlag is the patch that gives the agents another value of a flag.
func setAgentFlag(ctx context.Context, l *cluster.Lab, flag, value string) (string, error) {
	a := l.Names.Agent
	path := "/spec/template/spec/containers/0/" + agentFlagField(l)
	text, err := l.Kubectl(ctx, "", "get", strings.ToLower(l.AgentKind()), a.Name, "--namespace="+a.Namespace,
		`--output=go-template={{range (index .spec.template.spec.containers 0).`+agentFlagField(l)+`}}{{.}}{{"\n"}}{{end}}`)
	if err != nil {
		return "", err
	}
	words := strings.Split(strings.TrimSpace(text), "\n")
	for i, word := range words {
		if strings.HasPrefix(word, "--"+flag+"=") {
			return fmt.Sprintf(`{"op":"replace","path":"%s/%d","value":"--%s=%s"}`, path, i, flag, value), nil
		}
		if word == "--"+flag {
			return fmt.Sprintf(`{"op":"replace","path":"%s/%d","value":%q}`, path, i+1, value), nil
		}
	}
	return "", fmt.Errorf("the agents have no flag --%s", flag)
}

func agentServerPortWrong() *Fault {
	return &Fault{
		Name: "agent-server-port-wrong",
		Doc:  "the agents' --proxy-server-port was changed to one that nobody listens on",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			patch, err := setAgentFlag(ctx, l, "proxy-server-port", fmt.Sprint(l.Names.Ports.Agent+7))
			if err != nil {
				return err
			}
			return changeAgents(ctx, l, patch)
		},
		Heal:     restoreAgents,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-config"}, agentWorkload(l), Open})
		},
	}
}

func agentServerNameUnresolvable() *Fault {
	return &Fault{
		Name: "agent-server-name-unresolvable",
		Doc:  "the agents' --proxy-server-host was changed to a name that does not resolve",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			patch, err := setAgentFlag(ctx, l, "proxy-server-host", "tunnel."+l.Names.Cluster+".invalid")
			if err != nil {
				return err
			}
			return changeAgents(ctx, l, patch)
		},
		Heal:     restoreAgents,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-config", "dns"}, Subject{}, Open})
		},
	}
}

func agentImageMissing() *Fault {
	return &Fault{
		Name: "agent-image-missing",
		Doc:  "konnectivity-agent was given an image that no registry has",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return changeAgents(ctx, l, `{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"images.lab.test/kas-network-proxy/proxy-agent:v0.99.9"}`)
		},
		Heal: restoreAgents,
		Symptoms: func(l *cluster.Lab) []Symptom {
			a := l.Names.Agent
			return append(noAgent(l), Symptom{
				Doc: "the image cannot be pulled", Any: []string{"ImagePullBackOff", "ErrImagePull"},
				Args: fixed("get", "pods", "--namespace="+a.Namespace, "--selector="+a.Selector()),
			})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-agent-down"}, agentWorkload(l), Confirmed})
		},
	}
}

func agentTokenAudience() *Fault {
	return &Fault{
		Name:     "agent-token-audience",
		Doc:      "the agents' projected token was changed to another audience than konnectivity-server asks for",
		Profiles: []string{names.DaemonSetToken},
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return changeAgents(ctx, l, `{"op":"replace","path":"/spec/template/spec/volumes/0/projected/sources/0/serviceAccountToken/audience","value":"konnectivity"}`)
		},
		Heal:     restoreAgents,
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"token-auth"}, agentWorkload(l), Open})
		},
	}
}

func tokenReviewForbidden() *Fault {
	return &Fault{
		Name:     "token-review-forbidden",
		Doc:      "the ClusterRoleBinding is gone that lets konnectivity-server ask for a TokenReview of its agents' tokens",
		Profiles: []string{names.DaemonSetToken},
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if _, err := l.Kubectl(ctx, "", "delete", "clusterrolebinding", "system:konnectivity-server"); err != nil {
				return err
			}
			return l.Restart(ctx, cluster.KonnectivityServer)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			_, err := l.Kubectl(ctx, "", "create", "clusterrolebinding", "system:konnectivity-server", "--clusterrole=system:auth-delegator", "--user=system:konnectivity-server")
			return err
		},
		Symptoms: agentsRun,
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"rbac"}, Subject{Kind: "User", Name: "system:konnectivity-server"}, Open})
		},
	}
}

func agentCertNotReloaded() *Fault {
	return &Fault{
		Name:     "agent-cert-not-reloaded",
		Doc:      "the agents' client certificate was renewed after it expired, and their processes still hold the old one",
		Profiles: withClientCerts(),
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			r := l.AgentClientRequest()
			r.NotBefore, r.NotAfter = yearOld(1)
			old, err := l.Issue(cluster.AgentClientCA, r)
			if err != nil {
				return err
			}
			if err := setAgentCert(ctx, l, old.CertPEM, old.KeyPEM); err != nil {
				return err
			}
			if err := untilCutOff(ctx, l); err != nil {
				return err
			}
			good, err := l.Issue(cluster.AgentClientCA, l.AgentClientRequest())
			if err != nil {
				return err
			}
			a := l.Names.Agent
			return l.SetData(ctx, "Secret", a.Namespace, a.Secret, map[string][]byte{a.CertKey: good.CertPEM, a.KeyKey: good.KeyPEM})
		},
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return l.ReplaceAgents(ctx) },
		Symptoms: agentsRun,
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-not-reloaded"}, agentWorkload(l), Open})
		},
	}
}

// untilCutOff replaces the agents until none of them is connected: a Secret that
// a kubelet has mounted lately may be a minute old.
func untilCutOff(ctx context.Context, l *cluster.Lab) error {
	for range 8 {
		if err := l.AgentsHaveRun(ctx, 5*time.Second); err != nil {
			return err
		}
		cut := true
		for _, s := range noAgent(l) {
			cut = cut && s.Shown(ctx, l) == nil
		}
		if cut {
			return nil
		}
		if err := wait(ctx, 10*time.Second); err != nil {
			return err
		}
		if err := l.ReplaceAgents(ctx); err != nil {
			return err
		}
	}
	return errors.New("the agents connect all the same")
}

func egressMisplaced() *Fault {
	return &Fault{
		Name:     "egress-misplaced",
		Doc:      "the API server's egress selector configuration names a socket, or port, that konnectivity-server does not listen on",
		Inject:   func(ctx context.Context, l *cluster.Lab) error { return l.MisplaceEgress(ctx) },
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return l.MendEgress(ctx) },
		Symptoms: logsHang,
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-config"}, Subject{Kind: "Endpoint", Name: "kube-apiserver"}, Open})
		},
	}
}
