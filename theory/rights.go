package theory

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubelaudo/laudo/evidence"
)

// Rights is the smallest ClusterRole with which all laws of the components can
// be judged. It only reads.
func Rights(name string, components []Component) *rbacv1.ClusterRole {
	type rule struct{ group, resource, verb string }
	rules := map[rule]bool{}
	urls := map[string]bool{}
	for _, c := range components {
		for _, law := range c.Laws {
			for _, read := range law.Reads {
				switch read.Verb {
				case VerbList, VerbGet:
					gvr := evidence.GroupVersionResource(read.Resource)
					rules[rule{gvr.Group, gvr.Resource, read.Verb}] = true
				case VerbLog:
					rules[rule{"", "pods/log", VerbGet}] = true
				case VerbRaw:
					if group, resource, ok := aggregated(read.Resource); ok && group == "*" {
						// Any custom resource: whoever wants it judged grants it.
					} else if strings.Contains(read.Resource, "/proxy/") {
						// More than reading: whoever has the right lets it be used.
					} else if ok {
						rules[rule{group, resource, VerbList}] = true
					} else {
						urls[read.Resource] = true
					}
				}
			}
		}
	}
	role := &rbacv1.ClusterRole{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
	}
	// One rule for each API group and set of verbs.
	byGroup := map[string][]string{}
	for r := range rules {
		byGroup[r.group+"|"+r.verb] = append(byGroup[r.group+"|"+r.verb], r.resource)
	}
	for _, key := range sortedKeys(byGroup) {
		group, verb, _ := strings.Cut(key, "|")
		slices.Sort(byGroup[key])
		role.Rules = append(role.Rules, rbacv1.PolicyRule{APIGroups: []string{group}, Resources: byGroup[key], Verbs: []string{verb}})
	}
	if len(urls) > 0 {
		role.Rules = append(role.Rules, rbacv1.PolicyRule{NonResourceURLs: sortedKeys(urls), Verbs: []string{VerbGet}})
	}
	return role
}

// aggregated splits the path of an API resource: /apis/GROUP/VERSION/RESOURCE.
func aggregated(path string) (group, resource string, ok bool) {
	parts := strings.Split(strings.TrimPrefix(path, "/apis/"), "/")
	if !strings.HasPrefix(path, "/apis/") || len(parts) != 3 {
		return "", "", false
	}
	return parts[0], parts[2], true
}
