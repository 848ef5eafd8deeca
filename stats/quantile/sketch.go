package quantile

import (
	"math/big"
	"slices"
	"sort"

	"liftgate/stats"
)

// Sketch is values in buckets, with what their units have in them: sums of whole numbers, so any parts of the data merge to the same
// sketch in any order. C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
// Guarantees", PVLDB 12 (2019) 2195-2205; buckets are those of [BucketOf] in place of a logarithm's, which need not be the same elsewhere.
//
// Its zero value is without units. Of units that lie in two sketches the sums do not merge.
type Sketch struct {
	Units   int64 // randomisation units, those without values too
	Rows    int64 // values
	Squares int64 // sum over units of the square of the unit's number of values
	Coarse  int   // how many times pairs of buckets were joined; a bucket then goes by the number of the first one in it
	Buckets []SketchBucket
}

// SketchBucket is what one bucket adds. Of a unit with n values, c of which lie in this bucket or a lower one and b of which in a lower one,
// these are c-b, c²-b² and (c-b)n, summed over units.
type SketchBucket struct {
	Bucket                  int32
	Rows, Squares, Products int64
}

// SketchOf is the sketch of one unit, given its values' buckets, which it puts in order. Buckets are appended to room.
func SketchOf(buckets []int32, room []SketchBucket) Sketch {
	slices.Sort(buckets)
	n := int64(len(buckets))
	out := Sketch{Units: 1, Rows: n, Squares: n * n}
	for from := 0; from < len(buckets); {
		to := from + 1
		for to < len(buckets) && buckets[to] == buckets[from] {
			to++
		}
		before, rows := int64(from), int64(to-from)
		room = append(room, SketchBucket{buckets[from], rows, rows * (rows + 2*before), rows * n})
		from = to
	}
	out.Buckets = room
	return out
}

// Merge adds the units of another sketch. The finer one becomes as coarse as the other; o stays as it is.
func (s *Sketch) Merge(o *Sketch) {
	if s.Coarse < o.Coarse {
		s.Coarsen(o.Coarse)
	} else if o.Coarse < s.Coarse {
		finer := *o
		finer.Buckets = slices.Clone(o.Buckets)
		finer.Coarsen(s.Coarse)
		o = &finer
	}
	s.Units += o.Units
	s.Rows += o.Rows
	s.Squares += o.Squares
	s.Buckets = mergeBuckets(s.Buckets, o.Buckets)
}

// mergeBuckets merges lists that are in order, the second into the memory of the first where its buckets are there.
func mergeBuckets(a, b []SketchBucket) []SketchBucket {
	var news int
	i := 0
	for _, x := range b {
		i += sort.Search(len(a)-i, func(k int) bool { return a[i+k].Bucket >= x.Bucket })
		if i == len(a) || a[i].Bucket != x.Bucket {
			news++
		}
	}
	n := len(a)
	a = slices.Grow(a, news)[:n+news]
	i, j := n-1, len(b)-1
	for to := len(a) - 1; j >= 0; to-- {
		switch {
		case i < 0 || a[i].Bucket < b[j].Bucket:
			a[to] = b[j]
			j--
		case a[i].Bucket > b[j].Bucket:
			a[to] = a[i]
			i--
		default:
			a[to] = a[i]
			a[to].add(&b[j])
			i--
			j--
		}
	}
	return a
}

// Coarsen joins buckets until the sketch is so coarse, if it is not.
func (s *Sketch) Coarsen(coarse int) {
	if coarse <= s.Coarse {
		return
	}
	s.Coarse = coarse
	for i := range s.Buckets {
		s.Buckets[i].Bucket = joined(s.Buckets[i].Bucket, coarse)
	}
	s.Buckets = SumBuckets(s.Buckets)
}

// SumBuckets makes one of neighbours that are the same bucket, in the memory of the list.
func SumBuckets(buckets []SketchBucket) []SketchBucket {
	out := buckets[:0]
	for _, b := range buckets {
		if last := len(out) - 1; last >= 0 && out[last].Bucket == b.Bucket {
			out[last].add(&b)
		} else {
			out = append(out, b)
		}
	}
	return out
}

func (b *SketchBucket) add(o *SketchBucket) {
	b.Rows += o.Rows
	b.Squares += o.Squares
	b.Products += o.Products
}

// Whole reports whether the buckets hold all values: they may not have been kept.
func (s *Sketch) Whole() bool {
	rows := int64(0)
	for _, b := range s.Buckets {
		if b.Rows < 0 || b.Squares < 0 || b.Products < 0 {
			return false
		}
		rows += b.Rows
	}
	return rows == s.Rows
}

// Finite reports whether all values are.
func (s *Sketch) Finite() bool {
	n := len(s.Buckets)
	return n == 0 || s.Buckets[0].Bucket > -LastBucket && s.Buckets[n-1].Bucket < LastBucket
}

// Sketched is what a summary has in place of exact order statistics.
type Sketched struct {
	Error  float64       // how far Value is from the quantile at most, as a share of it
	Upper  []float64     // upper bounds of the order statistics at Summary.Ranks; Summary.Values are lower ones
	Before stats.Moments // as Summary.Shares, of values in buckets lower than the quantile's, unless that has one value only
}

// Summary is that of a sketch: Value is the middle of the quantile's bucket, Shares are of the values in that bucket and lower ones, Ranks
// are the first and the last one in each bucket.
func (s *Sketch) Summary(q float64) Summary {
	out := Summary{Q: q, Rows: s.Rows, Sketched: &Sketched{Error: sketchError(s.Coarse)}}
	if s.Units > 0 {
		out.Shares = s.shares(SketchBucket{})
		out.Sketched.Before = out.Shares
	}
	if s.Rows == 0 {
		return out
	}
	at := rank(q, s.Rows)
	var below SketchBucket
	for _, b := range s.Buckets {
		if b.Rows == 0 {
			below.add(&b)
			continue
		}
		first := below.Rows + 1
		least, most := Bounds(b.Bucket, s.Coarse)
		if first <= at && at < first+b.Rows {
			out.Value = least + (most-least)/2
			before := below
			below.add(&b)
			out.Shares = s.shares(below)
			if out.Sketched.Before = out.Shares; b.Rows > 1 {
				out.Sketched.Before = s.shares(before)
			}
		} else {
			below.add(&b)
		}
		out.holdBucket(first, least, most)
		if below.Rows > first {
			out.holdBucket(below.Rows, least, most)
		}
	}
	return out
}

func (s *Summary) holdBucket(rank int64, least, most float64) {
	s.Ranks, s.Values = append(s.Ranks, rank), append(s.Values, least)
	s.Sketched.Upper = append(s.Sketched.Upper, most)
}

// shares are the moments of (a unit's number of values so far, its number of values), given their sums.
func (s *Sketch) shares(below SketchBucket) stats.Moments {
	n := float64(s.Units)
	return stats.Moments{
		N:     s.Units,
		Means: []float64{float64(below.Rows) / n, float64(s.Rows) / n},
		Cross: []float64{
			centred(s.Units, below.Squares, below.Rows, below.Rows),
			centred(s.Units, below.Products, below.Rows, s.Rows),
			centred(s.Units, s.Squares, s.Rows, s.Rows),
		},
	}
}

// centred is xy - x y / n, without the digits that floating point would lose.
func centred(n, xy, x, y int64) float64 {
	of := big.NewInt
	top := of(0).Sub(of(0).Mul(of(n), of(xy)), of(0).Mul(of(x), of(y)))
	f, _ := new(big.Rat).SetFrac(top, of(n)).Float64()
	return f
}
