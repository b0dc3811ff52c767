package theory

import (
	"github.com/kubelaudo/laudo/message"
)

// Verbs of reading, as far as rights go.
const (
	VerbList   = "list"
	VerbGet    = "get"
	VerbRaw    = "raw"    // a non-resource URL, or a path of an aggregated API
	VerbLog    = "log"    // whether a log arrives
	VerbTLS    = "tls"    // a handshake; needs no right
	VerbClient = "client" // the client's own configuration; needs no right
	VerbDial   = "dial"   // a connection made anew, by a path that the user may read; no right is asked for it
	VerbHost   = "host"   // what only a host can tell: connections, names, its clock, files and programs; see the node probe's rights
)

// Read is something that a law reads.
type Read struct {
	Verb string
	// Resource is group/version/plural for list and get, and the path for raw.
	Resource string
	// Helps marks a read whose absence must not blind the law.
	Helps bool
}

// Law states claims about one kind of thing.
type Law struct {
	// ID is lower-case with hyphens, and is never reused.
	ID string
	// Doc says what must hold, in one line; after a blank line why, and the
	// source of the rule (document and date).
	Doc   string
	Reads []Read
	State func(v *View)
}

// Component is a part of a cluster and the laws it lives by.
type Component struct {
	Name string
	// For says what the component is for.
	For  message.Word
	Laws []Law
}
