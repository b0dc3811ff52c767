// Command forward carries TCP connections from a listener that it inherits as
// file descriptor 3 to one address. The lab starts it inside the control
// plane's network namespace with a listener that belongs to the host's, so a
// client on the host reaches the API server on loopback although no interface
// joins the two namespaces.
package main

import (
	"flag"
	"io"
	"log"
	"net"
	"os"
	"time"
)

func main() {
	to := flag.String("to", "127.0.0.1:6443", "address to connect to")
	flag.Parse()
	listener, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		log.Fatalf("taking over the listener: %v", err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatalf("accepting: %v", err)
		}
		go carry(client, *to)
	}
}

// carry joins the client with the address until both sides have ended.
func carry(client net.Conn, to string) {
	defer client.Close()
	server, err := net.DialTimeout("tcp", to, 5*time.Second)
	if err != nil {
		log.Printf("connecting: %v", err)
		return
	}
	defer server.Close()
	done := make(chan struct{})
	go func() {
		pour(server, client)
		close(done)
	}()
	pour(client, server)
	<-done
}

// pour copies until the source ends and passes the end on.
func pour(dst, src net.Conn) {
	_, _ = io.Copy(dst, src)
	if half, ok := dst.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
}
