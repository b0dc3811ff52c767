// Package certificate reads X.509 certificates and says what about them would
// keep a connection from working.
//
// It judges what is presented or stored against an explicit moment, name and
// set of roots; it never looks at the clock, the system's roots or the network.
package certificate

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

// Parse returns the certificates in data, PEM or DER, and how many blocks that
// claim to be certificates could not be parsed.
func Parse(data []byte) (certs []*x509.Certificate, bad int) {
	rest := data
	for {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			bad++
			continue
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 && bad == 0 && len(data) > 0 && data[0] == 0x30 {
		if cert, err := x509.ParseCertificate(data); err == nil {
			certs = append(certs, cert)
		}
	}
	return certs, bad
}

// Validity is where a moment lies relative to the validity of a certificate.
type Validity string

// The validities.
const (
	Valid       Validity = "valid"
	Expired     Validity = "expired"       // the moment is after notAfter
	NotYetValid Validity = "not-yet-valid" // the moment is before notBefore
)

// At says whether cert is valid at the moment, both ends included (RFC 5280,
// section 4.1.2.5).
func At(cert *x509.Certificate, moment time.Time) Validity {
	switch {
	case moment.After(cert.NotAfter):
		return Expired
	case moment.Before(cert.NotBefore):
		return NotYetValid
	}
	return Valid
}

// Trust is how a certificate relates to a set of trusted certificates.
type Trust string

// The trusts.
const (
	Trusted Trust = "trusted" // signed by one of them, or one of them itself
	Unknown Trust = "unknown" // none of them has the issuer's name
	// SameName: one of them has the issuer's name and another key: the
	// authority was made anew under its old name.
	SameName Trust = "same-name"
)

// TrustedBy says whether cert, with the intermediates that came with it, leads
// to one of the roots. Validity in time is not part of the answer.
func TrustedBy(cert *x509.Certificate, intermediates, roots []*x509.Certificate) Trust {
	const depth = 8
	current, sameName := cert, false
	for range depth {
		for _, root := range roots {
			if root.Equal(current) {
				return Trusted
			}
			if bytes.Equal(root.RawSubject, current.RawIssuer) {
				if root.CheckSignature(current.SignatureAlgorithm, current.RawTBSCertificate, current.Signature) == nil {
					return Trusted
				}
				sameName = true
			}
		}
		next := issuerAmong(current, intermediates)
		if next == nil {
			break
		}
		current = next
	}
	if sameName {
		return SameName
	}
	return Unknown
}

func issuerAmong(cert *x509.Certificate, candidates []*x509.Certificate) *x509.Certificate {
	for _, c := range candidates {
		if !c.Equal(cert) && bytes.Equal(c.RawSubject, cert.RawIssuer) &&
			c.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil {
			return c
		}
	}
	return nil
}

// Covers reports whether cert is valid for host, a DNS name or an IP address,
// by its subject alternative names alone.
func Covers(cert *x509.Certificate, host string) bool {
	return cert.VerifyHostname(strings.Trim(host, "[]")) == nil
}

// Names returns the subject alternative names, DNS names first.
func Names(cert *x509.Certificate) []string {
	names := append([]string{}, cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// Serial returns the serial number as colon-separated hexadecimal octets, as
// openssl prints it.
func Serial(cert *x509.Certificate) string {
	octets := cert.SerialNumber.Bytes()
	if len(octets) == 0 {
		return "00"
	}
	parts := make([]string, len(octets))
	for i, o := range octets {
		parts[i] = fmt.Sprintf("%02x", o)
	}
	return strings.Join(parts, ":")
}

// IsClient reports whether cert may be used as a client certificate: its
// extended key usages name client authentication, or name nothing.
func IsClient(cert *x509.Certificate) bool { return hasUsage(cert, x509.ExtKeyUsageClientAuth) }

// IsServer reports whether cert may be used as a server certificate.
func IsServer(cert *x509.Certificate) bool { return hasUsage(cert, x509.ExtKeyUsageServerAuth) }

func hasUsage(cert *x509.Certificate, usage x509.ExtKeyUsage) bool {
	if len(cert.ExtKeyUsage) == 0 && len(cert.UnknownExtKeyUsage) == 0 {
		return true
	}
	for _, u := range cert.ExtKeyUsage {
		if u == usage || u == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}
