package columnar

import (
	"math/bits"

	"liftgate/datasets/internal/reuse"
)

// places are where the rows at hand go in their sheet.
type places struct {
	from   int      // row of the batch where the first of them lies
	rows   []int32  // that count, from the first; nil: all
	groups []uint16 // by row that counts
	at     []int32  // by row that counts: how many units its group had before it
}

// row is the row of the batch that is the i-th that counts.
func (p *places) row(i int) int {
	if p.rows == nil {
		return p.from + i
	}
	return p.from + int(p.rows[i])
}

// place finds the places of the rows that count in the sheet.
func (r *tableReader) place(rows int) {
	r.at = reuse.Slice(r.at, len(r.groups))
	next := r.sheet.units
	for i, g := range r.groups {
		r.at[i] = int32(next[g])
		next[g]++
	}
	if r.part.start < 0 {
		r.order(rows)
	}
}

// placeFilled is place in a clustered query, where only units one of whose numbers is not zero have a place.
func (r *tableReader) placeFilled() {
	r.at, r.filled = reuse.Slice(r.at, len(r.groups)), reuse.Slice(r.filled, (len(r.groups)+63)/64)
	clear(r.filled)
	for i := range r.nonzero {
		for _, row := range r.nonzero[i].rows {
			r.filled[row>>6] |= 1 << (row & 63)
		}
	}
	next := r.sheet.units
	for w, word := range r.filled {
		for ; word != 0; word &= word - 1 {
			i := w<<6 + bits.TrailingZeros64(word)
			g := r.groups[i]
			r.at[i] = int32(next[g])
			next[g]++
			r.sheet.clusters[g] = append(r.sheet.clusters[g], r.codes[i])
		}
	}
}

// order notes the groups of rows.
func (r *tableReader) order(rows int) {
	at := len(r.sheet.order)
	if r.rows == nil {
		r.sheet.order = append(r.sheet.order, r.groups...)
		return
	}
	for range rows {
		r.sheet.order = append(r.sheet.order, dropped)
	}
	for i, row := range r.rows {
		r.sheet.order[at+int(row)] = r.groups[i]
	}
}
