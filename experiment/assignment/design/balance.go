package design

import (
	"math"

	"liftgate/experiment/assignment"
)

// report says how balanced the assignment is, for each treatment.
func (r *roll) report() (assignment.Report, error) {
	out := assignment.Report{Merchants: len(r.drawn)}
	var z [][]float64
	if len(r.design.Balance) > 0 {
		var err error
		if z, err = coordinates(r.design.Balance, r.x); err != nil {
			return out, err
		}
	}
	for v := range r.weights {
		if v == r.control {
			continue
		}
		c := r.compare(v)
		if z != nil {
			r.variables(&c, v, z)
		}
		if len(r.strata) > 1 {
			r.shares(&c, v)
		}
		out.Comparisons = append(out.Comparisons, c)
	}
	return out, nil
}

func (r *roll) compare(v int) assignment.Comparison {
	c := assignment.Comparison{Treatment: r.record.Variants[v].Name}
	for _, got := range r.variant {
		switch got {
		case v:
			c.Treated++
		case r.control:
			c.Controls++
		}
	}
	return c
}

// chance is the standard deviation of a difference between means under complete randomisation, in standard deviations of the list: exactly that of
// drawing without replacement, with divisor n-1.
func chance(c *assignment.Comparison) float64 {
	return math.Sqrt(1/float64(c.Treated) + 1/float64(c.Controls))
}

func (r *roll) variables(c *assignment.Comparison, v int, z [][]float64) {
	before := chance(c)
	left := r.remaining(c, v, z)
	for k, name := range r.design.Balance {
		b := assignment.Balanced{Name: name, Before: before}
		mean, sd := r.describe(k)
		for i, got := range r.variant {
			switch got {
			case v:
				b.Treated += r.x[i][k] / float64(c.Treated)
			case r.control:
				b.Control += r.x[i][k] / float64(c.Controls)
			}
		}
		b.After = (b.Treated - b.Control) / sd
		b.Expected = math.Sqrt(left.along(loadings(r.x, k, mean, sd, z)))
		if b.Expected > negligible*before {
			gain := before * before / (b.Expected * b.Expected)
			b.Gain = &gain
		}
		c.Variables = append(c.Variables, b)
		c.Power = append(c.Power, r.power(c, &b, mean, sd)...)
	}
	c.Gain = left.gain(before)
}

// describe is the mean and standard deviation of a balance variable over the drawn.
func (r *roll) describe(k int) (mean, sd float64) {
	n := float64(len(r.x))
	for _, row := range r.x {
		mean += row[k] / n
	}
	for _, row := range r.x {
		sd += (row[k] - mean) * (row[k] - mean) / (n - 1)
	}
	return mean, math.Sqrt(sd)
}

// loadings are the covariances of a standardised variable with the coordinates: what it is made of.
func loadings(x [][]float64, k int, mean, sd float64, z [][]float64) []float64 {
	out := make([]float64, len(z[0]))
	for i, row := range z {
		u := (x[i][k] - mean) / sd / float64(len(z)-1)
		for j, v := range row {
			out[j] += u * v
		}
	}
	return out
}

// shares compare the parts of each variant that lie in a stratum, as the means of an indicator.
func (r *roll) shares(c *assignment.Comparison, v int) {
	n := float64(len(r.drawn))
	for s, members := range r.members {
		share := assignment.StratumShare{Stratum: r.strata[s], Before: chance(c)}
		for _, i := range members {
			switch r.variant[i] {
			case v:
				share.Treated++
			case r.control:
				share.Control++
			}
		}
		p := float64(len(members)) / n
		sd := math.Sqrt(p * (1 - p) * n / (n - 1))
		share.After = (float64(share.Treated)/float64(c.Treated) - float64(share.Control)/float64(c.Controls)) / sd
		c.Strata = append(c.Strata, share)
	}
}
