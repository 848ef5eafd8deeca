package tabular

// Batch is a run of rows of one part. Columns are decoded when they are first looked at.
type Batch struct {
	Rows  int
	Lines []int // of a CSV file: the line of each row; else nil
	from  loader

	columns []*Column
}

// loader decodes the columns of the current batch. The position is that of the want that the reader was opened with.
type loader interface {
	load(want int) (*Column, error)
}

func newBatch(from loader, wants int) *Batch {
	return &Batch{from: from, columns: make([]*Column, wants)}
}

// reset starts a new run of rows; columns of the last one are no longer valid.
func (b *Batch) reset(rows int) {
	b.Rows = rows
	clear(b.columns)
}

// Column gives a wanted column, by its position among the wants that the part was opened with.
func (b *Batch) Column(want int) (*Column, error) {
	if c := b.columns[want]; c != nil {
		return c, nil
	}
	c, err := b.from.load(want)
	if err != nil {
		return nil, err
	}
	b.columns[want] = c
	return c, nil
}

// Fail makes of an error in a cell one that [Part.Locate] places.
func (b *Batch) Fail(column string, row int, err error) error {
	if b.Lines != nil {
		err = &lineError{b.Lines[row], err}
	}
	return &columnError{column, err}
}
