package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"time"

	"github.com/kubelaudo/laudo/lab/names"
	"github.com/kubelaudo/laudo/lab/pki"
)

// Names under which the tunnel's certificates are kept.
const (
	AgentServerCA = "konnectivity/agent-server-ca" // signs what konnectivity-server shows to agents
	AgentClientCA = "konnectivity/agent-client-ca" // signs what agents present
	WebhookCA     = "webhook/ca"                   // signs what a webhook serves; a fault makes it
	retired       = "konnectivity/retired-"        // authorities that were replaced
)

// AgentServer is the name under which konnectivity-server's agent-side certificate is kept.
func (l *Lab) AgentServer() string { return "konnectivity/" + l.Names.ServerCert }

// leaf is a certificate that up issues.
type leaf struct {
	name, ca string
	request  pki.Request
}

// makeCertificates makes every certificate, key and kubeconfig of the lab.
func (l *Lab) makeCertificates() error {
	s, dir := l.Names.Subjects, l.PKI()
	born := time.Now().AddDate(-2, 0, -11)
	authorities := map[string]string{"ca": s.ClusterCA, "front-proxy-ca": s.FrontProxyCA, "etcd/ca": s.EtcdCA}
	if l.Names.Authority != names.ClusterOnly {
		authorities[AgentServerCA], authorities[AgentClientCA] = s.AgentServerCA, s.AgentClientCA
	}
	made := map[string]*pki.Pair{}
	for name, commonName := range authorities {
		ca, err := pki.NewCA(commonName, born)
		if err != nil {
			return fmt.Errorf("making authority %s: %w", name, err)
		}
		made[name] = ca
	}
	switch l.Names.Authority {
	case names.ClusterOnly:
		made[AgentServerCA], made[AgentClientCA] = made["ca"], made["ca"]
	case names.OneCA:
		made[AgentClientCA] = made[AgentServerCA]
	}
	for name, ca := range made {
		if err := dir.Save(name, ca); err != nil {
			return err
		}
	}
	for _, want := range l.leaves() {
		pair, err := made[want.ca].Issue(want.request)
		if err != nil {
			return fmt.Errorf("issuing %s: %w", want.name, err)
		}
		if err := dir.Save(want.name, pair); err != nil {
			return err
		}
	}
	if err := l.makeServiceAccountKey(); err != nil {
		return err
	}
	return l.makeKubeconfigs()
}

func (l *Lab) leaves() []leaf {
	client := func(cn string, groups ...string) pki.Request {
		return pki.Request{CommonName: cn, Organizations: groups, Client: true}
	}
	apiserver := pki.Request{CommonName: "kube-apiserver", Server: true, Names: []string{
		"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost",
		"127.0.0.1", l.Plan.API.String(), l.Plan.ControlPlane.String(),
	}}
	all := []leaf{
		{"apiserver", "ca", apiserver},
		{"apiserver-kubelet-client", "ca", client("kube-apiserver-kubelet-client", "kubeadm:cluster-admins")},
		{"apiserver-etcd-client", "etcd/ca", client("kube-apiserver-etcd-client")},
		{"front-proxy-client", "front-proxy-ca", client("front-proxy-client")},
		{"etcd/server", "etcd/ca", pki.Request{CommonName: "etcd", Server: true, Client: true, Names: []string{"localhost", "127.0.0.1"}}},
		{"super-admin", "ca", client("kubernetes-super-admin", "system:masters")},
		{"admin", "ca", client("kubernetes-admin", "kubeadm:cluster-admins")},
		{"controller-manager", "ca", client("system:kube-controller-manager")},
		{"scheduler", "ca", client("system:kube-scheduler")},
		{"kube-proxy", "ca", client("system:kube-proxy")},
		{"konnectivity-server-client", "ca", client("system:konnectivity-server")},
		{l.AgentServer(), AgentServerCA, l.AgentServerRequest(l.Plan.ControlPlane.String())},
		{"konnectivity/agent", AgentClientCA, l.AgentClientRequest()},
		{"konnectivity/frontend", "ca", pki.Request{CommonName: "konnectivity-frontend", Server: true, Names: []string{"127.0.0.1", "localhost"}}},
		{"konnectivity/egress", "ca", client("kube-apiserver-egress")},
	}
	for _, n := range l.Nodes {
		all = append(all,
			leaf{"nodes/" + n.ID, "ca", client("system:node:"+n.Name, "system:nodes")},
			leaf{"nodes/" + n.ID + "-serving", "ca", pki.Request{
				CommonName: "system:node:" + n.Name, Organizations: []string{"system:nodes"},
				Server: true, Names: []string{n.Name, n.Address.String()},
			}})
	}
	return all
}

// AgentServerRequest is konnectivity-server's agent-side certificate, for these names.
func (l *Lab) AgentServerRequest(names ...string) pki.Request {
	return pki.Request{CommonName: l.Names.Subjects.AgentServer, Server: true, Names: names}
}

// AgentClientRequest is the agents' client certificate.
func (l *Lab) AgentClientRequest() pki.Request {
	return pki.Request{CommonName: l.Names.Subjects.AgentClient, Client: true}
}

func (l *Lab) makeServiceAccountKey() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("making the service account key: %v", err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return fmt.Errorf("making the service account key: %v", err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return fmt.Errorf("making the service account key: %v", err)
	}
	for path, block := range map[string]*pem.Block{
		l.path("pki", "sa.key"): {Type: "EC PRIVATE KEY", Bytes: private},
		l.path("pki", "sa.pub"): {Type: "PUBLIC KEY", Bytes: public},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			return fmt.Errorf("saving the service account key: %v", err)
		}
	}
	return nil
}
