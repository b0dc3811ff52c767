package collect

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kubelaudo/laudo/evidence"
)

// What is read of a host's directories and files at most.
const (
	maxFiles     = 64
	maxFileBytes = 1 << 20
)

func (h *Host) path(name string) string { return filepath.Join("/", h.Root, name) }

// certificates answers a Certificates: the certificates in a file, or in the
// files right below a directory. Nothing else of them is kept, and files that
// are there for a private key are not opened.
func (h *Host) certificates(q evidence.Question, a *evidence.Answer) {
	info, err := os.Stat(h.path(q.Path))
	if err != nil {
		a.Absent = errors.Is(err, fs.ErrNotExist)
		if !a.Absent {
			a.Gap = &evidence.Gap{Why: evidence.Forbidden, Detail: h.words(err)}
		}
		return
	}
	if !info.IsDir() {
		a.Files = []evidence.CertificateFile{h.certificateFile(q.Path)}
		return
	}
	entries, err := os.ReadDir(h.path(q.Path))
	if err != nil {
		a.Gap = &evidence.Gap{Why: evidence.Forbidden, Detail: h.words(err)}
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !mayHoldCertificates(name) {
			continue
		}
		if len(a.Files) == maxFiles {
			a.Gap = &evidence.Gap{Why: evidence.Failed, Detail: "more files than are read"}
			return
		}
		if file := h.certificateFile(filepath.Join(q.Path, name)); len(file.Certificates) > 0 || file.Error != "" {
			a.Files = append(a.Files, file)
		}
	}
}

// mayHoldCertificates reports whether a file is of a kind that holds
// certificates, by its name.
func mayHoldCertificates(name string) bool {
	for _, ending := range []string{".crt", ".pem", ".cert", ".cer", ".conf", ".kubeconfig"} {
		if strings.HasSuffix(name, ending) {
			return !isKeyFile(name)
		}
	}
	return false
}

// isKeyFile reports whether a file is there for a private key, by its name.
func isKeyFile(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	return strings.HasSuffix(base, ".key") || strings.HasSuffix(base, "-key.pem") || strings.HasSuffix(base, ".p12") || base == "key.pem"
}

func (h *Host) certificateFile(name string) evidence.CertificateFile {
	found := evidence.CertificateFile{Path: name}
	if isKeyFile(name) {
		found.Error = "not opened: it is there for a private key"
		return found
	}
	file, err := os.Open(h.path(name))
	if err != nil {
		found.Error = h.words(err)
		return found
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		found.Error = h.words(err)
		return found
	case !info.Mode().IsRegular():
		found.Error = "not a regular file"
		return found
	}
	found.Changed = info.ModTime().UTC()
	found.Certificates, err = certificatesOf(io.LimitReader(file, maxFileBytes))
	if err != nil {
		found.Error = h.words(err)
	}
	return found
}

// words is an error without where the host's root is mounted.
func (h *Host) words(err error) string {
	if h.Root != "" && h.Root != "/" {
		return evidence.RedactText(strings.ReplaceAll(err.Error(), strings.TrimSuffix(h.Root, "/")+"/", "/"))
	}
	return evidence.RedactText(err.Error())
}

// certificatesOf returns the certificates in PEM, and those embedded in a
// kubeconfig, DER. Lines of anything else, a private key in the same file say,
// are passed over as they are read.
func certificatesOf(r io.Reader) ([][]byte, error) {
	var found [][]byte
	var block bytes.Buffer
	inside := false
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxFileBytes)
	for lines.Scan() {
		line := bytes.TrimSpace(lines.Bytes())
		switch {
		case bytes.Equal(line, []byte("-----BEGIN CERTIFICATE-----")):
			inside = true
			block.Reset()
		case !inside:
			found = append(found, embedded(line)...)
			continue
		}
		block.Write(line)
		block.WriteByte('\n')
		if bytes.Equal(line, []byte("-----END CERTIFICATE-----")) {
			inside = false
			found = append(found, parsed(block.Bytes())...)
		}
	}
	return found, lines.Err()
}

// embedded returns the certificates in a line of a kubeconfig.
func embedded(line []byte) [][]byte {
	for _, field := range []string{"certificate-authority-data:", "client-certificate-data:"} {
		line = bytes.TrimPrefix(line, []byte("- "))
		if value, ok := bytes.CutPrefix(line, []byte(field)); ok {
			text, err := base64.StdEncoding.DecodeString(strings.Trim(string(bytes.TrimSpace(value)), `"'`))
			if err == nil {
				return parsed(text)
			}
		}
	}
	return nil
}

// parsed returns those blocks of a text in PEM that are certificates, DER.
func parsed(text []byte) [][]byte {
	var found [][]byte
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return found
		}
		if block.Type == "CERTIFICATE" && isCertificate(block.Bytes) {
			found = append(found, block.Bytes)
		}
	}
}
