package stats

import "testing"

// The counts and sums of a real experiment, the mobile game Cookie Cats (90,189 players, gate_30 is the control), as published
// with its data on Kaggle. Expected values: the project's acceptance list, recomputed by 60-digit arithmetic.
var (
	gate40 = Binomial{Successes: 8279, N: 45489}
	gate30 = Binomial{Successes: 8502, N: 44700}

	gate40Day1 = Binomial{Successes: 20119, N: 45489}
	gate30Day1 = Binomial{Successes: 20034, N: 44700}

	gate40Rounds = sumsOf(45489, 2333530, 605052202)
	gate30Rounds = sumsOf(44700, 2344795, 3068811771)
)

func sumsOf(n int64, sum, squares float64) Moments {
	m, err := MomentsOfSums(n, sum, squares)
	if err != nil {
		panic(err)
	}
	return m
}

func TestCookieCats(t *testing.T) {
	retention, err1 := CompareProportions(gate40, gate30)
	day1, err2 := CompareProportions(gate40Day1, gate30Day1)
	rounds, err3 := CompareMeans(gate40Rounds, gate30Rounds)
	ratio, err4 := SampleRatio([]int64{44700, 45489}, []float64{50, 50})
	noErrors(t, err1, err2, err3, err4)

	d, l := retention.Difference(0.95), retention.Lift(0.95)
	near(t, "retention_7 difference", d.Estimate, -0.008201298, 5e-10)
	near(t, "lower", d.Lower, -0.013282326, 5e-10)
	near(t, "upper", d.Upper, -0.003121416, 5e-10)
	near(t, "retention_7 lift", l.Estimate, -0.043119035, 5e-10)
	near(t, "lower", l.Lower, -0.068891005, 5e-10)
	near(t, "upper", l.Upper, -0.016634530, 5e-10)
	near(t, "p", retention.PDifference(0), 0.00155434, 5e-9)
	near(t, "p", retention.PLift(0), 0.00155434, 5e-9)
	near(t, "retention_1 p", day1.PDifference(0), 0.07441126, 5e-9)

	d, l = rounds.Difference(0.95), rounds.Lift(0.95)
	near(t, "rounds difference", d.Estimate, -1.15748845, 5e-9)
	near(t, "lower", d.Lower, -3.71970512, 5e-9)
	near(t, "upper", d.Upper, 1.40472821, 5e-9)
	near(t, "rounds lift lower", l.Lower, -0.06805687, 5e-9)
	near(t, "upper", l.Upper, 0.02795947, 5e-9)

	near(t, "sample ratio", ratio.Statistic, 6.902405, 5e-7)
	near(t, "p", ratio.PValue, 0.008608, 5e-7)
}
