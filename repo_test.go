package laudo_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kubelaudo/laudo"
	"github.com/kubelaudo/laudo/diagnose"
	"github.com/kubelaudo/laudo/report"
)

// The tests in this file hold the repository to its own rules.

const module = "github.com/kubelaudo/laudo"

// source is a Go file of this module or of the lab's.
type source struct {
	name string // path from the root
	dir  string
	test bool
	file *ast.File
}

var fset = token.NewFileSet()

// sources parses the Go files of the repository; with lab, those of the lab's
// module too.
func sources(t *testing.T, lab bool) []source {
	t.Helper()
	var all []source
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") || !lab && strings.HasPrefix(name, "lab/") {
			return
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, source{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), file})
	})
	if len(all) == 0 {
		t.Fatal("no Go files")
	}
	return all
}

// walk calls each with every file that belongs to the repository.
func walk(t *testing.T, each func(name string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "bin"):
			return filepath.SkipDir
		case d.Type().IsRegular():
			each(filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// standard reports whether an import is of the standard library.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// under reports whether a package is one of the given ones, or lies below one.
func under(pkg string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return pkg == root || strings.HasPrefix(pkg, root+"/")
	})
}

// TestDependencies holds the direction of dependencies. A rule speaks of the
// packages below a directory, and of the imports of their files, tests apart.
func TestDependencies(t *testing.T) {
	own := func(names ...string) []string {
		for i, name := range names {
			names[i] = module + "/" + name
		}
		return names
	}
	rules := []struct {
		dir     string
		what    string
		allowed func(imported string) bool
	}{
		{"diagnose", "knows nothing of Kubernetes, nor of anything but the standard library, without I/O and clock", func(p string) bool {
			return standard(p) && !under(p, "os", "net", "io/fs", "syscall", "math/rand")
		}},
		{"certificate", "knows nothing of clusters", func(p string) bool {
			return standard(p) && !under(p, "os", "net/http", "syscall")
		}},
		{"message", "is words", func(p string) bool {
			return standard(p) && !under(p, "os", "net") || under(p, "golang.org/x/text")
		}},
		{"decode", "reads texts, and asks nobody", func(p string) bool {
			return standard(p) && !under(p, "os", "net/http", "syscall") || under(p, "golang.org/x/text") || under(p, own("message", "diagnose", "decode", "evidence")...)
		}},
		{"evidence", "is below collect", func(p string) bool {
			return !under(p, "k8s.io/client-go", "k8s.io/cli-runtime", "net/http") && (!under(p, module) || under(p, own("certificate", "evidence")...))
		}},
		{"collect", "asks, and does not reason", func(p string) bool {
			return !under(p, module) || under(p, own("evidence", "certificate", "collect")...)
		}},
		{"theory", "reads evidence, and asks nobody", func(p string) bool {
			return !under(p, "k8s.io/client-go", "k8s.io/cli-runtime", "net/http", "os", "syscall") &&
				(!under(p, module) || !under(p, own("collect", "internal")...) && p != module)
		}},
		{"report", "renders, and decides nothing", func(p string) bool {
			return standard(p) && !under(p, "os", "net", "syscall") || under(p, "golang.org/x/text") || under(p, own("message")...)
		}},
		{"internal/cli", "does not reason", func(p string) bool {
			return !under(p, own("diagnose", "theory/components")...)
		}},
		{"cmd", "is main, and nothing else", func(p string) bool {
			return p == "os" || p == module+"/internal/cli"
		}},
	}
	only := map[string][]string{ // who may import what
		"k8s.io/client-go":       {"collect", "internal/cli"},
		"k8s.io/cli-runtime":     {"internal/cli"},
		"github.com/spf13/cobra": {"internal/cli"},
		"github.com/spf13/pflag": {"internal/cli"},
	}
	nobody := []string{"github.com/stretchr/testify", "github.com/golang/mock", "go.uber.org/mock", module + "/lab"}
	for _, s := range sources(t, false) {
		for _, spec := range s.file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if under(imported, nobody...) {
				t.Errorf("%s imports %s, which nobody may", s.name, imported)
			}
			if s.test {
				continue
			}
			for _, rule := range rules {
				if under(s.dir, rule.dir) && !rule.allowed(imported) {
					t.Errorf("%s imports %s, and %s %s", s.name, imported, rule.dir, rule.what)
				}
			}
			for _, pkg := range slices.Sorted(maps.Keys(only)) {
				if under(imported, pkg) && !under(s.dir, only[pkg]...) {
					t.Errorf("%s imports %s, which only %s may", s.name, imported, strings.Join(only[pkg], " and "))
				}
			}
		}
	}
}

