// Command gatekeeper is whatever the API server may have to ask over HTTPS: an
// admission webhook that lets everything in, a conversion webhook that changes
// nothing but the version, and an API server that extends the cluster's with an
// empty API. It reads its certificate once, as many do, and is Ready as soon as
// it listens.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"net/http"
	"strings"
	"time"
)

// review is what it reads, and writes, of an AdmissionReview or ConversionReview.
type review struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Request    *request  `json:"request,omitempty"`
	Response   *response `json:"response,omitempty"`
}

type request struct {
	UID     string           `json:"uid"`
	Version string           `json:"desiredAPIVersion"`
	Objects []map[string]any `json:"objects"`
}

type response struct {
	UID       string           `json:"uid"`
	Allowed   bool             `json:"allowed,omitempty"`
	Converted []map[string]any `json:"convertedObjects,omitempty"`
	Result    map[string]any   `json:"result,omitempty"`
}

func main() {
	listen := flag.String("listen", ":8443", "address to answer HTTPS on")
	cert := flag.String("cert", "/tls/tls.crt", "file of the certificate")
	key := flag.String("key", "/tls/tls.key", "file of its key")
	flag.Parse()

	http.HandleFunc("POST /validate", answer)
	http.HandleFunc("POST /convert", answer)
	http.HandleFunc("GET /apis/{group}/{version}", discover)
	server := &http.Server{Addr: *listen, ReadHeaderTimeout: 5 * time.Second}
	log.Printf("listening on %s", *listen)
	log.Fatal(server.ListenAndServeTLS(*cert, *key))
}

func answer(w http.ResponseWriter, r *http.Request) {
	var asked review
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 8<<20)).Decode(&asked); err != nil || asked.Request == nil {
		http.Error(w, "no review", http.StatusBadRequest)
		return
	}
	asked.Response = &response{UID: asked.Request.UID, Allowed: true}
	if strings.HasPrefix(asked.APIVersion, "apiextensions.k8s.io/") {
		for _, o := range asked.Request.Objects {
			o["apiVersion"] = asked.Request.Version
		}
		asked.Response = &response{UID: asked.Request.UID, Converted: asked.Request.Objects, Result: map[string]any{"status": "Success"}}
	}
	asked.Request = nil
	write(w, asked)
}

// discover lists the resources of the API: none.
func discover(w http.ResponseWriter, r *http.Request) {
	write(w, map[string]any{
		"kind": "APIResourceList", "apiVersion": "v1", "resources": []string{},
		"groupVersion": r.PathValue("group") + "/" + r.PathValue("version"),
	})
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		log.Printf("answering: %v", err)
	}
}
