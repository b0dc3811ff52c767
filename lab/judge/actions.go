package judge

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// action carries out, on a lab, what a step's action names. It gets the step's
// arguments and nothing of the fault.
type action func(ctx context.Context, l *cluster.Lab, args map[string]string) error

// actions are those that a lab can carry out.
func actions() map[string]action {
	return map[string]action{
		"issue-client-certificate":  issueClientCertificate,
		"issue-server-certificate":  issueServerCertificate,
		"issue-webhook-certificate": issueWebhookCertificate,
		"replace-ca-bundle":         replaceCABundle,
		"replace-webhook-ca-bundle": replaceWebhookCA,
		"restore-object":            restoreObject,
		"relieve-node":              relieveNode,
		"restore-cni":               restoreCNI,
		"mend-signer":               mendSigner,
		"set-clock":                 setClock,
		"admit-by-policy":           admitByPolicy,
		"open-port":                 openPort,
		"restore-path-mtu":          restorePathMTU,
		"start-kubelet":             startKubelet,
		"start-component":           startComponent,
		"start-kube-proxy":          startKubeProxy,

		"restart-component":                restartComponent,
		"renew-kubeconfig":                 renewKubeconfig,
		"renew-api-serving-certificate":    renewServing,
		"renew-etcd-certificates":          renewEtcdCertificates,
		"free-etcd-space":                  freeEtcdSpace,
		"renew-component-certificate":      renewComponentCertificate,
		"renew-kubelet-client-certificate": renewKubeletCertificate,
		"renew-front-proxy-client":         renewFrontProxyClient,
		"replace-token-pods":               replaceTokenPods,

		"renew-apiserver-kubelet-client":    renewKubeletClient,
		"renew-kubelet-serving-certificate": renewKubeletServing,
		"sign-kubelet-serving-certificates": signKubeletServing,
		"mend-kubelet-client-ca":            mendKubeletClientCA,
		"mend-egress-selector":              mendEgress,
		"prefer-node-addresses":             preferNodeAddresses,
		"upgrade-kubelet":                   upgradeKubelet,
		"start-container-runtime":           startContainerRuntime,
		"start-konnectivity-server":         restartKonnectivityServer,
		"restart-konnectivity-server":       restartKonnectivityServer,
		"set-server-count":                  setServerCount,
	}
}

// carryOut executes a step: its action if it has one, else its command as it is.
func carryOut(ctx context.Context, l *cluster.Lab, s Step) error {
	if s.Action != "" {
		do, ok := actions()[s.Action]
		if !ok {
			return fmt.Errorf("the lab has no action %q", s.Action)
		}
		if err := do(ctx, l, s.Args); err != nil {
			return fmt.Errorf("%s %v: %w", s.Action, s.Args, err)
		}
		return nil
	}
	if s.Command == "" {
		return fmt.Errorf("the step has neither action nor command: %q", s.Text)
	}
	if !strings.HasPrefix(s.Command, "kubectl ") {
		return fmt.Errorf("the lab runs commands of kubectl only, not %q", s.Command)
	}
	cmd, err := l.Command(ctx, cluster.API, "sh", "-c", s.Command)
	if err != nil {
		return err
	}
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s: %v: %s", s.Command, err, strings.TrimSpace(string(text)))
	}
	return err
}

// need gives the first of the arguments that is there.
func need(args map[string]string, keys ...string) (string, error) {
	for _, key := range keys {
		if args[key] != "" {
			return args[key], nil
		}
	}
	return "", fmt.Errorf("argument %s is missing", strings.Join(keys, " or "))
}

func issueClientCertificate(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	var values [4]string
	for i, key := range []string{"namespace", "secret", "certKey", "keyKey"} {
		value, err := need(args, key)
		if err != nil {
			return err
		}
		values[i] = value
	}
	pair, err := l.Issue(cluster.AgentClientCA, l.AgentClientRequest())
	if err != nil {
		return err
	}
	return l.SetData(ctx, "Secret", values[0], values[1], map[string][]byte{values[2]: pair.CertPEM, values[3]: pair.KeyPEM})
}

