package judge

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Table prints the results for people, as Markdown.
func Table(w io.Writer, results []Result) {
	fmt.Fprintln(w, "| fault | from the API alone | with the agent port | rank | open | requests | cured | verdict |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|")
	for _, r := range results {
		cells := []string{"", ""}
		var ranks, open, requests []string
		for i, look := range r.Looks {
			named := look.Named
			if named == "" {
				named = "nothing"
			}
			if i < len(cells) {
				cells[i] = fmt.Sprintf("%s, %.1f s", named, look.Seconds)
			}
			ranks, open, requests = append(ranks, strconv.Itoa(look.Rank)), append(open, strconv.Itoa(look.Open)), append(requests, strconv.Itoa(look.Requests))
		}
		cured := ""
		if r.Cured > 0 {
			cured = fmt.Sprintf("%.1f s", r.Cured)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.Fault, cells[0], cells[1],
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
