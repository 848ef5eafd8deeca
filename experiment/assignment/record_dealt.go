package assignment

import (
	"fmt"
	"math"

	"liftgate/datasets/bucket"
)

// checkDealt says what no draw by the design gives, so that a record that was edited is not analysed as if it had been drawn. In a block, each
// variant has its part of the merchants but for rounding; blocks of a paired design are no larger than the weights add up to; and nobody is
// missing whom the report speaks of.
func (r *Record) checkDealt() error {
	k, total := len(r.Variants), 0.0
	place := make(map[string]int, k)
	for v, share := range r.Variants {
		place[share.Name] = v
		total += float64(share.Weight)
	}
	drawn, dealt := 0, make([]int, (len(r.Merchants)+1)*k) // by block and variant
	for i := range r.Merchants {
		if m := &r.Merchants[i]; m.Reason == bucket.Assigned {
			drawn++
			dealt[m.Block*k+place[m.Variant]]++
		}
	}
	if r.Report.Merchants > 0 && r.Report.Merchants != drawn {
		return fmt.Errorf("merchants: %d have a variant by the draw, and the report says %d: the list was changed after it was drawn", drawn, r.Report.Merchants)
	}
	for block := range len(r.Merchants) + 1 {
		counts := dealt[block*k : (block+1)*k]
		n := 0
		for _, count := range counts {
			n += count
		}
		if r.Design.Method == "paired" && float64(n) > total {
			return fmt.Errorf("block %d has %d merchants, and weights that add up to %.0f make none so large: the list was changed after it was drawn", block, n, total)
		}
		for v, count := range counts {
			if math.Abs(float64(count)*total-float64(n)*float64(r.Variants[v].Weight)) >= total {
				return fmt.Errorf("block %d has %d of its %d merchants in %s, which no draw by the weights gives: the list was changed after it was drawn",
					block, count, n, r.Variants[v].Name)
			}
		}
	}
	return nil
}
