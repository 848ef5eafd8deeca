package simulate

import (
	"strconv"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/experiment"
	"liftgate/experiment/assignment"
	"liftgate/experiment/assignment/design"
)

// world is a scenario in the time of a definition, and what each of its variants does.
type world struct {
	scenario *scenario
	market   *market
	calendar *calendar
	unit     experiment.Unit
	gate     *assignment.Gate
	assigner *assignment.Assigner // nil with a design that was not drawn
	list     []design.Merchant    // nil without a design
	record   *assignment.Record   // nil without a design, or when it was not drawn
	variants map[string]int
	effects  []effect // by variant
}

// newWorld gives the i-th treatment, counted from 1, 1/i of the scenario's effect, so that several treatments differ.
func newWorld(d *experiment.Definition, name string) (*world, error) {
	s, err := scenarioNamed(name)
	if err != nil {
		return nil, err
	}
	gate, err := assignment.NewGate(d)
	if err != nil {
		return nil, err
	}
	w := &world{
		scenario: s, market: newMarket(s), calendar: newCalendar(d),
		unit: d.Unit, gate: gate, variants: map[string]int{},
	}
	if d.Assignment != nil && d.Assignment.Design != nil {
		w.market.abroad = 0
		w.list = w.market.list()
	} else if w.assigner, err = assignment.New(d, nil); err != nil {
		return nil, err
	}
	treatments := 0
	for i, v := range d.Variants {
		w.variants[v.Name] = i
		e := effect{}
		if v.Name != d.Control {
			treatments++
			e = s.effect.scaled(1 / float64(treatments))
		}
		w.effects = append(w.effects, e)
	}
	return w, nil
}

// shopper is number i of a family. When merchants are randomised, one in ten is the shopper before it at another merchant.
func (w *world) shopper(family fate, i int64) shopper {
	f := family.child(uint64(i))
	s := w.market.newShopper(f, f.uniform(shopperMerchant))
	if w.unit == experiment.Merchant && i%10 == 9 {
		before := family.child(uint64(i - 1))
		if s.merchant != pick(w.market.size, before.uniform(shopperMerchant)) {
			s.id = uint64(before)
		}
	}
	return s
}

// enrol finds out whether a shopper is exposed, and to what.
func (w *world) enrol(s *shopper, visits []datasets.Instant) {
	at := w.calendar.firstExposure(visits)
	if at == notExposed {
		return
	}
	if out := w.outcome(s); out.Variant != "" {
		s.exposed, s.variant = at, w.variants[out.Variant]
	}
}

func (w *world) outcome(s *shopper) assignment.Outcome {
	unit := w.market.ids[s.merchant]
	if w.unit != experiment.Merchant {
		unit = string(appendHex([]byte{'s'}, s.id))
	}
	return w.assigner.Assign(unit, w.attributes(s))
}

// attributes are what the checkout knows about a shopper when it asks for a variant; with a design, what its list says about the merchant.
func (w *world) attributes(s *shopper) func(name string) expr.Value {
	if w.list != nil {
		return func(name string) expr.Value { return w.list[s.merchant].Attributes[name] }
	}
	return func(name string) expr.Value {
		switch c := columns[name]; c {
		case columns["country"], columns["device"], columns["platform"], merchantID, shopperID:
			return c.cell(&crowd{market: w.market, shoppers: []shopper{*s}}, &row{})
		}
		return expr.Value{}
	}
}

// live appends what a shopper does: as without the experiment until exposed, then under the effect.
func (c *crowd) live(who int, visits []datasets.Instant, e effect) {
	exposed := c.shoppers[who].exposed
	for i, at := range visits {
		if at < exposed {
			c.walk(who, i, at, effect{})
		} else {
			c.walk(who, i, at, e)
		}
	}
}

// crowd makes the shoppers from number `from` up to `to` and everything that they do.
func (w *world) crowd(family fate, from, to int64) *crowd {
	c := &crowd{market: w.market, shoppers: make([]shopper, 0, to-from), events: make([]row, 0, 16*(to-from))}
	var visits []datasets.Instant
	for i := from; i < to; i++ {
		s := w.shopper(family, i)
		visits = w.calendar.visits(&s, visits[:0])
		w.enrol(&s, visits)
		who := len(c.shoppers)
		c.shoppers = append(c.shoppers, s)
		e := effect{}
		if s.variant != noVariant {
			e = w.effects[s.variant]
			c.expose(who, visits, w.calendar.closed)
		}
		c.live(who, visits, e)
	}
	c.exposures, c.events = byArrival(c.exposures), byArrival(c.events)
	return c
}

// expose logs an exposure at every visit from the first on until enrolment closes.
func (c *crowd) expose(who int, visits []datasets.Instant, closed datasets.Instant) {
	for i, at := range visits {
		if at >= c.shoppers[who].exposed && at < closed {
			lag := seconds(2 * c.shoppers[who].fate.child(uint64(i)).uniform(exposureLag))
			c.exposures = append(c.exposures, row{shopper: int32(who), visit: uint16(i), at: at, arrived: at.Add(lag)})
		}
	}
}

func (c *calendar) firstExposure(visits []datasets.Instant) datasets.Instant {
	for _, at := range visits {
		if at >= c.open && at < c.closed {
			return at
		}
	}
	return notExposed
}

// familyOf is where the shoppers of a run come from.
func familyOf(seed uint64) fate { return fateOf("shoppers of run " + strconv.FormatUint(seed, 10)) }
