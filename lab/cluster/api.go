package cluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"time"
)

// client asks the API server as the administrator.
type client struct {
	base string
	http *http.Client
}

func (l *Lab) client() (*client, error) {
	ca, err := l.PKI().Load("ca")
	if err != nil {
		return nil, err
	}
	admin, err := l.PKI().Load("super-admin")
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca.Cert)
	pair, err := tls.X509KeyPair(admin.CertPEM, admin.KeyPEM)
	if err != nil {
		return nil, fmt.Errorf("reading the administrator's certificate: %v", err)
	}
	transport := &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}},
		MaxIdleConnsPerHost: workers,
		IdleConnTimeout:     5 * time.Second,
	}
	return &client{fmt.Sprintf("https://127.0.0.1:%d", l.HostPort), &http.Client{Transport: transport, Timeout: 40 * time.Second}}, nil
}

// get reads a path of the API.
func (c *client) get(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %v", path, err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", path, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", path, err)
	}
	if answer.StatusCode != http.StatusOK {
		return text, fmt.Errorf("asking for %s: %s: %s", path, answer.Status, bytes.TrimSpace(text))
	}
	return text, nil
}

// create posts an object and gives its UID.
func (c *client) create(ctx context.Context, path string, object any) (string, error) {
	text, err := json.Marshal(object)
	if err != nil {
		return "", fmt.Errorf("creating in %s: %v", path, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(text))
	if err != nil {
		return "", fmt.Errorf("creating in %s: %v", path, err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.http.Do(r)
	if err != nil {
		return "", fmt.Errorf("creating in %s: %w", path, err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", fmt.Errorf("creating in %s: %w", path, err)
	}
	if answer.StatusCode >= 300 {
		return "", fmt.Errorf("creating in %s: %s: %s", path, answer.Status, bytes.TrimSpace(said))
	}
	var made struct {
		Metadata struct {
			UID string `json:"uid"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(said, &made); err != nil {
		return "", fmt.Errorf("creating in %s: %v", path, err)
	}
	return made.Metadata.UID, nil
}

// object reads a path of the API into v.
func (c *client) object(ctx context.Context, path string, v any) error {
	text, err := c.get(ctx, path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("decoding %s: %v", path, err)
	}
	return nil
}

// Kubectl runs the lab's kubectl from the host as the administrator and gives what it printed, both streams.
func (l *Lab) Kubectl(ctx context.Context, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, l.bin("kubectl"), append([]string{"--kubeconfig=" + l.Kubeconfig(API)}, args...)...)
	cmd.Stdin = strings.NewReader(stdin)
	text, err := cmd.CombinedOutput()
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return string(text), fmt.Errorf("running kubectl %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(text))
	}
	return string(text), nil
}
