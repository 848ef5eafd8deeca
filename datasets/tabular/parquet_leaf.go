package tabular

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/apache/arrow/go/v17/arrow/float16"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// leaf says how the cells of a Parquet column are stored and what they mean.
type leaf struct {
	index    int // of the column chunk
	physical parquet.Type
	length   int // of FIXED_LEN_BYTE_ARRAY
	optional bool
	kind     Kind
	why      string // of an unsupported column
	clock    clock  // of an instant
	unsigned int    // bits of an unsigned integer
	decimal  bool
	scale    int // of a decimal
	half     bool
	uuid     bool
}

func leafOf(index int, c *schema.Column) leaf {
	l := leaf{index: index, physical: c.PhysicalType(), length: c.TypeLength(), optional: c.MaxDefinitionLevel() == 1}
	switch {
	case len(c.ColumnPath()) > 1 || c.MaxRepetitionLevel() > 0 || c.MaxDefinitionLevel() > 1:
		return l.refuse("nested columns are not supported")
	case l.physical == parquet.Types.FixedLenByteArray && l.length <= 0:
		return l.refuse("its width is not stated")
	}
	logical := c.LogicalType()
	if logical == nil || logical.Equals(schema.NoLogicalType{}) {
		logical = c.ConvertedType().ToLogicalType(schema.DecimalMetadata{})
		if c.ConvertedType() == schema.ConvertedTypes.Decimal {
			meta := c.SchemaNode().(*schema.PrimitiveNode).DecimalMetadata()
			logical = schema.NewDecimalLogicalType(meta.Precision, meta.Scale)
		}
	}
	return l.interpret(logical)
}

func (l leaf) refuse(why string) leaf {
	l.kind, l.why = Unsupported, why
	return l
}

// interpret settles the kind by the logical type.
func (l leaf) interpret(logical schema.LogicalType) leaf {
	switch t := logical.(type) {
	case schema.StringLogicalType, schema.EnumLogicalType, schema.JSONLogicalType:
		l.kind = Text
	case schema.UUIDLogicalType:
		l.kind, l.uuid = Text, true
	case *schema.IntLogicalType:
		l.kind = Integer
		if !t.IsSigned() {
			l.unsigned = int(t.BitWidth())
		}
	case schema.IntLogicalType:
		l.kind = Integer
		if !t.IsSigned() {
			l.unsigned = int(t.BitWidth())
		}
	case schema.DecimalLogicalType:
		l.kind, l.decimal, l.scale = Number, true, int(t.Scale())
	case *schema.DecimalLogicalType:
		l.kind, l.decimal, l.scale = Number, true, int(t.Scale())
	case schema.DateLogicalType:
		l.kind, l.clock = Instant, clock{unit: 24 * time.Hour, local: true}
	case schema.TimestampLogicalType:
		l.kind, l.clock = Instant, clock{unit: unitOf(t.TimeUnit()), local: !t.IsAdjustedToUTC()}
	case *schema.TimestampLogicalType:
		l.kind, l.clock = Instant, clock{unit: unitOf(t.TimeUnit()), local: !t.IsAdjustedToUTC()}
	case schema.Float16LogicalType:
		l.kind, l.half = Number, true
	case schema.NullLogicalType:
		l.kind = Untyped
	case schema.NoLogicalType, nil:
		return l.bare()
	default:
		return l.refuse(fmt.Sprintf("columns of type %v are not supported", logical))
	}
	return l.checked()
}

// checked refuses a logical type that does not fit its physical type.
func (l leaf) checked() leaf {
	p := l.physical
	bytes := p == parquet.Types.ByteArray || p == parquet.Types.FixedLenByteArray
	whole := p == parquet.Types.Int32 || p == parquet.Types.Int64
	fits := true
	switch {
	case l.half:
		fits = p == parquet.Types.FixedLenByteArray && l.length == 2
	case l.uuid:
		fits = p == parquet.Types.FixedLenByteArray && l.length == 16
	case l.decimal:
		fits = (bytes || whole) && l.scale >= 0 && l.scale <= 76
	case l.kind == Text:
		fits = bytes
	case l.kind == Integer, l.kind == Instant:
		fits = whole
	}
	if !fits {
		return l.refuse("its logical and its physical type contradict each other")
	}
	return l
}

