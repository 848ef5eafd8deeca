package calibration

// wordUnits is how many units a word of bits holds.
const wordUnits = 64

// subsets are the sums of all subsets of the units of a word, eight by eight: what a unit contributes is added up once for 256 patterns, and a
// split then adds eight numbers where it would add the numbers of half of 64 units (the method of four Russians).
type subsets [wordUnits / 8][256]float64

// fill takes what each unit contributes.
func (s *subsets) fill(x *[wordUnits]float64) {
	for g := range s {
		table := &s[g]
		for i, v := range x[8*g : 8*g+8] {
			bit := 1 << i
			for m := range bit {
				table[bit|m] = table[m] + v
			}
		}
	}
}

// all is the sum over all units.
func (s *subsets) all() float64 {
	return ((s[0][255] + s[1][255]) + (s[2][255] + s[3][255])) + ((s[4][255] + s[5][255]) + (s[6][255] + s[7][255]))
}

// add adds to each sum the units that its mask has.
func (s *subsets) add(sums []float64, masks []uint64) {
	sums = sums[:len(masks)]
	for i, m := range masks {
		sums[i] += ((s[0][byte(m)] + s[1][byte(m>>8)]) + (s[2][byte(m>>16)] + s[3][byte(m>>24)])) +
			((s[4][byte(m>>32)] + s[5][byte(m>>40)]) + (s[6][byte(m>>48)] + s[7][byte(m>>56)]))
	}
}
