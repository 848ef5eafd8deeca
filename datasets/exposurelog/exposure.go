package exposurelog

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"liftgate/datasets"
	"liftgate/datasets/expr"
)

// Exposure is one record: a unit met its variant.
type Exposure struct {
	Unit, Variant string // not empty
	Cluster       string // not empty where Columns names it, else empty
	At            datasets.Instant
	Attributes    []expr.Value // in the order of Columns.Attributes, null or of their types
}

// MaxRecord is the most bytes that the texts of one exposure may have together.
const MaxRecord = 64 << 10

const lastInstant = datasets.Instant(253_402_300_799_999_999) // the end of the year 9999

// check finds what would make the whole log unreadable for an analysis, and gives the bytes of the texts.
func (e *Exposure) check(c *Columns) (size int, err error) {
	switch {
	case e.Unit == "":
		return 0, unfit("without a unit")
	case e.Variant == "":
		return 0, unfit("without a variant")
	case e.Cluster == "" && c.Cluster != "":
		return 0, unfit("without a cluster, which the column %q needs", c.Cluster)
	case e.Cluster != "" && c.Cluster == "":
		return 0, unfit("with a cluster, and there is no column for it")
	case len(e.Attributes) != len(c.Attributes):
		return 0, unfit("with %d attributes, want %d", len(e.Attributes), len(c.Attributes))
	case e.At <= 0 || e.At > lastInstant:
		return 0, unfit("at %d microseconds, outside of the years 1970 to 9999", e.At)
	case !utf8.ValidString(e.Unit) || !utf8.ValidString(e.Variant) || !utf8.ValidString(e.Cluster):
		return 0, unfit("whose unit, variant or cluster is not UTF-8")
	}
	size = len(e.Unit) + len(e.Variant) + len(e.Cluster)
	for i := range e.Attributes {
		v := &e.Attributes[i]
		if err := c.Attributes[i].check(v); err != nil {
			return 0, err
		}
		size += len(v.Text)
	}
	if size > MaxRecord {
		return 0, unfit("of %d bytes, above %d", size, MaxRecord)
	}
	return size, nil
}

// key identifies what is logged once a day. The variant belongs to it: a unit that meets another one is a crossover, which an analysis must see.
func (e *Exposure) key() xxh3.Uint128 {
	var space [256]byte
	b := binary.AppendUvarint(space[:0], uint64(len(e.Unit)))
	b = append(b, e.Unit...)
	b = binary.AppendUvarint(b, uint64(len(e.Variant)))
	b = append(b, e.Variant...)
	b = append(b, e.Cluster...)
	return xxh3.Hash128(b)
}

// dayOf counts UTC days since 1970.
func dayOf(at datasets.Instant) int { return at.Sub(0).Days() }
