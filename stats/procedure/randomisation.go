package procedure

import (
	"errors"
	"fmt"

	"liftgate/stats/randomisation"
)

func randomisations() []Procedure {
	return family("randomisation",
		define("randomisation-test", "Fisher's test of no effect at all, by repeating the assignment: complete, stratified or paired",
			`{"design": "complete", "y": [3.1, 2.2, 5.5, 4.4, 1, 6.2], "t": [0, 0, 1, 1, 0, 1]}`, randomisationTest),
		define("randomisation-clusters", "two means of units in randomised clusters by repeating the assignment, intervals by inversion",
			`{"control": [[3, 6, 14], [5, 9, 19], [2, 3, 5], [4, 9, 23]], "treatment": [[4, 11, 33], [3, 7, 17], [6, 19, 63], [2, 4, 10]], "level": 0.9}`, randomisationClusters),
	)
}

type randomisationInput struct {
	Y      []float64 `json:"y" doc:"the value of each unit"`
	T      []float64 `json:"t" doc:"1 for treated units, 0 for others"`
	Design string    `json:"design" default:"\"complete\"" doc:"complete, stratified (by block) or paired (blocks of two)"`
	Block  []label   `json:"block" optional:"true" doc:"the block of each unit"`
	Null   float64   `json:"null" default:"0" doc:"what every treated unit gained under the null hypothesis"`
	Draws  int       `json:"draws" optional:"true" doc:"with more assignments than this, so many are drawn; absent: 1048576"`
	Seed   uint64    `json:"seed" default:"1" doc:"of the draws"`
}

func randomisationTest(in randomisationInput) (randomisation.Result, error) {
	n := len(in.Y)
	if len(in.T) != n || in.Design != "complete" && len(in.Block) != n {
		return randomisation.Result{}, &InputError{Err: fmt.Errorf("t, and block where the design has some, must have as many numbers as y: %d", n)}
	}
	var treated, control []float64
	var design randomisation.Design
	blocks, _ := numbered(in.Block)
	for i, y := range in.Y {
		switch in.T[i] {
		case 1:
			treated = append(treated, y-in.Null)
		case 0:
			control = append(control, y)
		default:
			return randomisation.Result{}, &InputError{"t", errors.New("it must be 0 or 1")}
		}
		switch {
		case in.Design == "complete":
		case in.T[i] == 1:
			design.TreatedStrata = append(design.TreatedStrata, blocks[i])
		default:
			design.ControlStrata = append(design.ControlStrata, blocks[i])
		}
	}
	switch in.Design {
	case "complete", "stratified":
	case "paired":
		if !pairs(blocks) {
			return randomisation.Result{}, &InputError{"block", errors.New("a paired design has two units in each block")}
		}
	default:
		return randomisation.Result{}, &InputError{"design", errors.New("it must be complete, stratified or paired")}
	}
	return randomisation.Test(treated, control, design, randomisation.Options{Draws: in.Draws, Seed: in.Seed})
}

func pairs(blocks []int) bool {
	sizes := map[int]int{}
	for _, b := range blocks {
		sizes[b]++
	}
	for _, size := range sizes {
		if size != 2 {
			return false
		}
	}
	return true
}

type randomisationClustersInput struct {
	twoClusters
	atLevel
	Null            float64 `json:"null" default:"0" doc:"the difference under the null hypothesis"`
	ControlStrata   []int   `json:"control_strata" optional:"true" doc:"the block of each cluster of the control, when clusters were assigned in blocks"`
	TreatmentStrata []int   `json:"treatment_strata" optional:"true" doc:"the block of each cluster of the treatment"`
	Draws           int     `json:"draws" default:"10000" doc:"with more assignments than this, so many are drawn"`
	Seed            uint64  `json:"seed" default:"1" doc:"of the draws"`
}

type randomisationComparison struct {
	comparison
	Draws       int
	Exact       bool
	Assignments float64
}

func randomisationClusters(in randomisationClustersInput) (randomisationComparison, error) {
	if err := in.check(); err != nil {
		return randomisationComparison{}, err
	}
	treated, control, err := in.moments()
	if err != nil {
		return randomisationComparison{}, err
	}
	design := randomisation.Design{TreatedStrata: in.TreatmentStrata, ControlStrata: in.ControlStrata}
	c, err := randomisation.Compare(treated, control, 1, design, randomisation.Options{Draws: in.Draws, Seed: in.Seed})
	if err != nil {
		return randomisationComparison{}, err
	}
	return randomisationComparison{compare(c, in.Level, in.Null), c.Draws, c.Exact, c.Assignments}, nil
}
