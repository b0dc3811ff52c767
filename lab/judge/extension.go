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
