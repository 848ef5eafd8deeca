package sourcetest

import "testing"

func runRandom(t *testing.T, make Make) {}
