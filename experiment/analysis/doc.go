// Package analysis turns a definition and a source into a result: it asks ([Bind]), and it infers ([Study.Infer]).
//
// Bind checks the definition against the columns that the data really have and states the query. Infer sees the evidence only, so
// that a result can be computed again from the evidence files of a run. [Reopen] needs no data, and [Study.Recut] computes the
// result of a part, a cell of segments by the end of a day and up to an age, from the evidence of the whole.
//
// Its opinion: what a reader sees is the rule. Every verdict is read off the interval that is shown, at the level that the role of
// the metric demands. The data choose the method, and the result says which and why. What was randomised is what is independent: where
// merchants were, no error is computed over their shoppers, and where a design assigned them, what it held fixed is no error. What could
// not be measured has a row that says so, and never looks like safety.
package analysis