// bare settles the kind of a column without a logical type.
func (l leaf) bare() leaf {
	switch l.physical {
	case parquet.Types.Boolean:
		l.kind = Boolean
	case parquet.Types.Int32, parquet.Types.Int64:
		l.kind = Integer
	case parquet.Types.Float, parquet.Types.Double:
		l.kind = Number
	case parquet.Types.Int96:
		l.kind, l.clock = Instant, clock{unit: time.Nanosecond}
	case parquet.Types.ByteArray:
		l.kind = Text
	default:
		return l.refuse("bytes of fixed length are not supported")
	}
	return l
}

func unitOf(u schema.TimeUnitType) time.Duration {
	switch u {
	case schema.TimeUnitMillis:
		return time.Millisecond
	case schema.TimeUnitNanos:
		return time.Nanosecond
	default:
		return time.Microsecond
	}
}

// convert turns stored values into what they mean. Times without a zone are read in the given location.
func (l *leaf) convert(v physical, zone *time.Location) (Column, error) {
	c := Column{Kind: l.kind, Ints: v.ints, Floats: v.floats, Texts: v.texts}
	switch {
	case l.decimal:
		return l.decimals(v)
	case l.half:
		c.Texts, c.Floats = nil, make([]float64, len(v.texts))
		for i, s := range v.texts {
			c.Floats[i] = float64(float16.FromBits(uint16(s[0]) | uint16(s[1])<<8).Float32())
		}
	case l.uuid:
		c.Texts = make([]string, len(v.texts))
		for i, s := range v.texts {
			h := hex.EncodeToString([]byte(s))
			c.Texts[i] = h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
		}
	case l.physical == parquet.Types.Int96:
		return l.int96(v.texts)
	case l.kind == Instant:
		return c, l.clock.convert(c.Ints, zone)
	case l.unsigned > 0:
		return unsigned(v.ints, l.unsigned), nil
	}
	return c, nil
}

// unsigned reads integers without a sign; those beyond int64 become floats, in a column that holds them beside exact ones.
func unsigned(ints []int64, bits int) Column {
	c := Column{Kind: Integer, Ints: ints}
	for i, v := range ints {
		if bits < 64 {
			ints[i] = v & (1<<bits - 1)
		} else if v < 0 {
			c.overflow(i)
		}
	}
	return c
}

// overflow turns an unsigned integer beyond int64 into a float.
func (c *Column) overflow(i int) {
	if c.Exact == nil {
		c.Kind = Number
		c.Floats, c.Exact = make([]float64, len(c.Ints)), make([]bool, len(c.Ints))
		for j := range c.Exact {
			c.Exact[j] = true
		}
	}
	c.Exact[i] = false
	c.Floats[i] = float64(uint64(c.Ints[i]))
}

func (l *leaf) int96(texts []string) (Column, error) {
	const julianDayOf1970 = 2_440_588
	ints := make([]int64, len(texts))
	for i, s := range texts {
		b := []byte(s)
		nanos, day := int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint32(b[8:]))-julianDayOf1970
		if nanos < 0 || nanos >= int64(48*time.Hour) {
			return Column{}, fmt.Errorf("a time of day of %d ns", nanos)
		}
		ints[i] = day*int64(24*time.Hour/time.Microsecond) + nanos/1000
	}
	return Column{Kind: Instant, Ints: ints}, nil
}

func (l *leaf) decimals(v physical) (Column, error) {
	c := Column{Kind: Number}
	for _, n := range v.ints {
		c.addDecimal(big.NewInt(n), l.scale)
	}
	for _, s := range v.texts {
		n := new(big.Int).SetBytes([]byte(s))
		if len(s) > 0 && s[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(s))))
		}
		c.addDecimal(n, l.scale)
	}
	return c, nil
}

// addDecimal adds unscaled * 10^-scale: exactly when it is an integer, else as the nearest float.
func (c *Column) addDecimal(unscaled *big.Int, scale int) {
	if scale == 0 && unscaled.IsInt64() {
		c.Ints, c.Floats, c.Exact = append(c.Ints, unscaled.Int64()), append(c.Floats, 0), append(c.Exact, true)
		return
	}
	const exactInFloat = 1 << 53
	var f float64
	if unscaled.IsInt64() && scale <= 22 && unscaled.Int64() <= exactInFloat && unscaled.Int64() >= -exactInFloat {
		f = float64(unscaled.Int64()) / math.Pow10(scale) // both exact, so the quotient is the nearest float
	} else {
		denominator := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
		f, _ = new(big.Rat).SetFrac(unscaled, denominator).Float64()
	}
	c.Ints, c.Floats, c.Exact = append(c.Ints, 0), append(c.Floats, f), append(c.Exact, false)
}
