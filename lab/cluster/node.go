package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
)

func (l *Lab) nodeDir(n Node, parts ...string) string {
	return filepath.Join(append([]string{l.Dir, n.ID}, parts...)...)
}

// cgroup is the control group of the node's Pods, as the kubelet takes it.
func (l *Lab) cgroup(n Node) string { return "/" + cgroupName(l.Name) + "/" + n.ID }

// containerdSocket is the path of the node's containerd, on the host.
func (l *Lab) containerdSocket(n Node) string { return l.nodeDir(n, "c.sock") }

// startNode brings containerd up with all images; the kubelet comes later, when there is an API server.
func (l *Lab) startNode(ctx context.Context, n Node, images []build.Image) error {
	if err := l.writeNodeFiles(n); err != nil {
		return err
	}
	if err := makeCgroup(l.cgroup(n)); err != nil {
		return err
	}
	holder := Process{Name: "holder@" + n.ID, Where: n.ID, hold: true, Argv: []string{
		"unshare", "--mount", "--propagation", "private", "sh", "-euc", l.holderScript(n),
	}}
	if err := l.start(holder); err != nil {
		return err
	}
	if err := l.wait(ctx, "holder@"+n.ID, usual, func(context.Context) error {
		_, err := os.Stat(l.nodeDir(n, "ready"))
		return err
	}); err != nil {
		return err
	}
	containerd := Process{Name: "containerd@" + n.ID, Where: n.ID, Argv: []string{"containerd", "--config", l.nodeDir(n, "containerd.toml")}}
	if err := l.start(containerd); err != nil {
		return err
	}
	ctr := []string{"ctr", "--address", l.containerdSocket(n), "--namespace", "k8s.io"}
	if err := l.wait(ctx, "containerd@"+n.ID, usual, func(ctx context.Context) error {
		if _, err := os.Stat(l.containerdSocket(n)); err != nil {
			return err
		}
		_, err := run(ctx, "", append(ctr, "version")...)
		return err
	}); err != nil {
		return err
	}
	for _, image := range images {
		// Inside the node: the import unpacks, and a mount of it on the host would outlive nothing but could be seen.
		if _, err := l.onNode(ctx, n, append(ctr, "images", "import", image.Tar)...); err != nil {
			return fmt.Errorf("importing %s on %s: %w", image.Ref, n.ID, err)
		}
	}
	return nil
}

// onNode runs a command in the node's namespaces.
func (l *Lab) onNode(ctx context.Context, n Node, argv ...string) (string, error) {
	full, err := l.enter(Process{Where: n.ID, Argv: argv})
	if err != nil {
		return "", err
	}
	return run(ctx, "", full...)
}

// holderScript gives the node directories of its own and then sleeps.
func (l *Lab) holderScript(n Node) string {
	var b strings.Builder
	for from, to := range map[string]string{"run": "/run", "lib": "/var/lib", "log": "/var/log"} {
		fmt.Fprintf(&b, "mount --bind %s %s\n", l.nodeDir(n, from), to)
	}
	// Containers' mounts propagate among the node's own processes only.
	b.WriteString("mount --make-rshared /\n")
	fmt.Fprintf(&b, "touch %s\nexec sleep infinity\n", l.nodeDir(n, "ready"))
	return b.String()
}

func (l *Lab) writeNodeFiles(n Node) error {
	for _, dir := range []string{"run/netns", "run/lock", "lib/cni", "lib/kubelet", "log/pods", "log/containers", "containerd", "cni"} {
		if err := os.MkdirAll(l.nodeDir(n, dir), 0o755); err != nil {
			return fmt.Errorf("writing the files of %s: %v", n.ID, err)
		}
	}
	kubelet, err := l.kubeletConfig(n)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		"containerd.toml": l.containerdConfig(n),
		"cni/10-lab.conflist": fmt.Sprintf(`{"cniVersion":"0.4.0","name":"lab","plugins":[{"type":"ptp","ipMasq":false,"mtu":1500,
 "ipam":{"type":"host-local","ranges":[[{"subnet":%q}]],"routes":[{"dst":"0.0.0.0/0"}]}}]}`, n.PodCIDR),
		"kubelet.json":    kubelet,
		"kube-proxy.yaml": l.kubeProxyConfig(n),
		"resolv.conf":     "options ndots:1\n",
	} {
		if err := os.WriteFile(l.nodeDir(n, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing the files of %s: %v", n.ID, err)
		}
	}
	return nil
}

