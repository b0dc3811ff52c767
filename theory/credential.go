package theory

import (
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/evidence"
	"github.com/kubelaudo/laudo/message"
)

// CredentialReads are the reads that [Stored] makes; a law that calls it
// declares them.
var CredentialReads = []Read{
	{Verb: VerbGet, Resource: evidence.Secrets.Name},
	{Verb: VerbGet, Resource: evidence.ConfigMaps.Name},
}

// Content is what a file in a container holds, as far as it can be read from
// the API.
type Content struct {
	File      File
	Certs     []*x509.Certificate
	Bad       int // blocks that claim to be certificates and cannot be parsed
	Exists    bool
	HasKey    bool
	Changed   time.Time // when the object that holds it was last changed
	ChangedBy string
	Question  evidence.Question
	// Why is set when the content could not be read.
	Why       diagnose.Why
	WhyDetail string
	// PrivateKeys maps the keys of the Secret that hold a private key to the
	// fingerprint of their public part.
	PrivateKeys string
}

// Readable reports whether the content was read.
func (c Content) Readable() bool { return c.Why == "" }

// Subject is the key of the object that holds the content.
func (c Content) Subject() Subject {
	return Subject{Kind: c.File.Kind, Namespace: c.File.Namespace, Name: c.File.Name, Detail: c.File.Key}
}

// Stored reads the content of a file of a container from the Secret or
// ConfigMap that it is mounted from.
func Stored(v *View, f File) Content {
	first := storedIn(v, f)
	if !first.Readable() || first.HasKey {
		return first
	}
	for _, other := range f.Others {
		other.Flag = f.Flag
		if c := storedIn(v, other); !c.Readable() || c.HasKey {
			return c
		}
	}
	return first
}

func storedIn(v *View, f File) Content {
	c := Content{File: f}
	switch f.Kind {
	case "Secret":
		found := Get(v, evidence.Secrets, f.Namespace, f.Name)
		c.Question = found.Question
		if c.Why, c.WhyDetail = whyOfGet(found.Asked, found.Gap); c.Why != "" {
			return c
		}
		if c.Exists = found.Exists; !c.Exists {
			return c
		}
		data, ok := found.Object.Data[f.Key]
		c.HasKey = ok
		c.Certs, c.Bad = certificate.Parse(data)
		c.Changed, c.ChangedBy = LastChange(found.Object.ObjectMeta)
	case "ConfigMap":
		found := Get(v, evidence.ConfigMaps, f.Namespace, f.Name)
		c.Question = found.Question
		if c.Why, c.WhyDetail = whyOfGet(found.Asked, found.Gap); c.Why != "" {
			return c
		}
		if c.Exists = found.Exists; !c.Exists {
			return c
		}
		text, ok := found.Object.Data[f.Key]
		if !ok {
			var data []byte
			data, ok = found.Object.BinaryData[f.Key]
			text = string(data)
		}
		c.HasKey = ok
		c.Certs, c.Bad = certificate.Parse([]byte(text))
		c.Changed, c.ChangedBy = LastChange(found.Object.ObjectMeta)
	default:
		c.Why, c.WhyDetail = diagnose.NoStandpoint, f.Path
	}
	return c
}

func whyOfGet(asked bool, gap *evidence.Gap) (diagnose.Why, string) {
	if !asked {
		return diagnose.NotAsked, ""
	}
	return WhyOf(gap)
}

// IsBundle reports whether the content is a set of authorities rather than a
// certificate that is presented.
func (c Content) IsBundle() bool { return len(c.Certs) > 0 && c.Certs[0].IsCA }

var (
	labelCertificate = message.Word{EN: "certificate", PT: "certificado"}
	labelValid       = message.Word{EN: "valid", PT: "validade"}
	labelWhere       = message.Word{EN: "where", PT: "onde"}
	labelNames       = message.Word{EN: "names", PT: "nomes"}
	certLine         = message.Word{EN: "%[1]s, issued by %[2]s, serial %[3]s", PT: "%[1]s, emitido por %[2]s, série %[3]s"}
	validLine        = message.Word{EN: "%[1]s to %[2]s", PT: "%[1]s a %[2]s"}
	whereSecret      = message.Word{EN: "%[1]s %[2]s/%[3]s, key %[4]s", PT: "%[1]s %[2]s/%[3]s, chave %[4]s"}
	whereFlag        = message.Word{EN: "%[1]s; mounted at %[2]s, named by --%[3]s (%[4]s)", PT: "%[1]s; montado em %[2]s, indicado por --%[3]s (%[4]s)"}
)

// CertificateDetails are the details of a certificate that people look for.
func CertificateDetails(cert *x509.Certificate) []Detail {
	details := []Detail{
		{"certificate", labelCertificate, certLine.With(cert.Subject.String(), cert.Issuer.String(), certificate.Serial(cert))},
		{"valid", labelValid, validLine.With(cert.NotBefore, cert.NotAfter)},
	}
	if names := certificate.Names(cert); len(names) > 0 {
		details = append(details, Detail{"names", labelNames, message.Plain(strings.Join(names, ", "))})
	}
	return details
}

// Where says where the content lives, and which flag of which workload names it.
func (c Content) Where(owner Subject) Detail {
	at := whereSecret.With(c.File.Kind, c.File.Namespace, c.File.Name, c.File.Key)
	if c.File.Flag != "" {
		at = whereFlag.With(at, c.File.Mount, c.File.Flag, fmt.Sprintf("%s %s/%s", owner.Kind, owner.Namespace, owner.Name))
	}
	return Detail{"where", labelWhere, at}
}

// CertificateEvidence points at the certificate in its object.
func (c Content) CertificateEvidence() []Evidence {
	if len(c.Certs) == 0 {
		return []Evidence{{Question: c.Question, Object: c.Subject()}}
	}
	cert := c.Certs[0]
	return []Evidence{{
		Question: c.Question, Object: c.Subject(), Field: "notAfter",
		Value: cert.NotAfter.UTC().Format(time.RFC3339),
	}}
}

// FirstWith returns the first certificate of the content that is in the given
// state at the moment, or nil.
func (c Content) FirstWith(state certificate.Validity, at time.Time) *x509.Certificate {
	for _, cert := range c.Certs {
		if certificate.At(cert, at) == state {
			return cert
		}
	}
	return nil
}
