package procedure

import (
	"errors"
	"math"

	"liftgate/stats/sequential"
)

func groupSequential() []Procedure {
	return family("group-sequential",
		define("boundaries", "critical values at several looks by alpha spending (Lan and DeMets 1983)",
			`{"fractions": [0.25, 0.5, 0.75, 1], "alpha": 0.05, "spending": {"type": "obrien-fleming"}}`, boundaries),
		define("classical-boundaries", "critical values with one constant (Wang and Tsiatis 1987): O'Brien-Fleming at delta 0, Pocock at 1/2",
			`{"fractions": [0.5, 1], "alpha": 0.05}`, classicalBoundaries),
		define("futility-boundaries", "critical values with futility bounds by beta spending, one-sided (Pampallona, Tsiatis, Kim 2001)",
			`{"fractions": [0.5, 1], "alpha": 0.025, "beta": 0.1, "spending": {"type": "obrien-fleming"}, "beta_spending": {"type": "hsd", "gamma": -2}}`, futilityBoundaries),
		define("sequential-power", "how looks end under an effect: stopping probabilities, power, expected information",
			`{"fractions": [0.5, 1], "upper": [2.9626, 1.9686], "drift": 3.3}`, sequentialPower),
		define("sequential-inflation", "maximal size of a group-sequential design in units of a fixed one's",
			`{"fractions": [0.5, 1], "alpha": 0.05, "power": 0.8, "spending": {"type": "obrien-fleming"}}`, sequentialInflation),
		define("sequential-final", "p-value, median-unbiased estimate and intervals after stopping (stage-wise ordering, Tsiatis, Rosner, Mehta 1984)",
			`{"fractions": [0.5, 1], "upper": [2.9626, 1.9686], "alpha": 0.025, "z": 2.4, "information": 200}`, sequentialFinal),
		define("sequential-monitor", "which bound applies to each look so far, whether it was crossed, and what follows",
			`{"maximum": 200, "alpha": 0.05, "spending": {"type": "obrien-fleming"}, "information": [90, 150], "z": [1.2, 2.8]}`, sequentialMonitor),
		define("repeated-p", "smallest level at which a design would have stopped by now (Jennison and Turnbull 2000)",
			`{"fractions": [0.5, 1], "z": [1.2, 2.3], "spending": {"type": "pocock"}}`, repeatedP),
	)
}

// spending is a spending function by name.
type spending struct {
	Type  string  `json:"type"`
	Gamma float64 `json:"gamma"`
	Rho   float64 `json:"rho"`
}

const spendingDoc = `{"type": "obrien-fleming", "pocock", "hsd" with "gamma", or "power" with "rho"}`

func (s spending) function() (sequential.Spending, error) {
	switch s.Type {
	case "obrien-fleming":
		return sequential.OBrienFleming, nil
	case "pocock":
		return sequential.Pocock, nil
	case "hsd":
		return sequential.HwangShihDeCani(s.Gamma), nil
	case "power":
		if !(s.Rho > 0) {
			return nil, &InputError{"spending", errors.New("the power family needs a rho above 0")}
		}
		return sequential.PowerFamily(s.Rho), nil
	}
	return nil, &InputError{"spending", errors.New("unknown; it is " + spendingDoc)}
}

type looksInput struct {
	Fractions []float64 `json:"fractions" doc:"information at each look as a share of the planned maximum, increasing"`
}

type spendingInput struct {
	Alpha    float64  `json:"alpha" default:"0.05" doc:"level of the test, of both sides together when it has two"`
	Sides    int      `json:"sides" default:"2" doc:"1 or 2"`
	Spending spending `json:"spending" doc:"{\"type\": \"obrien-fleming\", \"pocock\", \"hsd\" with \"gamma\", or \"power\" with \"rho\"}"`
}

func (in spendingInput) design() (sequential.Design, error) {
	f, err := in.Spending.function()
	return sequential.Design{Alpha: in.Alpha, Sides: in.Sides, Spending: f}, err
}

type boundariesInput struct {
	looksInput
	spendingInput
}

func boundaries(in boundariesInput) (sequential.Bounds, error) {
	d, err := in.design()
	if err != nil {
		return sequential.Bounds{}, err
	}
	return d.Bounds(in.Fractions)
}

type classicalInput struct {
	looksInput
	Alpha float64 `json:"alpha" default:"0.05" doc:"level of the test, of both sides together when it has two"`
	Sides int     `json:"sides" default:"2" doc:"1 or 2"`
	Delta float64 `json:"delta" default:"0" doc:"shape: 0 is O'Brien-Fleming, 0.5 Pocock"`
}

func classicalBoundaries(in classicalInput) (sequential.Bounds, error) {
	return sequential.WangTsiatis(in.Fractions, in.Alpha, in.Delta, in.Sides)
}

