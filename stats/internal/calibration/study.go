package calibration

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// Kind says what a method promises inside its region of validity.
type Kind string

const (
	Nominal      Kind = "nominal"      // its error rate is 5 %
	Conservative Kind = "conservative" // its error rate is at most 5 %
	Shown        Kind = "shown"        // well known, not recommended here
)

// Level of all intervals.
const Level = 0.95

// Reading is what a method says of one experiment.
type Reading struct {
	Outside    bool // the data lie outside the method's region of validity
	PValue     float64
	Difference [2]float64 // interval; NaN: the method has none
	Lift       [2]float64
}

// Method judges an experiment of type D. An error is no answer: neither a rejection nor, with an effect, a miss.
type Method[D any] struct {
	Name string
	Kind Kind
	Read func(D) (Reading, error)
}

// Study is a regime with the methods that judge it.
type Study[D any] struct {
	Family, Regime string
	Experiments    int
	// Draw is one experiment. Without an effect the null hypothesis holds; with one, Difference and Lift are true.
	Draw             func(r *rand.Rand, effect bool) D
	Difference, Lift float64 // NaN: not asked
	Methods          []Method[D]
}

// Runner is a study of any type.
type Runner interface {
	Name() string
	Run() []Row
}

// Name is unique among the studies.
func (s Study[D]) Name() string { return s.Family + ": " + s.Regime }

// Row is the record of one method in one regime.
type Row struct {
	Family, Regime, Method string
	Kind                   Kind
	Outside                float64 // share of experiments outside the region of validity
	FalsePositives         Rate
	Difference, Lift       Rate // how often the interval covers the truth
}

// Rate counts how often something happened.
type Rate struct{ Hits, Of int64 }

// Share is Hits / Of.
func (r Rate) Share() float64 { return float64(r.Hits) / float64(r.Of) }

func (r *Rate) add(hit bool) {
	r.Of++
	if hit {
		r.Hits++
	}
}

// Run does all experiments, on all processors.
func (s Study[D]) Run() []Row {
	workers := runtime.GOMAXPROCS(0)
	parts := make([][]tally, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			parts[w] = make([]tally, len(s.Methods))
			for i := w; i < s.Experiments; i += workers {
				s.experiment(i, parts[w])
			}
		})
	}
	group.Wait()
	rows := make([]Row, len(s.Methods))
	for m, method := range s.Methods {
		var all tally
		for _, part := range parts {
			all.merge(part[m])
		}
		rows[m] = Row{
			Family: s.Family, Regime: s.Regime, Method: method.Name, Kind: method.Kind,
			Outside:        float64(all.outside) / float64(2*s.Experiments),
			FalsePositives: all.positives, Difference: all.difference, Lift: all.lift,
		}
	}
	return rows
}

type tally struct {
	outside                     int64
	positives, difference, lift Rate
}

func (t *tally) merge(o tally) {
	t.outside += o.outside
	for _, pair := range [][2]*Rate{{&t.positives, &o.positives}, {&t.difference, &o.difference}, {&t.lift, &o.lift}} {
		pair[0].Hits += pair[1].Hits
		pair[0].Of += pair[1].Of
	}
}

func (s Study[D]) experiment(i int, tallies []tally) {
	seed := sha256.Sum256([]byte(s.Name()))
	a, b := binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:16])
	null := s.Draw(rand.New(rand.NewPCG(a, b+uint64(2*i))), false)
	effect := s.Draw(rand.New(rand.NewPCG(a, b+uint64(2*i+1))), true)
	for m, method := range s.Methods {
		t := &tallies[m]
		if reading, err := method.Read(null); err == nil {
			t.positives.add(reading.PValue < 1-Level)
			t.count(reading.Outside)
		} else {
			t.positives.add(false)
			t.outside++
		}
		reading, err := method.Read(effect)
		if err != nil {
			t.outside++
			continue
		}
		t.count(reading.Outside)
		t.covers(&t.difference, reading.Difference, s.Difference)
		t.covers(&t.lift, reading.Lift, s.Lift)
	}
}

func (t *tally) count(outside bool) {
	if outside {
		t.outside++
	}
}

func (*tally) covers(rate *Rate, interval [2]float64, truth float64) {
	if math.IsNaN(truth) || math.IsNaN(interval[0]) {
		return
	}
	rate.add(interval[0] <= truth && truth <= interval[1])
}
