package cluster

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/template"
)

// Kubeconfig is what a kubeconfig file of the lab says.
type Kubeconfig struct {
	Cluster, Server, User string
	CA                    []byte // PEM
	Cert, Key             []byte // PEM; empty: the user has no certificate
	Token                 string
	ServerName            string // tls-server-name
	Proxy                 string // proxy-url
	Exec                  string // command of a credential plugin
}

var kubeconfigText = template.Must(template.New("kubeconfig").Funcs(template.FuncMap{"base64": base64.StdEncoding.EncodeToString}).Parse(`apiVersion: v1
kind: Config
clusters:
- name: {{.Cluster}}
  cluster:
    server: {{.Server}}
    certificate-authority-data: {{base64 .CA}}
{{- with .ServerName}}
    tls-server-name: {{.}}
{{- end}}
{{- with .Proxy}}
    proxy-url: {{.}}
{{- end}}
users:
- name: {{.User}}
  user:
{{- with .Cert}}
    client-certificate-data: {{base64 .}}
{{- end}}
{{- with .Key}}
    client-key-data: {{base64 .}}
{{- end}}
{{- with .Token}}
    token: {{.}}
{{- end}}
{{- with .Exec}}
    exec: {apiVersion: client.authentication.k8s.io/v1, command: {{.}}, interactiveMode: Never}
{{- end}}
contexts:
- name: {{.User}}@{{.Cluster}}
  context: {cluster: {{.Cluster}}, user: {{.User}}}
current-context: {{.User}}@{{.Cluster}}
`))

// credential is a kubeconfig that up writes: its name, the certificate in it,
// the user and the server.
type credential struct{ name, cert, user, server string }

func (l *Lab) credentials() []credential {
	inside, host := fmt.Sprintf("https://127.0.0.1:%d", l.Names.Ports.API), fmt.Sprintf("https://127.0.0.1:%d", l.HostPort)
	if l.simulated() {
		inside = host
	}
	net := fmt.Sprintf("https://%s:%d", l.Plan.ControlPlane, l.Names.Ports.API)
	all := []credential{
		{"super-admin", "super-admin", "kubernetes-super-admin", host},
		{"admin", "admin", "kubernetes-admin", host},
		{"agent-port", "admin", "kubernetes-admin", net},
		{"controller-manager", "controller-manager", "system:kube-controller-manager", inside},
		{"scheduler", "scheduler", "system:kube-scheduler", inside},
		{"konnectivity-server", "konnectivity-server-client", "system:konnectivity-server", inside},
		{"kube-proxy", "kube-proxy", "system:kube-proxy", net},
	}
	for _, n := range l.Nodes {
		all = append(all, credential{n.ID, "nodes/" + n.ID, "system:node:" + n.Name, net})
	}
	return all
}

// makeKubeconfigs writes those of the components and of the administrator.
func (l *Lab) makeKubeconfigs() error {
	for _, c := range l.credentials() {
		if err := l.WriteKubeconfig(c.name, nil); err != nil {
			return err
		}
	}
	return nil
}

// WriteKubeconfig writes the kubeconfig with that name: admin, agent-port,
// controller-manager, scheduler, a node's ID. It holds the certificate that the
// lab has now; change, if any, may alter what it says.
func (l *Lab) WriteKubeconfig(name string, change func(*Kubeconfig)) error {
	all := l.credentials()
	i := slices.IndexFunc(all, func(c credential) bool { return c.name == name })
	if i < 0 {
		return fmt.Errorf("writing kubeconfig %s: the lab has none of that name", name)
	}
	ca, err := l.PKI().Load("ca")
	if err != nil {
		return err
	}
	pair, err := l.PKI().Load(all[i].cert)
	if err != nil {
		return err
	}
	k := &Kubeconfig{Cluster: l.Names.Cluster, Server: all[i].server, User: all[i].user, CA: ca.CertPEM, Cert: pair.CertPEM, Key: pair.KeyPEM}
	if change != nil {
		change(k)
	}
	if err := os.MkdirAll(l.path("kubeconfig"), 0o700); err != nil {
		return fmt.Errorf("writing kubeconfigs: %v", err)
	}
	f, err := os.OpenFile(filepath.Join(l.path("kubeconfig"), name+".conf"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing kubeconfig %s: %v", name, err)
	}
	if err := kubeconfigText.Execute(f, k); err != nil {
		f.Close()
		return fmt.Errorf("writing kubeconfig %s: %v", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("writing kubeconfig %s: %v", name, err)
	}
	return nil
}
