// Command laudo tells why a Kubernetes cluster is broken, with proof.
package main

import (
	"os"

	"github.com/kubelaudo/laudo/internal/cli"
)

func main() {
	os.Exit(cli.Main(cli.System(), os.Args[1:]))
}
