package randomisation

// family is the outcomes that clusters would have had without treatment, as a function of one number: u + theta w, each in sums by
// cluster, centred in strata and freed of the covariates.
type family struct{ u, w []float64 }

// differences is the family of y - delta T m: every treated unit gained delta (for a ratio: its numerator gained delta times its
// denominator).
func (u *units) differences() family {
	one, centre := u.weights(func(int) float64 { return 1 })
	treated, share := make([]float64, len(one)), make([]float64, len(one))
	zero := make([]float64, len(one))
	sizes, total := map[int]float64{}, map[int]float64{}
	for i, m := range u.size {
		total[u.stratum[i]] += m
		if i < u.treated {
			sizes[u.stratum[i]] += m
			treated[i] = 1
		}
	}
	for i := range share {
		if t := total[u.stratum[i]]; t != 0 {
			share[i] = sizes[u.stratum[i]]/t - treated[i]
		}
	}
	return family{u.mix(one, centre), u.mix(zero, share)}
}

// ratios is the family of T y + r (1-T) y: every treated unit's value was multiplied by r, seen from the treated side.
func (u *units) ratios() family {
	treated, centre1 := u.weights(func(i int) float64 {
		if i < u.treated {
			return 1
		}
		return 0
	})
	control, centre0 := u.weights(func(i int) float64 {
		if i < u.treated {
			return 0
		}
		return 1
	})
	return family{u.mix(treated, centre1), u.mix(control, centre0)}
}

// weights gives a factor of each cluster's value, and of its size so that values add up to zero in every stratum.
func (u *units) weights(of func(i int) float64) (value, size []float64) {
	value, size = make([]float64, len(u.value)), make([]float64, len(u.value))
	sum, total := map[int]float64{}, map[int]float64{}
	for i := range value {
		value[i] = of(i)
		sum[u.stratum[i]] += value[i] * u.value[i]
		total[u.stratum[i]] += u.size[i]
	}
	for i := range size {
		if t := total[u.stratum[i]]; t != 0 {
			size[i] = -sum[u.stratum[i]] / t
		}
	}
	return value, size
}

// statistic is a studentised Hajek difference of a family under one assignment, as polynomials in theta:
//
//	difference = d0 + d1 theta,  variance = v0 + v1 theta + v2 theta².
type statistic struct {
	d0, d1     float64
	v0, v1, v2 float64
	valid      bool // both variants have units
}

// features are what has to be added up over the treated clusters to know the statistic.
func (f family) features(size, lost []float64) [][]float64 {
	product := func(a, b []float64) []float64 {
		out := make([]float64, len(a))
		for i := range out {
			out[i] = a[i] * b[i] * lost[i]
		}
		return out
	}
	return [][]float64{
		size, f.u, f.w, product(size, size), product(f.u, f.u), product(f.w, f.w),
		product(f.u, f.w), product(f.u, size), product(f.w, size),
	}
}

// scorer turns sums over the treated into statistics.
type scorer struct {
	totals []float64
	n1, n0 float64 // clusters in each variant
}

func newScorer(features [][]float64, n1, n0 int) scorer {
	s := scorer{totals: make([]float64, len(features)), n1: float64(n1), n0: float64(n0)}
	for i, f := range features {
		for _, v := range f {
			s.totals[i] += v
		}
	}
	return s
}

func (s scorer) score(treated []float64) statistic {
	var control [9]float64
	for i, v := range treated {
		control[i] = s.totals[i] - v
	}
	if treated[0] == 0 || control[0] == 0 {
		return statistic{}
	}
	a := half(treated, s.n1)
	b := half(control[:], s.n0)
	return statistic{a.d0 - b.d0, a.d1 - b.d1, a.v0 + b.v0, a.v1 + b.v1, a.v2 + b.v2, true}
}

// half is one variant's ratio R = d0 + d1 theta and its variance n/(n-1) sum (u + theta w - R m)² / M².
func half(sums []float64, n float64) statistic {
	m, u, w, mm, uu, ww, uw, um, wm := sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], sums[8]
	r0, r1 := u/m, w/m
	factor := n / (n - 1) / (m * m)
	return statistic{
		d0: r0, d1: r1,
		v0: factor * clean(uu-2*r0*um+r0*r0*mm, uu+r0*r0*mm),
		v1: factor * 2 * (uw - r0*wm - r1*um + r0*r1*mm),
		v2: factor * clean(ww-2*r1*wm+r1*r1*mm, ww+r1*r1*mm),
	}
}

// clean is a sum of squares that is zero when it is rounding of its parts.
func clean(squares, parts float64) float64 {
	if squares <= 1e-12*parts {
		return 0
	}
	return squares
}

// at is the variance for a theta.
func (s statistic) at(theta float64) float64 { return s.v0 + theta*(s.v1+theta*s.v2) }

// moved is the same statistic as polynomials in x, theta = origin + scale x.
func (s statistic) moved(origin, scale float64) statistic {
	return statistic{
		d0: s.d0 + s.d1*origin, d1: s.d1 * scale,
		v0: s.at(origin), v1: (s.v1 + 2*s.v2*origin) * scale, v2: s.v2 * scale * scale, valid: s.valid,
	}
}
