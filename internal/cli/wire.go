package cli

func rightsYAML() string { return "" }
