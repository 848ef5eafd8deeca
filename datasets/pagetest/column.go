package pagetest

// Physical types of parquet.thrift.
const (
	Boolean    = 0
	Int32      = 1
	Int64      = 2
	Int96      = 3
	Float      = 4
	Double     = 5
	ByteArray  = 6
	FixedBytes = 7
)

// Column is a column to be written.
type Column struct {
	Name     string
	Physical int32 // one of the constants
	Length   int   // of FixedBytes
	Meaning  Meaning
	Optional bool   // it may hold nulls
	Cells    []Cell // one a row
}

// Cell is a cell as it is stored: Int of Boolean, Int32 and Int64; Float of Float and Double; Bytes of the others.
type Cell struct {
	Null  bool
	Int   int64
	Float float64
	Bytes string
}

// Kind is a logical type.
type Kind string

// Logical types. None is what the physical type says by itself.
const (
	None      Kind = ""
	Text      Kind = "text" // one of several: string, enum, JSON
	Integer   Kind = "integer"
	Decimal   Kind = "decimal"
	Date      Kind = "date"
	Timestamp Kind = "timestamp"
	Half      Kind = "float16"
)

// Meaning is a logical type with its parameters.
type Meaning struct {
	Kind             Kind
	Bits             int  // of an Integer
	Unsigned         bool // Integer
	Precision, Scale int  // of a Decimal
	Unit             int  // of a Timestamp: a second has so many, 1e3, 1e6 or 1e9
	UTC              bool // Timestamp: an instant and not a wall clock
}
