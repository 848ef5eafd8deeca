package untrusted

import (
	"encoding/binary"
	"errors"
	"math"
)

var errMessage = errors.New("a message is damaged")

// Field numbers and union tags of Message.fbs and Schema.fbs.
const (
	messageHeaderType, messageHeader, messageBodyLength           = 1, 2, 3
	headerSchema, headerDictionaryBatch, headerRecordBatch        = 1, 2, 3
	schemaFields, schemaMetadata, schemaFeatures                  = 1, 2, 3
	fieldName, fieldTypeTag, fieldType, fieldDictionary           = 0, 2, 3, 4
	fieldChildren, fieldMetadata, typeUnion, unionIDs             = 5, 6, 14, 1
	batchLength, batchNodes, batchBuffers, batchCompression       = 0, 1, 2, 3
	batchVariadic, nodeSize, nodeLength, nodeNulls                = 4, 16, 0, 8
	dictionaryData, dictionaryIndexType, keyValueKey, keyValueVal = 1, 1, 0, 1
)

// flat checks the flatbuffer of a message before the Arrow library reads it, because that believes every length. After the
// first mistake, bad is set and every read gives zero.
type flat struct {
	data    []byte
	visited int // tables, so that a loop of offsets ends
	bad     bool
}

// VerifyMessage checks the metadata of an IPC message and gives the length of its body in bytes.
func VerifyMessage(meta []byte) (bodyLength int64, err error) {
	f := &flat{data: meta}
	message := f.table(f.follow(0))
	header := f.child(message, messageHeader)
	switch f.byteAt(message.field(messageHeaderType)) {
	case headerSchema:
		f.schema(header)
	case headerDictionaryBatch:
		f.batch(f.child(header, dictionaryData))
	case headerRecordBatch:
		f.batch(header)
	}
	if at := message.field(messageBodyLength); at != 0 && f.has(at, 8) {
		bodyLength = int64(binary.LittleEndian.Uint64(meta[at:]))
	}
	if f.bad || bodyLength < 0 {
		return 0, errMessage
	}
	return bodyLength, nil
}

// flatTable is where a table lies and where its fields are; the zero value is an absent table.
type flatTable struct {
	at     int64
	fields []byte // offsets, two bytes a field
}

// field gives the place of a field, 0 when it is absent.
func (t flatTable) field(i int) int64 {
	if 2*i+2 > len(t.fields) {
		return 0
	}
	offset := binary.LittleEndian.Uint16(t.fields[2*i:])
	if offset == 0 {
		return 0
	}
	return t.at + int64(offset)
}

func (f *flat) has(at, size int64) bool {
	if at < 0 || size < 0 || at > int64(len(f.data)) || size > int64(len(f.data))-at {
		f.bad = true
	}
	return !f.bad
}

func (f *flat) byteAt(at int64) byte {
	if at == 0 || !f.has(at, 1) {
		return 0
	}
	return f.data[at]
}

func (f *flat) wordAt(at int64) int64 {
	if !f.has(at, 4) {
		return 0
	}
	return int64(binary.LittleEndian.Uint32(f.data[at:]))
}

// follow gives the place that an offset points to.
func (f *flat) follow(at int64) int64 { return at + f.wordAt(at) }

func (f *flat) table(at int64) flatTable {
	if f.visited++; f.visited > len(f.data) {
		f.bad = true
	}
	start := at - int64(int32(f.wordAt(at)))
	if !f.has(start, 4) {
		return flatTable{}
	}
	size := int64(binary.LittleEndian.Uint16(f.data[start:]))
	if size < 4 || size%2 != 0 || !f.has(start, size) { // of an odd one the library reads a byte too many
		f.bad = true
		return flatTable{}
	}
	return flatTable{at, f.data[start+4 : start+size]}
}

func (f *flat) child(t flatTable, i int) flatTable {
	at := t.field(i)
	if at == 0 || f.bad {
		return flatTable{}
	}
	return f.table(f.follow(at))
}

// vector checks that a vector lies in the data and gives the places of its elements' first byte and their number.
func (f *flat) vector(t flatTable, i int, size int64) (start, n int64) {
	at := t.field(i)
	if at == 0 || f.bad {
		return 0, 0
	}
	at = f.follow(at)
	n = f.wordAt(at)
	if !f.has(at+4, n*size) {
		return 0, 0
	}
	return at + 4, n
}

// tables calls visit for each table of a vector of offsets.
func (f *flat) tables(t flatTable, i int, visit func(flatTable)) {
	start, n := f.vector(t, i, 4)
	for j := int64(0); j < n && !f.bad; j++ {
		visit(f.table(f.follow(start + 4*j)))
	}
}

func (f *flat) schema(t flatTable) {
	f.tables(t, schemaFields, func(c flatTable) { f.field(c, 0) })
	f.tables(t, schemaMetadata, f.keyValue)
	f.vector(t, schemaFeatures, 8)
}

func (f *flat) field(t flatTable, depth int) {
	if depth > maxDepth {
		f.bad = true
		return
	}
	f.vector(t, fieldName, 1)
	typ := f.child(t, fieldType)
	if f.byteAt(t.field(fieldTypeTag)) == typeUnion {
		f.vector(typ, unionIDs, 4)
	}
	f.child(f.child(t, fieldDictionary), dictionaryIndexType)
	f.tables(t, fieldChildren, func(c flatTable) { f.field(c, depth+1) })
	f.tables(t, fieldMetadata, f.keyValue)
}

func (f *flat) keyValue(t flatTable) {
	f.vector(t, keyValueKey, 1)
	f.vector(t, keyValueVal, 1)
}

// maxRows is the most rows that a batch can have: Arrow's bound for what other languages read.
const maxRows = math.MaxInt32

func (f *flat) batch(t flatTable) {
	if at := t.field(batchLength); at != 0 {
		f.rows(at)
	}
	start, n := f.vector(t, batchNodes, nodeSize)
	for node := start; node < start+n*nodeSize && !f.bad; node += nodeSize {
		f.rows(node + nodeLength)
		f.rows(node + nodeNulls)
	}
	f.vector(t, batchBuffers, 16)
	f.child(t, batchCompression)
	f.vector(t, batchVariadic, 8)
}

// rows checks a number of rows.
func (f *flat) rows(at int64) {
	if f.has(at, 8) && binary.LittleEndian.Uint64(f.data[at:]) > maxRows {
		f.bad = true
	}
}
