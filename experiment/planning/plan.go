package planning

import (
	"fmt"
	"math"

	"liftgate/datasets"
	"liftgate/experiment"
	"liftgate/stats/power"
)

// SchemaV1 names the format of a plan as JSON.
const SchemaV1 = "liftgate.plan/v1"

// Plan is what an experiment needs, metric by metric. A nil number does not exist.
type Plan struct {
	Schema      string    `json:"schema"`
	Experiment  string    `json:"experiment"`
	Title       string    `json:"title"`
	Unit        string    `json:"unit"`
	Alpha       float64   `json:"alpha"`
	Power       float64   `json:"power"`
	Monitoring  string    `json:"monitoring"`
	UnitsPerDay *float64  `json:"units_per_day"`
	Merchants   *float64  `json:"merchants,omitempty"`
	MerchantCV  *float64  `json:"merchant_cv,omitempty"` // coefficient of variation of their units
	Variants    []Variant `json:"variants"`
	MinDays     int       `json:"min_days"`
	Schedule    *float64  `json:"schedule_days"` // of enrolment
	Window      float64   `json:"window_days"`   // from the last exposure until all windows are closed
	Metrics     []Row     `json:"metrics"`
	Total       *Total    `json:"total"`
	Cost        *Cost     `json:"guardrail_cost"`
	Warnings    []string  `json:"warnings"`

	looks int // planned ahead
}

// Variant is a variant with its share of the units.
type Variant struct {
	Variant string  `json:"variant"`
	Share   float64 `json:"share"`
}

// Row is one metric that decides.
type Row struct {
	Metric     string    `json:"metric"`
	Title      string    `json:"title"`
	Role       string    `json:"role"`
	Test       string    `json:"test"` // superiority, non_inferiority
	Better     string    `json:"better"`
	Baseline   float64   `json:"baseline"`
	SD         float64   `json:"sd"`
	ICC        *float64  `json:"icc,omitempty"` // correlation of shoppers of one merchant, where merchants are randomised
	Source     string    `json:"source"`
	Effect     *Effect   `json:"effect"` // to be found, or the margin; null without one
	Alpha      float64   `json:"alpha"`  // of the two-sided interval
	Power      float64   `json:"power"`
	Units      []float64 `json:"units"` // by variant; null without a size
	Days       *float64  `json:"days"`  // of enrolment
	Detectable *Effect   `json:"detectable"`
	Reason     string    `json:"reason,omitempty"` // why there is no size
	Warnings   []string  `json:"warnings,omitempty"`

	share bool
	curve []point
}

// Effect is an effect or a margin on its scale.
type Effect struct {
	Value float64 `json:"value"`
	Scale string  `json:"scale"` // difference, lift
}

// Total is what the metrics need together.
type Total struct {
	Metric string   `json:"metric"` // the one that needs most
	Units  float64  `json:"units"`  // of all variants
	Days   *float64 `json:"days"`   // of enrolment, at least min_days
}

// Cost is what the most expensive guardrail costs.
type Cost struct {
	Metric        string   `json:"metric"`
	Units         float64  `json:"units"` // with it
	Days          *float64 `json:"days"`
	UnitsWithout  float64  `json:"units_without"`
	DaysWithout   *float64 `json:"days_without"`
	HalvingMargin *Effect  `json:"halving_margin"` // the margin that would halve the guardrail's own need; null when none would
}

// New plans a definition. It fails with experiment.Problems, at their places, when a metric lacks what its plan needs.
func New(d *experiment.Definition, b Basis) (*Plan, error) {
	p, err := newPlanner(d, b, "")
	if err != nil {
		return nil, err
	}
	if problems := p.problems(); len(problems) > 0 {
		return nil, problems.Sorted()
	}
	plan, err := p.plan()
	if err != nil {
		return nil, err
	}
	plan.Cost, err = p.cost(plan)
	return plan, err
}

// planner plans a definition, with or without one of its metrics.
type planner struct {
	definition *experiment.Definition
	basis      Basis
	without    string
	errors     power.Errors
	control    float64 // the control's share of the units
	least      float64 // that of the smallest treatment
}

