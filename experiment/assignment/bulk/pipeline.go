package bulk

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"liftgate/datasets/arrowfile"
	"liftgate/datasets/untrusted"
)

// pipeline reads a file, has every batch worked on by one of several workers, and takes the outcomes in the order of the file.
type pipeline[T any] struct {
	reader   arrowfile.Reader
	workers  int // 0: as many as there are processors
	progress func(done, total int64)
	work     func(*arrowfile.Batch) (T, error)
	take     func(T) error
	drop     func(T) // frees an outcome that is not taken; nil: nothing to free
}

// task is a batch on its way.
type task[T any] struct {
	batch *arrowfile.Batch
	out   T
	err   error
	ready chan struct{} // closed when out or err is set
}

// run gives the error of the first batch that failed, whoever was faster.
func (p *pipeline[T]) run(ctx context.Context) error {
	workers := p.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	waiting, ordered := make(chan *task[T]), make(chan *task[T], workers)
	var (
		group  sync.WaitGroup
		unread error
	)
	group.Go(func() { unread = p.read(ctx, waiting, ordered) })
	for range workers {
		group.Go(func() { p.process(waiting) })
	}
	err := p.deliver(ordered, cancel)
	group.Wait()
	if err == nil {
		err = unread
	}
	return err
}

func (p *pipeline[T]) read(ctx context.Context, waiting, ordered chan<- *task[T]) error {
	defer close(waiting)
	defer close(ordered)
	for {
		batch, err := p.reader.Read(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.progress != nil {
			p.progress(p.reader.Progress())
		}
		t := &task[T]{batch: batch, ready: make(chan struct{})}
		select {
		case ordered <- t:
			waiting <- t // workers take all there is, so this never waits for long
		case <-ctx.Done():
			batch.Release()
			return ctx.Err()
		}
	}
}

func (p *pipeline[T]) process(waiting <-chan *task[T]) {
	for t := range waiting {
		t.err = untrusted.Guard(func() (err error) {
			t.out, err = p.work(t.batch)
			return err
		})
		t.batch.Release()
		close(t.ready)
	}
}

// deliver takes outcomes until one fails, then stops the reading and frees the others. An outcome is take's to free.
func (p *pipeline[T]) deliver(ordered <-chan *task[T], stop func()) (err error) {
	for t := range ordered {
		<-t.ready
		switch {
		case err == nil && t.err == nil:
			err = p.take(t.out)
		case err == nil:
			err = t.err
		case t.err == nil && p.drop != nil:
			p.drop(t.out)
		}
		if err != nil {
			stop()
		}
	}
	return err
}
