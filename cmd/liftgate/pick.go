package main

import (
	"slices"
	"strings"

	"liftgate/experiment"
)

// pick reads the value of an option that has a few allowed values.
func pick[T ~string](option, value string, allowed ...T) (T, error) {
	if slices.Contains(allowed, T(value)) {
		return T(value), nil
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	message := option + " is " + strings.Join(names, ", ") + ", not " + value
	if s := experiment.Suggest(value, names); s != "" {
		message += "; " + s
	}
	return "", usagef("%s", message)
}