func newPlanner(d *experiment.Definition, b Basis, without string) (*planner, error) {
	p := &planner{definition: d, basis: b, without: without}
	roles := power.Roles{Treatments: len(d.Variants) - 1}
	for i := range d.Metrics {
		switch m := &d.Metrics[i]; {
		case m.Name == without:
		case m.Role == experiment.Success:
			roles.Success++
		case m.Role == experiment.Guardrail:
			roles.Guardrails++
		case m.Role == experiment.Deterioration || m.Role == experiment.Quality:
			roles.Deterioration++
		}
	}
	p.least = math.Inf(1)
	for _, v := range d.Variants {
		if v.Name == d.Control {
			p.control = p.shareOf(v)
		} else {
			p.least = min(p.least, p.shareOf(v))
		}
	}
	if !(p.control > 0 && p.least > 0) {
		return nil, experiment.Problems{d.ProblemAt("variants", 0, "a variant of weight 0 gets no units, so nothing can be planned for it")}
	}
	var err error
	if p.errors, err = roles.Split(d.Decision.Alpha, 1-d.Decision.Power); err != nil {
		return nil, experiment.Problems{d.ProblemAt("decision.power", 0, err.Error())}
	}
	return p, nil
}

// shareOf is a variant's share of the units.
func (p *planner) shareOf(v experiment.Variant) float64 {
	total := 0.0
	for _, other := range p.definition.Variants {
		total += float64(other.Weight)
	}
	return float64(v.Weight) / total
}

func (p *planner) plan() (*Plan, error) {
	d := p.definition
	out := &Plan{
		Schema: SchemaV1, Experiment: d.Name, Title: d.Title, Unit: string(d.Unit), Alpha: d.Decision.Alpha, Power: d.Decision.Power,
		Monitoring: d.Monitoring.Method, UnitsPerDay: number(p.basis.UnitsPerDay), MinDays: d.Decision.MinDays,
		Schedule: schedule(d), Window: p.window(), Warnings: []string{}, looks: len(d.Monitoring.Looks),
	}
	if d.Unit == experiment.Merchant {
		out.Merchants, out.MerchantCV = number(p.basis.Merchants), number(p.basis.MerchantCV)
	}
	for _, v := range d.Variants {
		out.Variants = append(out.Variants, Variant{v.Name, p.shareOf(v)})
	}
	for i := range d.Metrics {
		m := &d.Metrics[i]
		if !m.Role.Deciding() || m.Name == p.without {
			continue
		}
		row, err := p.row(m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		out.Metrics = append(out.Metrics, row)
	}
	p.total(out)
	out.Warnings = append(out.Warnings, p.cautions(out)...)
	return out, p.detectable(out)
}

// total takes the largest need of a success metric or guardrail. There is none where a guardrail, or every success metric, has no size.
func (p *planner) total(out *Plan) {
	var largest *Total
	successes := 0
	for _, r := range out.Metrics {
		guardrail, success := r.Role == string(experiment.Guardrail), r.Role == string(experiment.Success)
		switch {
		case guardrail && r.Units == nil:
			return
		case r.Units == nil || !guardrail && !success:
			continue
		case success:
			successes++
		}
		if units := sum(r.Units); largest == nil || units > largest.Units {
			largest = &Total{Metric: r.Metric, Units: units, Days: p.days(units)}
		}
	}
	if successes == 0 {
		return
	}
	if largest.Days != nil {
		*largest.Days = max(*largest.Days, float64(out.MinDays))
	}
	out.Total = largest
}

// days of enrolment until there are so many units.
func (p *planner) days(units float64) *float64 {
	if p.basis.UnitsPerDay == 0 {
		return nil
	}
	days := math.Ceil(units/p.basis.UnitsPerDay - 1e-9)
	return &days
}

// window is how long after the last exposure the windows of deciding metrics stay open, in days.
func (p *planner) window() float64 {
	var longest datasets.Span
	for i := range p.definition.Metrics {
		m := &p.definition.Metrics[i]
		if !m.Role.Deciding() {
			continue
		}
		for _, v := range m.Values() {
			longest = max(longest, v.Window[1])
		}
	}
	return float64(longest) / float64(datasets.Day)
}

func schedule(d *experiment.Definition) *float64 {
	if d.Schedule.Start == nil || d.Schedule.End == nil {
		return nil
	}
	days := float64(*d.Schedule.End-*d.Schedule.Start) / float64(datasets.Day)
	return &days
}

// number is x, nil when it is not known.
func number(x float64) *float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}