func (l *Lab) containerdConfig(n Node) string {
	return fmt.Sprintf(`version = 2
root = %q
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = %q
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd-opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %q
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %q
    conf_dir = %q
`, l.nodeDir(n, "containerd"), l.containerdSocket(n), l.Images["pause"], cniPlugins(), l.nodeDir(n, "cni"))
}

// cniPlugins is where the distribution keeps them.
func cniPlugins() string {
	if _, err := os.Stat("/usr/lib/cni/ptp"); err == nil {
		return "/usr/lib/cni"
	}
	return "/opt/cni/bin"
}

func (l *Lab) kubeletConfig(n Node) (string, error) {
	config := map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1",
		"kind":       "KubeletConfiguration",
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": l.cert("ca")},
		},
		"authorization":               map[string]any{"mode": "Webhook"},
		"cgroupDriver":                "cgroupfs",
		"cgroupRoot":                  l.cgroup(n),
		"clusterDNS":                  []string{l.Plan.DNS.String()},
		"clusterDomain":               "cluster.local",
		"containerRuntimeEndpoint":    "unix://" + l.containerdSocket(n),
		"failCgroupV1":                false,
		"failSwapOn":                  false,
		"imageGCHighThresholdPercent": 100,
		"evictionHard":                map[string]string{"memory.available": "50Mi"},
		"resolvConf":                  l.nodeDir(n, "resolv.conf"),
		"tlsCertFile":                 l.cert("nodes/" + n.ID + "-serving"),
		"tlsPrivateKeyFile":           l.key("nodes/" + n.ID + "-serving"),
	}
	text, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the kubelet's configuration: %v", err)
	}
	return string(text), nil
}

func (l *Lab) kubeProxyConfig(n Node) string {
	return fmt.Sprintf(`apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: %s
hostnameOverride: %s
clientConnection:
  kubeconfig: %s
conntrack:
  maxPerCore: 0
  min: 0
  tcpEstablishedTimeout: 0s
  tcpCloseWaitTimeout: 0s
`, l.Plan.Pods, n.Name, l.path("kubeconfig", "kube-proxy.conf"))
}

// Kubelet is the name of the node's kubelet process.
func (n Node) Kubelet() string { return "kubelet@" + n.ID }

// KubeProxy is the name of the node's kube-proxy process.
func (n Node) KubeProxy() string { return "kube-proxy@" + n.ID }

// startKubelet starts what makes the machine a node of the cluster.
func (l *Lab) startKubelet(n Node) error {
	kubelet := Process{Name: n.Kubelet(), Where: n.ID, Argv: []string{
		l.bin("kubelet"),
		"--config=" + l.nodeDir(n, "kubelet.json"),
		"--kubeconfig=" + l.path("kubeconfig", n.ID+".conf"),
		"--hostname-override=" + n.Name, "--node-ip=" + n.Address.String(),
	}}
	proxy := Process{Name: n.KubeProxy(), Where: n.ID, Argv: []string{
		l.bin("kube-proxy"),
		"--config=" + l.nodeDir(n, "kube-proxy.yaml"),
	}}
	if err := l.start(kubelet); err != nil {
		return err
	}
	return l.start(proxy)
}

// usual is how long a process may take to do what it is started for.
const usual = 3 * time.Minute

// wait waits for what the process with that name is to do, and gives up at once if it ends.
func (l *Lab) wait(ctx context.Context, process string, limit time.Duration, try func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	return until(ctx, limit, process, func(ctx context.Context) error {
		err := try(ctx)
		if err == nil {
			return nil
		}
		if p, perr := l.process(process); perr == nil && !p.Running() {
			cancel(&Error{process + " has ended", "its log: " + l.Log(process)})
			return errors.New("it has ended")
		}
		return err
	})
}
