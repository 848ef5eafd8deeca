package columnar_test

import (
	"bytes"
	"math"
	"math/big"
	"math/rand/v2"
	"os"

	"github.com/apache/arrow/go/v17/arrow/float16"

	"liftgate/datasets"
	"liftgate/datasets/expr"
	"liftgate/datasets/pagetest"
	"liftgate/datasets/sourcetest"
)

// writePages writes rows of a table to a Parquet file, page by page, in a shape and with types that r chooses. Columns of exact numbers hold
// integers if asked to; decimals, which no key may be, are as good otherwise.
func writePages(name string, r *rand.Rand, t *sourcetest.Table, rows [][]expr.Value, integers bool) error {
	var columns []pagetest.Column
	for i, c := range t.Columns {
		cells := make([]expr.Value, len(rows))
		for j := range rows {
			cells[j] = rows[j][i]
		}
		class := floating
		if every(t, i, func(v expr.Value) bool { return v.Exact }) {
			class = whole
			if integers || c.Name == t.Spec.Unit || c.Name == t.Spec.Cluster {
				class = integer
			}
		}
		columns = append(columns, pageColumn(r, c, cells, class))
	}
	var out bytes.Buffer
	if err := pagetest.Write(&out, r, columns); err != nil {
		return err
	}
	return os.WriteFile(name, out.Bytes(), 0o600)
}

// class is what the files of a table must agree on: numbers with a fraction, without, or integers.
type class int

const (
	floating class = iota
	whole
	integer
)

// store is a way to store the cells of a column.
type store struct {
	column pagetest.Column
	cell   func(expr.Value) pagetest.Cell
}

func pageColumn(r *rand.Rand, c datasets.Column, cells []expr.Value, of class) pagetest.Column {
	var stores []store
	switch c.Type {
	case expr.Bool:
		stores = []store{{pagetest.Column{Physical: pagetest.Boolean}, func(v expr.Value) pagetest.Cell {
			if v.Bool {
				return pagetest.Cell{Int: 1}
			}
			return pagetest.Cell{}
		}}}
	case expr.Text:
		stores = textStores()
	case expr.Time:
		stores = timeStores(r, cells)
	default:
		stores = numberStores(cells, of)
	}
	s := stores[r.IntN(len(stores))]
	out := s.column
	out.Name, out.Optional = c.Name, r.IntN(2) == 0
	for _, v := range cells {
		if v.Null() {
			out.Optional = true
			out.Cells = append(out.Cells, pagetest.Cell{Null: true})
			continue
		}
		out.Cells = append(out.Cells, s.cell(v))
	}
	return out
}

// all reports whether every cell that is not null is so.
func all(cells []expr.Value, so func(expr.Value) bool) bool {
	for _, v := range cells {
		if !v.Null() && !so(v) {
			return false
		}
	}
	return true
}

func textStores() []store {
	cell := func(v expr.Value) pagetest.Cell { return pagetest.Cell{Bytes: v.Text} }
	bytes := pagetest.Column{Physical: pagetest.ByteArray}
	text := bytes
	text.Meaning.Kind = pagetest.Text
	return []store{{text, cell}, {text, cell}, {bytes, cell}}
}

const dayMicros = int64(datasets.Day)

// timeStores assumes that wall clocks are in UTC.
func timeStores(r *rand.Rand, cells []expr.Value) []store {
	clock := func(unit int, of func(micros int64) int64) store {
		c := pagetest.Column{Physical: pagetest.Int64, Meaning: pagetest.Meaning{Kind: pagetest.Timestamp, Unit: unit, UTC: r.IntN(2) == 0}}
		return store{c, func(v expr.Value) pagetest.Cell { return pagetest.Cell{Int: of(v.Int)} }}
	}
	finer := func() int64 { return r.Int64N(1000) }
	stores := []store{
		clock(1e6, func(micros int64) int64 { return micros }),
		clock(1e9, func(micros int64) int64 { return micros*1000 + finer() }),
		{pagetest.Column{Physical: pagetest.Int96}, func(v expr.Value) pagetest.Cell { return int96(v.Int, finer()) }},
	}
	if all(cells, func(v expr.Value) bool { return v.Int%1000 == 0 }) {
		stores = append(stores, clock(1e3, func(micros int64) int64 { return micros / 1000 }))
	}
	if all(cells, func(v expr.Value) bool { return v.Int%dayMicros == 0 }) {
		date := pagetest.Column{Physical: pagetest.Int32, Meaning: pagetest.Meaning{Kind: pagetest.Date}}
		cell := func(v expr.Value) pagetest.Cell { return pagetest.Cell{Int: v.Int / dayMicros} }
		stores = append(stores, store{date, cell}, store{date, cell})
	}
	return stores
}

// int96 is nanoseconds of a day, then the Julian day.
func int96(micros, nanos int64) pagetest.Cell {
	day := int64(math.Floor(float64(micros) / float64(dayMicros)))
	return pagetest.Cell{Bytes: string(littleEndian((micros-day*dayMicros)*1000+nanos, 8)) + string(littleEndian(day+2_440_588, 4))}
}

func littleEndian(v int64, size int) []byte {
	out := make([]byte, size)
	for i := range out {
		out[i] = byte(v >> (8 * i))
	}
	return out
}

