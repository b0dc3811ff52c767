package cli

import (
	"slices"
	"strings"

	"github.com/kubelaudo/laudo/decode"
	"github.com/kubelaudo/laudo/message"
)

// symptomKinds are the kinds of requests that --symptom takes. A test holds
// them to those that the theory knows.
var symptomKinds = []string{
	"api", "apiservice", "attach", "exec", "hpa", "konnectivity", "logs", "metrics", "node",
	"port-forward", "readyz", "top", "tunnel", "webhook", "workload", "writes",
}

// checkSymptom rejects a word that is no kind of request, and says when an
// error text is none that laudo knows: the diagnosis goes on without it.
func (a *app) checkSymptom(symptom string) error {
	switch {
	case symptom == "", slices.Contains(symptomKinds, strings.ToLower(symptom)):
	case !strings.Contains(strings.TrimSpace(symptom), " "):
		return a.failure(message.Word{EN: "unknown symptom %[1]s", PT: "sintoma desconhecido: %[1]s"}, quote(symptom)).
			hint(message.Word{EN: "it is one of: %[1]s", PT: "ele é um destes: %[1]s"}, strings.Join(symptomKinds, ", ")).
			hint(message.Word{EN: "or the error text itself, in quotes", PT: "ou o próprio texto do erro, entre aspas"})
	case len(decode.Findings(symptom)) == 0:
		a.note(message.Word{
			EN: "the text of --symptom is none that laudo knows: it looks for symptoms by itself",
			PT: "o texto de --symptom não é um que o laudo conheça: ele procura os sintomas sozinho",
		})
	}
	return nil
}
