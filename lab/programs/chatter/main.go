// Command chatter is the lab's workload: it prints a line at a steady pace, so
// that there is always a log to read, and answers HTTP, so that Services have
// something behind them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	every := flag.Duration("every", 2*time.Second, "time between two lines of log")
	listen := flag.String("listen", ":8080", "address to answer HTTP on")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	server := &http.Server{
		Addr:              *listen,
		ReadHeaderTimeout: 5 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintln(w, "ok")
		}),
	}
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			log.Fatalf("listening on %s: %v", *listen, err)
		}
	}()
	tick := time.NewTicker(*every)
	defer tick.Stop()
	for n := 1; ; n++ {
		fmt.Fprintf(os.Stdout, "%s line %d\n", time.Now().UTC().Format(time.RFC3339), n)
		select {
		case <-tick.C:
		case <-ctx.Done():
			_ = server.Close()
			return
		}
	}
}
