package report

import "liftgate/experiment/result"

// tone is how something is to be felt by a reader; formats turn it into a colour. Only good is green.
type tone string

const (
	good    tone = "good"
	bad     tone = "bad"
	open    tone = "open" // unproven, unknown or unfinished: it needs attention and is not a pass
	neutral tone = "neutral"
)

// mark is a symbol, a word and a tone, always together: none of them is the only sign.
type mark struct {
	Symbol string
	Word   string
	Tone   tone
}

// String is the symbol and the word.
func (m mark) String() string { return m.Symbol + " " + m.Word }

// states describes each state of a decision: how it looks, what it means and what to do next.
var states = map[string]struct {
	mark
	Means, Next string
	caution     string // for states in which the numbers are not to be decided by
}{
	result.Ship: {
		mark{"✓", "SHIP", good},
		"A success metric improved, every guardrail is proven to stay within its margin, and nothing that decides got worse.",
		"Launch the treatment, and record the decision with a name and a reason.",
		"",
	},
	result.NoShip: {
		mark{"✗", "NO-SHIP", bad},
		"A guardrail is proven to be harmed, or no success metric can still reach the smallest effect worth launching for.",
		"Do not launch. Read which metric decided it before trying another variant.",
		"",
	},
	result.Discuss: {
		mark{"?", "DISCUSS", open},
		"The evidence neither proves that launching is safe and worth it, nor that it is harmful. What is not proven blocks a launch.",
		"Go through what blocks a launch, one by one: each says what would settle it.",
		"",
	},
	result.Invalid: {
		mark{"!", "INVALID", bad},
		"A check of the experiment itself failed, so its numbers cannot be trusted in either direction.",
		"Do not decide from this result. Find and repair the cause that the failed check names, then run again.",
		"A check failed: the numbers below cannot be trusted, whatever they say.",
	},
	result.StopHarm: {
		mark{"✗", "STOP-HARM", bad},
		"The treatment is harming a metric beyond what was agreed, surely enough to act on before the planned end.",
		"Stop exposing the treatment now.",
		"",
	},
	result.Collecting: {
		mark{"…", "COLLECTING", neutral},
		"The experiment is still running. Deciding now, before the planned date, would make false alarms and false passes more likely.",
		"Wait for the decision date. Numbers shown until then are for watching, not for deciding.",
		"Not final: the numbers below are for watching, not for deciding.",
	},
	result.RiskImmature: {
		mark{"…", "RISK-IMMATURE", open},
		"Everything known so far says launch, but late losses such as disputes are not all known yet.",
		"Wait, or ramp up only as far as the worst case stays within the agreed risk budget.",
		"",
	},
	result.NotDecided: {
		mark{"·", "NOT-DECIDED", neutral},
		"This is a part of the experiment. Whether to launch is decided on the whole of it.",
		"Read the decision in the report of the whole run. Take what is seen here for a question to ask of the next experiment.",
		"One of many parts that could be looked at: levels are those of the whole and do not count such looks, so of twenty parts without any effect one shows one by chance.",
	},
}

// stateMark is how a state looks, a state of a later version included.
func stateMark(status string) mark {
	if s, known := states[status]; known {
		return s.mark
	}
	return mark{"?", status, open}
}

// verdicts says how each verdict looks.
var verdicts = map[string]mark{
	result.Better:       {"✓", "better", good},
	result.Worse:        {"✗", "worse", bad},
	result.Inconclusive: {"~", "inconclusive", neutral},
	result.NonInferior:  {"✓", "non-inferior", good},
	result.Harmful:      {"✗", "harmful", bad},
	result.NotProven:    {"?", "not proven", open},
}

// verdictMark is how a verdict looks. No verdict is an open question, never a pass.
func verdictMark(verdict string) mark {
	if m, known := verdicts[verdict]; known {
		return m
	}
	if verdict == "" {
		return mark{"?", "no verdict", open}
	}
	return mark{"?", verdict, open}
}

// statusWords name the states of a metric that has no numbers to judge.
var statusWords = map[string]string{
	result.NoData:       "no data",
	result.Failed:       "failed",
	result.Immature:     "immature",
	result.NotSupported: "not supported",
}

func statusWord(status string) string {
	if word, known := statusWords[status]; known {
		return word
	}
	if status == "" {
		return "unknown"
	}
	return status
}

// checkMarks says how each status of a check looks.
var checkMarks = map[string]mark{
	result.Pass: {"✓", "pass", good},
	result.Warn: {"!", "warn", open},
	result.Fail: {"✗", "fail", bad},
}

func checkMark(status string) mark {
	if m, known := checkMarks[status]; known {
		return m
	}
	return mark{"?", status, open}
}

// tiers are the groups of metrics in their order.
var tiers = []struct{ Name, Title, Says string }{
	{"core", "Core", "What the change is for."},
	{"supporting", "Supporting", "How the effect comes about. These rows explain; they do not decide."},
	{"risk", "Risk", "What must not get worse. A guardrail passes only on proof."},
}
