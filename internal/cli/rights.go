package cli

import (
	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/message"
)

func (a *app) rights() *cobra.Command {
	var nodeProbe bool
	cmd := &cobra.Command{
		Use:   "rights",
		Short: a.say(message.Word{EN: "print the rights that laudo needs, as a ClusterRole", PT: "imprime os direitos de que o laudo precisa, como ClusterRole"}),
		Long: a.say(message.Word{
			EN: "Print a read-only ClusterRole with the least rights that a whole diagnosis needs. It is made from what laudo reads. With less, laudo says what it could not see.",
			PT: "Imprime um ClusterRole só de leitura com o mínimo de direitos de que um diagnóstico completo precisa. Ele é feito do que o laudo lê. Com menos, o laudo diz o que não pôde ver.",
		}),
		Example:           a.example("rights | kubectl apply -f -", "rights --node-probe"),
		Args:              a.noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			role, err := laudo.Rights()
			if nodeProbe {
				role, err = laudo.NodeProbeRights()
			}
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(role)
			return err
		},
	}
	cmd.Flags().BoolVar(&nodeProbe, "node-probe", false, a.say(message.Word{
		EN: "print instead the rights that diagnose --node-probe needs beside these: to make and remove Pods and a namespace",
		PT: "imprime em vez disso os direitos de que diagnose --node-probe precisa além destes: criar e remover Pods e um namespace",
	}))
	return cmd
}
