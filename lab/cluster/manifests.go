package cluster

import (
	"bytes"
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"text/template"

	"github.com/kubelaudo/laudo/lab/names"
)

//go:embed manifests
var manifests embed.FS

// render fills the manifest with that name.
func render(name string, data any) (string, error) {
	t, err := template.ParseFS(manifests, "manifests/"+name)
	if err != nil {
		return "", fmt.Errorf("reading manifest %s: %v", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("filling manifest %s: %v", name, err)
	}
	return b.String(), nil
}

// AgentKind is the kind of the agents' workload.
func (l *Lab) AgentKind() string {
	if l.Profile == names.DaemonSetToken {
		return "DaemonSet"
	}
	return "Deployment"
}

// agentFlags are the arguments of konnectivity-agent.
func (l *Lab) agentFlags() []string {
	a, p := l.Names.Agent, l.Names.Ports
	flags := [][2]string{
		{"--logtostderr", "true"},
		{"--ca-cert", path.Join(a.BundlePath, a.BundleKey)},
		{"--proxy-server-host", l.Plan.ControlPlane.String()},
		{"--proxy-server-port", strconv.Itoa(p.Agent)},
		{"--health-server-port", strconv.Itoa(p.AgentHealth)},
		{"--admin-server-port", strconv.Itoa(p.AgentAdmin)},
		{"--sync-interval", "2s"},
		{"--sync-interval-cap", "10s"},
		{"--probe-interval", "2s"},
	}
	if a.Secret != "" {
		flags = append(flags, [2]string{"--agent-cert", path.Join(a.MountPath, a.CertKey)}, [2]string{"--agent-key", path.Join(a.MountPath, a.KeyKey)})
	} else {
		flags = append(flags, [2]string{"--service-account-token-path", path.Join(a.TokenPath, a.TokenFile)})
	}
	var all []string
	if a.Command {
		all = append(all, "/proxy-agent")
	}
	for _, f := range flags {
		if a.EqualsSign || f[1] == "true" {
			all = append(all, f[0]+"="+f[1])
		} else {
			all = append(all, f[0], f[1])
		}
	}
	return all
}

// deploy creates what runs as Pods.
func (l *Lab) deploy(ctx context.Context) error {
	n := l.Names
	namespaces := []string{n.Workload.Namespace, n.Agent.Namespace, n.Metrics.Namespace}
	slices.Sort(namespaces)
	namespaces = slices.DeleteFunc(slices.Compact(namespaces), func(s string) bool { return s == "kube-system" })
	data := map[string]any{"Names": n, "Plan": l.Plan, "Images": l.Images, "Namespaces": namespaces, "Simulated": l.simulated()}
	text, err := render("base.yaml", data)
	if err != nil {
		return err
	}
	if !l.simulated() {
		agent, err := l.agentManifest(data)
		if err != nil {
			return err
		}
		text += "\n---\n" + agent
	}
	// Created, not applied: the annotation of apply would repeat the Secrets.
	_, err = l.Kubectl(ctx, text, "--kubeconfig="+l.path("kubeconfig", "super-admin.conf"), "create", "--validate=false", "-f", "-")
	return err
}

func (l *Lab) agentManifest(data map[string]any) (string, error) {
	ca, err := l.PKI().Load(AgentServerCA)
	if err != nil {
		return "", err
	}
	pair, err := l.PKI().Load("konnectivity/agent")
	if err != nil {
		return "", err
	}
	flags, err := json.Marshal(l.agentFlags())
	if err != nil {
		return "", fmt.Errorf("writing the agent's flags: %v", err)
	}
	quoted, err := json.Marshal(string(ca.CertPEM))
	if err != nil {
		return "", fmt.Errorf("writing the agent's CA bundle: %v", err)
	}
	b64 := base64.StdEncoding.EncodeToString
	data["Kind"], data["Audience"] = l.AgentKind(), tokenAudience
	data["Flags"], data["FlagField"] = string(flags), "args"
	if l.Names.Agent.Command {
		data["FlagField"] = "command"
	}
	data["CA"], data["CA64"] = string(quoted), b64(ca.CertPEM)
	data["Cert"], data["Key"] = b64(pair.CertPEM), b64(pair.KeyPEM)
	return render("agent.yaml", data)
}
