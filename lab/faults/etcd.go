package faults

import (
	"context"

	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// etcdGone are the symptoms of an API server without etcd: it answers, and has
// nothing to say.
func etcdGone(*cluster.Lab) []Symptom {
	return []Symptom{
		{Doc: "the API server answers", Args: fixed("get", "--raw=/version")},
		{Doc: "it says that it is not ready", Fails: true, Args: fixed("get", "--raw=/readyz?verbose"), Any: []string{"[-]etcd failed"}},
	}
}

func etcdDue(*cluster.Lab) Due {
	return sameFrom(Verdict{[]string{"api-down"}, Subject{Kind: "Endpoint", Name: "etcd"}, Confirmed})
}

func etcdStopped() *Fault {
	return &Fault{
		Name:     "etcd-stopped",
		Doc:      "etcd does not run",
		Inject:   func(ctx context.Context, l *cluster.Lab) error { return l.Kill(ctx, cluster.Etcd) },
		Heal:     func(ctx context.Context, l *cluster.Lab) error { return l.StartEtcd(ctx) },
		Symptoms: etcdGone,
		Due:      etcdDue,
	}
}

// reissueForEtcd gives a certificate out again and restarts etcd, so that the
// API server has to connect anew; it reads its own certificate at every
// connection.
func reissueForEtcd(ctx context.Context, l *cluster.Lab, name string, change func(*pki.Request)) error {
	if err := l.Reissue(name, change); err != nil {
		return err
	}
	return l.Restart(ctx, cluster.Etcd)
}

func expiredAtEtcd(name, doc, certificate string) *Fault {
	return &Fault{
		Name: name, Doc: doc,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			return reissueForEtcd(ctx, l, certificate, func(r *pki.Request) { r.NotBefore, r.NotAfter = yearOld(2) })
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := reissueForEtcd(ctx, l, certificate, nil); err != nil {
				return err
			}
			return l.StartEtcd(ctx)
		},
		Symptoms: etcdGone,
		Due:      etcdDue,
	}
}

func etcdClientCertExpired() *Fault {
	return expiredAtEtcd("etcd-client-cert-expired", "the certificate that the API server presents to etcd expired, and etcd was restarted since", "apiserver-etcd-client")
}

func etcdServerCertExpired() *Fault {
	return expiredAtEtcd("etcd-server-cert-expired", "etcd's serving certificate expired, and it was restarted since", "etcd/server")
}

func etcdSpaceAlarm() *Fault {
	return &Fault{
		Name: "etcd-space-alarm",
		Doc:  "etcd's database has reached its quota: writes are refused, reads work",
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.Reconfigure(ctx, cluster.Etcd, "--quota-backend-bytes=65536"); err != nil {
				return err
			}
			return sleep(ctx, lapse)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			return l.FreeEtcd(ctx)
		},
		Symptoms: func(*cluster.Lab) []Symptom {
			return []Symptom{
				{Doc: "reads work", Args: fixed("get", "nodes")},
				{Doc: "writes do not", Fails: true, Args: fixed("create", "configmap", "space-alarm-probe", "--namespace=default"), Any: []string{"database space exceeded"}},
			}
		},
		Due: func(*cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"resource-exhaustion"}, Subject{Kind: "Endpoint", Name: "etcd"}, Confirmed})
		},
	}
}
