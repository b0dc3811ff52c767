// Package collect asks a live cluster: it is how [evidence.Source] is answered
// from the API server, and from TLS handshakes of our own.
//
// It reads only. Everything it hands on is redacted, and what it could not
// learn is an answer with a gap, never an error and never a shorter list.
//
// Nothing but this package may import client-go, apart from what finds the
// kubeconfig in the first place.
package collect
