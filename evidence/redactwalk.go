package evidence

import (
	"bytes"
	"encoding/json"
	"reflect"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// redactValue redacts every string that can be reached from v, whatever its
// type: a field that is new to the API is not forgotten.
func redactValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); mayHoldCredential(s) && v.CanSet() {
			if next := RedactText(s); next != s {
				v.SetString(next)
			}
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			redactValue(v.Elem())
		}
	case reflect.Struct:
		redactStruct(v)
	case reflect.Slice:
		redactSlice(v)
	case reflect.Map:
		redactEntries(v)
	}
}

func redactStruct(v reflect.Value) {
	if !v.CanAddr() || !v.CanInterface() {
		return // no part of any API type is like that
	}
	switch o := v.Addr().Interface().(type) {
	case *metav1.Time, *metav1.MicroTime, *resource.Quantity, *metav1.TypeMeta, *metav1.OwnerReference,
		*corev1.Toleration, *corev1.Affinity, *corev1.TopologySpreadConstraint, *corev1.ResourceRequirements,
		*corev1.ContainerPort, *corev1.VolumeMount, *corev1.KeyToPath:
		return // names and numbers that the API server checks, and there are many of them
	case *metav1.FieldsV1:
		if bytes.Contains(o.Raw, []byte(`"v:`)) { // members of sets; all else is names
			o.Raw = redactRaw(o.Raw)
		}
		return
	case *runtime.RawExtension:
		o.Raw = redactRaw(o.Raw)
		return
	case *corev1.Container:
		redactCommand(o.Command, o.Args)
		redactEnv(o.Env)
	case *corev1.EphemeralContainerCommon:
		redactCommand(o.Command, o.Args)
		redactEnv(o.Env)
	case *corev1.ExecAction:
		redactArgs(o.Command)
	case *corev1.HTTPHeader:
		o.Value = redactNamed(o.Name, o.Value)
	}
	t := v.Type()
	for i := range v.NumField() {
		field := v.Field(i)
		if field.Kind() == reflect.Map {
			switch t.Field(i).Name {
			case "Labels", "MatchLabels", "Selector", "NodeSelector":
				continue // at most 63 letters of a choice, and their values are matched
			}
		}
		redactValue(field)
	}
}

func redactSlice(v reflect.Value) {
	switch v.Type().Elem().Kind() {
	case reflect.Uint8:
		if v.Len() > 0 && v.CanSet() {
			v.SetBytes(redactBytes(v.Bytes()))
		}
	case reflect.String, reflect.Struct, reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		for i := range v.Len() {
			redactValue(v.Index(i))
		}
	}
}

func redactEntries(v reflect.Value) {
	if !v.CanInterface() {
		return
	}
	if m, ok := reflect.TypeAssert[map[string]string](v); ok {
		redactMap(m)
		return
	}
	if v.Type().Elem() == reflect.TypeFor[resource.Quantity]() {
		return
	}
	for _, key := range v.MapKeys() {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(v.MapIndex(key))
		redactValue(value)
		v.SetMapIndex(key, value)
	}
}

// redactBytes redacts bytes that are text, like a bundle of certificates.
func redactBytes(b []byte) []byte {
	text := string(b)
	if next := RedactText(text); next != text {
		return []byte(next)
	}
	return b
}

// redactRaw redacts JSON that is embedded in an object.
func redactRaw(raw []byte) []byte {
	if len(raw) == 0 {
		return raw
	}
	var value any
	if err := utiljson.Unmarshal(raw, &value); err != nil {
		return []byte(`"` + Redacted + `"`)
	}
	next, err := json.Marshal(redactJSON("", value))
	if err != nil {
		return []byte(`"` + Redacted + `"`)
	}
	return next
}

// redactJSON redacts what stands under key in an object of unknown type. Parts
// that look like a container's are redacted like one.
func redactJSON(key string, value any) any {
	switch value := value.(type) {
	case string:
		return redactNamed(key, value)
	case []any:
		return redactJSONList(key, value)
	case map[string]any:
		switch key {
		case "labels", "matchLabels", "selector", "nodeSelector":
			return value
		}
		for k, v := range value {
			if key == "annotations" && isCopy(k) {
				delete(value, k)
				continue
			}
			next := redactJSON(k, v)
			if name := RedactText(k); name != k { // members of sets in managed fields are names
				delete(value, k)
				k = name
			}
			value[k] = next
		}
		return value
	}
	return value
}

func redactJSONList(key string, list []any) []any {
	switch key {
	case "args", "command":
		args := make([]string, 0, len(list))
		for _, value := range list {
			if s, ok := value.(string); ok {
				args = append(args, s)
			}
		}
		if len(args) == len(list) {
			redactArgs(args)
			for i, arg := range args {
				list[i] = arg
			}
			return list
		}
	case "env", "httpHeaders":
		for _, value := range list {
			redactJSONPair(key, value)
		}
	}
	for i, value := range list {
		list[i] = redactJSON(key, value)
	}
	return list
}

// redactJSONPair redacts {"name": …, "value": …}.
func redactJSONPair(key string, pair any) {
	m, ok := pair.(map[string]any)
	if !ok {
		return
	}
	name, _ := m["name"].(string)
	value, ok := m["value"].(string)
	if !ok {
		return
	}
	if key == "env" {
		m["value"] = redactLiteral(name, value)
	} else {
		m["value"] = redactNamed(name, value)
	}
}
