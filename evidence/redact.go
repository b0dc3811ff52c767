package evidence

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// Redact takes credentials out of an object, in place. Certificates stay, as
// do the names of keys and what can be told of a key in public (see
// [PrivateKeysAnnotation]). Redacting an object again changes nothing.
func Redact(o runtime.Object) {
	switch o := o.(type) {
	case *corev1.Secret:
		redactSecret(o)
		return
	case *corev1.ConfigMap:
		redactConfigMap(o)
	case *unstructured.Unstructured:
		redactUnstructured(o)
		return
	}
	redactValue(reflect.ValueOf(o))
}

// redactUnstructured redacts an object whose Go type is not known.
func redactUnstructured(o *unstructured.Unstructured) {
	if o.GetAPIVersion() == "v1" {
		switch o.GetKind() {
		case "Secret":
			redactAs(o, &corev1.Secret{})
			return
		case "ConfigMap":
			redactAs(o, &corev1.ConfigMap{})
			return
		}
	}
	for key, value := range o.Object {
		o.Object[key] = redactJSON(key, value)
	}
}

// redactAs redacts o as the typed object; what the type does not know is dropped.
func redactAs(o *unstructured.Unstructured, object runtime.Object) {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, object); err == nil {
		Redact(object)
		if content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object); err == nil {
			o.Object = content
			return
		}
	}
	// It has not the form of its kind: only its name is safe.
	named := &unstructured.Unstructured{}
	named.SetGroupVersionKind(o.GroupVersionKind())
	named.SetName(RedactText(o.GetName()))
	named.SetNamespace(RedactText(o.GetNamespace()))
	o.Object = named.Object
}

// isCopy reports whether an annotation holds the object once more.
func isCopy(annotation string) bool {
	switch annotation {
	case "objectset.rio.cattle.io/applied", "kapp.k14s.io/original", "kapp.k14s.io/original-diff", "banzaicloud.com/last-applied":
		return true
	}
	return strings.HasSuffix(annotation, "last-applied-configuration")
}

// redactMap redacts annotations and other maps of free text.
func redactMap(m map[string]string) {
	for key, value := range m {
		if isCopy(key) {
			delete(m, key)
			continue
		}
		if next := redactNamed(key, value); next != value {
			m[key] = next
		}
	}
}

// redactNamed redacts a text that stands under a name. Under the name of a
// secret only certificates stay.
func redactNamed(name, value string) string {
	if !namesSecret(name) || harmless(value) || isNumber(value) {
		return RedactText(value)
	}
	if strings.Contains(value, "-----BEGIN CERTIFICATE-----") {
		if kept := certificates([]byte(value)); len(kept) > 0 {
			return string(kept)
		}
	}
	return Redacted
}

func isNumber(value string) bool {
	_, err := strconv.ParseFloat(value, 64)
	return err == nil
}

func redactConfigMap(o *corev1.ConfigMap) {
	helm := o.Labels["owner"] == "helm"
	for key, value := range o.Data {
		if helm && key == "release" {
			o.Data[key] = ""
			continue
		}
		if next := redactNamed(key, value); next != value {
			o.Data[key] = next
		}
	}
	for key, value := range o.BinaryData {
		o.BinaryData[key] = certificates(value)
	}
}

// redactCommand redacts what a container is started with.
func redactCommand(command, args []string) {
	whole := slices.Concat(command, args) // a flag can end the one, its value begin the other
	redactArgs(whole)
	copy(command, whole)
	copy(args, whole[len(command):])
}

// redactEnv keeps the values that are numbers or switches: nothing else is
// read, and a literal is where passwords hide.
func redactEnv(env []corev1.EnvVar) {
	for i := range env {
		env[i].Value = redactLiteral(env[i].Name, env[i].Value)
	}
}

func redactLiteral(name, value string) string {
	switch strings.ToLower(value) {
	case "", "true", "false":
		return value
	}
	if isNumber(value) && !namesSecret(name) {
		return value
	}
	return Redacted
}

// redactArgs redacts a command line: "--token=x", "--token x", and the text of
// scripts.
func redactArgs(args []string) {
	program := ""
	if len(args) > 0 {
		program = args[0][strings.LastIndexByte(args[0], '/')+1:]
	}
	for i, arg := range args {
		name, value, inline := strings.Cut(arg, "=")
		flag := strings.HasPrefix(name, "-") && !strings.ContainsAny(name, " \t\n")
		switch {
		case flag && inline && flagNamesSecret(name):
			if !harmless(value) && !namesFile(value) {
				args[i] = name + "=" + Redacted
			}
		case flag && !inline && flagNamesSecret(name):
			if i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") && !harmless(args[i+1]) && !namesFile(args[i+1]) {
				args[i+1] = Redacted
			}
		default:
			redactOption(args, i, program)
			args[i] = redactAttached(RedactText(args[i]), program)
		}
	}
}

// namesFile reports whether value is the relative name of a file with keys.
func namesFile(value string) bool {
	for _, end := range []string{".key", ".pem", ".crt", ".cer", ".p12", ".pfx", ".jks", ".conf", ".yaml", ".json"} {
		if stem, ok := strings.CutSuffix(value, end); ok {
			return isIdentifier(strings.ReplaceAll(stem, "/", "-")) && !looksRandom(stem)
		}
	}
	return false
}

// RedactArgs redacts a command line, the program first, in place.
func RedactArgs(args []string) { redactArgs(args) }
