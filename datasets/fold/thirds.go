package fold

import "liftgate/stats"

// thirdPowers are sums of third powers around means, in the order of skewed.Moments.Third; of one part only the first.
type thirdPowers [4]float64

// thirds are those of each variant's units that are picked, with or without the others, around their means.
func (b *block) thirds(pick picker, others bool, moments []stats.Moments) []thirdPowers {
	parts := make([][]thirdPowers, Partitions)
	b.each(func(i int) {
		p := &b.parts[i]
		parts[i] = make([]thirdPowers, len(moments))
		for v := range moments {
			columns, units := pick(i, v)
			parts[i][v].add(columns[:len(b.spec.Parts)], units, moments[v].Means)
			if n := p.othersOf(v); others && n > 0 {
				parts[i][v].addRow(p.Row[:len(b.spec.Parts)], moments[v].Means, float64(n))
			}
		}
	})
	out := make([]thirdPowers, len(moments))
	for _, part := range parts {
		for v := range out {
			for k, x := range part[v] {
				out[v][k] += x
			}
		}
	}
	return out
}

// clusterThirds are thirds of clusters, in the order of [fold.clusters].
func (b *block) clusterThirds(pick picker, others bool, moments []stats.Moments) []thirdPowers {
	out := make([]thirdPowers, len(moments))
	b.eachCluster(pick, func(i, at int, cluster int32, columns [][]float64, own []Run) {
		p := &b.parts[i]
		out[at].add(columns[:len(b.spec.Parts)], own, moments[at].Means)
		if others && p.Others != nil && p.Others[cluster] > 0 {
			out[at].addRow(p.Row[:len(b.spec.Parts)], moments[at].Means, float64(p.Others[cluster]))
		}
	})
	return out
}

// add takes in units.
func (t *thirdPowers) add(parts [][]float64, units []Run, means []float64) {
	if len(parts) == 1 {
		total := 0.0
		for _, r := range units {
			for _, x := range parts[0][r.From:r.To] {
				d := x - means[0]
				total += d * d * d
			}
		}
		t[0] += total
		return
	}
	own := *t
	for _, r := range units {
		xs, ys := parts[0][r.From:r.To], parts[1][r.From:r.To]
		for i, x := range xs {
			own.addPair(x-means[0], ys[i]-means[1], 1)
		}
	}
	*t = own
}

// addRow takes in n units with one row in common.
func (t *thirdPowers) addRow(row, means []float64, n float64) {
	d := row[0] - means[0]
	if len(row) == 1 {
		t[0] += n * d * d * d
		return
	}
	t.addPair(d, row[1]-means[1], n)
}

func (t *thirdPowers) addPair(x, y, n float64) {
	xx, yy := n*x*x, n*y*y
	t[0] += xx * x
	t[1] += xx * y
	t[2] += x * yy
	t[3] += yy * y
}
