package evidence

import (
	"errors"
	"time"
)

// A bundle is a gzipped tar file; docs/bundle.md has the format.

// The names and the version of the format.
const (
	bundleFormat  = "laudo-bundle"
	bundleVersion = 1

	manifestEntry = "laudo.json"
	answersDir    = "answers/"
	objectsDir    = "objects/"
)

// Manifest is the first entry of a bundle.
type Manifest struct {
	Format        string `json:"format"`        // "laudo-bundle"
	FormatVersion int    `json:"formatVersion"` // 1
	LaudoVersion  string `json:"laudoVersion,omitempty"`
	// Now is the moment that the bundle speaks of.
	Now     time.Time `json:"now"`
	Cluster string    `json:"cluster,omitempty"` // as the kubeconfig calls it
}

// recorded is an entry of answers/.
type recorded struct {
	Answer Answer `json:"answer"`
	// Objects names the entries with the objects that answer, in their order.
	Objects []string `json:"objects,omitempty"`
}

// What can be wrong with a bundle. Errors wrap one of these.
var (
	ErrNotBundle = errors.New("not a laudo bundle")
	ErrVersion   = errors.New("a bundle of a version that this laudo does not read")
	ErrTruncated = errors.New("the bundle ends early")
	ErrTooLarge  = errors.New("the bundle is too large")
	ErrUnsafe    = errors.New("the bundle holds an entry that does not belong there")
	ErrGarbled   = errors.New("the bundle holds an entry that cannot be read")

	ErrOtherCluster = errors.New("the bundles are of different clusters")
)

// What is read of a bundle at most, so that a hostile one does no harm.
const (
	maxEntries = 200_000
	maxLine    = 16 << 20 // one object, in bytes
	maxEntry   = 64 << 20 // one entry, in bytes
	maxBundle  = 4 << 30  // all of it decompressed, in bytes
)
