package cli

import (
	"github.com/spf13/cobra"

	"github.com/kubelaudo/laudo/message"
)

// topics returns the help topics: commands that only have a help.
func (a *app) topics() []*cobra.Command {
	topic := func(name string, short, long message.Word) *cobra.Command {
		return &cobra.Command{Use: name, Short: a.say(short), Long: a.say(long)}
	}
	return []*cobra.Command{
		topic("exit-codes",
			message.Word{EN: "what the exit codes say", PT: "o que dizem os códigos de saída"},
			message.Word{
				EN: `The exit code follows from the diagnosis alone, whatever the output:

    0   nothing is broken (risks alone too, unless --fail-on-risk)
    1   something is broken; an API server that cannot be reached included
    2   bad flags, bad kubeconfig, nothing readable in the bundle: nothing was diagnosed
    3   nothing was found broken, but something that mattered could not be seen
  130   interrupted

explain looks at no cluster: 0 when it recognised something in the text, 1 when nothing.`,
				PT: `O código de saída decorre só do diagnóstico, qualquer que seja o formato:

    0   nada está quebrado (também só com riscos, salvo com --fail-on-risk)
    1   algo está quebrado; inclusive um API server que não pode ser alcançado
    2   opções erradas, kubeconfig errado, nada legível no bundle: nada foi diagnosticado
    3   nada quebrado foi encontrado, mas algo que importava não pôde ser visto
  130   interrompido

O explain não olha nenhum cluster: 0 quando reconheceu algo no texto, 1 quando nada.`,
			}),
		topic("certainty",
			message.Word{EN: "what confirmed, likely, open and risk mean", PT: "o que significam confirmada, provável, em aberto e risco"},
			message.Word{
				EN: `confirmed: a direct test says that it is broken, all that it needs works, and what fails needs it.

likely: every rival was ruled out, and no direct test is possible from where laudo stands.

open: one of several that the evidence cannot tell apart. The report lists all of them, in order, with the test that would decide.

A risk is broken too, and explains nothing that fails today: it will fail later.

The same evidence always gives the same diagnosis. The marks e1, e2, ... at the right margin stand for evidence; -v lists it.`,
				PT: `confirmada: um teste direto diz que está quebrada, tudo de que ela precisa funciona, e o que falha precisa dela.

provável: todos os rivais foram descartados, e nenhum teste direto é possível de onde o laudo está.

em aberto: uma de várias que a evidência não distingue. O laudo lista todas, em ordem, com o teste que decidiria.

Um risco também está quebrado, e não explica nada do que falha hoje: vai falhar mais tarde.

A mesma evidência dá sempre o mesmo diagnóstico. As marcas e1, e2, ... à direita são evidências; -v as lista.`,
			}),
		topic("symptoms",
			message.Word{EN: "what --symptom takes", PT: "o que --symptom aceita"},
			message.Word{
				EN: `Without --symptom laudo looks for what fails by itself. With it, laudo starts from what you see: a kind of request, or the error text itself, pasted in quotes.

  laudo diagnose --symptom logs
  laudo diagnose --symptom 'Error from server: error dialing backend: No agent available'`,
				PT: `Sem --symptom o laudo procura sozinho o que falha. Com ela, o laudo parte do que você vê: um tipo de requisição, ou o próprio texto do erro, colado entre aspas.

  laudo diagnose --symptom logs
  laudo diagnose --symptom 'Error from server: error dialing backend: No agent available'`,
			}),
		topic("privacy",
			message.Word{EN: "what laudo reads, keeps and never keeps", PT: "o que o laudo lê, guarda e nunca guarda"},
			message.Word{
				EN: `laudo reads, and changes nothing, but for the Pods that --node-probe makes, after asking you, and removes. It sends nothing anywhere but to your cluster.

Of Secrets only certificates are kept; values, private keys and tokens are dropped while they are decoded, and are in no report and no bundle. --no-secrets reads none.

Logs are probed with one byte on one Pod of a node, and the byte is dropped; of a container under suspicion the errors that it logs are kept, redacted: lines whose meaning laudo explain knows, and no others. A TLS handshake is tried where a port can be reached from here. --no-probes does none of this. --try-client-certs presents a client certificate found in a Secret in such a handshake, from memory, to see whether the server accepts it.`,
				PT: `O laudo lê, e não muda nada, salvo os Pods que --node-probe cria, depois de perguntar, e remove. Não envia nada a lugar nenhum além do seu cluster.

De Secrets só se guardam certificados; valores, chaves privadas e tokens são descartados na decodificação, e não estão em nenhum laudo e nenhum bundle. --no-secrets não lê nenhum.

Logs são sondados com um byte em um Pod por nó, e o byte é descartado; de um contêiner sob suspeita guardam-se os erros que ele registra, com credenciais removidas: linhas cujo significado laudo explain conhece, e nenhuma outra. Um handshake TLS é tentado onde uma porta pode ser alcançada daqui. --no-probes não faz nada disso. --try-client-certs apresenta nesse handshake um certificado de cliente achado em um Secret, da memória, para ver se o servidor o aceita.`,
			}),
	}
}