func issueServerCertificate(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	address, err := need(args, "host", "address")
	if err != nil {
		return err
	}
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	ca, err := l.AuthorityInBundle(ctx)
	if err != nil {
		return err
	}
	pair, err := ca.Issue(l.AgentServerRequest(address))
	if err != nil {
		return err
	}
	return l.ServeAgents(ctx, pair)
}

func issueWebhookCertificate(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	var values [5]string
	for i, key := range []string{"namespace", "secret", "certKey", "keyKey", "host"} {
		value, err := need(args, key)
		if err != nil {
			return err
		}
		values[i] = value
	}
	pair, err := l.Issue(cluster.WebhookCA, pki.Request{CommonName: values[4], Names: []string{values[4]}, Server: true})
	if err != nil {
		return err
	}
	return l.SetData(ctx, "Secret", values[0], values[1], map[string][]byte{values[2]: pair.CertPEM, values[3]: pair.KeyPEM})
}

func replaceCABundle(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	kind := args["kind"]
	for key, k := range map[string]string{"secret": "Secret", "configmap": "ConfigMap"} {
		if kind == "" && args[key] != "" {
			kind = k
		}
	}
	if !slices.Contains([]string{"Secret", "ConfigMap"}, kind) {
		return fmt.Errorf("a bundle cannot be in %q", kind)
	}
	namespace, err := need(args, "namespace")
	if err != nil {
		return err
	}
	name, err := need(args, "name", strings.ToLower(kind))
	if err != nil {
		return err
	}
	key, err := need(args, "key")
	if err != nil {
		return err
	}
	ca, err := l.AuthorityOfServer()
	if err != nil {
		return err
	}
	return l.SetData(ctx, kind, namespace, name, map[string][]byte{key: ca.CertPEM})
}

// openPort removes what drops packets to the port. The machine is given as an
// address, with or without the port, or as a node; without either it is any.
func openPort(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	port, to := args["port"], netip.Addr{}
	if target, err := need(args, "address", "to", "node"); err == nil {
		host := target
		if h, p, err := net.SplitHostPort(target); err == nil {
			host = h
			if port == "" {
				port = p
			}
		}
		if n, err := l.NodeNamed(host); err == nil {
			to = n.Address
		} else if to, err = netip.ParseAddr(host); err != nil {
			return fmt.Errorf("%q is neither an address nor a node", host)
		}
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("%q is no port", port)
	}
	removed, err := l.OpenPort(ctx, to, number)
	if err == nil && removed == 0 {
		return fmt.Errorf("nothing blocks port %d of %s", number, to)
	}
	return err
}

func startKubelet(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	name, err := need(args, "node")
	if err != nil {
		return err
	}
	n, err := l.NodeNamed(name)
	if err != nil {
		return err
	}
	return l.Restart(ctx, n.Kubelet()) // it may run and not do its work
}

// startComponent starts a program of the control plane.
func startComponent(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	name, err := need(args, "name")
	if err != nil {
		return err
	}
	switch name {
	case cluster.APIServer:
		if err := l.StartAPI(ctx); err != nil {
			return err
		}
		return l.StartLeaders(ctx)
	case cluster.Etcd:
		// What starts etcd does not wait for it: it may be that it runs, and is not let in.
		return l.Start(name)
	}
	return l.Start(name)
}

// renewKubeletClient gives the API server a new certificate for kubelets, of
// the same subject, and restarts it.
func renewKubeletClient(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	const name = "apiserver-kubelet-client"
	old, err := l.PKI().Load(name)
	if err != nil {
		return err
	}
	pair, err := l.Issue("ca", pki.Request{CommonName: old.Cert.Subject.CommonName, Organizations: old.Cert.Subject.Organization, Client: true})
	if err != nil {
		return err
	}
	if err := l.PKI().Save(name, pair); err != nil {
		return err
	}
	return l.RestartAPI(ctx)
}

func restartKonnectivityServer(ctx context.Context, l *cluster.Lab, _ map[string]string) error {
	return l.Restart(ctx, cluster.KonnectivityServer)
}

func setServerCount(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	count, err := strconv.Atoi(args["count"])
	if err != nil {
		return fmt.Errorf("reading the number of servers: %v", err)
	}
	return l.SetServerCount(ctx, count)
}
