package evidence

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// What redaction leaves in a Secret in place of its values, as annotations.
const (
	// PrivateKeysAnnotation holds a JSON object: for each key of the data that
	// holds a private key, "sha256:" and the hexadecimal SHA-256 of its public
	// key (SubjectPublicKeyInfo, DER): equal to that of the certificate that
	// belongs to it.
	PrivateKeysAnnotation = "laudo.io/private-keys"
	// TokenClaimsAnnotation holds a JSON object: for each key of the data that
	// holds a JWT, its [TokenClaims].
	TokenClaimsAnnotation = "laudo.io/token-claims"
	// DroppedAnnotation holds a JSON list: the keys of the data that had a value
	// of which no certificate is left. Any other key without a value had none.
	DroppedAnnotation = "laudo.io/dropped"
)

// TokenClaims are the claims of a JWT that tell when, by whom, and for whom it
// was issued. Times are seconds since 1970; 0: not given.
type TokenClaims struct {
	Expires   int64    `json:"exp,omitempty"`
	Issued    int64    `json:"iat,omitempty"`
	NotBefore int64    `json:"nbf,omitempty"`
	Issuer    string   `json:"iss,omitempty"`
	Subject   string   `json:"sub,omitempty"`
	Audiences []string `json:"aud,omitempty"`
}

// redactSecret leaves the names of the keys, and certificates.
func redactSecret(o *corev1.Secret) {
	for key, value := range o.StringData {
		if o.Data == nil {
			o.Data = map[string][]byte{}
		}
		o.Data[key] = []byte(value)
	}
	o.StringData = nil
	own := map[string]string{}
	for _, name := range []string{PrivateKeysAnnotation, TokenClaimsAnnotation, DroppedAnnotation} {
		if value, ok := o.Annotations[name]; ok {
			own[name] = value
			delete(o.Annotations, name)
		}
	}
	redactMap(o.Annotations)
	for i := range o.ManagedFields {
		if fields := o.ManagedFields[i].FieldsV1; fields != nil && bytes.Contains(fields.Raw, []byte(`"v:`)) {
			fields.Raw = redactRaw(fields.Raw)
		}
	}
	if o.Type == "helm.sh/release.v1" {
		o.Data = nil
		return
	}

	keys := validKeys(own[PrivateKeysAnnotation])
	claims := validClaims(own[TokenClaimsAnnotation])
	dropped := validNames(own[DroppedAnnotation], o.Data)
	for key, value := range o.Data {
		if fingerprint := privateKeyFingerprint(value); fingerprint != "" {
			keys[key] = fingerprint
		}
		if found, ok := findClaims(value); ok {
			claims[key] = found
		}
		kept := certificates(value)
		if len(kept) == 0 && len(value) > 0 && !slices.Contains(dropped, key) {
			dropped = append(dropped, key)
		}
		o.Data[key] = kept
	}
	slices.Sort(dropped)
	annotate(o, PrivateKeysAnnotation, keys, len(keys))
	annotate(o, TokenClaimsAnnotation, claims, len(claims))
	annotate(o, DroppedAnnotation, dropped, len(dropped))
}

func annotate(o *corev1.Secret, name string, value any, n int) {
	if n == 0 {
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	if o.Annotations == nil {
		o.Annotations = map[string]string{}
	}
	o.Annotations[name] = string(text)
}

// The annotations can come from the cluster, written by anybody, or from an
// earlier redaction: what has not exactly their form is dropped.

func validKeys(annotation string) map[string]string {
	keys := map[string]string{}
	if json.Unmarshal([]byte(annotation), &keys) != nil {
		return map[string]string{}
	}
	for key, value := range keys {
		sum, ok := strings.CutPrefix(value, "sha256:")
		if raw, err := hex.DecodeString(sum); !ok || err != nil || len(raw) != sha256.Size || len(key) > 253 {
			delete(keys, key)
		}
	}
	return keys
}

func validClaims(annotation string) map[string]TokenClaims {
	claims := map[string]TokenClaims{}
	if json.Unmarshal([]byte(annotation), &claims) != nil {
		return map[string]TokenClaims{}
	}
	for key, c := range claims {
		claims[key] = c.redacted()
	}
	return claims
}

func validNames(annotation string, data map[string][]byte) []string {
	var names []string
	if json.Unmarshal([]byte(annotation), &names) != nil {
		return nil
	}
	return slices.DeleteFunc(names, func(name string) bool { _, ok := data[name]; return !ok })
}

var kubeconfigCertificate = regexp.MustCompile(`(?:certificate-authority-data|client-certificate-data)"?:\s*"?([A-Za-z0-9+/=]+)`)

// certificates returns the PEM certificates in value, also those embedded in a
// kubeconfig, one after the other. It is nil if there are none.
func certificates(value []byte) []byte {
	var kept []byte
	for rest := value; ; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if block.Type == "CERTIFICATE" && isCertificate(block.Bytes) {
			kept = append(kept, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes})...)
		}
	}
	for _, m := range kubeconfigCertificate.FindAllSubmatch(value, -1) {
		if raw, err := base64.StdEncoding.DecodeString(string(m[1])); err == nil {
			kept = append(kept, certificates(raw)...)
		}
	}
	return kept
}

