package calibration

import (
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const tableFile = "../../CALIBRATION.md"

// lines are those of the table's methods, and the number of rates that they share the probability of.
func lines(t *testing.T) (table []string, numbers int) {
	t.Helper()
	text, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| regime") {
			table = append(table, strings.TrimSpace(line))
		}
	}
	found := regexp.MustCompile(`all (\d+) numbers`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("%s does not say how many numbers it holds", tableFile)
	}
	numbers, err = strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return table, numbers
}

func TestEveryPromiseIsKept(t *testing.T) {
	table, _ := lines(t)
	for _, line := range table {
		if strings.Contains(line, "**misses**") {
			t.Errorf("inside its region of validity: %s", line)
		}
	}
	for _, study := range Studies() {
		_, regime, _ := strings.Cut(study.Name(), ": ")
		if !slices.ContainsFunc(table, func(line string) bool { return strings.HasPrefix(line, "| "+regime+" |") }) {
			t.Errorf("%s is not in the table: run go generate ./stats", study.Name())
		}
	}
}

// TestTenth runs every tenth study as the table says it came out.
func TestTenth(t *testing.T) {
	if os.Getenv("LIFTGATE_SLOW") == "" {
		t.Skip("slow simulation: set LIFTGATE_SLOW=1")
	}
	table, numbers := lines(t)
	for i, study := range Studies() {
		if i%10 != 0 {
			continue
		}
		t.Run(study.Name(), func(t *testing.T) {
			for _, row := range study.Run() {
				if line := row.Line(numbers); !slices.Contains(table, line) {
					t.Errorf("not in the table: %s", line)
				}
			}
		})
	}
}

func TestNamesAreUnique(t *testing.T) {
	var names []string
	for _, study := range Studies() {
		if slices.Contains(names, study.Name()) {
			t.Errorf("two studies %s share their seeds", study.Name())
		}
		names = append(names, study.Name())
	}
}

// coin is a study whose method errs by as much as it is told to.
func coin(reject float64) Study[float64] {
	return Study[float64]{
		Family: "Coins", Regime: "one", Experiments: 4_000, Difference: 0, Lift: 0,
		Draw: func(r *rand.Rand, _ bool) float64 { return r.Float64() },
		Methods: []Method[float64]{{"coin", Nominal, func(u float64) (Reading, error) {
			interval := [2]float64{-1, 1}
			if u < reject {
				interval = [2]float64{1, 2}
			}
			return Reading{PValue: u * 0.05 / reject, Difference: interval, Lift: interval}, nil
		}}},
	}
}

func TestWorkersChangeNothing(t *testing.T) {
	many := coin(0.05).Run()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if one := coin(0.05).Run(); one[0] != many[0] {
		t.Errorf("one worker gives %+v, many %+v", one[0], many[0])
	}
}

func TestBandsCatchWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		reject       float64
		nominal, cap int
	}{{0.05, 0, 0}, {0.02, 3, 0}, {0.09, 3, 3}} {
		row := coin(c.reject).Run()[0]
		if got := row.Misses(1000); len(got) != c.nominal {
			t.Errorf("a nominal method that errs with %v misses %v", c.reject, got)
		}
		row.Kind = Conservative
		if got := row.Misses(1000); len(got) != c.cap {
			t.Errorf("a conservative method that errs with %v misses %v", c.reject, got)
		}
	}
}

func TestPopulationsHaveTheirMoments(t *testing.T) {
	p := money(0.1, 1, 1)
	r := rand.New(rand.NewPCG(1, 2))
	total := 0.0
	for range 400 {
		m, _ := p.sample(r, 5_000)
		total += m.Means[0] / 400
	}
	if got, want := total, p.mean(0); got < 0.98*want || got > 1.02*want {
		t.Errorf("the mean of 2 million draws is %v, that of the population %v", got, want)
	}
}
