package sequential

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"

	"liftgate/stats/internal/dist"
)

// walk is the sequence of statistics Z_k with E Z_k = drift sqrt(t_k) and Cov(Z_j, Z_k) = sqrt(t_j / t_k), among the paths that have
// not been stopped. It is integrated from look to look (Armitage, McPherson, Rowe 1969, eq. 3.1; Jennison and Turnbull 2000, section
// 19.2), by Gauss-Legendre panels rather than their Simpson grid, and on the logarithm of the density, so that
// probabilities of 1e-300 keep their digits.
type walk struct {
	drift   float64
	t       float64   // of the last look; 0 before the first
	z       []float64 // nodes where paths go on
	weight  []float64
	logf    []float64 // log density of going on, and being at z
	scratch []float64
}

const (
	panelNodes = 32
	// panelWidths is half the width of a panel in standard deviations of its narrowest factor: 32 nodes then leave an error of about
	// exp(-2 (32/5)²).
	panelWidths = 5.0
	// tail is how many standard deviations of a density are integrated where nothing stops paths: 1e-21 lies beyond.
	tail = 9.5
	// farTail is the same on the side whose small probabilities matter.
	farTail = 38.0
	// negligible is the logarithm of a term that no sum notices.
	negligible = -42.0
)

var panelX, panelW = legendre()

func legendre() (x, w []float64) {
	x, w = make([]float64, panelNodes), make([]float64, panelNodes)
	quad.Legendre{}.FixedLocations(x, w, -1, 1)
	slices.Reverse(x) // ascending, which their symmetric weights do not notice
	return x, w
}

// logAbove is log P(Z >= b at the next look, t, and not stopped before).
func (w *walk) logAbove(t, b float64) float64 {
	if w.t == 0 {
		return dist.NormalLogSF(b - w.drift*math.Sqrt(t))
	}
	return w.logCross(t, b, 1)
}

// logBelow is log P(Z <= b at the next look, t, and not stopped before).
func (w *walk) logBelow(t, b float64) float64 {
	if w.t == 0 {
		return dist.NormalLogSF(w.drift*math.Sqrt(t) - b)
	}
	return w.logCross(t, b, -1)
}

func (w *walk) logCross(t, b, side float64) float64 {
	slope, shift := w.kernel(t)
	shift += b * math.Sqrt(t) / math.Sqrt(t-w.t)
	peak := math.Inf(-1)
	for i, z := range w.z {
		a := math.Max(side*(shift-slope*z), 0)
		w.scratch[i] = w.logf[i] - a*a/2
		peak = math.Max(peak, w.scratch[i])
	}
	if math.IsInf(peak, -1) {
		return peak
	}
	var total float64
	for i, z := range w.z {
		if w.scratch[i] > peak+negligible {
			total += w.weight[i] * timesTail(w.logf[i]-peak, side*(shift-slope*z))
		}
	}
	return peak + math.Log(total)
}

// timesTail is exp(logP) P(Z > a).
func timesTail(logP, a float64) float64 {
	if a < 30 { // where the tail does not underflow
		return math.Exp(logP) * dist.NormalSF(a)
	}
	return math.Exp(logP + dist.NormalLogSF(a))
}

// kernel gives slope and shift of the standardised increment to t, (b sqrt(t) - z sqrt(w.t) - drift dt) / sqrt(dt) = b sqrt(t/dt) + shift -
// slope z.
func (w *walk) kernel(t float64) (slope, shift float64) {
	dt := t - w.t
	return math.Sqrt(w.t / dt), -w.drift * math.Sqrt(dt)
}

// step takes the walk to a look at t, where paths stop outside (low, high); next is the look after it.
func (w *walk) step(t, low, high, next float64) {
	mean := w.drift * math.Sqrt(t)
	from, to := math.Max(low, mean-tail), math.Min(high, mean+farTail)
	if low > math.Inf(-1) {
		from = math.Max(low, mean-farTail)
	}
	after := walk{drift: w.drift, t: t}
	if from < to {
		after.nodes(from, to, 1/math.Sqrt(1+t/(t-w.t)+t/(next-t)))
		w.density(&after)
	}
	after.scratch = make([]float64, len(after.z))
	*w = after
}

// nodes lays panels over [from, to] that resolve Gaussian factors of a standard deviation.
func (w *walk) nodes(from, to, sd float64) {
	panels := int(math.Ceil((to - from) / (2 * panelWidths * sd)))
	half := (to - from) / 2 / float64(panels)
	n := panels * panelNodes
	w.z, w.weight = make([]float64, 0, n), make([]float64, 0, n)
	for p := range panels {
		middle := from + half*float64(2*p+1)
		for i, x := range panelX {
			w.z = append(w.z, middle+half*x)
			w.weight = append(w.weight, half*panelW[i])
		}
	}
	w.logf = make([]float64, n)
}

// density fills in the density at the nodes of the look after w. For each of them the integrand has one peak (a product of
// log-concave functions), which moves up with the node.
func (w *walk) density(after *walk) {
	const logSqrt2Pi = 0.91893853320467274178
	t := after.t
	if w.t == 0 {
		for i, z := range after.z {
			d := z - w.drift*math.Sqrt(t)
			after.logf[i] = -d*d/2 - logSqrt2Pi
		}
		return
	}
	if len(w.z) == 0 {
		after.z = nil
		return
	}
	slope, shift := w.kernel(t)
	scale := math.Sqrt(t / (t - w.t))
	mode := 0
	for i, z := range after.z {
		at := shift + z*scale
		term := func(j int) float64 {
			a := at - slope*w.z[j]
			return w.logf[j] - a*a/2
		}
		peak := term(mode)
		for mode+1 < len(w.z) {
			next := term(mode + 1)
			if next < peak {
				break
			}
			mode, peak = mode+1, next
		}
		after.logf[i] = peak + math.Log(scale*w.around(mode, peak, term)) - logSqrt2Pi
	}
}

// around sums weights times exp(term - peak) outward from the mode until nothing is left.
func (w *walk) around(mode int, peak float64, term func(int) float64) float64 {
	var total float64
	for j := mode; j < len(w.z); j++ {
		v := term(j) - peak
		if v < negligible {
			break
		}
		total += w.weight[j] * math.Exp(v)
	}
	for j := mode - 1; j >= 0; j-- {
		v := term(j) - peak
		if v < negligible {
			break
		}
		total += w.weight[j] * math.Exp(v)
	}
	return total
}

// boundAbove is the b with P(Z >= b at t, not stopped before) = exp(logP), +Inf for no probability and -Inf when so much is not left.
func (w *walk) boundAbove(t, logP float64) float64 {
	return solve(logP, func(b float64) float64 { return w.logAbove(t, b) }, w.reach(t))
}

// boundBelow is the b with P(Z <= b at t, not stopped before) = exp(logP).
func (w *walk) boundBelow(t, logP float64) float64 {
	return -solve(logP, func(b float64) float64 { return w.logBelow(t, -b) }, w.reach(t))
}

// reach is how far from zero a bound can lie.
func (w *walk) reach(t float64) float64 { return math.Abs(w.drift)*math.Sqrt(t) + farTail }
