package matching

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// TestNetworkx: totals were computed by testdata/pairs.py, which shares no code with the project.
func TestNetworkx(t *testing.T) {
	text, err := os.ReadFile("testdata/pairs.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Seed   int
			Kind   string
			Points [][]float64
			Strata []int
			Total  float64
			Across int
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		got, err := Optimal(t.Context(), c.Points, c.Strata)
		if err != nil {
			t.Fatal(err)
		}
		p := newPoints(c.Points, c.Strata)
		across, total := checkMates(t, p, got), got.Total
		if at := slices.Index(got.Mate, -1); at >= 0 {
			total += p.norm(at)
		}
		// networkx has costs in millionths, so its choice may be off by that a pair.
		if across != c.Across || math.Abs(total-c.Total) > 1e-6*float64(len(c.Points)) {
			t.Errorf("seed %d, %d %s points: %d across and %v, networkx has %d and %v", c.Seed, len(c.Points), c.Kind, across, total, c.Across, c.Total)
		}
		greedy, err := Greedy(t.Context(), c.Points, c.Strata)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d %s points: optimal %v, greedy %v", len(c.Points), c.Kind, got.Total, greedy.Total)
		if checkMates(t, p, greedy); len(c.Points)%2 == 0 && c.Across == 0 && greedy.Total < got.Total-1e-9 {
			t.Errorf("greedy pairs are closer, %v", greedy.Total)
		}
	}
}
