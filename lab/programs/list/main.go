// Command list is the yardstick for laudo's speed: it lists the objects that a
// diagnosis reads, in pages and as protobuf, decodes them and drops them.
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	if err := list(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "list:", err)
		os.Exit(1)
	}
}

func list(ctx context.Context) error {
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	if err != nil {
		return fmt.Errorf("reading the kubeconfig: %w", err)
	}
	config.QPS = -1
	config.ContentType = runtime.ContentTypeProtobuf
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("making a client: %w", err)
	}
	var count atomic.Int64
	page := func(next func(metav1.ListOptions) (int, string, error)) error {
		o := metav1.ListOptions{Limit: 500}
		for {
			n, more, err := next(o)
			if err != nil {
				return err
			}
			count.Add(int64(n))
			if o.Continue = more; more == "" {
				return nil
			}
		}
	}
	lists := []func(metav1.ListOptions) (int, string, error){
		func(o metav1.ListOptions) (int, string, error) {
			l, err := client.CoreV1().Nodes().List(ctx, o)
			return size(l, err, func() (int, string) { return len(l.Items), l.Continue })
		},
		func(o metav1.ListOptions) (int, string, error) {
			l, err := client.CoreV1().Pods("").List(ctx, o)
			return size(l, err, func() (int, string) { return len(l.Items), l.Continue })
		},
		func(o metav1.ListOptions) (int, string, error) {
			l, err := client.CoreV1().Services("").List(ctx, o)
			return size(l, err, func() (int, string) { return len(l.Items), l.Continue })
		},
		func(o metav1.ListOptions) (int, string, error) {
			l, err := client.AppsV1().Deployments("").List(ctx, o)
			return size(l, err, func() (int, string) { return len(l.Items), l.Continue })
		},
		func(o metav1.ListOptions) (int, string, error) {
			l, err := client.CoordinationV1().Leases("").List(ctx, o)
			return size(l, err, func() (int, string) { return len(l.Items), l.Continue })
		},
	}
	var wg sync.WaitGroup
	failures := make([]error, len(lists))
	for i, next := range lists {
		wg.Go(func() { failures[i] = page(next) })
	}
	wg.Wait()
	for _, err := range failures {
		if err != nil {
			return fmt.Errorf("listing: %w", err)
		}
	}
	fmt.Println(count.Load(), "objects")
	return nil
}

func size[T any](_ T, err error, of func() (int, string)) (int, string, error) {
	if err != nil {
		return 0, "", err
	}
	n, more := of()
	return n, more, nil
}
