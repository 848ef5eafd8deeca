// Package report writes a result for its readers: a scorecard for the terminal, the same in Markdown for a pull request, one
// self-contained HTML page for those who decide, and JSON, CSV and Arrow for programs.
//
// The three formats for people show one [scorecard]: every word, number and symbol is chosen once, so that they never
// disagree. It says what the result says and adds no judgement of its own; a verdict that is not proven, or a metric without
// numbers, has its own symbol, word and colour and is never drawn like a pass. Formats for programs carry every number at full
// precision. No format depends on the clock, the locale or the environment: the same result gives the same bytes.
package report
