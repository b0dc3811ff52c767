package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"laudo":                  main,
		"kubectl-laudo":          main,
		"kubectl_complete-laudo": main,
	})
}

// TestScripts runs the command lines in testdata/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("LC_ALL", "en_US.UTF-8")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"hang":    hang,
			"archive": archive,
		},
	})
}

// exits runs a command and wants an exit code: exits CODE COMMAND ARGS...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("%s is no exit code", args[0])
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s: exit code %d, want %d", args[1], got, want)
	}
}

// archive packs files as a bundle: archive [-cut] BUNDLE FILES... With -cut the
// bundle ends right behind the first file.
func archive(ts *testscript.TestScript, _ bool, args []string) {
	cut := len(args) > 0 && args[0] == "-cut"
	if cut {
		args = args[1:]
	}
	if len(args) < 2 {
		ts.Fatalf("usage: archive [-cut] BUNDLE FILES...")
	}
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	packed := tar.NewWriter(zipped)
	for _, name := range args[1:] {
		data := ts.ReadFile(name)
		ts.Check(packed.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(data)), Mode: 0o644}))
		_, err := packed.Write([]byte(data))
		ts.Check(err)
	}
	ts.Check(packed.Flush())
	ts.Check(zipped.Flush())
	if !cut {
		ts.Check(packed.Close())
		ts.Check(zipped.Close())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// hang sets HANG to the address of a server that takes connections and never
// answers.
func hang(ts *testscript.TestScript, _ bool, _ []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	var connections []net.Conn
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			connections = append(connections, c)
		}
	}()
	ts.Defer(func() {
		listener.Close()
		<-done
		for _, c := range connections {
			c.Close()
		}
	})
	ts.Setenv("HANG", listener.Addr().String())
}
