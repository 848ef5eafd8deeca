package procedure

import (
	"encoding/json"
	"errors"

	"liftgate/stats/blocked"
)

func blocks() []Procedure {
	return family("blocks",
		define("block-comparison", "two means of units in clusters randomised in blocks: strata, pairs, re-randomised; variance of the design",
			`{"control": [[3, 6, 14], [5, 9, 19], [5, 12, 31], [2, 3, 5]], "treatment": [[4, 11, 33], [3, 7, 17], [6, 19, 63], [2, 4, 10]], "control_blocks": [1, 2, 3, 4], "treatment_blocks": [1, 2, 3, 4]}`, blockComparison),
		define("block-losses", "are clusters missing more often in one variant: exact conditional test in blocks (Cox 1970)",
			`{"blocks": [[50, 50, 9, 1], [20, 21, 3, 2]]}`, blockLosses),
	)
}

type blockInput struct {
	twoClusters
	atLevel
	Null             float64     `json:"null" default:"0" doc:"the difference under the null hypothesis"`
	ControlBlocks    []label     `json:"control_blocks" optional:"true" doc:"the block of each cluster of the control, texts or numbers; absent: one block"`
	TreatmentBlocks  []label     `json:"treatment_blocks" optional:"true" doc:"the block of each cluster of the treatment"`
	ControlBalance   [][]float64 `json:"control_balance" optional:"true" doc:"the numbers of each cluster of the control that the design balanced by drawing again"`
	TreatmentBalance [][]float64 `json:"treatment_balance" optional:"true" doc:"the numbers of each cluster of the treatment that the design balanced"`
}

type blockResult struct {
	comparison
	DF              float64
	VarianceRemoved float64 // by the balance, of the difference
	blocked.Diagnostics
	Few string
}

func blockComparison(in blockInput) (blockResult, error) {
	if err := in.check(); err != nil {
		return blockResult{}, err
	}
	treated, control, err := in.moments()
	if err != nil {
		return blockResult{}, err
	}
	design := blocked.Design{TreatedBalance: in.TreatmentBalance, ControlBalance: in.ControlBalance}
	if in.ControlBlocks != nil || in.TreatmentBlocks != nil {
		all, _ := numbered(append(append([]label{}, in.TreatmentBlocks...), in.ControlBlocks...))
		design.Treated, design.Control = all[:len(in.TreatmentBlocks)], all[len(in.TreatmentBlocks):]
	}
	c, err := blocked.Compare(treated, control, 1, design)
	if err != nil {
		return blockResult{}, err
	}
	return blockResult{compare(c, in.Level, in.Null), c.DF, c.VarianceRemoved(), c.Diagnostics, c.Few()}, nil
}

type loss blocked.Loss

func (l *loss) UnmarshalJSON(text []byte) error {
	var list []float64
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != 4 {
		return errors.New("four numbers are needed")
	}
	for i, x := range list {
		n, err := whole(x)
		if err != nil {
			return err
		}
		if i < 2 {
			l.Listed[i] = n
		} else {
			l.Missing[i-2] = n
		}
	}
	return nil
}

type lossInput struct {
	Blocks []loss `json:"blocks" doc:"of each block [clusters of the treatment, of the control, missing of the treatment, of the control]"`
}

type lossResult struct {
	PValue float64 // two-sided
}

func blockLosses(in lossInput) (lossResult, error) {
	list := make([]blocked.Loss, len(in.Blocks))
	for i, b := range in.Blocks {
		list[i] = blocked.Loss(b)
	}
	p, err := blocked.CompareLosses(list)
	return lossResult{p}, err
}
