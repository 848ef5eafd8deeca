package report

import (
	"testing"

	"liftgate/experiment/result"
)

// The plots of testdata show zero in the middle, the interval inside the drawing, and the harmful zone on the harmful side.
func TestForestGeometry(t *testing.T) {
	for name, r := range cases(t) {
		for _, tier := range newPage(r, Options{}).Plots {
			for _, m := range tier.Metrics {
				for _, row := range m.Rows {
					if row.Plot != nil {
						checkForest(t, name+" "+m.Metric, m.metric, row)
					}
				}
			}
		}
	}
}

func checkForest(t *testing.T, name string, m *result.Metric, row plotRow) {
	t.Helper()
	f := row.Plot
	if !f.Unbounded && (f.Lower < 0 || f.Upper > forestWidth || f.Lower > f.Upper) {
		t.Errorf("%s: interval from %v to %v", name, f.Lower, f.Upper)
	}
	if f.Margin == nil {
		return
	}
	if above := f.Margin.X > forestMiddle; above != (m.Better == "lower") {
		t.Errorf("%s: margin at %v", name, f.Margin.X)
	}
	inside := f.Lower > f.Margin.X
	if m.Better == "lower" {
		inside = f.Upper < f.Margin.X
	}
	if verdict := verdictOf(row.line); !f.Unbounded && inside != (verdict == result.NonInferior) {
		t.Errorf("%s: drawn inside is %v, but the verdict is %s", name, inside, verdict)
	}
}
