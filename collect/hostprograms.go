package collect

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubelaudo/laudo/evidence"
)

func isCertificate(der []byte) bool {
	_, err := x509.ParseCertificate(der)
	return err == nil
}

// programNames are the programs that a host is asked about, by the name of
// their file.
var programNames = []string{
	"kubelet", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "etcd",
	"proxy-server", "proxy-agent", "konnectivity-server", "konnectivity-agent", "containerd", "crio",
	"k3s", "rke2", "kubelite", "hyperkube", // several of the others in one process
}

// staticPods is where a kubelet of kubeadm looks for static Pods.
const staticPods = "/etc/kubernetes/manifests"

// programs answers a Programs.
func (h *Host) programs(a *evidence.Answer) {
	running, err := h.running()
	if err != nil {
		a.Gap = &evidence.Gap{Why: evidence.Failed, Detail: h.words(err)}
	}
	manifests := staticPods
	for i := range running {
		if running[i].Name == "kubelet" {
			h.readKubelet(&running[i])
			manifests = cmp.Or(running[i].Config["staticPodPath"], flagOf(running[i].Args, "pod-manifest-path"), manifests)
		}
	}
	for _, wanted := range h.static(manifests) {
		i := slices.IndexFunc(running, func(p evidence.Program) bool { return p.Name == wanted.Name && p.Manifest == "" })
		if i >= 0 {
			running[i].Manifest = wanted.Manifest
			continue
		}
		running = append(running, wanted)
	}
	slices.SortStableFunc(running, func(x, y evidence.Program) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), x.Started.Compare(y.Started))
	})
	a.Programs = running
}

// running returns the programs that run in the host's own network: on a machine
// that several nodes share, those of the others are left out.
func (h *Host) running() ([]evidence.Program, error) {
	stat, err := os.ReadFile(h.path("/proc/stat"))
	if err != nil {
		return nil, err
	}
	booted := bootTime(stat)
	processes, err := filepath.Glob(h.path("/proc/[0-9]*"))
	if err != nil {
		return nil, err
	}
	own, _ := os.ReadFile("/proc/self/net/fib_trie")
	var found []evidence.Program
	for _, dir := range processes {
		line, err := os.ReadFile(filepath.Join(dir, "cmdline"))
		if err != nil || len(line) == 0 {
			continue // it has ended, or is none of ours to see
		}
		args := strings.Split(strings.TrimRight(string(line), "\x00\n"), "\x00")
		name := filepath.Base(args[0])
		if !slices.Contains(programNames, name) {
			continue
		}
		if routes, err := os.ReadFile(filepath.Join(dir, "net/fib_trie")); err == nil && len(own) > 0 && !bytes.Equal(routes, own) {
			continue
		}
		evidence.RedactArgs(args)
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		found = append(found, evidence.Program{Name: name, Running: true, Started: startTime(stat, booted), Args: args[1:]})
	}
	return found, nil
}

// bootTime reads when the machine started out of /proc/stat.
func bootTime(stat []byte) time.Time {
	for line := range strings.Lines(string(stat)) {
		if rest, ok := strings.CutPrefix(line, "btime "); ok {
			seconds, _ := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			return time.Unix(seconds, 0)
		}
	}
	return time.Time{}
}

// startTime reads when a process began: field 22 of /proc/PID/stat, in
// hundredths of a second since the boot (proc_pid_stat(5)).
func startTime(stat []byte, booted time.Time) time.Time {
	_, rest, ok := strings.Cut(string(stat), ") ") // the name before may hold anything
	fields := strings.Fields(rest)
	if !ok || len(fields) < 20 || booted.IsZero() {
		return time.Time{}
	}
	ticks, err := strconv.ParseInt(fields[19], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return booted.Add(time.Duration(ticks) * 10 * time.Millisecond).UTC()
}

func flagOf(args []string, name string) string {
	for i, arg := range args {
		switch arg = strings.TrimLeft(arg, "-"); {
		case strings.HasPrefix(arg, name+"="):
			return arg[len(name)+1:]
		case arg == name && i+1 < len(args):
			return args[i+1]
		}
	}
	return ""
}

// readKubelet adds what laws read of the files that a kubelet's flags name.
// Credentials in them are not kept.
func (h *Host) readKubelet(p *evidence.Program) {
	p.Config = map[string]string{}
	var config struct {
		Kind           string `json:"kind"`
		Address        string `json:"address"`
		TLSCertFile    string `json:"tlsCertFile"`
		StaticPodPath  string `json:"staticPodPath"`
		Port           int    `json:"port"`
		Authentication struct {
			X509 struct {
				ClientCAFile string `json:"clientCAFile"`
			} `json:"x509"`
		} `json:"authentication"`
		ServerTLSBootstrap bool `json:"serverTLSBootstrap"`
	}
	if h.readYAML(flagOf(p.Args, "config"), &config) {
		set(p.Config, "kind", config.Kind)
		set(p.Config, "address", config.Address)
		set(p.Config, "tlsCertFile", config.TLSCertFile)
		set(p.Config, "staticPodPath", config.StaticPodPath)
		set(p.Config, "authentication.x509.clientCAFile", config.Authentication.X509.ClientCAFile)
		if config.Port != 0 {
			p.Config["port"] = strconv.Itoa(config.Port)
		}
	}
	var kubeconfig struct {
		Clusters []struct {
			Cluster struct {
				Server string `json:"server"`
			} `json:"cluster"`
		} `json:"clusters"`
		Users []struct {
			User struct {
				ClientCertificate string `json:"client-certificate"`
			} `json:"user"`
		} `json:"users"`
	}
	if h.readYAML(flagOf(p.Args, "kubeconfig"), &kubeconfig) {
		for _, c := range kubeconfig.Clusters {
			set(p.Config, "kubeconfig.server", evidence.RedactText(c.Cluster.Server))
		}
		for _, u := range kubeconfig.Users {
			set(p.Config, "kubeconfig.client-certificate", u.User.ClientCertificate)
		}
	}
}

func set(m map[string]string, key, value string) {
	if value != "" {
		m[key] = value
	}
}

func (h *Host) readYAML(name string, into any) bool {
	if !strings.HasPrefix(name, "/") {
		return false
	}
	data, err := os.ReadFile(h.path(name))
	return err == nil && len(data) <= maxFileBytes && yaml.Unmarshal(data, into) == nil
}

// static returns the programs that static Pods ask for.
func (h *Host) static(dir string) []evidence.Program {
	names, _ := filepath.Glob(filepath.Join(h.path(dir), "*"))
	var wanted []evidence.Program
	for _, name := range names {
		if ext := filepath.Ext(name); ext != ".yaml" && ext != ".yml" && ext != ".json" || len(wanted) == maxFiles {
			continue
		}
		data, err := os.ReadFile(name)
		var pod corev1.Pod
		if err != nil || len(data) > maxFileBytes || yaml.Unmarshal(data, &pod) != nil {
			continue
		}
		evidence.Redact(&pod)
		for _, c := range pod.Spec.Containers {
			line := slices.Concat(c.Command, c.Args)
			if len(line) == 0 || !slices.Contains(programNames, filepath.Base(line[0])) {
				continue
			}
			wanted = append(wanted, evidence.Program{
				Name: filepath.Base(line[0]), Args: line[1:], Manifest: filepath.Join(dir, filepath.Base(name)),
			})
		}
	}
	return wanted
}
