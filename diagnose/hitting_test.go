package diagnose

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// The leading suspects are those in the minimal hitting sets of the least size
// or one more.
func TestLeading(t *testing.T) {
	for seed := range uint64(20000) {
		r := rand.New(rand.NewPCG(seed, 3))
		suspects := 1 + r.IntN(8)
		var conflicts [][]int32
		for range 1 + r.IntN(6) {
			var conflict []int32
			for v := range suspects {
				if r.IntN(3) == 0 {
					conflict = append(conflict, int32(v))
				}
			}
			if len(conflict) > 0 {
				conflicts = append(conflicts, conflict)
			}
		}
		want := leadingByHand(conflicts, suspects)
		if bits.OnesCount(uint(smallest(conflicts, suspects))) > maxFaults {
			continue
		}
		if got := leading(conflicts); !slices.Equal(got, want) {
			t.Fatalf("seed %d: conflicts %v: got %v, want %v", seed, conflicts, got, want)
		}
	}
}

// leadingByHand tries all sets of suspects.
func leadingByHand(conflicts [][]int32, suspects int) []int32 {
	least := bits.OnesCount(uint(smallest(conflicts, suspects)))
	var lead uint
	for set := range uint(1) << suspects {
		if bits.OnesCount(set) <= least+1 && minimalSet(set, conflicts) {
			lead |= set
		}
	}
	var list []int32
	for v := range suspects {
		if lead&(1<<v) != 0 {
			list = append(list, int32(v))
		}
	}
	return list
}

// smallest is a smallest set that hits all conflicts.
func smallest(conflicts [][]int32, suspects int) int {
	best := 1<<suspects - 1
	for set := range 1 << suspects {
		if hitsAll(uint(set), conflicts) && bits.OnesCount(uint(set)) < bits.OnesCount(uint(best)) {
			best = set
		}
	}
	return best
}

func minimalSet(set uint, conflicts [][]int32) bool {
	if !hitsAll(set, conflicts) {
		return false
	}
	for rest := set; rest != 0; rest &= rest - 1 {
		if hitsAll(set&^(rest&-rest), conflicts) {
			return false
		}
	}
	return true
}

func hitsAll(set uint, conflicts [][]int32) bool {
	for _, conflict := range conflicts {
		if !slices.ContainsFunc(conflict, func(v int32) bool { return set&(1<<v) != 0 }) {
			return false
		}
	}
	return true
}

// What is too much to search for is all held to lead.
func TestLeadingTooMany(t *testing.T) {
	var conflicts [][]int32
	var all []int32
	for i := range int32(6) {
		// Six pairs tied by one conflict of all: no four suspects hit them.
		conflicts = append(conflicts, []int32{2 * i, 2*i + 1})
		all = append(all, 2*i, 2*i+1)
	}
	conflicts = append(conflicts, all)
	if got := leading(conflicts); !slices.Equal(got, all) {
		t.Errorf("got %v, want all of %v", got, all)
	}
}
