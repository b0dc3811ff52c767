// Package evidence holds what was asked of a cluster and what came back.
//
// Everything that reasons reads evidence only. A [Source] answers questions:
// live from a cluster, or from a bundle that recorded the answers of an
// earlier day. Either way the answers become [Facts], the indexed and reduced
// view that laws read, so live and offline are one path.
//
// An answer that could not be had is an answer too: its [Gap] says why. A gap
// is never read as absence.
//
// Objects are redacted before they leave a live source, so that nothing
// downstream, in memory or on disk, holds a credential. See [Redact].
package evidence
