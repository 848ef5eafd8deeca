//go:build !linux

package main

// systemMemory is not known here: without --memory there is no limit.
func systemMemory() int64 { return 0 }

// peakMemory is not known here.
func peakMemory() int64 { return 0 }
