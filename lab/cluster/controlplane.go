package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/kubelaudo/laudo/lab/names"
)

// KonnectivityServer is the name of konnectivity-server's process.
const KonnectivityServer = "konnectivity-server"

// tokenAudience is the audience of the agents' tokens.
const tokenAudience = "system:konnectivity-server"

// controlPlane is the namespace of the control plane.
func (l *Lab) controlPlane() string {
	if l.simulated() {
		return ""
	}
	return "cp"
}

func (l *Lab) bin(name string) string { return filepath.Join(l.Bin, name) }

func (l *Lab) cert(name string) string { return l.PKI().Cert(name) }

func (l *Lab) key(name string) string { return l.PKI().Key(name) }

// socket is where konnectivity-server listens for the API server.
func (l *Lab) socket() string { return l.path("run", "konnectivity.sock") }

func (l *Lab) etcd() Process {
	client, peer := fmt.Sprintf("https://127.0.0.1:%d", l.EtcdPorts[0]), fmt.Sprintf("http://127.0.0.1:%d", l.EtcdPorts[1])
	return Process{Name: "etcd", Where: l.controlPlane(), Argv: []string{
		l.bin("etcd"),
		"--name=cp", "--data-dir=" + l.path("etcd"), "--unsafe-no-fsync",
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=cp=" + peer,
		"--cert-file=" + l.cert("etcd/server"), "--key-file=" + l.key("etcd/server"),
		"--trusted-ca-file=" + l.cert("etcd/ca"), "--client-cert-auth=true", "--log-level=warn",
	}}
}

func (l *Lab) apiserver() Process {
	argv := []string{
		l.bin("kube-apiserver"),
		"--advertise-address=" + l.Plan.ControlPlane.String(),
		"--allow-privileged=true",
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--enable-bootstrap-token-auth=true",
		"--client-ca-file=" + l.cert("ca"),
		fmt.Sprintf("--etcd-servers=https://127.0.0.1:%d", l.EtcdPorts[0]),
		"--etcd-cafile=" + l.cert("etcd/ca"),
		"--etcd-certfile=" + l.cert("apiserver-etcd-client"),
		"--etcd-keyfile=" + l.key("apiserver-etcd-client"),
		"--kubelet-client-certificate=" + l.cert("apiserver-kubelet-client"),
		"--kubelet-client-key=" + l.key("apiserver-kubelet-client"),
		"--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
		"--proxy-client-cert-file=" + l.cert("front-proxy-client"),
		"--proxy-client-key-file=" + l.key("front-proxy-client"),
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-client-ca-file=" + l.cert("front-proxy-ca"),
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-username-headers=X-Remote-User",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + l.path("pki", "sa.pub"),
		"--service-account-signing-key-file=" + l.path("pki", "sa.key"),
		"--service-cluster-ip-range=" + l.Plan.Services.String(),
		"--tls-cert-file=" + l.cert("apiserver"),
		"--tls-private-key-file=" + l.key("apiserver"),
	}
	if l.simulated() {
		argv = append(argv, "--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", l.HostPort))
	} else {
		argv = append(argv, fmt.Sprintf("--secure-port=%d", l.Names.Ports.API), "--egress-selector-config-file="+l.path("egress.yaml"))
	}
	return Process{Name: "kube-apiserver", Where: l.controlPlane(), Argv: argv}
}

func (l *Lab) controllerManager() Process {
	conf := l.path("kubeconfig", "controller-manager.conf")
	argv := []string{
		l.bin("kube-controller-manager"),
		"--kubeconfig=" + conf, "--authentication-kubeconfig=" + conf, "--authorization-kubeconfig=" + conf,
		"--bind-address=127.0.0.1", "--leader-elect=true", "--use-service-account-credentials=true",
		"--controllers=*,bootstrapsigner,tokencleaner", "--cluster-name=" + l.Names.Cluster,
		"--client-ca-file=" + l.cert("ca"), "--root-ca-file=" + l.cert("ca"),
		"--requestheader-client-ca-file=" + l.cert("front-proxy-ca"),
		"--cluster-signing-cert-file=" + l.cert("ca"), "--cluster-signing-key-file=" + l.key("ca"),
		"--service-account-private-key-file=" + l.path("pki", "sa.key"),
	}
	if l.simulated() {
		argv = append(argv, "--secure-port=0", "--kube-api-qps=5000", "--kube-api-burst=5000",
			"--concurrent-deployment-syncs=20", "--concurrent-replicaset-syncs=20")
	}
	return Process{Name: "kube-controller-manager", Where: l.controlPlane(), Argv: argv}
}

func (l *Lab) scheduler() Process {
	conf := l.path("kubeconfig", "scheduler.conf")
	argv := []string{
		l.bin("kube-scheduler"),
		"--kubeconfig=" + conf, "--authentication-kubeconfig=" + conf, "--authorization-kubeconfig=" + conf,
		"--bind-address=127.0.0.1", "--leader-elect=true",
	}
	if l.simulated() {
		argv = append(argv, "--secure-port=0", "--kube-api-qps=5000", "--kube-api-burst=5000")
	}
	return Process{Name: "kube-scheduler", Where: l.controlPlane(), Argv: argv}
}

