# laudo's own image: "make image" builds the program and calls this.
FROM scratch
COPY laudo /laudo
USER 65532:65532
ENTRYPOINT ["/laudo"]
