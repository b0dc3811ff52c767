package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo/collect"
	"github.com/kubelaudo/laudo/message"
)

// The defaults of a node probe.
const (
	probeNamespace = "laudo-node-probe"
	// probeImage names no registry: laudo cannot know where its image was put.
	probeImage = ""
)

// probeFlags say whether and how to ask from nodes.
type probeFlags struct {
	on        bool
	image     string
	namespace string
	nodes     []string
	files     bool
	yes       bool
}

func (a *app) nodeProbe(cmd *cobra.Command) *probeFlags {
	f := &probeFlags{}
	flags := cmd.Flags()
	flags.BoolVar(&f.on, "node-probe", false, a.say(message.Word{
		EN: "where only a node can tell, make a Pod there that looks; says what it will make, and asks first",
		PT: "onde só um nó pode dizer, cria lá um Pod que olha; diz o que vai criar, e pergunta antes",
	}))
	flags.StringVar(&f.image, "node-probe-image", probeImage, a.say(message.Word{
		EN: "`IMAGE` of these Pods: laudo's own, where your nodes can pull it, or have it",
		PT: "`IMAGEM` desses Pods: a do próprio laudo, de onde seus nós possam baixá-la, ou já a tenham",
	}))
	flags.StringVar(&f.namespace, "node-probe-namespace", probeNamespace, a.say(message.Word{
		EN: "`NAMESPACE` of these Pods; made, and removed again, if it does not exist (default %[1]s)",
		PT: "`NAMESPACE` desses Pods; criado, e removido depois, se não existir (padrão %[1]s)",
	}, probeNamespace))
	flags.StringSliceVar(&f.nodes, "node-probe-nodes", nil, a.say(message.Word{
		EN: "`NODES` that may be asked, by name, with commas (default: laudo chooses, three at most)",
		PT: "`NÓS` que podem ser perguntados, por nome, com vírgulas (padrão: o laudo escolhe, três no máximo)",
	}))
	flags.BoolVar(&f.files, "node-probe-files", false, a.say(message.Word{
		EN: "have these Pods look at programs and certificates on the node's disk too, read only, as a user that may read no private key",
		PT: "faz esses Pods olharem também programas e certificados no disco do nó, só para leitura, como um usuário que não pode ler nenhuma chave privada",
	}))
	flags.BoolVar(&f.yes, "yes", false, a.say(message.Word{
		EN: "make what --node-probe makes without asking",
		PT: "cria o que --node-probe cria sem perguntar",
	}))
	for _, name := range []string{"node-probe-image", "node-probe-namespace", "node-probe-nodes"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	return f
}

var objectName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)

// check rejects a probe that could not be made, before anything is asked.
func (f *probeFlags) check(a *app, cmd *cobra.Command) error {
	if !f.on {
		for _, name := range []string{"node-probe-image", "node-probe-namespace", "node-probe-nodes", "node-probe-files", "yes"} {
			if cmd.Flags().Changed(name) {
				return a.failure(message.Word{EN: "--%[1]s is for --node-probe, which was not given", PT: "--%[1]s é para --node-probe, que não foi dada"}, name)
			}
		}
		return nil
	}
	switch {
	case f.image == "":
		return a.failure(message.Word{EN: "--node-probe needs an image: --node-probe-image is missing", PT: "--node-probe precisa de uma imagem: falta --node-probe-image"}).
			hint(message.Word{EN: "build it with: %[1]s; push it where your nodes can pull it, and name it so", PT: "construa-a com: %[1]s; envie-a para onde seus nós possam baixá-la, e indique-a assim"}, "make image").
			hint(message.Word{EN: "for example: %[1]s", PT: "por exemplo: %[1]s"}, a.program+" diagnose --node-probe --node-probe-image registry.example/laudo:v1")
	case !objectName.MatchString(f.namespace) || len(f.namespace) > 63 || strings.Contains(f.namespace, "."):
		return a.failure(message.Word{EN: "flag --%[1]s cannot be %[2]s", PT: "a opção --%[1]s não pode ser %[2]s"}, "node-probe-namespace", quote(f.namespace))
	case slices.ContainsFunc(f.nodes, func(n string) bool { return !objectName.MatchString(n) }):
		return a.failure(message.Word{EN: "flag --%[1]s cannot be %[2]s", PT: "a opção --%[1]s não pode ser %[2]s"}, "node-probe-nodes", quote(strings.Join(f.nodes, ",")))
	case !f.yes && !(isTerminal(a.env.Err) && isTerminal(a.env.In)):
		return a.failure(message.Word{EN: "--node-probe makes Pods, and there is no terminal to ask you on", PT: "--node-probe cria Pods, e não há terminal para perguntar a você"}).
			hint(message.Word{EN: "to allow it beforehand: --yes", PT: "para permitir de antemão: --yes"})
	}
	return nil
}

