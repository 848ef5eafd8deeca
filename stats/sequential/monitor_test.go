package sequential

import (
	"math"
	"strings"
	"testing"
)

var plan = Plan{Design: Design{Alpha: 0.05, Spending: OBrienFleming}, Maximum: 400}

func monitor(t *testing.T, p Plan, last bool, looks ...Look) Monitoring {
	t.Helper()
	m, err := p.Monitor(looks, last)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMonitorContinues(t *testing.T) {
	m := monitor(t, plan, false, Look{100, 1.2}, Look{200, -2.1})
	if m.State != Continue || m.Look != 0 || m.Final != nil || len(m.Bounds.Upper) != 2 {
		t.Errorf("%+v", m)
	}
	closeTo(t, "left", m.Left, 0.025-OBrienFleming(0.025, 0.5), 1e-15)
}

func TestMonitorStops(t *testing.T) {
	m := monitor(t, plan, false, Look{100, 1.2}, Look{200, 3.1}, Look{300, 2.9})
	if m.State != Upper || m.Look != 2 || m.Overrun != 1 || len(m.Bounds.Upper) != 2 {
		t.Errorf("%+v", m)
	}
	if below := monitor(t, plan, false, Look{100, 1.2}, Look{200, -3.1}); below.State != Lower || below.Final.Upper >= 0 {
		t.Errorf("%+v", below)
	}
}

// TestOverrun by the deletion method: the decision stays, and the numbers are those of a trial that did not look when it stopped.
func TestOverrun(t *testing.T) {
	m := monitor(t, plan, false, Look{100, 1.2}, Look{200, 3}, Look{230, 1.1})
	if m.State != Upper || m.Look != 2 || len(m.Warnings) != 1 || !strings.Contains(m.Warnings[0], "less certain") {
		t.Errorf("%+v", m)
	}
	b := m.Bounds.until(1)
	b.Fractions, b.Upper, b.Lower = append(b.Fractions, 230./400), append(b.Upper, 9), append(b.Lower, -9)
	want, err := b.Final(0.025, 1.1, 230)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "p", m.Final.PValue, want.PValue, 1e-15)
	closeTo(t, "estimate", m.Final.Estimate, want.Estimate, 1e-12)
}

// TestEnds: at the maximum, beyond it, and before it when the look is called the last.
func TestEnds(t *testing.T) {
	for name, m := range map[string]Monitoring{
		"at the maximum": monitor(t, plan, false, Look{200, 1}, Look{400, 1.9}),
		"beyond it":      monitor(t, plan, false, Look{200, 1}, Look{520, 1.9}),
		"before it":      monitor(t, plan, true, Look{200, 1}, Look{300, 1.9}),
	} {
		if m.State != Finished || m.Look != 2 || m.Left != 0 || m.Final == nil {
			t.Errorf("%s: %+v", name, m)
		}
		o, err := m.Bounds.Operating(0)
		if err != nil {
			t.Fatal(err)
		}
		closeTo(t, name, o.Power, 0.025, 1e-14)
	}
	if m := monitor(t, plan, false, Look{200, 1}, Look{420, 1.9}, Look{500, 5}); m.State != Finished || m.Overrun != 1 {
		t.Errorf("a look after the end decides: %+v", m)
	}
}

func TestMonitorFutility(t *testing.T) {
	d := Design{Alpha: 0.025, Sides: 1, Spending: OBrienFleming}
	f := Futility{Beta: 0.2, Spending: HwangShihDeCani(-2)}
	planned, err := d.WithFutility([]float64{0.5, 1}, f)
	if err != nil {
		t.Fatal(err)
	}
	p := Plan{Design: d, Maximum: 400, Futility: &f, Drift: planned.Drift}
	m := monitor(t, p, false, Look{200, planned.Bounds.Lower[0] - 0.01})
	if m.State != Lower {
		t.Errorf("%+v", m)
	}
	m = monitor(t, p, false, Look{200, planned.Bounds.Lower[0] + 0.01}, Look{400, 1})
	if m.State != Lower || m.Look != 2 {
		t.Errorf("%+v", m)
	}
	closeTo(t, "last bound", m.Bounds.Upper[1], planned.Bounds.Upper[1], 1e-12)
	if !(math.Abs(m.Bounds.Lower[0]-planned.Bounds.Lower[0]) < 1e-9) {
		t.Errorf("lower %v, planned %v", m.Bounds.Lower, planned.Bounds.Lower)
	}
}