type futilityInput struct {
	looksInput
	Alpha        float64  `json:"alpha" default:"0.025" doc:"one-sided level of the test"`
	Beta         float64  `json:"beta" default:"0.2" doc:"missed power"`
	Spending     spending `json:"spending" doc:"of alpha: {\"type\": \"obrien-fleming\", \"pocock\", \"hsd\" with \"gamma\", or \"power\" with \"rho\"}"`
	BetaSpending spending `json:"beta_spending" doc:"of beta, as spending"`
	Binding      bool     `json:"binding" default:"false" doc:"whether the futility bounds must be obeyed"`
}

func futilityBoundaries(in futilityInput) (sequential.Inflation, error) {
	alpha, err1 := in.Spending.function()
	beta, err2 := in.BetaSpending.function()
	if err := errors.Join(err1, err2); err != nil {
		return sequential.Inflation{}, err
	}
	d := sequential.Design{Alpha: in.Alpha, Sides: 1, Spending: alpha}
	return d.WithFutility(in.Fractions, sequential.Futility{Beta: in.Beta, Spending: beta, Binding: in.Binding})
}

// boundsInput are given bounds; null stops nothing.
type boundsInput struct {
	looksInput
	Upper []*float64 `json:"upper" doc:"upper critical value of each look; null for none"`
	Lower []*float64 `json:"lower" default:"null" doc:"lower critical values; null, or null in places, for none"`
}

func (in boundsInput) bounds() sequential.Bounds {
	b := sequential.Bounds{Fractions: in.Fractions, Upper: orInfinite(in.Upper, 1)}
	if in.Lower != nil {
		b.Lower = orInfinite(in.Lower, -1)
	}
	return b
}

func orInfinite(values []*float64, sign int) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = math.Inf(sign)
		if v != nil {
			out[i] = *v
		}
	}
	return out
}

type sequentialPowerInput struct {
	boundsInput
	Drift float64 `json:"drift" doc:"effect / standard error at the planned maximum of information"`
}

func sequentialPower(in sequentialPowerInput) (sequential.Operating, error) {
	return in.bounds().Operating(in.Drift)
}

type inflationInput struct {
	boundariesInput
	Power float64 `json:"power" default:"0.8" doc:"power of the test"`
}

func sequentialInflation(in inflationInput) (sequential.Inflation, error) {
	d, err := in.design()
	if err != nil {
		return sequential.Inflation{}, err
	}
	return d.Inflation(in.Fractions, in.Power)
}

type finalInput struct {
	boundsInput
	Alpha       float64 `json:"alpha" default:"0.025" doc:"one-sided level; intervals are at 1 - 2 alpha"`
	Z           float64 `json:"z" doc:"estimate / standard error at the last of the looks"`
	Information float64 `json:"information" doc:"1 / standard error² at the last of the looks"`
}

func sequentialFinal(in finalInput) (sequential.Final, error) {
	return in.bounds().Final(in.Alpha, in.Z, in.Information)
}

type monitorInput struct {
	spendingInput
	Maximum     float64   `json:"maximum" doc:"planned information, 1 / standard error²"`
	Information []float64 `json:"information" doc:"information at each look so far"`
	Z           []float64 `json:"z" doc:"estimate / standard error at each look so far"`
	Last        bool      `json:"last" default:"false" doc:"whether the last look is final, also below the maximum"`
}

func sequentialMonitor(in monitorInput) (sequential.Monitoring, error) {
	d, err := in.design()
	if err != nil {
		return sequential.Monitoring{}, err
	}
	if len(in.Z) != len(in.Information) {
		return sequential.Monitoring{}, &InputError{"z", errors.New("it must be as long as information")}
	}
	looks := make([]sequential.Look, len(in.Z))
	for i := range looks {
		looks[i] = sequential.Look{Information: in.Information[i], Z: in.Z[i]}
	}
	return sequential.Plan{Design: d, Maximum: in.Maximum}.Monitor(looks, in.Last)
}

type repeatedInput struct {
	looksInput
	Z        []float64 `json:"z" doc:"estimate / standard error at each look"`
	Sides    int       `json:"sides" default:"2" doc:"1 or 2"`
	Spending spending  `json:"spending" doc:"{\"type\": \"obrien-fleming\", \"pocock\", \"hsd\" with \"gamma\", or \"power\" with \"rho\"}"`
}

type repeatedResult struct{ PValue float64 }

func repeatedP(in repeatedInput) (repeatedResult, error) {
	f, err := in.Spending.function()
	if err != nil {
		return repeatedResult{}, err
	}
	// Any level will do to check the looks.
	p, err := sequential.Design{Alpha: 0.05, Sides: in.Sides, Spending: f}.RepeatedPValue(in.Fractions, in.Z)
	return repeatedResult{p}, err
}
