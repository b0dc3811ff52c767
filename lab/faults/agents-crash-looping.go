package faults

import (
	"context"
	"fmt"
	"strings"

	"github.com/kubelaudo/laudo/lab/cluster"
)

func agentsCrashLooping() *Fault {
	return &Fault{
		Name: "agents-crash-looping",
		Doc:  "konnectivity-agent was given a flag that it does not know, and ends at once",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			// With the default strategy a Deployment would keep the old Pods, and the tunnel with them.
			strategy := ""
			if l.AgentKind() == "Deployment" {
				strategy = `,{"op":"replace","path":"/spec/strategy","value":{"type":"Recreate"}}`
			}
			if err := patchAgents(ctx, l, fmt.Sprintf(`[{"op":"add","path":"/spec/template/spec/containers/0/%s/-","value":"--sync-intervall=5s"}%s]`, agentFlagField(l), strategy)); err != nil {
				return err
			}
			return l.ReplaceAgents(ctx)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			a := l.Names.Agent
			if _, err := l.Kubectl(ctx, "", "rollout", "undo", strings.ToLower(l.AgentKind())+"/"+a.Name, "--namespace="+a.Namespace); err != nil {
				return err
			}
			if l.AgentKind() != "Deployment" {
				return nil
			}
			return patchAgents(ctx, l, `[{"op":"replace","path":"/spec/strategy","value":{"type":"RollingUpdate"}}]`)
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			a := l.Names.Agent
			return append(noAgent(l), Symptom{
				Doc: "agents are in a crash loop", Any: []string{"CrashLoopBackOff"},
				Args: fixed("get", "pods", "--namespace="+a.Namespace, "--selector="+a.Selector()),
			})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"konnectivity-agent-down", "konnectivity-config"}, agentWorkload(l), Confirmed})
		},
	}
}

// agentFlagField is the field of the container that holds the agents' flags.
func agentFlagField(l *cluster.Lab) string {
	if l.Names.Agent.Command {
		return "command"
	}
	return "args"
}

func patchAgents(ctx context.Context, l *cluster.Lab, patch string) error {
	a := l.Names.Agent
	_, err := l.Kubectl(ctx, "", "patch", strings.ToLower(l.AgentKind()), a.Name, "--namespace="+a.Namespace, "--type=json", "--patch="+patch)
	return err
}
