# Two commands matter: "make demo" and "make test". Both need Go, and nothing
# else that they do not install (in CI) or name (elsewhere).

GO      ?= go
EXAMPLE ?= examples/konnectivity-agent-certificate-expired
VERSION ?=
TOOL     = $(GO) tool -modfile=tools/go.mod
LDFLAGS  = -s -w $(if $(VERSION),-X github.com/kubelaudo/laudo/internal/cli.version=$(VERSION))

.PHONY: demo test build image vet unit lint vulnerabilities lab catalogue bench generate tidy clean

# demo diagnoses a recorded incident, and succeeds when the diagnosis came out
# as recorded.
demo: build
	@sh scripts/demo.sh bin/laudo $(EXAMPLE)

# test is what CI runs: everything.
test: vet unit lint vulnerabilities lab

# build is static: --node-probe puts it into an image of nothing else, and a
# host may be of any distribution.
build:
	@CGO_ENABLED=0 $(GO) build -ldflags '$(LDFLAGS)' -o bin/laudo ./cmd/laudo

# image makes laudo's own image, for --node-probe: one static binary and nothing
# else. IMAGE names it; push it where your nodes can pull it.
IMAGE  ?= registry.example/laudo:dev
ENGINE ?= docker
image:
	CGO_ENABLED=0 GOOS=linux $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/image/laudo ./cmd/laudo
	$(ENGINE) build -t $(IMAGE) -f Dockerfile bin/image

vet:
	$(GO) vet ./...
	cd lab && $(GO) vet ./...

# unit is every test that needs no cluster: units, scripts, replays.
unit:
	@sh scripts/unit.sh

lint:
	$(TOOL) golangci-lint run ./...

# vulnerabilities asks a database on the network; where that cannot be reached,
# it says so.
vulnerabilities:
	@sh scripts/vulnerabilities.sh

# lab breaks a real cluster on this machine, and has each fault diagnosed and
# cured.
lab:
	@sh scripts/lab.sh

# catalogue does so in every profile, and keeps the figures in docs/catalogue.md.
catalogue:
	@sh scripts/lab.sh catalogue

# bench measures; docs/benchmarks.md keeps the figures.
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# generate rewrites what is made from the code: the schema, the rights, and
# what the tests compare with. Read the difference before you commit it.
generate:
	$(GO) run ./cmd/laudo rights > docs/clusterrole.yaml
	$(GO) test ./report ./cmd/laudo -update
	$(GO) generate ./decode
	$(GO) test . -update

tidy:
	$(GO) mod tidy
	cd lab && $(GO) mod tidy
	cd tools && $(GO) mod tidy

clean:
	rm -rf bin
