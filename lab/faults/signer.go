package faults

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// signingController is the controller that signs what was approved.
const signingController = "certificatesigningrequest-signing-controller"

func kubeletServingNotIssued() *Fault {
	return &Fault{
		Name: "kubelet-serving-not-issued",
		Doc:  "the kubelet of one node waits for a serving certificate: its request is approved, and kube-controller-manager does not sign",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Reconfigure(ctx, cluster.ControllerManager, "--controllers=*,bootstrapsigner,tokencleaner,-"+signingController); err != nil {
				return err
			}
			if err := l.StartLeaders(ctx); err != nil {
				return err
			}
			if err := l.EditKubelet(ctx, lastNode(l), func(config map[string]any) {
				selfSigned(config)
				config["serverTLSBootstrap"] = true
			}); err != nil {
				return err
			}
			if err := approveServing(ctx, l); err != nil {
				return err
			}
			// An approved request counts as waiting after a minute.
			return wait(ctx, 65*time.Second)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Reconfigure(ctx, cluster.ControllerManager); err != nil {
				return err
			}
			if err := l.StartLeaders(ctx); err != nil {
				return err
			}
			return healKubelets(ctx, l)
		},
		Symptoms: onlyLast("tls: internal error"),
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"cert-not-issued"}, Subject{Kind: "CertificateSigningRequest"}, Confirmed})
		},
		Also: []Subject{{Kind: "Node"}},
	}
}

// approveServing approves the request of a kubelet for a serving certificate,
// when there is one.
func approveServing(ctx context.Context, l *cluster.Lab) error {
	for range 60 {
		text, err := l.Kubectl(ctx, "", "get", "csr", "--field-selector=spec.signerName=kubernetes.io/kubelet-serving",
			"--output=jsonpath={.items[*].metadata.name}")
		if err != nil {
			return err
		}
		if names := strings.Fields(text); len(names) > 0 {
			_, err := l.Kubectl(ctx, "", append([]string{"certificate", "approve"}, names...)...)
			return err
		}
		if err := wait(ctx, time.Second); err != nil {
			return err
		}
	}
	return errors.New("no kubelet asked for a serving certificate")
}
