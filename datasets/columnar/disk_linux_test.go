package columnar_test

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"liftgate/datasets/sourcetest"
)

// TestFullDisk goes through files on ever larger disks. Until one is large enough, the error says that there is no space.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("many disks")
	}
	for _, c := range []struct {
		name  string
		data  sourcetest.Data
		query makeQuery
	}{
		{"event log", shop(1, 3000, 10000), withViews(withQuantiles(shopQuery))},
		{"unit table", shopUnits(1, 40000), shopUnitsQuery},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, table := range c.data.Tables {
				newShape(1, "parquet", table).write(t, table)
			}
			const smallest = 16 << 10
			size := smallest
			for ; tooSmall(t, size, c.data, c.query); size *= 2 {
				if size > 256<<20 {
					t.Fatal("there is never enough space")
				}
			}
			if size == smallest {
				t.Fatal("the smallest disk was large enough: the test shows nothing")
			}
		})
	}
}

func tooSmall(t *testing.T, size int, d sourcetest.Data, query makeQuery) bool {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, fmt.Sprintf("size=%d", size)); err != nil {
		t.Skipf("making a small disk needs root: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(disk, 0); err != nil { // it is busy while a file is open or mapped
			t.Error(err)
		}
	}()
	files := 0
	_, err := spilling(disk, 2, 1, &files).Observe(context.Background(), query(t, d))
	empty(t, disk)
	if err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("disk of %d bytes: %v", size, err)
	}
	return err != nil
}
