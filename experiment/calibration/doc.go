// Package calibration deals real units out to the variants again and again, where nothing can be different, and counts how often the analysis says
// otherwise.
//
// Its opinion: a method is judged on the data that it will decide about, by the very code that decides (analysis.Trial), its rules of choice and
// its region of validity included. Everyone is dealt out by default, whatever variant they had: a deal is random, so that "no difference" holds for
// it whatever the treatment did to a unit, and there are as many units as the experiment compares. An effect makes values spread more, nothing
// else; who minds deals out the control only, and calibrates a smaller experiment.
//
// What it cannot see: dependence between units that are dealt out one by one (one customer with two keys), and whatever breaks the real assignment,
// for deals are random by construction. That is the checks' business.
//
// Shoppers are dealt out one by one by the definition's weights, merchants whole, those of a design within its blocks and as balanced as it asks for.
// Units without anything are skipped, sums of eight units looked up in a table of their subsets. Draws depend on seed and split
// alone, sums are added in one order: the answer is the same for any number of workers.
package calibration
