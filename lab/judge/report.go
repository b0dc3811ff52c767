package judge

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kubelaudo/laudo/lab/cluster"
)

// Table prints the results for people, as Markdown.
func Table(w io.Writer, results []Result) {
	seen := []cluster.Standpoint{cluster.API, cluster.AgentPort}
	if slices.ContainsFunc(results, func(r Result) bool {
		return slices.ContainsFunc(r.Looks, func(l Look) bool { return l.Standpoint == cluster.NodeProbe })
	}) {
		seen = append(seen, cluster.NodeProbe)
	}
	fmt.Fprint(w, "| fault ")
	for _, s := range seen {
		fmt.Fprintf(w, "| %s ", map[cluster.Standpoint]string{
			cluster.API: "from the API alone", cluster.AgentPort: "with the agent port", cluster.NodeProbe: "with --node-probe",
		}[s])
	}
	fmt.Fprintf(w, "| rank | open | requests | cured | verdict |\n%s|---|---|---|---|---|---|\n", strings.Repeat("|---", len(seen)))
	for _, r := range results {
		cells := make([]string, len(seen))
		var ranks, open, requests []string
		for _, look := range r.Looks {
			named := look.Named
			if named == "" {
				named = "nothing"
			}
			if i := slices.Index(seen, look.Standpoint); i >= 0 {
				cells[i] = fmt.Sprintf("%s, %.1f s", named, look.Seconds)
			}
			ranks, open, requests = append(ranks, strconv.Itoa(look.Rank)), append(open, strconv.Itoa(look.Open)), append(requests, strconv.Itoa(look.Requests))
		}
		cured := ""
		if r.Cured > 0 {
			cured = fmt.Sprintf("%.1f s", r.Cured)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %s |\n", r.Fault, strings.Join(cells, " | "),
			strings.Join(ranks, " "), strings.Join(open, " "), strings.Join(requests, " "), cured, strings.ReplaceAll(verdict(r.Wrong), "|", "\\|"))
	}
}

// Wrong counts the results with something wrong.
func Wrong(results []Result) int {
	n := 0
	for _, r := range results {
		if r.Wrong != "" {
			n++
		}
	}
	return n
}

// Save writes the results to a file: JSON, or Markdown if its name ends in .md.
func Save(path string, results []Result) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("saving the results: %v", err)
	}
	if filepath.Ext(path) == ".md" {
		Table(f, results)
	} else {
		e := json.NewEncoder(f)
		e.SetIndent("", "  ")
		if err := e.Encode(results); err != nil {
			f.Close()
			return fmt.Errorf("saving the results: %v", err)
		}
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("saving the results: %v", err)
	}
	return nil
}
