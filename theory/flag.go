package theory

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Flags are the command-line flags of a container, without their dashes.
type Flags map[string]string

// FlagsOf reads the flags of a container from its command and arguments, in
// the forms --name=value, --name value, -name=value and --name.
func FlagsOf(c *corev1.Container) Flags {
	return FlagsOfArgs(append(append([]string{}, c.Command...), c.Args...))
}

// FlagsOfArgs reads the flags on a command line, as FlagsOf does.
func FlagsOfArgs(words []string) Flags {
	flags := Flags{}
	for i := 0; i < len(words); i++ {
		word := words[i]
		name := strings.TrimLeft(word, "-")
		if name == word || name == "" || strings.ContainsAny(name, " \n") {
			continue
		}
		if name, value, ok := strings.Cut(name, "="); ok {
			flags[name] = value
			continue
		}
		if i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") {
			flags[name] = words[i+1]
			i++
			continue
		}
		flags[name] = "true"
	}
	return flags
}

// File is where the content of a file in a container comes from.
type File struct {
	Container string
	Flag      string // the flag that names the file; empty: none does
	Path      string
	// Kind is "Secret", "ConfigMap", "ServiceAccountToken", "HostPath", or empty
	// where laudo cannot tell.
	Kind      string
	Namespace string
	Name      string // of the Secret or ConfigMap
	Key       string // in its data
	Mount     string // where the volume is mounted
	Optional  bool
	// Others are where the content may come from instead: of several sources of
	// a projected volume that name no paths, any may hold the key.
	Others []File
	// Audience and ExpirationSeconds are of a projected service account token.
	Audience          string
	ExpirationSeconds int64
}

// FilesNamed returns the files that the flags of a Pod's containers name, and
// where their content comes from, in the order of containers and flag names.
func FilesNamed(namespace string, spec *corev1.PodSpec) []File {
	var files []File
	for i := range spec.Containers {
		c := &spec.Containers[i]
		flags := FlagsOf(c)
		for _, flag := range sortedKeys(flags) {
			value := flags[flag]
			if !strings.HasPrefix(value, "/") {
				continue
			}
			if f, ok := fileAt(namespace, spec, c, path.Clean(value)); ok {
				f.Flag = flag
				files = append(files, f)
			}
		}
	}
	return files
}

// fileAt resolves a path in a container to the volume that holds it.
func fileAt(namespace string, spec *corev1.PodSpec, c *corev1.Container, file string) (File, bool) {
	var mount *corev1.VolumeMount
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		at := path.Clean(m.MountPath)
		if (file == at || strings.HasPrefix(file, at+"/") || at == "/") && (mount == nil || len(at) > len(path.Clean(mount.MountPath))) {
			mount = m
		}
	}
	if mount == nil {
		return File{}, false
	}
	f := File{Container: c.Name, Path: file, Namespace: namespace, Mount: mount.MountPath}
	inside := strings.TrimPrefix(strings.TrimPrefix(file, path.Clean(mount.MountPath)), "/")
	if mount.SubPath != "" {
		inside = path.Join(mount.SubPath, inside)
	}
	for i := range spec.Volumes {
		if v := &spec.Volumes[i]; v.Name == mount.Name {
			inVolume(&f, &v.VolumeSource, inside)
			return f, true
		}
	}
	return f, true
}

func inVolume(f *File, v *corev1.VolumeSource, inside string) {
	switch {
	case v.Secret != nil:
		f.Kind, f.Name, f.Key = "Secret", v.Secret.SecretName, keyAt(v.Secret.Items, inside)
		f.Optional = v.Secret.Optional != nil && *v.Secret.Optional
	case v.ConfigMap != nil:
		f.Kind, f.Name, f.Key = "ConfigMap", v.ConfigMap.Name, keyAt(v.ConfigMap.Items, inside)
		f.Optional = v.ConfigMap.Optional != nil && *v.ConfigMap.Optional
	case v.HostPath != nil:
		f.Kind, f.Name = "HostPath", path.Join(v.HostPath.Path, inside)
	case v.Projected != nil:
		var found []File
		for i := range v.Projected.Sources {
			one := *f
			if inProjection(&one, &v.Projected.Sources[i], inside) {
				found = append(found, one)
			}
		}
		if len(found) > 0 {
			*f = found[0]
			f.Others = found[1:]
		}
	}
}

func inProjection(f *File, s *corev1.VolumeProjection, inside string) bool {
	switch {
	case s.ServiceAccountToken != nil && s.ServiceAccountToken.Path == inside:
		f.Kind, f.Audience = "ServiceAccountToken", s.ServiceAccountToken.Audience
		if s.ServiceAccountToken.ExpirationSeconds != nil {
			f.ExpirationSeconds = *s.ServiceAccountToken.ExpirationSeconds
		}
		return true
	case s.Secret != nil:
		if key, ok := projectedKey(s.Secret.Items, inside); ok {
			f.Kind, f.Name, f.Key = "Secret", s.Secret.Name, key
			return true
		}
	case s.ConfigMap != nil:
		if key, ok := projectedKey(s.ConfigMap.Items, inside); ok {
			f.Kind, f.Name, f.Key = "ConfigMap", s.ConfigMap.Name, key
			return true
		}
	}
	return false
}

func keyAt(items []corev1.KeyToPath, inside string) string {
	if key, ok := projectedKey(items, inside); ok {
		return key
	}
	return inside
}

// projectedKey finds the key that is mounted at a path. Without items every key
// is mounted under its own name: whether it exists is seen when it is read.
func projectedKey(items []corev1.KeyToPath, inside string) (string, bool) {
	if len(items) == 0 {
		return inside, true
	}
	for _, item := range items {
		if path.Clean(item.Path) == inside {
			return item.Key, true
		}
	}
	return "", false
}