// TestPackageComments: every package has exactly one.
func TestPackageComments(t *testing.T) {
	comments := map[string][]string{}
	for _, s := range sources(t, true) {
		if s.test {
			continue
		}
		if comments[s.dir] == nil {
			comments[s.dir] = []string{}
		}
		if s.file.Doc != nil {
			comments[s.dir] = append(comments[s.dir], s.name)
		}
	}
	for dir, files := range comments {
		if len(files) != 1 {
			t.Errorf("package in %s has %d comments, want 1: %q", dir, len(files), files)
		}
	}
}

var (
	verb        = regexp.MustCompile(`%(\[\d+\])?[a-zA-Z%]|‹\w+`)
	justOneVerb = regexp.MustCompile(`^%\[\d+\]s$`)
)

// TestWords: every text is there in both languages, with the same arguments.
func TestWords(t *testing.T) {
	n := 0
	for _, s := range sources(t, false) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(node ast.Node) bool {
			literal, ok := node.(*ast.CompositeLit)
			if !ok || !isWord(literal, s) {
				return true
			}
			n++
			texts := wordTexts(t, literal)
			if texts == nil {
				return true
			}
			at := fset.Position(literal.Pos())
			var verbs [2][]string
			for i, text := range texts {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: no %s text beside %q", at, []string{"English", "Portuguese"}[i], texts[1-i])
				}
				if !utf8.ValidString(text) {
					t.Errorf("%s: %q is not UTF-8", at, text)
				}
				for _, v := range verb.FindAllString(text, -1) {
					switch {
					case v == "%%", justOneVerb.MatchString(text):
					case strings.HasPrefix(v, "‹"):
						verbs[i] = append(verbs[i], v)
					case v[1] != '[' || v[len(v)-1] != 's':
						t.Errorf("%s: %s in %q: arguments are strings named by position, %%[1]s", at, v, text)
					case !slices.Contains(verbs[i], v):
						verbs[i] = append(verbs[i], v)
					}
				}
				slices.Sort(verbs[i])
				verbs[i] = slices.Compact(verbs[i])
			}
			if !slices.Equal(verbs[0], verbs[1]) {
				t.Errorf("%s: arguments differ: %q has %v, %q has %v", at, texts[0], verbs[0], texts[1], verbs[1])
			}
			return true
		})
	}
	if n < 50 {
		t.Errorf("%d texts found: the test no longer sees them", n)
	}
}

// isWord reports whether a literal is a message.Word, by its type, or by its
// fields where the type is left out inside a list or a map.
func isWord(literal *ast.CompositeLit, s source) bool {
	switch typ := literal.Type.(type) {
	case *ast.SelectorExpr:
		pkg, ok := typ.X.(*ast.Ident)
		return ok && pkg.Name == "message" && typ.Sel.Name == "Word" && len(literal.Elts) > 0
	case *ast.Ident:
		return typ.Name == "Word" && s.dir == "message" && len(literal.Elts) > 0
	case nil:
		return slices.ContainsFunc(literal.Elts, func(e ast.Expr) bool {
			pair, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return false
			}
			key, ok := pair.Key.(*ast.Ident)
			return ok && (key.Name == "EN" || key.Name == "PT")
		})
	}
	return false
}

// wordTexts returns the English and the Portuguese text of a literal, or nil
// where it is made of something else than constants.
func wordTexts(t *testing.T, literal *ast.CompositeLit) []string {
	t.Helper()
	texts := make([]string, 2)
	for i, e := range literal.Elts {
		value := e
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			value = pair.Value
			i = map[string]int{"EN": 0, "PT": 1}[pair.Key.(*ast.Ident).Name]
		}
		text, ok := constant(value)
		if !ok {
			return nil
		}
		texts[i] = text
	}
	return texts
}

// constant returns the value of a string literal, or of a sum of them.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		x, ok1 := constant(e.X)
		y, ok2 := constant(e.Y)
		return x + y, ok1 && ok2
	}
	return "", false
}

// TestForbiddenCalls: who exits, prints, and asks the clock or the environment.
func TestForbiddenCalls(t *testing.T) {
	allowed := map[string][]string{ // by call: the files and directories that may
		"os.Exit":      {"cmd/laudo/main.go"},
		"os.Getenv":    {"internal/cli/cli.go"},
		"os.LookupEnv": {},
		"time.Now":     {"internal/cli/cli.go", "collect"},
		"fmt.Print":    {},
		"fmt.Printf":   {},
		"fmt.Println":  {},
		"time.Sleep":   {},
	}
	for _, s := range sources(t, false) {
		ast.Inspect(s.file, func(node ast.Node) bool {
			selector, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := selector.X.(*ast.Ident)
			if !ok {
				return true
			}
			name := pkg.Name + "." + selector.Sel.Name
			where, forbidden := allowed[name]
			if !forbidden || under(s.name, where...) || s.test && name != "os.Exit" {
				return true
			}
			t.Errorf("%s: %s does not belong here", fset.Position(node.Pos()), name)
			return true
		})
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: no init: what a program holds is not to depend on imports", fset.Position(f.Pos()))
			}
		}
	}
}

