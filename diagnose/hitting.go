package diagnose

import (
	"math/bits"
	"slices"
)

// Limits of the search for explanations.
const (
	maxFaults = 4       // in a smallest explanation
	maxNodes  = 100_000 // of the search trees, for each independent part
)

// leading returns the suspects in the explanations that lead: the minimal sets
// that hit every conflict, of the least size or one more. Where these are too
// many to search for, it returns every suspect of that part.
//
// Suspects that lie in the same conflicts are interchangeable, and conflicts
// that share no suspect are independent.
func leading(conflicts [][]int32) []int32 {
	var lead []int32
	for _, part := range parts(conflicts) {
		classes := classify(part)
		for _, class := range explanations(classes, len(part)) {
			lead = append(lead, classes[class].members...)
		}
	}
	slices.Sort(lead)
	return lead
}

// A class is suspects that lie in the same conflicts.
type class struct {
	members []int32
	hits    []uint64 // the conflicts, as bits
}

// parts splits conflicts into those that have no suspect in common.
func parts(conflicts [][]int32) [][][]int32 {
	parent := make([]int, len(conflicts))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[int32]int{}
	for i, conflict := range conflicts {
		for _, v := range conflict {
			if j, ok := first[v]; ok {
				parent[find(i)] = find(j)
			} else {
				first[v] = i
			}
		}
	}
	byRoot := map[int][][]int32{}
	var roots []int
	for i, conflict := range conflicts {
		root := find(i)
		if byRoot[root] == nil {
			roots = append(roots, root)
		}
		byRoot[root] = append(byRoot[root], conflict)
	}
	var list [][][]int32
	for _, root := range roots {
		list = append(list, byRoot[root])
	}
	return list
}

// classify groups the suspects of conflicts by the conflicts that they lie in.
// Classes are ordered by their least member.
func classify(conflicts [][]int32) []class {
	words := (len(conflicts) + 63) / 64
	hits := map[int32][]uint64{}
	for i, conflict := range conflicts {
		for _, v := range conflict {
			if hits[v] == nil {
				hits[v] = make([]uint64, words)
			}
			hits[v][i/64] |= 1 << (i % 64)
		}
	}
	var classes []class
	byHits := map[string]int{}
	for _, v := range sortedKeys(hits) {
		key := string(packed(hits[v]))
		at, ok := byHits[key]
		if !ok {
			at = len(classes)
			byHits[key] = at
			classes = append(classes, class{hits: hits[v]})
		}
		classes[at].members = append(classes[at].members, v)
	}
	return classes
}

func sortedKeys[V any](m map[int32]V) []int32 {
	keys := make([]int32, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func packed(words []uint64) []byte {
	var b []byte
	for _, w := range words {
		for range 8 {
			b = append(b, byte(w))
			w >>= 8
		}
	}
	return b
}

// explanations returns the classes that lie in some leading explanation of the
// conflicts 0 to n-1, sorted.
func explanations(classes []class, n int) []int {
	s := newSearch(classes, n)
	for size := 1; size <= maxFaults && !s.found; size++ {
		s.grow(nil, size)
		if s.found {
			s.grow(nil, size+1)
		}
	}
	exhausted := !s.found || s.nodes > maxNodes
	var lead []int
	for i, leads := range s.lead {
		if leads || exhausted {
			lead = append(lead, i)
		}
	}
	return lead
}

// A search grows sets of classes, each time by one that hits the first
// conflict not hit so far (Reiter 1987).
type search struct {
	classes []class
	n       int     // conflicts
	in      [][]int // by conflict: the classes that hit it
	lead    []bool  // by class: lies in a set that was found
	found   bool
	nodes   int
}

func newSearch(classes []class, n int) *search {
	s := &search{classes: classes, n: n, in: make([][]int, n), lead: make([]bool, len(classes))}
	for c := range classes {
		for w, word := range classes[c].hits {
			for ; word != 0; word &= word - 1 {
				k := w*64 + bits.TrailingZeros64(word)
				s.in[k] = append(s.in[k], c)
			}
		}
	}
	return s
}

// grow extends the taken classes up to a size.
func (s *search) grow(taken []int, size int) {
	if s.nodes++; s.nodes > maxNodes {
		return
	}
	missing := s.missing(taken)
	if missing < 0 {
		if s.minimal(taken) {
			s.found = true
			for _, c := range taken {
				s.lead[c] = true
			}
		}
		return
	}
	if len(taken) == size {
		return
	}
	for _, c := range s.in[missing] {
		s.grow(append(slices.Clip(taken), c), size)
	}
}

// missing returns the first conflict that the taken classes do not hit, or -1.
func (s *search) missing(taken []int) int {
	for w := range (s.n + 63) / 64 {
		var hit uint64
		for _, c := range taken {
			hit |= s.classes[c].hits[w]
		}
		if k := w*64 + bits.TrailingZeros64(^hit); k < min(s.n, w*64+64) {
			return k
		}
	}
	return -1
}

// minimal reports whether each taken class hits a conflict that no other hits.
func (s *search) minimal(taken []int) bool {
	for i := range taken {
		rest := append(slices.Clone(taken[:i]), taken[i+1:]...)
		if s.missing(rest) < 0 {
			return false
		}
	}
	return true
}
