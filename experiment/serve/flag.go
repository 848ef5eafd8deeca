package serve

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"liftgate/datasets/bucket"
	"liftgate/datasets/exposurelog"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
)

// flag is one experiment, ready to be asked for. It never changes.
type flag struct {
	name, file string
	assigner   *assignment.Assigner
	reads      []expr.Used // attributes that decide
	variants   []string
	values     [][]byte // of the variants, as JSON; nil: the default of the client's own code
	control    int
	listed     bool // a design's list decides, and no hash

	unitColumn string // names of the shopper's and the merchant's key in the definition's data
	cluster    string
	merchants  bool // merchants are randomised
	columns    exposurelog.Columns
	logged     bool // the definition has a table of exposures

	answers  map[situation]*answer
	failures map[code]prometheus.Counter
	recorder *recorder // nil: nothing is logged
}

// situation is an outcome without its point.
type situation struct {
	variant string
	reason  bucket.Reason
}

// answer is what a client is told in one situation. The point of a unit that a hash assigned stands between the two parts.
type answer struct {
	head, tail []byte
	point      bool
	exposes    bool // the unit meets a variant
	count      prometheus.Counter
}

// outsiders are the reasons for which a unit gets no variant.
var outsiders = []bucket.Reason{
	assignment.NotEligible, assignment.NotListed, bucket.NoUnit, bucket.Holdout, bucket.Layer, bucket.Traffic,
}

// newFlag prepares a definition. The error is experiment.Problems where it has a position.
func newFlag(d *experiment.Definition) (*flag, error) {
	assigner, err := assignment.Load(d)
	if err != nil {
		return nil, located(d, err)
	}
	encoded, err := values(d)
	if err != nil {
		return nil, err
	}
	source := sourceOf(d)
	f := &flag{
		name: d.Name, file: d.File, assigner: assigner, reads: assigner.Attributes(), values: encoded,
		unitColumn: source.Unit, cluster: source.Cluster, merchants: d.Unit == experiment.Merchant,
		listed: recordOf(d) != "",
	}
	f.columns, f.logged = columnsOf(d, f.reads)
	for i, v := range d.Variants {
		f.variants = append(f.variants, v.Name)
		if v.Name == d.Control {
			f.control = i
		}
	}
	return f, nil
}

// located makes sure that an error says which definition it is about.
func located(d *experiment.Definition, err error) error {
	var problems experiment.Problems
	if errors.As(err, &problems) {
		return err
	}
	return fmt.Errorf("%s: %w", d.File, err)
}

// with gives the flag, ready to answer and to log.
func (f *flag) with(r *recorder, m *metrics) *flag {
	if f.answers != nil && f.recorder == r {
		return f
	}
	served := *f
	served.recorder = r
	served.answers, served.failures = map[situation]*answer{}, m.failed(f.name)
	for i, variant := range f.variants {
		served.add(situation{variant, bucket.Assigned}, "SPLIT", f.values[i], m)
		served.add(situation{variant, assignment.Forced}, "TARGETING_MATCH", f.values[i], m)
	}
	for _, reason := range outsiders {
		served.add(situation{"", reason}, "DEFAULT", f.values[f.control], m)
	}
	return &served
}

// sourceOf is the table that says who was exposed.
func sourceOf(d *experiment.Definition) experiment.Source {
	switch {
	case d.Data.Exposures != nil:
		return d.Data.Exposures.Source
	case d.Data.Units != nil:
		return d.Data.Units.Source
	}
	return experiment.Source{}
}

// add writes the answer for a situation, with the protocol's reason. A nil value is left out.
func (f *flag) add(s situation, reason string, value []byte, m *metrics) {
	a := &answer{
		point: s.reason == bucket.Assigned && !f.listed, exposes: s.variant != "",
		count: m.evaluations.WithLabelValues(f.name, s.variant, string(s.reason)),
	}
	a.head = append(a.head, `{"key":`...)
	a.head = appendText(a.head, f.name)
	if value != nil {
		a.head = append(append(a.head, `,"value":`...), value...)
	}
	if s.variant != "" {
		a.head = appendText(append(a.head, `,"variant":`...), s.variant)
	}
	a.head = append(a.head, `,"reason":"`+reason+`","metadata":{"experiment":`...)
	a.head = appendText(a.head, f.name)
	a.head = append(a.head, `,"reason":"`+string(s.reason)+`"`...)
	if a.point {
		a.head = append(a.head, `,"point":"`...)
		a.tail = append(a.tail, '"')
	}
	a.tail = append(a.tail, `}}`...)
	f.answers[s] = a
}

// appendTo writes the answer.
func (a *answer) appendTo(b []byte, point uint64) []byte {
	b = append(b, a.head...)
	if a.point {
		b = strconv.AppendUint(b, point, 10)
	}
	return append(b, a.tail...)
}

// evaluation is an answer together with whom it is about.
type evaluation struct {
	answer   *answer
	outcome  assignment.Outcome
	shopper  string
	merchant string // empty when the context names none
}

// evaluate decides for one context.
func (f *flag) evaluate(c *evaluationContext) (evaluation, *failure) {
	var e evaluation
	if fail := f.identify(c, &e); fail != nil {
		return e, fail
	}
	if fail := f.check(c); fail != nil {
		return e, fail
	}
	unit := e.shopper
	if f.merchants {
		unit = e.merchant
	}
	e.outcome = f.assigner.Assign(unit, func(name string) expr.Value { return f.attribute(c, name, e.shopper) })
	e.answer = f.answers[situation{e.outcome.Variant, e.outcome.Reason}]
	if e.answer == nil {
		return e, &failure{http.StatusInternalServerError, general, fmt.Sprintf("there is no answer for reason %q", e.outcome.Reason)}
	}
	return e, nil
}

// attribute is what a condition reads. The unit's column may be asked for by its own name, without standing in the context twice.
func (f *flag) attribute(c *evaluationContext, name, shopper string) expr.Value {
	if a := c.find(name); a != nil {
		return a.value
	}
	if name == f.unitColumn {
		return expr.TextValue(shopper)
	}
	return expr.Value{}
}
