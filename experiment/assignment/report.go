package assignment

// Report says how balanced an assignment is and what that is worth. Merchants that were not drawn are not in it.
type Report struct {
	Merchants   int          `json:"merchants"`
	Comparisons []Comparison `json:"comparisons"` // one for each treatment, with the control
}

// Comparison is a treatment's part of a report.
type Comparison struct {
	Treatment string         `json:"treatment"`
	Treated   int            `json:"treated"` // merchants
	Controls  int            `json:"controls"`
	Variables []Balanced     `json:"variables,omitempty"`
	Strata    []StratumShare `json:"strata,omitempty"`
	Gain      *Gain          `json:"gain,omitempty"` // of the balance variables together; nil without any, or without bound
	Power     []PlannedPower `json:"power,omitempty"`
}

// Balanced is one variable that was balanced. Differences are treatment minus control in standard deviations of the list.
type Balanced struct {
	Name     string   `json:"name"`
	Treated  float64  `json:"treated"` // means
	Control  float64  `json:"control"`
	Before   float64  `json:"before"`         // standard deviation of the difference under complete randomisation
	Expected float64  `json:"expected"`       // the same under the design
	After    float64  `json:"after"`          // the difference
	Gain     *float64 `json:"gain,omitempty"` // (Before / Expected)²; nil: without bound
}

// StratumShare is how much of each variant lies in one stratum, differences as in [Balanced].
type StratumShare struct {
	Stratum string  `json:"stratum"`
	Treated int     `json:"treated"` // merchants
	Control int     `json:"control"`
	Before  float64 `json:"before"`
	After   float64 `json:"after"`
}

// Gain is by how much complete randomisation would need more merchants for an outcome that is a linear combination of the balance
// variables: on average over all directions of the standardised space, and in the worst of them.
type Gain struct {
	Average float64 `json:"average"`
	Least   float64 `json:"least"`
}

// PlannedPower is the chance to find a planned effect when a balance variable stands in for the outcome.
type PlannedPower struct {
	Variable string  `json:"variable"`
	Metric   string  `json:"metric"`
	Effect   float64 `json:"effect"`   // relative
	Complete float64 `json:"complete"` // with complete randomisation
	Designed float64 `json:"designed"` // with this design
}