func (l *Lab) konnectivityServer() Process {
	p := l.Names.Ports
	argv := []string{
		l.bin("proxy-server"),
		"--logtostderr=true", "--server-count=1",
		fmt.Sprintf("--agent-port=%d", p.Agent),
		fmt.Sprintf("--admin-port=%d", p.Admin), "--admin-bind-address=127.0.0.1",
		fmt.Sprintf("--health-port=%d", p.Health), "--health-bind-address=127.0.0.1",
		"--cluster-cert=" + l.cert(l.AgentServer()), "--cluster-key=" + l.key(l.AgentServer()),
	}
	if l.Profile == names.HTTPConnect {
		argv = append(argv, "--mode=http-connect", fmt.Sprintf("--server-port=%d", p.Frontend), "--server-bind-address=127.0.0.1",
			"--server-cert="+l.cert("konnectivity/frontend"), "--server-key="+l.key("konnectivity/frontend"),
			"--server-ca-cert="+l.cert("ca"))
	} else {
		argv = append(argv, "--mode=grpc", "--uds-name="+l.socket(), "--server-port=0")
	}
	if l.Profile == names.DaemonSetToken {
		a := l.Names.Agent
		argv = append(argv, "--agent-namespace="+a.Namespace, "--agent-service-account="+a.ServiceAccount,
			"--authentication-audience="+tokenAudience, "--kubeconfig="+l.path("kubeconfig", "konnectivity-server.conf"))
	} else {
		argv = append(argv, "--cluster-ca-cert="+l.cert(AgentClientCA))
	}
	return Process{Name: KonnectivityServer, Where: "cp", Argv: argv}
}

// writeEgress writes the API server's EgressSelectorConfiguration.
func (l *Lab) writeEgress() error { return l.write("egress.yaml", l.egressText()) }

func (l *Lab) egressText() string {
	connection := fmt.Sprintf("    proxyProtocol: GRPC\n    transport:\n      uds:\n        udsName: %s\n", l.socket())
	if l.Profile == names.HTTPConnect {
		connection = fmt.Sprintf("    proxyProtocol: HTTPConnect\n    transport:\n      tcp:\n        url: https://127.0.0.1:%d\n"+
			"        tlsConfig:\n          caBundle: %s\n          clientCert: %s\n          clientKey: %s\n",
			l.Names.Ports.Frontend, l.cert("ca"), l.cert("konnectivity/egress"), l.key("konnectivity/egress"))
	}
	return "apiVersion: apiserver.k8s.io/v1beta1\nkind: EgressSelectorConfiguration\negressSelections:\n- name: cluster\n  connection:\n" + connection
}

// listen takes the host's loopback port for the API server: that of the plan, or any that is free.
func (l *Lab) listen() (*os.File, error) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 21000+l.Plan.Index))
	if err != nil {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("taking a loopback port: %v", err)
	}
	defer listener.Close()
	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		return nil, errors.New("taking a loopback port: not a TCP listener")
	}
	l.HostPort = tcp.Addr().(*net.TCPAddr).Port
	l.EtcdPorts = [2]int{2379, 2380}
	if l.simulated() { // no namespace of its own
		for i := range l.EtcdPorts {
			free, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, fmt.Errorf("taking a loopback port: %v", err)
			}
			defer free.Close()
			l.EtcdPorts[i] = free.Addr().(*net.TCPAddr).Port
		}
		return nil, nil
	}
	f, err := tcp.File()
	if err != nil {
		return nil, fmt.Errorf("taking a loopback port: %v", err)
	}
	return f, nil
}

func (l *Lab) forwarder(listener *os.File) Process {
	return Process{Name: "forward", Where: "cp", extra: listener, Argv: []string{
		l.bin("forward"),
		fmt.Sprintf("--to=127.0.0.1:%d", l.Names.Ports.API),
	}}
}

// startControlPlane starts everything up to an API server that is ready, and the
// controllers of a real cluster.
func (l *Lab) startControlPlane(ctx context.Context, listener *os.File) error {
	first := []Process{l.etcd(), l.apiserver()}
	if !l.simulated() {
		if err := l.writeEgress(); err != nil {
			return err
		}
		first = append(first, l.forwarder(listener), l.konnectivityServer())
	}
	for _, p := range first {
		if err := l.start(p); err != nil {
			return err
		}
	}
	client, err := l.client()
	if err != nil {
		return err
	}
	if err := l.wait(ctx, "kube-apiserver", usual, func(ctx context.Context) error {
		_, err := client.get(ctx, "/readyz")
		return err
	}); err != nil {
		return err
	}
	if l.simulated() {
		return nil
	}
	return l.startControllers()
}

// startControllers starts what acts on objects; the API server must be ready.
func (l *Lab) startControllers() error {
	for _, p := range []Process{l.controllerManager(), l.scheduler()} {
		if err := l.start(p); err != nil {
			return err
		}
	}
	return nil
}
