# Two commands matter: "make demo" and "make test". Both need Go, and nothing else
# that they do not install (in CI) or name (elsewhere).

GO      ?= go
EXAMPLE ?= examples/konnectivity-agent-certificate-expired
TOOL     = $(GO) tool -modfile=tools/go.mod
LDFLAGS ?= -s -w

.PHONY: demo build test unit vet lint vulnerabilities lab catalogue bench generate tidy clean

# demo diagnoses a recorded incident, and succeeds when the diagnosis came out as
# recorded.
demo: build
	@sh scripts/demo.sh bin/laudo $(EXAMPLE)

build:
	@$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/laudo ./cmd/laudo

# test is what CI runs: everything.
test: vet unit lint vulnerabilities lab

unit:
	@sh scripts/unit.sh

vet:
	$(GO) vet ./...

lint:
	$(TOOL) golangci-lint run ./...

# vulnerabilities asks a database on the network, which not everybody can reach.
vulnerabilities:
	@sh scripts/vulnerabilities.sh

# lab breaks a real cluster on this machine in ten ways, and has each diagnosed.
lab:
	@sh scripts/lab.sh

# catalogue does so with every fault of the catalogue, and keeps the figures in docs/.
catalogue:
	@sh scripts/lab.sh catalogue

bench:
	@sh scripts/bench.sh

# generate rewrites what is made from the code: docs/schema.json, the golden files.
generate:
	$(GO) test ./report ./cmd/laudo ./diagnose -update
	$(GO) run ./cmd/laudo rights > docs/clusterrole.yaml

tidy:
	$(GO) mod tidy
	cd lab && $(GO) mod tidy
	cd tools && $(GO) mod tidy

clean:
	rm -rf bin
