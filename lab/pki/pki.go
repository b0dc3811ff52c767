// Package pki makes the certificates of a lab: authorities, and certificates
// under them with any subject, names and dates, expired ones included. It keeps
// them as PEM files that the components read.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Pair is a certificate with its private key.
type Pair struct {
	Cert    *x509.Certificate
	Key     crypto.Signer
	CertPEM []byte
	KeyPEM  []byte
}

// Request says what a certificate is to be.
type Request struct {
	CommonName    string
	Organizations []string
	Names         []string  // DNS names and IP addresses
	NotBefore     time.Time // zero: ten minutes ago
	NotAfter      time.Time // zero: a year from now
	Client        bool
	Server        bool
}

// NewCA makes an authority, valid from notBefore for ten years.
func NewCA(commonName string, notBefore time.Time) (*Pair, error) {
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: commonName},
		NotBefore:             notBefore,
		NotAfter:              notBefore.AddDate(10, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	return sign(template, nil)
}

// Issue makes a certificate under the authority.
func (p *Pair) Issue(r Request) (*Pair, error) {
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: r.CommonName, Organization: r.Organizations},
		NotBefore: r.NotBefore,
		NotAfter:  r.NotAfter,
		KeyUsage:  x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	if template.NotBefore.IsZero() {
		template.NotBefore = time.Now().Add(-10 * time.Minute)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().AddDate(1, 0, 0)
	}
	if r.Client {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageClientAuth)
	}
	if r.Server {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, name := range r.Names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return sign(template, p)
}

// sign finishes the template under the authority, or under itself.
func sign(template *x509.Certificate, ca *Pair) (*Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key: %v", err)
	}
	template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 62))
	if err != nil {
		return nil, fmt.Errorf("drawing a serial number: %v", err)
	}
	parent, signer := template, crypto.Signer(key)
	if ca != nil {
		parent, signer = ca.Cert, ca.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, fmt.Errorf("signing %q: %v", template.Subject.CommonName, err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding a key: %v", err)
	}
	return parse(
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

func parse(certPEM, keyPEM []byte) (*Pair, error) {
	certBlock, _ := pem.Decode(certPEM)
	keyBlock, _ := pem.Decode(keyPEM)
	if certBlock == nil || keyBlock == nil {
		return nil, errors.New("no PEM block")
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parsing a certificate: %v", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parsing a key: %v", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("parsing a key: %T cannot sign", key)
	}
	return &Pair{Cert: cert, Key: signer, CertPEM: certPEM, KeyPEM: keyPEM}, nil
}

// Certificates parses every certificate of a PEM bundle and skips what is none.
func Certificates(bundle []byte) []*x509.Certificate {
	var all []*x509.Certificate
	for {
		var block *pem.Block
		block, bundle = pem.Decode(bundle)
		if block == nil {
			return all
		}
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil {
			all = append(all, cert)
		}
	}
}

// Dir is a directory of pairs: NAME.crt and NAME.key.
type Dir string

// Cert is the path of the certificate with that name.
func (d Dir) Cert(name string) string { return filepath.Join(string(d), name+".crt") }

// Key is the path of the key with that name.
func (d Dir) Key(name string) string { return filepath.Join(string(d), name+".key") }

// Save keeps the pair under the name, which may contain slashes.
func (d Dir) Save(name string, p *Pair) error {
	if err := os.MkdirAll(filepath.Dir(d.Cert(name)), 0o700); err != nil {
		return fmt.Errorf("saving certificate %s: %v", name, err)
	}
	if err := os.WriteFile(d.Cert(name), p.CertPEM, 0o600); err != nil {
		return fmt.Errorf("saving certificate %s: %v", name, err)
	}
	if err := os.WriteFile(d.Key(name), p.KeyPEM, 0o600); err != nil {
		return fmt.Errorf("saving certificate %s: %v", name, err)
	}
	return nil
}

// Load reads the pair with that name.
func (d Dir) Load(name string) (*Pair, error) {
	certPEM, err := os.ReadFile(d.Cert(name))
	if err != nil {
		return nil, fmt.Errorf("loading certificate %s: %v", name, err)
	}
	keyPEM, err := os.ReadFile(d.Key(name))
	if err != nil {
		return nil, fmt.Errorf("loading certificate %s: %v", name, err)
	}
	p, err := parse(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf("loading certificate %s: %v", name, err)
	}
	return p, nil
}
