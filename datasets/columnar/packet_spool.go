package columnar

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"sync"

	"liftgate/datasets/internal/depot"
)

// spooled is the packets of one pass in a temporary file.
type spooled struct {
	*packetWriter
	bounds packetBounds
	dir    string
	file   *os.File
}

func newSpooled(dir string, shape packetShape) (*spooled, error) {
	f, err := depot.TempFile(dir)
	if err != nil {
		return nil, depot.InFolder(dir, err)
	}
	return &spooled{packetWriter: newPacketWriter(f, shape), dir: dir, file: f}, nil
}

func (s *spooled) add(p *packet) error {
	if err := s.write(p); err != nil {
		return depot.InFolder(s.dir, err)
	}
	return nil
}

// close takes a file away; there may be none.
func (s *spooled) close() error {
	if s == nil {
		return nil
	}
	return s.file.Close()
}

// replay is a pass over the packets of a temporary file.
type replay struct {
	*spooled
	workers  int
	from, to int // partitions
	until    int // the first packet that is of no interest any more
	apply    application
	progress func(bytes int64)
}

// run takes the packets into the partitions, in their order. A failed row comes back as first.
func (r *replay) run(ctx context.Context) (first applyError, err error) {
	free := &sync.Pool{}
	a := newAppliers(&scan{workers: r.workers, apply: r.apply}, free)
	err = r.read(ctx, a, free)
	return a.wait(), err
}

func (r *replay) read(ctx context.Context, a *appliers, free *sync.Pool) error {
	in := newPacketReader(r.file, r.bytes, r.shape, r.bounds)
	for number := 0; number < r.until && !a.failed.Load(); number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, ok := free.Get().(*packet)
		if !ok {
			p = &packet{}
		}
		at := in.at
		err := in.next(p, r.from, r.to)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return depot.InFolder(r.dir, err)
		}
		if r.progress != nil {
			r.progress(in.at - at)
		}
		a.hand(p, number)
	}
	return nil
}

// allPackets is a number that no packet has.
const allPackets = math.MaxInt