// isCertificate reports whether der is a certificate at least in its outline:
// one that Go refuses to parse is evidence too.
func isCertificate(der []byte) bool {
	if _, err := x509.ParseCertificate(der); err == nil {
		return true
	}
	var outline struct {
		TBS       asn1.RawValue
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	rest, err := asn1.Unmarshal(der, &outline)
	return err == nil && len(rest) == 0 && outline.TBS.Tag == asn1.TagSequence && outline.Algorithm.Tag == asn1.TagSequence
}

var kubeconfigKey = regexp.MustCompile(`client-key-data"?:\s*"?([A-Za-z0-9+/=]+)`)

// privateKeyFingerprint returns the public fingerprint of the first private key
// in value, or "".
func privateKeyFingerprint(value []byte) string {
	for rest := value; ; {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if key := parsePrivateKey(block.Bytes); strings.HasSuffix(block.Type, "PRIVATE KEY") && key != nil {
			der, err := x509.MarshalPKIXPublicKey(key.Public())
			if err != nil {
				continue
			}
			sum := sha256.Sum256(der)
			return "sha256:" + hex.EncodeToString(sum[:])
		}
	}
	if m := kubeconfigKey.FindSubmatch(value); m != nil {
		if raw, err := base64.StdEncoding.DecodeString(string(m[1])); err == nil {
			return privateKeyFingerprint(raw)
		}
	}
	return ""
}

func parsePrivateKey(der []byte) crypto.Signer {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		signer, _ := key.(crypto.Signer)
		return signer
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key
	}
	return nil
}

// findClaims returns the claims of the first JWT in value.
func findClaims(value []byte) (TokenClaims, bool) {
	for _, token := range jwt.FindAll(value, 4) {
		if claims, ok := ParseTokenClaims(string(token)); ok {
			return claims, true
		}
	}
	return TokenClaims{}, false
}

// ParseTokenClaims returns the claims of a JWT, without checking its signature,
// and whether it is one.
func ParseTokenClaims(token string) (TokenClaims, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return TokenClaims{}, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return TokenClaims{}, false
	}
	var payload struct {
		Expires   float64 `json:"exp"`
		Issued    float64 `json:"iat"`
		NotBefore float64 `json:"nbf"`
		Issuer    string  `json:"iss"`
		Subject   string  `json:"sub"`
		Audiences any     `json:"aud"`
	}
	if err := json.Unmarshal(raw, &payload); err != nil {
		return TokenClaims{}, false
	}
	claims := TokenClaims{
		Expires:   int64(payload.Expires),
		Issued:    int64(payload.Issued),
		NotBefore: int64(payload.NotBefore),
		Issuer:    payload.Issuer,
		Subject:   payload.Subject,
	}
	switch aud := payload.Audiences.(type) {
	case string:
		claims.Audiences = []string{aud}
	case []any:
		for _, one := range aud {
			if s, ok := one.(string); ok {
				claims.Audiences = append(claims.Audiences, s)
			}
		}
	}
	return claims.redacted(), true
}

func (c TokenClaims) redacted() TokenClaims {
	c.Issuer = RedactText(c.Issuer)
	c.Subject = RedactText(c.Subject)
	for i := range c.Audiences {
		c.Audiences[i] = RedactText(c.Audiences[i])
	}
	return c
}
