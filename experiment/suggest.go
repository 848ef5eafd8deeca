package experiment

import (
	"fmt"
	"strings"
)

// Suggest suggests the candidate that is closest to what was written, if one is close enough to be meant.
func Suggest(written string, candidates []string) string {
	if best := nearest(written, candidates); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// nearest is the candidate with the fewest typing errors, else the first that what was written is a part of.
func nearest(written string, candidates []string) string {
	best, distance := "", 1+max(len(written), 3)/3
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(written), strings.ToLower(c)); d < min(distance, len(c)) {
			best, distance = c, d
		}
	}
	if best != "" || len(written) < 3 {
		return best
	}
	for _, c := range candidates {
		if strings.Contains(c, strings.ToLower(written)) {
			return c
		}
	}
	return ""
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours: the optimal string alignment distance.
func editDistance(a, b string) int {
	if max(len(a), len(b)) > 80 {
		return max(len(a), len(b))
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(replace, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// list joins alternatives for a message: a, b or c.
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " or " + items[last]
}
