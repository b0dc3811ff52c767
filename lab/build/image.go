package build

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// registry is where the lab's images pretend to come from. The domain is
// reserved for tests (RFC 6761): nothing can be pulled from it.
const registry = "images.lab.test"

// Image is an image that was packed.
type Image struct {
	Ref string // reference
	Tar string // path of the archive
}

// recipe is an image to be: one static binary in one layer.
type recipe struct{ name, ref, binary string }

func recipes() []recipe {
	return []recipe{
		{"pause", registry + "/pause:3.10", "pause"},
		{"agent", registry + "/kas-network-proxy/proxy-agent:v0.36.0", "proxy-agent"},
		{"metrics-server", registry + "/metrics-server/metrics-server:v0.9.0", "metrics-server"},
		{"coredns", registry + "/coredns/coredns:v1.15.0", "coredns"},
		{"chatter", registry + "/lab/chatter:v1", "chatter"},
		{"gatekeeper", registry + "/lab/gatekeeper:v1", "gatekeeper"},
	}
}

// pack makes the archives that are missing from the directory.
func (p *Product) pack(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	p.image = map[string]string{}
	for _, r := range recipes() {
		path := filepath.Join(dir, r.name+".tar")
		if _, err := os.Stat(path); err != nil {
			if err := archive(path, r, filepath.Join(p.Bin, r.binary)); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
		p.Images = append(p.Images, Image{Ref: r.ref, Tar: path})
		p.image[r.name] = r.ref
	}
	return nil
}

// archive writes the image in the form of docker save, which containerd imports.
func archive(path string, r recipe, binary string) error {
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	if err := add(w, r.binary, 0o755, program); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	sum := sha256.Sum256(layer.Bytes())
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Entrypoint": []string{"/" + r.binary}, "WorkingDir": "/"},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(sum[:])}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]map[string]any{{
		"Config": "config.json", "RepoTags": []string{r.ref}, "Layers": []string{"layer.tar"},
	}})
	if err != nil {
		return err
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	defer f.Close()
	w = tar.NewWriter(f)
	for _, entry := range []struct {
		name string
		data []byte
	}{{"config.json", config}, {"layer.tar", layer.Bytes()}, {"manifest.json", manifest}} {
		if err := add(w, entry.name, 0o644, entry.data); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

func add(w *tar.Writer, name string, mode int64, data []byte) error {
	h := &tar.Header{Name: name, Mode: mode, Size: int64(len(data)), Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0)}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	_, err := io.Copy(w, bytes.NewReader(data))
	return err
}