// TestForbiddenWords: what tells of the machine that somebody worked on has no
// place in the repository.
func TestForbiddenWords(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)` + strings.Join([]string{
		`(^|[^\w./-])/(work|root|Users)/`, `sub` + `agent`, `DEVELOPERS` + `\.md`, `proxy\.golang` + `\.org`, `registry\.npmjs`, `deb\.debian` + `\.org`,
	}, "|"))
	walk(t, func(name string) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(data, 0) >= 0 {
			return // not a text
		}
		for i, line := range strings.Split(string(data), "\n") {
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("%s:%d: %q", name, i+1, found)
			}
		}
	})
}

// TestVocabulary: the report and the engine speak one language.
func TestVocabulary(t *testing.T) {
	data, err := os.ReadFile("docs/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	enum := func(def, property string) []string { return schema.Defs[def].Properties[property].Enum }
	for _, c := range []struct {
		got  []string
		want []string
	}{
		{enum("Cause", "certainty"), texts(diagnose.Confirmed, diagnose.Likely, diagnose.Open)},
		{enum("RuledOut", "reason"), texts(diagnose.ByDirectTest, diagnose.BySibling, diagnose.NotInCone, diagnose.PredictedAbsent, diagnose.BySignature, diagnose.WrongOrder)},
		{enum("Hop", "state"), texts(diagnose.Holds, diagnose.Broken, diagnose.Intermittent, diagnose.Unknown)},
		{enum("Cause", "category"), report.Categories},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("docs/schema.json has %q, want %q", c.got, c.want)
		}
	}
	for _, why := range texts(diagnose.NotAsked, diagnose.Forbidden, diagnose.Failed, diagnose.TimedOut, diagnose.Hidden,
		diagnose.NotCollected, diagnose.NoStandpoint, diagnose.Masked, diagnose.Declined) {
		if !slices.Contains(enum("Open", "why"), why) {
			t.Errorf("docs/schema.json: open.why lacks %q", why)
		}
	}
}

func texts[T ~string](values ...T) []string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}

// TestPublishedRights: docs/clusterrole.yaml is what laudo rights prints.
func TestPublishedRights(t *testing.T) {
	want, err := laudo.Rights()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("docs/clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("docs/clusterrole.yaml is not what laudo rights prints: make generate\n%s", want)
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)`)

// TestLinks: what the documents link to is there.
func TestLinks(t *testing.T) {
	walk(t, func(name string) {
		if path.Ext(name) != ".md" {
			return
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range link.FindAllStringSubmatch(string(data), -1) {
			if strings.Contains(found[1], "://") {
				continue
			}
			target := path.Join(path.Dir(name), found[1])
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", name, target)
			}
		}
	})
}

// TestReadme: the report on the first screen is the recorded one.
func TestReadme(t *testing.T) {
	report, err := os.ReadFile("examples/konnectivity-agent-certificate-expired/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	const opening, closing = "```\n$ laudo diagnose", "```\n"
	before, rest, ok := strings.Cut(string(readme), opening)
	command, rest, ok2 := strings.Cut(rest, "\n\n")
	old, after, ok3 := strings.Cut(rest, closing)
	switch {
	case !ok || !ok2 || !ok3:
		t.Error("README.md shows no report")
	case old == string(report):
	case *update:
		if err := os.WriteFile("README.md", []byte(before+opening+command+"\n\n"+string(report)+closing+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("README.md shows another report than the recorded one: make generate")
	}
}

// TestLicense: it is there, whole.
func TestLicense(t *testing.T) {
	data, err := os.ReadFile("LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS"} {
		if !strings.Contains(string(data), part) {
			t.Errorf("LICENSE lacks %q", part)
		}
	}
}

// TestModule: go.mod says what is used, each direct requirement is used by a
// file, and nothing is replaced.
func TestModule(t *testing.T) {
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []struct{}
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if len(mod.Replace) > 0 {
		t.Error("go.mod replaces modules: whoever imports laudo would not get them")
	}
	var imported []string
	for _, s := range sources(t, false) {
		if strings.HasPrefix(s.name, "tools/") {
			continue
		}
		for _, spec := range s.file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if !standard(name) && !under(name, module) {
				imported = append(imported, name)
			}
		}
	}
	var direct []string
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		direct = append(direct, r.Path)
		if !slices.ContainsFunc(imported, func(name string) bool { return under(name, r.Path) }) {
			t.Errorf("go.mod requires %s, which nothing imports: go mod tidy", r.Path)
		}
	}
	for _, name := range imported {
		if !slices.ContainsFunc(direct, func(p string) bool { return under(name, p) }) {
			t.Errorf("%s is imported, and go.mod does not require its module directly: go mod tidy", name)
		}
	}
}
