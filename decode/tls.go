package decode

// tlsFaults are the texts of Go's crypto/tls and crypto/x509 (1.26, unchanged
// since 1.20 but for the prefix "tls: failed to verify certificate: "), of the
// alerts that a peer sends, and of OpenSSL 3 and libcurl for what users try by
// hand. A Go client answers every verification failure with the alert
// bad_certificate, so a server's log never says why.
// Sources: go/src/crypto/tls/alert.go, crypto/x509/verify.go, measured 2026-11.
var tlsFaults = []fault{
	{
		id: "tls-expired", stage: "tls", has: "is after", weight: 5,
		re:    rx(`certificate has expired or is not yet valid:? current time (?P<now>\d[\w:.+\-]+) is after (?P<notAfter>\d[\w:.+\-]+)`),
		hides: []string{"tls-validity", "tls-expired-text"},
	},
	{
		id: "tls-not-yet-valid", stage: "tls", has: "is before", weight: 5,
		re:    rx(`certificate has expired or is not yet valid:? current time (?P<now>\d[\w:.+\-]+) is before (?P<notBefore>\d[\w:.+\-]+)`),
		hides: []string{"tls-validity", "tls-expired-text"},
	},
	{
		id: "tls-validity", stage: "tls", has: "certificate has expired or is not yet valid", weight: 4,
		hides: []string{"tls-expired-text"},
	},
	{
		id: "tls-expired-text", stage: "tls", has: "ertificate", weight: 4,
		re: rx(`(?i)certificate (?:has |is )expired|CERT_HAS_EXPIRED|CertificateExpiredException|certificate verify failed: certificate has expired|invalid peer certificate: Expired`),
	},
	// How tools tell the days that are left (microk8s refresh-certs, cert-manager's and kubeadm's check).
	{
		id: "tls-expired-text", stage: "tls", has: "ertificate", weight: 4,
		re: rx(`(?i)certificate (?:will expire|expires) in (?:about )?-\d+ days`),
	},
	{
		id: "tls-not-yet-valid", stage: "tls", has: "not yet valid", weight: 4,
		re: rx(`certificate is not yet valid`),
	},
	// kubeadm, of the files it finds.
	{
		id: "tls-not-yet-valid", stage: "tls", has: "certificate is not valid yet", weight: 4,
		re: rx(`certificate is not valid yet(?:: NotBefore: (?P<notBefore>[^,]+))?`),
	},
	{
		id: "tls-unknown-authority-same-name", stage: "tls", has: "candidate authority certificate", weight: 5,
		re:    rx(`signed by unknown authority \(possibly because of "(?P<because>.*?)" while trying to verify candidate authority certificate "(?P<ca>[^"]*)"`),
		hides: []string{"tls-unknown-authority", "tls-no-valid-chain"},
	},
	{id: "tls-unknown-authority", stage: "tls", has: "signed by unknown authority", weight: 4},
	{id: "tls-unknown-authority", stage: "tls", has: "PKIX path building failed", weight: 4}, // Java
	{id: "tls-not-yet-valid", stage: "tls", has: "CertificateNotYetValidException", weight: 4},
	{
		id: "tls-unknown-authority", stage: "tls", has: "ertificate", weight: 4,
		re: rx(`(?i)self[- ]signed certificate|unable to get local issuer certificate|unable to verify the first certificate|invalid peer certificate: UnknownIssuer|certificate is not trusted`),
	},
	{
		id: "tls-no-ip-san", stage: "tls", has: "doesn't contain any IP SANs", weight: 5,
		re: rx(`cannot validate certificate for (?P<wanted>\S+) because it doesn't contain any IP SANs`),
	},
	{
		id: "tls-san", stage: "tls", has: "certificate is valid for", weight: 5,
		re: rx(`certificate is valid for (?P<sans>.+?),? not (?P<wanted>[\w.:*\-]+)`),
	},
	// With a placeholder where the name was.
	{
		id: "tls-san", stage: "tls", has: "certificate is valid for", weight: 5,
		re: rx(`certificate is valid for [^"]+?, not (?:[<{(\[]|"?$)`),
	},
	// Cut short: crypto/x509 says "is valid for" in this one sentence only.
	{
		id: "tls-san", stage: "tls", has: "x509: certificate is valid for", weight: 5,
		re: rx(`x509: certificate is valid for (?P<sans>[\w.*:\-]+(?:, [\w.*:\-]+)*)`),
	},
	{
		id: "tls-san", stage: "tls", has: "is not valid for any names", weight: 5,
		re: rx(`certificate is not valid for any names, but wanted to match (?P<wanted>\S+)`),
	},
	{id: "tls-san-legacy-cn", stage: "tls", has: "legacy Common Name", weight: 5},
	{
		id: "tls-san", stage: "tls", has: "match", weight: 4,
		re: rx(`no alternative certificate subject name matches target (?:host name|ipv4 address|ipv6 address) '(?P<wanted>[^']*)'|does not match certificate's altnames|ERR_TLS_CERT_ALTNAME_INVALID|hostname mismatch|IP address mismatch`),
	},
	{id: "tls-key-usage", stage: "tls", has: "incompatible key usage", weight: 4},
	{id: "tls-ca-bundle-unreadable", stage: "config", has: "unable to load root certificates", weight: 4},
	{id: "tls-ca-bundle-unreadable", stage: "config", has: "unable to parse bytes as PEM block", weight: 4},
	{id: "tls-key-mismatch", stage: "config", has: "private key does not match public key", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "ailed to find any PEM data", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "invalid serving cert", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "not loading an empty serving certificate", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "certificate and key must be supplied as a pair", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "invalid certificate and key pair", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "nable to load server certificate", weight: 4},
	{
		id: "tls-unknown-authority", stage: "tls", has: "is not signed by corresponding CA", weight: 4,
		re: rx(`certificate (?P<file>\S+) is not signed by corresponding CA`),
	},
	{id: "tls-unknown-authority", stage: "tls", has: "none of the public keys", weight: 4, re: rx(`none of the public keys .* are pinned`)},
	{id: "tls-name-constraint", stage: "tls", has: "not authorized to sign for this name", weight: 4},
	{id: "tls-revoked", stage: "client", has: "revoked certificate", weight: 4},
	{
		id: "tls-no-valid-chain", stage: "tls", has: "x509: ", weight: 4,
		re: rx(`x509: (?:no valid chains built|certificate is not authorized to sign other certificates|unhandled critical extension|too many intermediates|invalid signature: parent certificate cannot sign)`),
	},

	// What the other end says of the certificate that it was shown.
	{id: "tls-internal-error", stage: "tls", has: "tls: internal error", weight: 4},
	{
		id: "tls-no-serving-cert", stage: "tls", has: "certificate available", weight: 4,
		re: rx(`no (?:serving )?certificate available(?: for the kubelet)?`),
	},
	{id: "tls-client-cert-required", stage: "client", has: "tls: certificate required", weight: 4},
	{id: "tls-client-cert-required", stage: "client", has: "client didn't provide a certificate", weight: 4},
	{id: "tls-client-cert-required", stage: "client", has: "No required SSL certificate was sent", weight: 4},
	{id: "tls-client-cert-expired", stage: "client", has: "tls: expired certificate", weight: 5},
	{id: "tls-client-cert-expired", stage: "client", has: "alert certificate expired", weight: 5},
	{id: "tls-client-unknown-ca", stage: "client", has: "tls: unknown certificate authority", weight: 4},
	{id: "tls-client-unknown-ca", stage: "client", has: "alert unknown ca", weight: 4},
	{id: "tls-bad-certificate", stage: "tls", has: "tls: bad certificate", weight: 3},
	{id: "tls-bad-certificate", stage: "tls", has: "alert bad certificate", weight: 3},
	{id: "tls-bad-certificate", stage: "tls", has: "unknown certificate", weight: 3, re: rx(`(?:tls: |alert )(?:certificate unknown|unknown certificate)(?:$|[^ ]| [^a])`)},
	{id: "tls-bad-certificate", stage: "tls", has: "certificate unknown", weight: 3, re: rx(`(?:tls: |alert )certificate unknown`)},
	{id: "tls-key-usage", stage: "tls", has: "unsupported certificate", weight: 4, re: rx(`(?:tls: |alert )unsupported certificate`)},
	{id: "tls-key-usage", stage: "tls", has: "unsuitable certificate purpose", weight: 4},
	{id: "tls-other-name", stage: "tls", has: "unrecognized name", weight: 3, re: rx(`(?:tls: |alert )unrecognized name`)},
	{id: "tls-access-denied", stage: "client", has: "access denied", weight: 3, re: rx(`(?:tls: |alert )access denied`)},
	{id: "tls-verify-failed", stage: "tls", has: "CERTIFICATE_VERIFY_FAILED", weight: 2},
	{id: "tls-unknown-authority", stage: "tls", has: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", weight: 4},
	{id: "tls-unknown-authority", stage: "tls", has: "SELF_SIGNED_CERT", weight: 4},
	{id: "tls-san", stage: "tls", has: "NotValidForName", weight: 4},
	{id: "tls-file-bad", stage: "config", has: "x509: malformed", weight: 4},
	{id: "tls-handshake-failure", stage: "tls", has: "tls: handshake failure", weight: 3},
	{id: "tls-alpn", stage: "tls", has: "pplication protocol", weight: 4, re: rx(`tls: no application protocol`)},
	{id: "tls-alpn", stage: "tls", has: "missing selected ALPN property", weight: 4},
	{
		id: "tls-version", stage: "tls", has: "protocol version", weight: 4,
		re: rx(`tls: protocol version not supported|unsupported protocol version|alert protocol version`),
	},

	// The handshake does not end, or it is not TLS that answers.
	{id: "tls-handshake-timeout", stage: "tls", has: "TLS handshake timeout", weight: 3},
	{
		id: "tls-handshake-timeout", stage: "tls", has: "TLS handshake", weight: 3,
		re: rx(`TLS handshake error from (?P<peer>\S+): (?:read tcp \S+: i/o timeout|EOF)|performing TLS handshake: .*(?:deadline|timeout)`), hides: []string{"eof", "io-timeout"},
	},
	{id: "tls-not-tls", stage: "tls", has: "first record does not look like a TLS handshake", weight: 4},
	{id: "tls-not-tls", stage: "tls", has: "server gave HTTP response to HTTPS client", weight: 4},
	{id: "tls-not-tls", stage: "tls", has: "malformed HTTP response", weight: 3},
	{id: "tls-not-tls", stage: "tls", has: "wrong version number", weight: 4},
	{id: "tls-not-tls", stage: "tls", has: "oversized record received", weight: 4},
	{id: "tls-wanted", stage: "tls", has: "lient sent an HTTP request to an HTTPS server", weight: 4},
	{
		id: "tls-server-log", stage: "tls", has: "TLS handshake error from", weight: 1,
		re: rx(`TLS handshake error from (?P<peer>[^\s]+[^\s:])`),
	},
}
