// Package calibration measures the error rates of every procedure by simulation and writes them to stats/CALIBRATION.md.
//
// A [Study] draws experiments of one regime, with and without an effect, and lets several methods judge the same draws. Its seeds are a hash
// of its name, so nobody chooses them, and every experiment has its own, so the result does not depend on the number of workers.
package calibration
