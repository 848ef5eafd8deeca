// Package expr holds conditions and computed columns as a small typed tree, so that every source evaluates them alike.
//
// The language is the part of CEL that the definition format supports. Its null rules differ from SQL on purpose, because a
// condition either holds for a row or does not:
//
//   - a comparison with null is false, != too, and so is a text function of null;
//   - ! negates that: !(country == "US") holds where country is null;
//   - has(c) means that c is not null;
//   - arithmetic with null is null, and so are division and remainder by zero.
//
// Numbers are one type. Integers and decimals compare exactly as numbers; arithmetic is carried out in float64, so 1 / 2 is 0.5.
//
// A tree is made untyped (by the experiment package, from CEL), then bound to the columns that a source has ([Node.Bind]), and
// only then evaluated, by row ([Node.Holds], [Node.Eval]) or by column (package columnar).
package expr
