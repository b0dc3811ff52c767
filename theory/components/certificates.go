package components

import (
	"crypto/x509"
	"fmt"
	"time"

	"github.com/kubelaudo/laudo/certificate"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/message"
	"github.com/kubelaudo/laudo/report"
	"github.com/kubelaudo/laudo/theory"
)

// Signatures that a certificate that is no longer valid can leave on whatever
// rests on it. TLS errors never cross a tunnel that is down, so what a user
// sees is the tunnel's own text.
var noAgentShows = []string{"no-agent", "proxy-500"}

var (
	expiredWords = message.Word{
		EN: "The %[1]s of %[2]s expired %[3]s ago.",
		PT: "O %[1]s de %[2]s venceu há %[3]s.",
	}
	notYetWords = message.Word{
		EN: "The %[1]s of %[2]s is valid only %[3]s from now: the certificate was issued with a clock that was ahead, or this cluster's clock is behind.",
		PT: "O %[1]s de %[2]s só passa a valer daqui a %[3]s: foi emitido com um relógio adiantado, ou o relógio deste cluster está atrasado.",
	}
	unparsableWords = message.Word{
		EN: "What %[2]s is given as its %[1]s cannot be read as a certificate.",
		PT: "O que %[2]s recebe como %[1]s não pode ser lido como certificado.",
	}
	missingWords = message.Word{
		EN: "The %[1]s of %[2]s does not exist: %[3]s.",
		PT: "O %[1]s de %[2]s não existe: %[3]s.",
	}
	certSuspect = message.Word{EN: "%[1]s of %[2]s not valid", PT: "%[1]s de %[2]s inválido"}
	certHeld    = message.Word{EN: "valid until %[1]s, %[2]s left", PT: "válido até %[1]s, restam %[2]s"}
	certEnds    = message.Word{EN: "the %[1]s of %[2]s ends", PT: "vence o %[1]s de %[2]s"}
	certChanged = message.Word{EN: "%[1]s last written by %[2]s", PT: "%[1]s gravado pela última vez por %[2]s"}

	clientCertificate  = message.Word{EN: "client certificate", PT: "certificado de cliente"}
	servingCertificate = message.Word{EN: "serving certificate", PT: "certificado de servidor"}
	plainCertificate   = message.Word{EN: "certificate", PT: "certificado"}
	authorities        = message.Word{EN: "CA bundle", PT: "pacote de CAs"}

	nobodyRenews = message.Word{
		EN: "nothing renews %[1]s by itself: its last writer was %[3]s, on %[2]s",
		PT: "nada renova %[1]s por si só: quem o gravou por último foi %[3]s, em %[2]s",
	}
	unnamedWriter = message.Word{EN: "an unnamed writer", PT: "um autor não informado"}
)

// certificateClaim is the part of the law "a certificate is inside its
// validity" that is the same wherever the certificate comes from.
type certificateClaim struct {
	id      diagnose.ID
	subject subject
	what    message.Word // what the certificate is: "client certificate"
	holder  string       // who uses it
	shows   []string
	remedy  *theory.Remedy
	details []theory.Detail
	cited   []theory.Evidence
}

// validity is the claim that one of certs, where any suffices, or the first,
// where it is presented, is inside its validity (RFC 5280, 4.1.2.5).
func (c certificateClaim) validity(certs []*x509.Certificate, anySuffices bool, now time.Time) theory.Claim {
	claim := theory.Claim{
		ID: c.id, Subject: c.subject,
		Suspect:  certSuspect.With(c.what, c.holder),
		Evidence: c.cited,
		Details:  c.details,
	}
	cert, state := judge(certs, anySuffices, now)
	modes := []theory.Mode{
		{Name: "expired", Category: report.CategoryCertExpired, Shows: c.shows, Remedy: c.remedy},
		{Name: "not-yet-valid", Category: report.CategoryCertNotYetValid, Shows: c.shows, Remedy: c.remedy},
	}
	if cert == nil {
		claim.Modes = modes
		return claim
	}
	claim.Details = append(theory.CertificateDetails(cert), c.details...)
	switch state {
	case certificate.Valid:
		claim.Verdict = diagnose.Holds
		claim.Held = certHeld.With(cert.NotAfter, message.Ago(cert.NotAfter.Sub(now)))
	case certificate.Expired:
		claim.Verdict, claim.Mode = diagnose.Broken, "expired"
		claim.Began = exactly(cert.NotAfter)
		modes[0].Summary = expiredWords.With(c.what, c.holder, message.Ago(now.Sub(cert.NotAfter)))
		claim.Events = []theory.Event{{At: cert.NotAfter, Text: certEnds.With(c.what, c.holder), Evidence: c.cited}}
	case certificate.NotYetValid:
		claim.Verdict, claim.Mode = diagnose.Broken, "not-yet-valid"
		modes[1].Summary = notYetWords.With(c.what, c.holder, message.Ago(cert.NotBefore.Sub(now)))
	}
	claim.Modes = modes
	return claim
}