func numberStores(cells []expr.Value, of class) []store {
	switch of {
	case integer:
		return integerStores(cells)
	case whole:
		stores := decimalStores(cells, 0)
		if all(cells, func(v expr.Value) bool { return v.Int == int64(float64(v.Int)) }) { // with a fraction they are floats
			stores = append(stores, decimalStores(cells, 1)...)
		}
		return stores
	}
	float := func(v expr.Value) pagetest.Cell { return pagetest.Cell{Float: v.Number()} }
	stores := []store{{pagetest.Column{Physical: pagetest.Double}, float}}
	if all(cells, func(v expr.Value) bool { return math.IsNaN(v.Float) || float64(float32(v.Float)) == v.Float }) {
		stores = append(stores, store{pagetest.Column{Physical: pagetest.Float}, float})
	}
	if all(cells, func(v expr.Value) bool { return float64(half(v).Float32()) == v.Float }) {
		c := pagetest.Column{Physical: pagetest.FixedBytes, Length: 2, Meaning: pagetest.Meaning{Kind: pagetest.Half}}
		stores = append(stores, store{c, func(v expr.Value) pagetest.Cell {
			return pagetest.Cell{Bytes: string(littleEndian(int64(half(v).Uint16()), 2))}
		}})
	}
	for _, scale := range []int{0, 2, 3, 20} {
		stores = append(stores, decimalStores(cells, scale)...)
	}
	return stores
}

func half(v expr.Value) float16.Num { return float16.New(float32(v.Float)) }

func integerStores(cells []expr.Value) []store {
	cell := func(v expr.Value) pagetest.Cell { return pagetest.Cell{Int: v.Int} }
	stores := []store{{pagetest.Column{Physical: pagetest.Int64}, cell}}
	for _, bits := range []int{8, 16, 32, 64} {
		physical := int32(pagetest.Int32)
		if bits == 64 {
			physical = pagetest.Int64
		}
		if all(cells, func(v expr.Value) bool { return v.Int<<(64-bits)>>(64-bits) == v.Int }) {
			c := pagetest.Column{Physical: physical, Meaning: pagetest.Meaning{Kind: pagetest.Integer, Bits: bits}}
			stores = append(stores, store{c, cell})
		}
		if all(cells, func(v expr.Value) bool { return v.Int >= 0 && (bits == 64 || v.Int>>bits == 0) }) {
			c := pagetest.Column{Physical: physical, Meaning: pagetest.Meaning{Kind: pagetest.Integer, Bits: bits, Unsigned: true}}
			stores = append(stores, store{c, cell})
		}
	}
	return stores
}

// decimalStores are those whose nearest floats are the cells.
func decimalStores(cells []expr.Value, scale int) []store {
	widest := 0
	if !all(cells, func(v expr.Value) bool {
		n := unscaled(v, scale)
		if n != nil {
			widest = max(widest, n.BitLen()+1)
		}
		return n != nil
	}) || widest > 256 {
		return nil
	}
	with := func(physical int32, length, precision int) pagetest.Column {
		m := pagetest.Meaning{Kind: pagetest.Decimal, Precision: max(precision, scale), Scale: scale}
		return pagetest.Column{Physical: physical, Length: length, Meaning: m}
	}
	whole := func(v expr.Value) pagetest.Cell { return pagetest.Cell{Int: unscaled(v, scale).Int64()} }
	stores := []store{{with(pagetest.ByteArray, 0, 76), func(v expr.Value) pagetest.Cell {
		n := unscaled(v, scale)
		return pagetest.Cell{Bytes: bigEndian(n, n.BitLen()/8+1)}
	}}}
	if widest <= 32 && scale <= 9 {
		stores = append(stores, store{with(pagetest.Int32, 0, 9), whole})
	}
	if widest <= 64 && scale <= 18 {
		stores = append(stores, store{with(pagetest.Int64, 0, 18), whole})
	}
	for _, length := range []int{widest/8 + 1, 16, 32} {
		if 8*length >= widest {
			precision := min(76, int(float64(8*length-1)*math.Log10(2)))
			if precision < scale {
				continue
			}
			stores = append(stores, store{with(pagetest.FixedBytes, length, precision), func(v expr.Value) pagetest.Cell {
				return pagetest.Cell{Bytes: bigEndian(unscaled(v, scale), length)}
			}})
		}
	}
	return stores
}

// unscaled is the integer that, divided by 10^scale, has v as its nearest float; nil where there is none.
func unscaled(v expr.Value, scale int) *big.Int {
	if v.Exact {
		return new(big.Int).Mul(big.NewInt(v.Int), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
	}
	if !finite(v.Float) || v.Float == 0 && math.Signbit(v.Float) {
		return nil
	}
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	x := new(big.Rat).Mul(new(big.Rat).SetFloat64(v.Float), new(big.Rat).SetInt(power))
	n, _ := new(big.Int).SetString(x.FloatString(0), 10)
	if f, _ := new(big.Rat).SetFrac(n, power).Float64(); f != v.Float {
		return nil
	}
	return n
}

// bigEndian is n in two's complement.
func bigEndian(n *big.Int, length int) string {
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*length)))
	}
	return string(n.FillBytes(make([]byte, length)))
}
