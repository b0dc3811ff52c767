package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// restartAPI makes the API server convert again: it keeps what it converted
// (its watch cache holds the objects of each version), and open connections.
func restartAPI(ctx context.Context, l *cluster.Lab, _ extension) error { return l.RestartAPI(ctx) }

// then does one thing after the other.
func then(steps ...func(context.Context, *cluster.Lab, extension) error) func(context.Context, *cluster.Lab, extension) error {
	return func(ctx context.Context, l *cluster.Lab, e extension) error {
		for _, step := range steps {
			if err := step(ctx, l, e); err != nil {
				return err
			}
		}
		return nil
	}
}

// conversionFails begins what the API server says when it cannot convert.
const conversionFails = "conversion webhook for"

func conversionBackendGone() *Fault {
	return extensionFault("conversion-backend-gone",
		"what converts the objects of a CustomResourceDefinition was uninstalled: they cannot be listed", true,
		then(uninstalled, restartAPI),
		func(e extension) Verdict { return Verdict{[]string{"webhook"}, e.service(), Confirmed} },
		conversionFails)
}

func conversionCABundleWrong() *Fault {
	return extensionFault("conversion-ca-bundle-wrong",
		"the caBundle of a conversion webhook is of a CA that did not sign what it serves", true, otherCA,
		func(e extension) Verdict {
			return Verdict{[]string{"cert-ca-mismatch"}, e.registered("caBundle"), Confirmed}
		}, conversionFails)
}

func conversionCertExpired() *Fault {
	return extensionFault("conversion-cert-expired",
		"the serving certificate of a conversion webhook expired nine days ago", true, then(expired, restartAPI),
		func(e extension) Verdict { return Verdict{[]string{"cert-expired"}, e.secret(), Confirmed} },
		conversionFails)
}
