package cli

import (
	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo/message"
)

func (a *app) completion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: a.say(message.Word{EN: "print a script that has the shell complete commands and flags", PT: "imprime um script para o shell completar comandos e opções"}),
		Long: a.say(message.Word{
			EN: `Print a script that has the shell complete commands, flags and their values. SHELL is bash, zsh, fish or powershell.

  bash         source <(laudo completion bash)
  zsh          laudo completion zsh > "${fpath[1]}/_laudo"
  fish         laudo completion fish > ~/.config/fish/completions/laudo.fish
  powershell   laudo completion powershell | Out-String | Invoke-Expression

As a kubectl plugin: link laudo as kubectl_complete-laudo into a directory of the PATH.`,
			PT: `Imprime um script para o shell completar comandos, opções e seus valores. SHELL é bash, zsh, fish ou powershell.

  bash         source <(laudo completion bash)
  zsh          laudo completion zsh > "${fpath[1]}/_laudo"
  fish         laudo completion fish > ~/.config/fish/completions/laudo.fish
  powershell   laudo completion powershell | Out-String | Invoke-Expression

Como plugin do kubectl: crie um link do laudo chamado kubectl_complete-laudo em um diretório do PATH.`,
		}),
		ValidArgs: shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return a.failure(message.Word{EN: "which shell?", PT: "qual shell?"}).
					hint(message.Word{EN: "for example: %[1]s", PT: "por exemplo: %[1]s"}, a.program+" completion bash")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return a.failure(message.Word{EN: "no completion for the shell %[1]s", PT: "sem autocompletar para o shell %[1]s"}, quote(args[0])).
				hint(message.Word{EN: "there is: %[1]s", PT: "há: %[1]s"}, "bash, zsh, fish, powershell")
		},
	}
}
