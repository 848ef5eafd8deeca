package cluster

import "liftgate/stats/internal/linear"

// working is the matrix of covariances between the clusters' parts of a variance estimate under a working model,
//
//	G_gh = [g = h] own_g + z_g' C z_h,
//
// whose rank beside the diagonal is that of the regressors: its traces take no matrix of clusters x clusters.
type working struct {
	own []float64
	z   [][]float64
	c   [][]float64
}

// freedom is Satterthwaite's (tr G)² / tr(G²), Bell and McCaffrey 2002.
func (w working) freedom() float64 {
	k := len(w.c)
	outer := square(k) // sum of z z'
	trace, squares := 0.0, 0.0
	cz := make([]float64, k)
	for g, z := range w.z {
		for i := range cz {
			cz[i] = linear.Dot(w.c[i], z)
		}
		inner := linear.Dot(z, cz)
		trace += w.own[g] + inner
		squares += w.own[g] * (w.own[g] + 2*inner)
		for i := range z {
			for j := range z {
				outer[i][j] += z[i] * z[j]
			}
		}
	}
	squares += traceOfSquare(w.c, outer)
	return trace * trace / squares
}

// traceOfSquare is tr(C S C S) for symmetric C and S.
func traceOfSquare(c, s [][]float64) float64 {
	k := len(c)
	cs := square(k)
	for i := range k {
		for j := range k {
			for l := range k {
				cs[i][j] += c[i][l] * s[l][j]
			}
		}
	}
	total := 0.0
	for i := range k {
		for j := range k {
			total += cs[i][j] * cs[j][i]
		}
	}
	return total
}

func square(k int) [][]float64 {
	m := make([][]float64, k)
	for i := range m {
		m[i] = make([]float64, k)
	}
	return m
}

// negatedIdentity is C for least squares without weights in whitened coordinates.
func negatedIdentity(k int) [][]float64 {
	m := square(k)
	for i := range m {
		m[i][i] = -1
	}
	return m
}

// withEffects is the model of independent units with an effect of each cluster besides, sigma² I + rho 1 1', in whitened coordinates
// without weights: ones are X_g'1 and inside 1'q.
func (w working) withEffects(sigma, rho float64, ones [][]float64, inside []float64) working {
	k := len(w.c)
	out := working{c: square(2 * k)}
	for i := range k {
		out.c[i][i] -= sigma
		out.c[i][k+i], out.c[k+i][i] = -rho, -rho
		for j := range k {
			for _, m := range ones {
				out.c[i][j] += rho * m[i] * m[j]
			}
		}
	}
	for g, with := range w.z {
		out.own = append(out.own, sigma*w.own[g]+rho*inside[g]*inside[g])
		z := append(make([]float64, 0, 2*k), with...)
		for _, m := range ones[g] {
			z = append(z, inside[g]*m)
		}
		out.z = append(out.z, z)
	}
	return out
}
