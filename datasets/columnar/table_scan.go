package columnar

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"liftgate/datasets/tabular"
)

// tablePart is a part of a unit table on its way into sheets.
type tablePart struct {
	origin *origin
	part   *tabular.Part
	number int
	start  int64 // the row of the table that it starts at; -1 when it is not known before the parts before it are read
	sheets []*sheet
	err    error
}

func tableParts(t *tabular.Table) []*tablePart {
	var parts []*tablePart
	start := int64(0)
	for _, p := range t.Parts() {
		parts = append(parts, &tablePart{origin: &origin{p.Path, p.Place}, part: p, number: len(parts), start: start})
		if n, known := p.Rows(); known && start >= 0 {
			start += n
		} else {
			start = -1
		}
	}
	return parts
}

// scanUnits reads a unit table, into sheets or, with a verifier, only to look at its keys once more.
func (s *Source) scanUnits(ctx context.Context, t *unitTable, verify *verifier) (parts []*tablePart, readers []*tableReader, err error) {
	err = s.pass(ctx, t.table, func(table *tabular.Table) error {
		var w tabular.Wanted
		columns := wantEnrolment(t.table, false, &w)
		newCellReader(&t.cells, &w)
		t.eligible(&w)
		sc, err := s.newScan(table, w.List)
		if err != nil {
			return err
		}
		integers := table.All(t.table.Unit, tabular.Integer)
		parts = tableParts(table)
		pass := &tablePass{scan: sc, parts: parts}
		var workers collected[*tableReader]
		pass.run(ctx, func() *tableReader {
			r := t.newReader(columns, &w, integers)
			r.verify = verify
			return workers.add(r)
		})
		if err := ctx.Err(); err != nil {
			return err
		}
		readers = workers.list
		for _, p := range parts {
			if p.err != nil {
				return p.part.Locate(p.err)
			}
		}
		return nil
	})
	return parts, readers, err
}

// tablePass reads the parts of a unit table side by side.
type tablePass struct {
	*scan
	parts  []*tablePart
	next   atomic.Int64
	failed atomic.Bool
	mu     sync.Mutex // of progress
}

func (p *tablePass) run(ctx context.Context, reader func() *tableReader) {
	var group sync.WaitGroup
	for range min(p.workers, max(1, len(p.parts))) {
		group.Go(func() {
			r := reader()
			for i := p.next.Add(1) - 1; i < int64(len(p.parts)) && !p.failed.Load() && ctx.Err() == nil; i = p.next.Add(1) - 1 {
				part := p.parts[i]
				if part.err = r.read(ctx, part, p.wants); part.err != nil {
					p.failed.Store(true)
				}
				p.mu.Lock()
				p.report(part.part)
				p.mu.Unlock()
			}
		})
	}
	group.Wait()
}

// read cuts a part into sheets.
func (r *tableReader) read(ctx context.Context, p *tablePart, wants []tabular.Want) error {
	in, err := p.part.Open(ctx, wants)
	if err != nil {
		return err
	}
	defer in.Close()
	r.part = p
	for at := max(0, p.start); ; {
		b, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		for from := 0; from < b.Rows; {
			to := min(b.Rows, from+int(sheetRows-at%sheetRows))
			if err := r.take(b, from, to); err != nil {
				return err
			}
			at, from = at+int64(to-from), to
			if at%r.rowsOfSheet() == 0 {
				if err := r.finishSheet(); err != nil {
					return err
				}
			}
		}
	}
	return r.finishSheet()
}

// finishSheet hands over what has been read.
func (r *tableReader) finishSheet() error {
	if r.sheet.rows > 0 {
		r.part.sheets = append(r.part.sheets, r.sheet.tight(r.room))
		r.room.Release()
		r.seen.room.Release()
	}
	return r.depot.Failed()
}
