package exposurelog

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"liftgate/datasets/expr"
)

// Format names the format in the metadata of every file.
const Format = "liftgate.exposures/v1"

// Columns are the names that a definition's data.exposures gives the columns. No two are the same.
type Columns struct {
	Unit, Variant, Time string
	Cluster             string // empty where no cluster is logged
	Attributes          []Attribute
}

// Options are where and how a log is kept. All but Dir and Columns may be zero.
type Options struct {
	Dir     string // of this log alone; made when it is not there
	Columns Columns

	// Sync is how long a record waits for others before they are written and synced together. 0: 200 ms. It is the most that a crash takes,
	// beside the time that a write under way needs.
	Sync time.Duration
	// Buffer is how many bytes of records may wait while others are being written, at most 1 GiB. 0: 16 MiB. Add blocks when it is full.
	Buffer int
	// FileSize is the size in bytes from which on a file is followed by a new one. 0: 256 MiB.
	FileSize int64
	// Remember is how many records of the last two days are known, so that they are not logged again. 0: 4,000,000.
	Remember int
	// Memory is what several logs may remember together, each of them at most Remember; nil: there is no further bound.
	Memory *Memory
}

const (
	defaultSync     = 200 * time.Millisecond
	defaultBuffer   = 16 << 20
	maxBuffer       = 1 << 30
	defaultFileSize = 256 << 20
	defaultRemember = 4_000_000
)

// complete checks the options and fills in the defaults.
func (o Options) complete() (Options, error) {
	switch {
	case o.Dir == "":
		return o, errors.New("exposurelog: no folder is given")
	case o.Sync < 0 || o.Buffer < 0 || o.Buffer > maxBuffer || o.FileSize < 0 || o.Remember < 0:
		return o, fmt.Errorf("exposurelog: sync %v, buffer %d, file size %d, remember %d: none may be negative, nor the buffer above %d",
			o.Sync, o.Buffer, o.FileSize, o.Remember, maxBuffer)
	}
	if o.Sync == 0 {
		o.Sync = defaultSync
	}
	if o.Buffer == 0 {
		o.Buffer = defaultBuffer
	}
	if o.FileSize == 0 {
		o.FileSize = defaultFileSize
	}
	if o.Remember == 0 {
		o.Remember = defaultRemember
	}
	o.Columns.Attributes = slices.Clone(o.Columns.Attributes)
	return o, o.Columns.check()
}

func (c *Columns) check() error {
	for _, required := range []struct{ what, name string }{{"unit", c.Unit}, {"variant", c.Variant}, {"time", c.Time}} {
		if required.name == "" {
			return fmt.Errorf("exposurelog: the %s has no column", required.what)
		}
	}
	for i := range c.Attributes {
		switch a := &c.Attributes[i]; {
		case a.Name == "":
			return errors.New("exposurelog: an attribute has no name")
		case a.Type > expr.Time:
			return fmt.Errorf("exposurelog: the attribute %q has a type that there is not", a.Name)
		}
	}
	names := c.names()
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("exposurelog: two columns are called %q", name)
		}
	}
	return nil
}

// names lists the columns in the order of the files.
func (c *Columns) names() []string {
	names := []string{c.Unit, c.Variant, c.Time}
	if c.Cluster != "" {
		names = append(names, c.Cluster)
	}
	for i := range c.Attributes {
		names = append(names, c.Attributes[i].Name)
	}
	return names
}

// Positions of columns in a file. What follows are the cluster, where there is one, and the attributes.
const (
	unitColumn = iota
	variantColumn
	timeColumn
	firstFurtherColumn
)

func (c *Columns) schema() *arrow.Schema {
	fields := []arrow.Field{
		{Name: c.Unit, Type: arrow.BinaryTypes.String},
		{Name: c.Variant, Type: arrow.BinaryTypes.String},
		{Name: c.Time, Type: arrow.FixedWidthTypes.Timestamp_us},
	}
	if c.Cluster != "" {
		fields = append(fields, arrow.Field{Name: c.Cluster, Type: arrow.BinaryTypes.String})
	}
	for i := range c.Attributes {
		fields = append(fields, c.Attributes[i].field())
	}
	metadata := arrow.NewMetadata([]string{"format"}, []string{Format})
	return arrow.NewSchema(fields, &metadata)
}
