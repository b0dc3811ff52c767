package faults

import (
	"context"
	"time"

	"github.com/kubelaudo/laudo/lab/build"
	"github.com/kubelaudo/laudo/lab/cluster"
	"github.com/kubelaudo/laudo/lab/pki"
)

// offClock is a kubelet whose clock is off, which takes what the API server
// presents to it for a certificate outside its validity.
func offClock(name, doc string, offset time.Duration, presents func(now time.Time) (notBefore, notAfter time.Time)) *Fault {
	settle := func(ctx context.Context, l *cluster.Lab) error {
		// The node controller heeds no renewal older than the last that it saw.
		if err := l.Restart(ctx, cluster.ControllerManager); err != nil {
			return err
		}
		return l.StartLeaders(ctx)
	}
	return &Fault{
		Name: name, Doc: doc, Variant: build.KubeletClock,
		Inject: func(ctx context.Context, l *cluster.Lab) error {
			now := time.Now()
			// The kubelet has to go on trusting the API server.
			if err := l.Reissue("apiserver", func(r *pki.Request) { r.NotBefore = now.AddDate(0, -6, 0) }); err != nil {
				return err
			}
			r := kubeletClient("kubeadm:cluster-admins")
			r.NotBefore, r.NotAfter = presents(now)
			if err := presentToKubelets(ctx, l, r); err != nil {
				return err
			}
			if err := l.SetClock(ctx, lastNode(l), offset); err != nil {
				return err
			}
			return settle(ctx, l)
		},
		Heal: func(ctx context.Context, l *cluster.Lab) error {
			if err := l.SetClock(ctx, lastNode(l), 0); err != nil {
				return err
			}
			return settle(ctx, l)
		},
		Symptoms: func(l *cluster.Lab) []Symptom {
			return append(othersWork(l),
				Symptom{Doc: "logs are refused on one node", Fails: true, Args: logsOf(lastNode(l)), Any: []string{"must be logged in", "Unauthorized", "provide credentials"}},
				Symptom{Doc: "the node is Ready", Args: nodeReady(lastNode(l)), Any: []string{"True"}})
		},
		Due: func(l *cluster.Lab) Due {
			return sameFrom(Verdict{[]string{"clock-skew"}, Subject{Kind: "Node", Name: lastNode(l).Name, Detail: "clock"}, Confirmed})
		},
	}
}

func nodeClockBehind() *Fault {
	return offClock("node-clock-behind", "the clock of one node is three days behind, and the API server's certificate for kubelets was renewed since",
		-72*time.Hour, func(now time.Time) (time.Time, time.Time) { return now.Add(-time.Hour), now.AddDate(1, 0, 0) })
}

func nodeClockAhead() *Fault {
	return offClock("node-clock-ahead", "the clock of one node is 40 days ahead, and the API server's certificate for kubelets has 20 days left",
		40*24*time.Hour, func(now time.Time) (time.Time, time.Time) { return now.AddDate(-1, 0, 20), now.AddDate(0, 0, 20) })
}
