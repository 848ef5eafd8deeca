package calibration

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// deck is what is dealt out: units side by side, counted and summed by variant for many splits at once.
type deck struct {
	seed    uint64
	chances chances
	units   int
	counted []counted
	totals  []int64 // of counted
	vectors []*vectors
}

// hands are what treatments got in some splits. What the control got is the rest of the whole.
type hands struct {
	count [][][]int64     // by counted, treatment and split
	sums  [][][][]float64 // by vectors, treatment, sum and split
	whole [][]float64     // by vectors and sum
}

// stripes are stretches of units whose draws and sums do not depend on each other: there are as many whoever works on them, and their sums are added
// in their order.
const stripes = 16

// batch is how many words are drawn for one split before the next: the draws of all splits then stay in the cache.
const batch = 16

func (d *deck) newHands(splits int) *hands {
	h := &hands{}
	for range d.counted {
		count := make([][]int64, len(d.chances))
		for t := range count {
			count[t] = make([]int64, splits)
		}
		h.count = append(h.count, count)
	}
	for _, v := range d.vectors {
		sums := make([][][]float64, len(d.chances))
		for t := range sums {
			sums[t] = make([][]float64, v.width())
			for k := range sums[t] {
				sums[t][k] = make([]float64, splits)
			}
		}
		h.sums, h.whole = append(h.sums, sums), append(h.whole, make([]float64, v.width()))
	}
	return h
}

// deal deals all units out, once for each of some splits from the first one on.
func (d *deck) deal(ctx context.Context, first, splits, workers int, done func()) (*hands, error) {
	var parts [stripes]*hands
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(workers, stripes) {
		g.Go(func() error {
			for i := int(next.Add(1) - 1); i < stripes; i = int(next.Add(1) - 1) {
				parts[i] = d.newHands(splits)
				if err := d.stripe(ctx, i, first, parts[i]); err != nil {
					return err
				}
				done()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, p := range parts[1:] {
		parts[0].merge(p)
	}
	return parts[0], nil
}

// words are those of a stripe.
func (d *deck) words(stripe int) (from, to int) {
	n := (d.units + wordUnits - 1) / wordUnits
	return stripe * n / stripes, (stripe + 1) * n / stripes
}

func (d *deck) stripe(ctx context.Context, stripe, first int, h *hands) error {
	splits := len(h.count[0][0])
	streams := make([]*rand.ChaCha8, splits)
	for s := range streams {
		streams[s] = chance(d.seed, first+s, dealUnits, stripe)
	}
	w := worker{deck: d, hands: h, masks: make([][]uint64, batch*len(d.chances))}
	for i := range w.masks {
		w.masks[i] = make([]uint64, splits)
	}
	from, to := d.words(stripe)
	for ; from < to; from += batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		words := min(batch, to-from)
		w.draw(streams, words)
		for i := range words {
			w.count(from+i, w.masks[i*len(d.chances):][:len(d.chances)])
			w.sum(from+i, w.masks[i*len(d.chances):][:len(d.chances)])
		}
	}
	return nil
}

// worker deals out a stripe.
type worker struct {
	*deck
	*hands

	masks  [][]uint64 // by word of the batch and treatment: of each split
	own    [maxWidth][wordUnits]float64
	tables subsets
}

func (w *worker) draw(streams []*rand.ChaCha8, words int) {
	k := len(w.chances)
	dealt := make([]uint64, k)
	for s, r := range streams {
		for i := range words {
			w.chances.masks(r, dealt)
			for t, m := range dealt {
				w.masks[i*k+t][s] = m
			}
		}
	}
}

func (w *worker) count(word int, masks [][]uint64) {
	for c, set := range w.counted {
		if set[word] == 0 {
			continue
		}
		for t := range masks {
			n := w.hands.count[c][t]
			for s, m := range masks[t] {
				n[s] += int64(bits.OnesCount64(m & set[word]))
			}
		}
	}
}

func (w *worker) sum(word int, masks [][]uint64) {
	for i, v := range w.vectors {
		if v.active[word] == 0 {
			continue
		}
		own := w.own[:v.width()]
		v.word(word, own)
		for k := range own {
			w.tables.fill(&own[k])
			w.whole[i][k] += w.tables.all()
			for t := range masks {
				w.tables.add(w.sums[i][t][k], masks[t])
			}
		}
	}
}

func (h *hands) merge(o *hands) {
	for c := range h.count {
		for t := range h.count[c] {
			for s, n := range o.count[c][t] {
				h.count[c][t][s] += n
			}
		}
	}
	for i := range h.sums {
		for t := range h.sums[i] {
			for k, sums := range h.sums[i][t] {
				for s, x := range o.sums[i][t][k] {
					sums[s] += x
				}
			}
		}
		for k, x := range o.whole[i] {
			h.whole[i][k] += x
		}
	}
}

// dealt tells what one split gave each unit: the place of its treatment, or len(chances) for the control.
func (d *deck) dealt(split int) []uint16 {
	out := make([]uint16, d.units)
	masks := make([]uint64, len(d.chances))
	for stripe := range stripes {
		r := chance(d.seed, split, dealUnits, stripe)
		from, to := d.words(stripe)
		for w := from; w < to; w++ {
			d.chances.masks(r, masks)
			for i := w * wordUnits; i < min((w+1)*wordUnits, d.units); i++ {
				out[i] = uint16(len(masks))
				for t, m := range masks {
					if m>>(i%wordUnits)&1 == 1 {
						out[i] = uint16(t)
					}
				}
			}
		}
	}
	return out
}
