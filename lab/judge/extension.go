package judge

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// replaceWebhookCA puts the CA of what the API server asks over HTTPS into the
// caBundle of the object that names it.
func replaceWebhookCA(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	var values [3]string
	for i, key := range []string{"resource", "name", "pointer"} {
		value, err := need(args, key)
		if err != nil {
			return err
		}
		values[i] = value
	}
	ca, err := l.PKI().Load(cluster.WebhookCA)
	if err != nil {
		return err
	}
	_, err = l.Kubectl(ctx, "", "patch", values[0], values[1], "--type=json",
		fmt.Sprintf(`--patch=[{"op":"add","path":%q,"value":%q}]`, values[2], base64.StdEncoding.EncodeToString(ca.CertPEM)))
	return err
}

// restoreObject makes a Secret or ConfigMap again that somebody deleted: what it
// held does not matter to the lab's programs.
func restoreObject(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	kind, err := need(args, "kind")
	if err != nil {
		return err
	}
	name, err := need(args, "name")
	if err != nil {
		return err
	}
	what := []string{"create", "configmap", name}
	if kind == "Secret" {
		what = []string{"create", "secret", "generic", name}
	}
	key := args["key"]
	if key == "" {
		key = "any"
	}
	_, err = l.Kubectl(ctx, "", append(what, "--namespace="+args["namespace"], "--from-literal="+key+"=x")...)
	return err
}

// relieveNode ends what makes the node's kubelet report pressure.
func relieveNode(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := l.NodeNamed(args["node"])
	if err != nil {
		return err
	}
	return l.SetEviction(ctx, n, nil)
}

// restoreCNI gives the node the configuration of its network plugin back.
func restoreCNI(_ context.Context, l *cluster.Lab, args map[string]string) error {
	n, err := l.NodeNamed(args["node"])
	if err != nil {
		return err
	}
	return l.ShowCNI(n)
}

// admitByPolicy makes the NetworkPolicy, and lets the flow pass, as a network
// plugin would that enforces policies.
func admitByPolicy(ctx context.Context, l *cluster.Lab, args map[string]string) error {
	if _, err := l.Kubectl(ctx, args["manifest"], "create", "--namespace="+args["namespace"], "--filename=-"); err != nil {
		return err
	}
	return l.Isolate(ctx)
}
