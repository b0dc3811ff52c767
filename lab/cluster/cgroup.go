package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// cgroupName is the control group of all Pods of the lab with that name.
func cgroupName(lab string) string { return "laudo-lab-" + lab }

// hierarchies lists where control group file systems are mounted.
func hierarchies() ([]string, error) {
	text, err := os.ReadFile("/proc/self/mounts")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // not Linux
	}
	if err != nil {
		return nil, fmt.Errorf("listing control group hierarchies: %v", err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 2 && (f[2] == "cgroup" || f[2] == "cgroup2") {
			all = append(all, f[1])
		}
	}
	return all, nil
}

// makeCgroup makes the group in every hierarchy: the kubelet wants it to exist.
func makeCgroup(path string) error {
	roots, err := hierarchies()
	if err != nil {
		return err
	}
	for _, root := range roots {
		dir := filepath.Join(root, path)
		if strings.HasSuffix(root, "/cpuset") {
			// Version 1 gives a new group no CPUs unless told to copy its parent's.
			for _, d := range []string{filepath.Dir(dir), dir} {
				if err := os.MkdirAll(d, 0o755); err != nil {
					return fmt.Errorf("making control group %s: %v", d, err)
				}
				_ = os.WriteFile(filepath.Join(d, "cgroup.clone_children"), []byte("1"), 0o644)
				for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
					if text, err := os.ReadFile(filepath.Join(filepath.Dir(d), file)); err == nil {
						_ = os.WriteFile(filepath.Join(d, file), text, 0o644)
					}
				}
			}
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("making control group %s: %v", dir, err)
		}
		if text, err := os.ReadFile(filepath.Join(root, "cgroup.controllers")); err == nil {
			for _, d := range []string{root, filepath.Dir(dir)} {
				for _, c := range strings.Fields(string(text)) {
					_ = os.WriteFile(filepath.Join(d, "cgroup.subtree_control"), []byte("+"+c), 0o644)
				}
			}
		}
	}
	return nil
}

// cgroupDirs lists the directories of the group in every hierarchy, deepest first.
func cgroupDirs(group string) ([]string, error) {
	roots, err := hierarchies()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, root := range roots {
		top := filepath.Join(root, group)
		if _, err := os.Stat(top); err != nil {
			continue
		}
		var dirs []string
		err := filepath.WalkDir(top, func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil {
				return err
			}
			if e.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("listing control groups: %v", err)
		}
		slices.Reverse(dirs)
		all = append(all, dirs...)
	}
	return all, nil
}
