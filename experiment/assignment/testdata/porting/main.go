// This file is compiled with the Go block of PORTING.md.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func (v *Variant) UnmarshalJSON(pair []byte) error {
	return json.Unmarshal(pair, &[]any{&v.Name, &v.Weight})
}

func main() {
	var vectors struct {
		Plans []struct {
			Plan
			Name         string
			HoldoutShare uint64 `json:"holdout_share"`
		}
		Cases []struct{ Plan, Unit string }
	}
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &vectors)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	plans := map[string]*Plan{}
	for i := range vectors.Plans {
		p := &vectors.Plans[i]
		p.Plan.HoldoutShare = p.HoldoutShare
		plans[p.Name] = &p.Plan
	}
	for _, c := range vectors.Cases {
		p := plans[c.Plan]
		variant, reason := p.Assign(c.Unit)
		at := ""
		if reason == "assigned" {
			at = fmt.Sprint(point(p.Salt+":variant", c.Unit))
		}
		answer, _ := json.Marshal([]string{variant, reason, at})
		fmt.Println(string(answer))
	}
}
