package parallel

import (
	"sync"
	"sync/atomic"
)

// Each calls do for 0 to n-1.
func Each(workers, n int, do func(i int)) {
	EachBy(workers, n, func(_, i int) { do(i) })
}

// EachBy calls do for 0 to n-1, and tells which worker it is, from 0: calls of one do not overlap.
func EachBy(workers, n int, do func(worker, i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := range min(workers, n) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(worker, int(i))
			}
		})
	}
	group.Wait()
}
