package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/pki"
)

// Issue issues a certificate under the authority with that name.
func (l *Lab) Issue(authority string, r pki.Request) (*pki.Pair, error) {
	ca, err := l.PKI().Load(authority)
	if err != nil {
		return nil, err
	}
	return ca.Issue(r)
}

// ServeAgents gives konnectivity-server a certificate to show to agents, and
// restarts it: it reads its certificate once.
func (l *Lab) ServeAgents(ctx context.Context, pair *pki.Pair) error {
	if err := l.PKI().Save(l.AgentServer(), pair); err != nil {
		return err
	}
	return l.Restart(ctx, KonnectivityServer)
}

// ReplaceAgentServerCA makes a new authority, of the same name, for what agents
// verify. The old one is kept: agents may still trust it.
func (l *Lab) ReplaceAgentServerCA() (*pki.Pair, error) {
	old, err := l.PKI().Load(AgentServerCA)
	if err != nil {
		return nil, err
	}
	if err := l.PKI().Save(fmt.Sprintf("%s%d", retired, time.Now().UnixNano()), old); err != nil {
		return nil, err
	}
	ca, err := pki.NewCA(old.Cert.Subject.CommonName, time.Now().AddDate(0, 0, -1))
	if err != nil {
		return nil, err
	}
	return ca, l.PKI().Save(AgentServerCA, ca)
}

// Bundle reads the certificates that agents trust.
func (l *Lab) Bundle(ctx context.Context) ([]byte, error) {
	a := l.Names.Agent
	return l.Data(ctx, a.BundleKind, a.Namespace, a.Bundle, a.BundleKey)
}

// AuthorityInBundle finds the authority whose certificate the agents' bundle holds.
func (l *Lab) AuthorityInBundle(ctx context.Context) (*pki.Pair, error) {
	bundle, err := l.Bundle(ctx)
	if err != nil {
		return nil, err
	}
	trusted := pki.Certificates(bundle)
	return l.authority("the agents' bundle trusts", func(ca *pki.Pair) bool {
		for _, t := range trusted {
			if t.Equal(ca.Cert) {
				return true
			}
		}
		return false
	})
}

// AuthorityOfServer finds the authority that signed what konnectivity-server shows to agents.
func (l *Lab) AuthorityOfServer() (*pki.Pair, error) {
	server, err := l.PKI().Load(l.AgentServer())
	if err != nil {
		return nil, err
	}
	return l.authority("signed the server's certificate", func(ca *pki.Pair) bool {
		return server.Cert.CheckSignatureFrom(ca.Cert) == nil
	})
}

// authority finds an authority of the lab, the tunnel's first.
func (l *Lab) authority(which string, is func(*pki.Pair) bool) (*pki.Pair, error) {
	files, err := filepath.Glob(l.path("pki", "konnectivity", "*.crt"))
	if err != nil {
		return nil, fmt.Errorf("finding the authority that %s: %v", which, err)
	}
	for _, f := range append(files, l.cert("ca")) {
		name := strings.TrimSuffix(strings.TrimPrefix(f, l.path("pki")+"/"), ".crt")
		ca, err := l.PKI().Load(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if ca.Cert.IsCA && is(ca) {
			return ca, nil
		}
	}
	return nil, fmt.Errorf("finding the authority that %s: the lab has none", which)
}
