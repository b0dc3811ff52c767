// Command gatekeeper is an admission webhook that lets everything in. It reads
// its certificate once, as many do, and is Ready as soon as it listens.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"time"
)

// review is what it reads, and writes, of an AdmissionReview.
type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *request  `json:"request,omitempty"`
	Response   *response `json:"response,omitempty"`
}

type request struct {
	UID string `json:"uid"`
}

type response struct {
	UID     string `json:"uid"`
	Allowed bool   `json:"allowed"`
}

func main() {
	listen := flag.String("listen", ":8443", "address to answer HTTPS on")
	cert := flag.String("cert", "/tls/tls.crt", "file of the certificate")
	key := flag.String("key", "/tls/tls.key", "file of its key")
	flag.Parse()

	server := &http.Server{Addr: *listen, ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(admit)}
	log.Printf("listening on %s", *listen)
	log.Fatal(server.ListenAndServeTLS(*cert, *key))
}

func admit(w http.ResponseWriter, r *http.Request) {
	var asked review
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 8<<20)).Decode(&asked); err != nil || asked.Request == nil {
		http.Error(w, "no AdmissionReview", http.StatusBadRequest)
		return
	}
	asked.Response = &response{UID: asked.Request.UID, Allowed: true}
	asked.Request = nil
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(asked); err != nil {
		log.Printf("answering: %v", err)
	}
}
