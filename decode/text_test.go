package decode

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestRead: what matters of a long text is found wherever it stands, and in the
// encodings of Windows' shells.
func TestRead(t *testing.T) {
	const fault = "Unable to connect to the server: x509: certificate is valid for kubernetes, not api.example.com\n"
	var b strings.Builder
	for i := 0; b.Len() < 2<<20; i++ {
		fmt.Fprintf(&b, "I1122 12:00:00.000000       1 controller.go:10] \"Synced\" object=\"web/%x\" in=\"%d\"\n", i*7919, i)
	}
	long := b.String()
	utf16 := func(s string, low, high int) string {
		var b strings.Builder
		for _, r := range "\ufeff" + s {
			unit := [2]byte{byte(r), byte(r >> 8)}
			b.Write([]byte{unit[low], unit[high]})
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, text string
		cut        bool
	}{
		{"short", fault, false},
		{"in front", fault + long, true},
		{"in the middle", long[:1<<20] + "\n" + fault + long[1<<20:], true},
		{"at the end", long + fault, true},
		{"UTF-8 with a mark", "\ufeff" + fault, false},
		{"UTF-16, little end first", utf16(fault, 0, 1), false},
		{"UTF-16, big end first", utf16(fault, 1, 0), false},
	} {
		text, cut, err := Read(iotest.HalfReader(strings.NewReader(tt.text)))
		if err != nil || cut != tt.cut {
			t.Errorf("%s: cut %t, %v", tt.name, cut, err)
		}
		if found := Findings(text); len(found) != 1 || found[0].ID != "tls-san" {
			t.Errorf("%s: %v", tt.name, found)
		}
	}
	broken := io.MultiReader(strings.NewReader(long), iotest.ErrReader(io.ErrClosedPipe))
	if _, _, err := Read(broken); err == nil {
		t.Error("an error of the reader is lost")
	}
}
