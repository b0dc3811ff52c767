package collect

import (
	"cmp"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubelaudo/laudo/evidence"
)

// clientConfig answers a Client: how kubectl's rules reach the API server,
// without any credential.
func (l *Live) clientConfig(a *evidence.Answer) {
	config := l.options.Config
	c := &evidence.ClientConfig{
		Server:   evidence.RedactText(l.base.String()),
		SNI:      config.ServerName,
		Insecure: config.Insecure,
		Proxy:    proxy(config, l.base),
	}
	c.CA, c.CASource = certificates(config.CAData, config.CAFile)
	c.Cert, c.CertSource = certificates(config.CertData, config.CertFile)
	c.Auth = method(config)
	if config.ExecProvider != nil {
		c.ExecCommand = filepath.Base(config.ExecProvider.Command)
	}
	if config.AuthProvider != nil {
		c.ExecCommand = config.AuthProvider.Name
	}
	readToken(c, config)
	l.names(c)
	a.Client = c
}

// names tells which context, cluster and user of the kubeconfig are in use.
func (l *Live) names(c *evidence.ClientConfig) {
	kubeconfig := l.options.Kubeconfig
	if kubeconfig == nil {
		return
	}
	if access := kubeconfig.ConfigAccess(); access != nil {
		for _, file := range access.GetLoadingPrecedence() {
			if _, err := os.Stat(file); err == nil {
				c.Files = append(c.Files, file)
			}
		}
	}
	raw, err := kubeconfig.RawConfig() // as written, without what flags override
	if err != nil {
		return
	}
	c.Context = cmp.Or(l.options.Context, raw.CurrentContext)
	if inUse, ok := raw.Contexts[c.Context]; ok {
		c.Cluster, c.User = inUse.Cluster, inUse.AuthInfo
	}
	c.Cluster = cmp.Or(l.options.Cluster, c.Cluster)
	c.User = cmp.Or(l.options.User, c.User)
	c.InCluster = c.Context == "" && len(raw.Clusters) == 0 && l.options.Config.BearerTokenFile == inClusterToken
}

// inClusterToken is where a Pod finds its token.
const inClusterToken = "/var/run/secrets/kubernetes.io/serviceaccount/token"

// method names how the client authenticates.
func method(config *rest.Config) string {
	switch {
	case config.ExecProvider != nil:
		return "exec"
	case config.AuthProvider != nil:
		return "auth-provider"
	case len(config.CertData) > 0 || config.CertFile != "":
		return "certificate"
	case config.BearerTokenFile != "":
		return "token-file"
	case config.BearerToken != "":
		return "token"
	case config.Username != "":
		return "basic"
	}
	return "none"
}

// certificates returns the certificates in data, or else in the file, as PEM,
// and where they came from.
func certificates(data []byte, file string) (pemText, source string) {
	source = "data"
	if len(data) == 0 {
		if file == "" {
			return "", ""
		}
		source = file
		data, _ = os.ReadFile(file) // none can be told of a file that cannot be read
	}
	var kept []byte
	for {
		var block *pem.Block
		block, data = pem.Decode(data)
		if block == nil {
			return string(kept), source
		}
		if _, err := x509.ParseCertificate(block.Bytes); err == nil && block.Type == "CERTIFICATE" {
			kept = append(kept, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes})...)
		}
	}
}

// readToken notes the claims of a token.
func readToken(c *evidence.ClientConfig, config *rest.Config) {
	token := config.BearerToken
	if config.BearerTokenFile != "" {
		if data, err := os.ReadFile(config.BearerTokenFile); err == nil {
			token = string(data)
		}
	}
	claims, ok := evidence.ParseTokenClaims(token)
	if !ok {
		return
	}
	c.TokenExpires = moment(claims.Expires)
	c.TokenIssued = moment(claims.Issued)
	c.TokenIssuer = claims.Issuer
	c.TokenSubject = claims.Subject
	c.TokenAudiences = claims.Audiences
}

func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// proxy returns the proxy on the way to the API server, if any: that of the
// kubeconfig, or else of the environment.
func proxy(config *rest.Config, server *url.URL) string {
	choose := config.Proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	u, err := choose(&http.Request{Method: http.MethodGet, URL: server, Header: http.Header{}})
	if err != nil || u == nil {
		return ""
	}
	return evidence.RedactText(u.String())
}
