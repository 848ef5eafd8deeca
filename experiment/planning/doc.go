// Package planning says how many units and days the metrics of a definition need before they can decide, and what a schedule can show.
//
// [New] turns a definition and a [Basis] (levels, spreads, units a day) into a [Plan]; [Plan.Write] prints it. What the definition does not
// know, the experiment's own data do: [Before] moves every window to the time before exposure, where no variant can have had an effect,
// and [Learn] reads levels, spreads and traffic off the answer with the same procedures that the analysis will use.
//
// Its opinion: the error rates are those of the decision ([liftgate/stats/power.Roles]), so a plan is for launching a treatment that
// deserves it, past every guardrail, not for one metric alone.
//
// # Limits
//
// Sizes with several looks are those at which the last look has the power; a ratio of two differences has no size. Triggers do not enter
// what is measured. Units arrive at one rate: in truth the first days bring more new shoppers than the later ones. A metric keeps the level and spread
// that it had before. Where merchants are randomised, more days make them larger, not more, so a plan may have no answer.
package planning