// options are those of the source; nil: nothing is made. The clock stands still
// while the user is asked.
func (f *probeFlags) options(a *app, clock *stopwatch, progress func()) *collect.NodeProbe {
	if !f.on {
		return nil
	}
	return &collect.NodeProbe{
		Image: f.image, Namespace: f.namespace,
		Confirm: func(ctx context.Context, plan collect.Plan) bool {
			clock.stop()
			defer clock.resume(probePatience)
			progress()
			a.printPlan(plan)
			return f.yes || a.confirm(ctx)
		},
	}
}

// probePatience is what a run has left at least once Pods were allowed: they
// have to start.
const probePatience = 30 * time.Second

// printPlan says what is to be made, where, and why.
func (a *app) printPlan(plan collect.Plan) {
	out := a.env.Err
	line := func(w message.Word, args ...any) { fmt.Fprintln(out, printable(a.say(w, args...))) }
	line(message.Word{EN: "laudo: only nodes can tell what is left to decide. To ask from there, this is made, and removed at the end:", PT: "laudo: só os nós podem dizer o que falta decidir. Para perguntar de lá, isto é criado, e removido no fim:"})
	if plan.MakeNamespace {
		line(message.Word{EN: "  Namespace %[1]s, in which Pods on the nodes' own network are allowed (Pod Security: privileged)", PT: "  Namespace %[1]s, no qual se permitem Pods na rede dos próprios nós (Pod Security: privileged)"}, plan.Namespace)
	}
	for _, pod := range plan.Pods {
		where := message.Word{EN: "  a Pod in %[1]s on node %[2]s, on the node's own network", PT: "  um Pod em %[1]s no nó %[2]s, na rede do próprio nó"}
		if pod.From.OnPodNetwork() {
			where = message.Word{EN: "  a Pod in %[1]s on node %[2]s, on the Pod network", PT: "  um Pod em %[1]s no nó %[2]s, na rede de Pods"}
		}
		line(where, plan.Namespace, pod.From.Node())
		for _, q := range pod.Questions {
			q.From = ""
			fmt.Fprintln(out, "    "+printable(q.String()))
		}
		if pod.HostFiles {
			line(message.Word{EN: "    it sees /etc, /var/lib and /proc of the node, read only, as a user that may read no private key", PT: "    ele vê /etc, /var/lib e /proc do nó, só para leitura, como um usuário que não pode ler nenhuma chave privada"})
		}
	}
	line(message.Word{EN: "  image %[1]s; not root, no service-account token, ends by itself after 60 s", PT: "  imagem %[1]s; sem root, sem token de conta de serviço, termina sozinho após 60 s"}, plan.Image)
}

// confirm asks on the terminal.
func (a *app) confirm(ctx context.Context) bool {
	fmt.Fprint(a.env.Err, a.say(message.Word{EN: "Make it? [y/N] ", PT: "Criar? [s/N] "}))
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(io.LimitReader(a.env.In, 100)).ReadString('\n')
		answer <- line
	}()
	select {
	case line := <-answer:
		switch strings.ToLower(strings.TrimSpace(line)) {
		case "y", "yes", "s", "sim":
			return true
		}
		return false
	case <-ctx.Done():
		fmt.Fprintln(a.env.Err)
		return false
	}
}

// stopwatch ends a context when its time has run out, and can be stopped while
// the user thinks.
type stopwatch struct {
	timer *time.Timer
	left  time.Duration
	since time.Time
	now   func() time.Time
}

// start returns a context that lasts for the given time of the watch.
func (w *stopwatch) start(parent context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	w.left, w.since = limit, w.now()
	w.timer = time.AfterFunc(limit, func() { cancel(context.DeadlineExceeded) })
	return ctx, func() {
		w.timer.Stop()
		cancel(context.Canceled)
	}
}

func (w *stopwatch) stop() {
	if w.timer.Stop() {
		w.left -= w.now().Sub(w.since)
	}
}

// resume lets the time run on, of which at least the given one is left.
func (w *stopwatch) resume(least time.Duration) {
	w.left, w.since = max(w.left, least), w.now()
	w.timer.Reset(w.left)
}
