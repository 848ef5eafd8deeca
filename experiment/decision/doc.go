// Package decision turns a result into a launch decision: a pure function of what the result says, so that anybody can check it.
//
// Its opinion: a launch needs proof. A guardrail passes only when its whole interval lies inside the margin. What is missing, failed,
// immature or without a margin proves nothing, so it blocks, and the decision says what would unblock it.
package decision
