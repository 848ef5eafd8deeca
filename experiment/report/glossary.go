package report

// glossary explains the words of a report, one line each, to readers who never saw the program.
var glossary = []fact{
	{"Unit", "What is assigned to a variant by chance: a shopper or a merchant."},
	{"Control", "The variant that everything is compared with, usually what exists today."},
	{"Treatment", "A variant that is being tried."},
	{"Exposure", "The first time a unit meets its variant. Everything is counted from then on."},
	{"Crossover", "A unit that met more than one variant. It counts for the one it met first."},
	{"Lift", "Relative change against the control: +3% turns 30.0% into 30.9%."},
	{"Difference", "Absolute change against the control, for rates in percentage points (pp): +1 pp turns 30% into 31%."},
	{"Interval", "The range of true effects that the data do not contradict. The shorter, the surer."},
	{"p", "How often chance alone would show at least this much if the true effect were zero, or just at the margin."},
	{"Alpha", "The agreed risk of a false alarm. Several hypotheses share it."},
	{"Success metric", "What the change is meant to improve."},
	{"Guardrail", "What must not get worse by more than its margin. It passes only on proof."},
	{"Margin", "The largest harm that would be accepted. The hatched zone in a plot lies beyond it."},
	{"Deterioration and quality metrics", "What must not get clearly worse."},
	{"Supporting metric", "It explains how an effect comes about and decides nothing."},
	{"Better, worse", "The interval lies wholly on the good, or on the bad, side of zero."},
	{"Inconclusive", "The interval holds zero: the data allow a gain and a loss."},
	{"Non-inferior", "The interval lies wholly inside the margin: harm beyond it is ruled out. “But worse” says that a smaller harm is real."},
	{"Not proven", "Harm beyond the margin is not ruled out, for want of data or of precision. It is not a pass and blocks a launch."},
	{"Harmful", "The interval lies wholly beyond the margin."},
	{"Immature", "Outcomes that arrive late, such as disputes, are not all known yet."},
	{"Window", "How long after exposure events count for a metric. Only units whose window is complete are counted."},
	{"Sensitivity", "The same question answered with the data treated in another way. Answers should agree."},
	{"Sample ratio", "Whether the variants have as many units as their weights promise. If not, something is broken."},
}