// judge picks the certificate that decides, and its state.
func judge(certs []*x509.Certificate, anySuffices bool, now time.Time) (*x509.Certificate, certificate.Validity) {
	if len(certs) == 0 {
		return nil, ""
	}
	if !anySuffices {
		return certs[0], certificate.At(certs[0], now)
	}
	best := certs[0]
	for _, cert := range certs {
		if certificate.At(cert, now) == certificate.Valid && (certificate.At(best, now) != certificate.Valid || cert.NotAfter.After(best.NotAfter)) {
			best = cert
		}
	}
	return best, certificate.At(best, now)
}

// stored is a certificate, or bundle, in a file of a workload.
type stored struct {
	owner   subject
	content theory.Content
	what    message.Word
	shows   []string
	remedy  *theory.Remedy
	// hop and stage place it in a connection; empty: it is in none.
	hop   string
	stage theory.Stage
}

// storedCertificate states that the certificate, or bundle, that a file of a
// workload holds is there and inside its validity, and returns the claim's ID.
// It is the same for every component, known or not.
func storedCertificate(v *theory.View, s stored) diagnose.ID {
	owner, content, what, shows, remedy := s.owner, s.content, s.what, s.shows, s.remedy
	now := clusterNow(v)
	c := certificateClaim{
		id:      claimID("certificate-valid", content.Subject()),
		subject: content.Subject(),
		what:    what, holder: owner.Name, shows: shows, remedy: remedy,
		details: []theory.Detail{content.Where(owner)},
		cited:   content.CertificateEvidence(),
	}
	claim := c.validity(content.Certs, what == authorities || content.IsBundle(), now)
	claim.Changed = content.Changed
	claim.Connection, claim.Stage = s.hop, s.stage
	switch {
	case !content.Readable():
		unknown(&claim, content.Why, content.WhyDetail)
		claim.Evidence = nil
		claim.Tests = []theory.Test{{Text: readItYourself.With(content.Subject().String()), Command: readCommand(content)}}
	case !content.Exists || !content.HasKey:
		claim.Modes = append(claim.Modes, theory.Mode{
			Name: "missing", Category: report.CategoryConfig, Summary: missingWords.With(what, owner.Name, content.Subject().String()), Remedy: remedy,
		})
		claim.Verdict, claim.Mode = diagnose.Broken, "missing"
		if content.File.Optional {
			unknown(&claim, diagnose.NoStandpoint, "")
		}
	case len(content.Certs) == 0:
		claim.Modes = append(claim.Modes, theory.Mode{
			Name: "unparsable", Category: report.CategoryConfig, Summary: unparsableWords.With(what, owner.Name), Remedy: remedy,
		})
		claim.Verdict, claim.Mode = diagnose.Broken, "unparsable"
	}
	if claim.Verdict == diagnose.Broken && !content.Changed.IsZero() {
		by := writerOf(content.ChangedBy)
		at := subject{Kind: content.File.Kind, Namespace: content.File.Namespace, Name: content.File.Name}.String()
		claim.Events = append(claim.Events, theory.Event{
			At: content.Changed, Text: certChanged.With(at, by), Evidence: claim.Evidence,
		})
		claim.NotAvoided = []theory.Statement{{
			Text: nobodyRenews.With(at, content.Changed, by), Evidence: claim.Evidence,
		}}
	}
	v.State(claim)
	return claim.ID
}

var readItYourself = message.Word{
	EN: "somebody who may read %[1]s can see its validity",
	PT: "quem puder ler %[1]s vê a sua validade",
}

// readCommand is the command that prints the validity of stored certificates.
func readCommand(c theory.Content) string {
	escaped := jsonPathKey(c.File.Key)
	switch c.File.Kind {
	case "Secret":
		return fmt.Sprintf("kubectl -n %s get secret %s -o jsonpath='{.data.%s}' | base64 -d | openssl x509 -noout -subject -dates", c.File.Namespace, c.File.Name, escaped)
	case "ConfigMap":
		return fmt.Sprintf("kubectl -n %s get configmap %s -o jsonpath='{.data.%s}' | openssl x509 -noout -subject -dates", c.File.Namespace, c.File.Name, escaped)
	}
	return "openssl x509 -noout -subject -dates -in " + c.File.Path
}

func jsonPathKey(key string) string {
	out := make([]byte, 0, len(key)+4)
	for i := range len(key) {
		if key[i] == '.' {
			out = append(out, '\\')
		}
		out = append(out, key[i])
	}
	return string(out)
}
