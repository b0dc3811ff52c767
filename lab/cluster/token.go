package cluster

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"
)

// Token signs a token of a ServiceAccount with the lab's key, valid for an hour
// until expires.
func (l *Lab) Token(namespace, name string, expires time.Time) (string, error) {
	text, err := os.ReadFile(l.path("pki", "sa.key"))
	if err != nil {
		return "", fmt.Errorf("signing a token: %v", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "", errors.New("signing a token: no PEM block")
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return "", fmt.Errorf("signing a token: %v", err)
	}
	const issuer = "https://kubernetes.default.svc.cluster.local"
	claims, err := json.Marshal(map[string]any{
		"iss": issuer, "aud": []string{issuer}, "sub": "system:serviceaccount:" + namespace + ":" + name,
		"iat": expires.Add(-time.Hour).Unix(), "nbf": expires.Add(-time.Hour).Unix(), "exp": expires.Unix(),
		"kubernetes.io": map[string]any{"namespace": namespace, "serviceaccount": map[string]any{"name": name}},
	})
	if err != nil {
		return "", fmt.Errorf("signing a token: %v", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"ES256"}`)) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return "", fmt.Errorf("signing a token: %v", err)
	}
	signature := make([]byte, 64) // RFC 7518, 3.4: R and S, 32 octets each
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + encode(signature), nil
}
