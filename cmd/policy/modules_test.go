package policy

import (
	"os/exec"
	"testing"
)

func TestModulesAreTidy(t *testing.T) {
	if testing.Short() {
		t.Skip("go mod tidy reads every module's tests")
	}
	tidy := exec.Command("go", "mod", "tidy", "-diff")
	tidy.Dir = root
	if out, err := tidy.CombinedOutput(); err != nil {
		t.Errorf("go.mod and go.sum do not say what the code needs: run go mod tidy, so that builds are reproducible: %v\n%s", err, out)
	}
}
