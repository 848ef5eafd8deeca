package exposurelog_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"liftgate/datasets/exposurelog"
)

// Of the environment of a child: its folder, and whether it calls Flush.
const (
	childDir     = "EXPOSURELOG_CHILD"
	childFlushes = "EXPOSURELOG_FLUSHES"
)

// childSync is the interval of the child; what it added longer ago, and a write, must be on disk.
const childSync = 20 * time.Millisecond

// child logs until it is killed. It prints "added N" and "durable N" for its units 0 to N-1, at least.
func child(dir string) int {
	o := options(dir)
	o.Sync, o.FileSize = childSync, 256<<10
	l, err := exposurelog.Open(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("start %d\n", l.Stats().Known)
	var added atomic.Int64
	var out sync.Mutex
	flushes := os.Getenv(childFlushes) != ""
	go func() {
		for {
			n := l.Stats().Synced // without Flush it is the interval that makes it grow
			if flushes {
				n = added.Load()
				if err := l.Flush(context.Background()); err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
			out.Lock()
			fmt.Printf("durable %d\n", n)
			out.Unlock()
			time.Sleep(3 * time.Millisecond)
		}
	}()
	prefix := strconv.Itoa(os.Getpid())
	for i := 0; ; i++ {
		if _, err := l.Add(context.Background(), shopper(fmt.Sprintf("%s-%06d", prefix, i), "control", at(0))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		added.Store(int64(i + 1))
		if i%200 == 0 {
			out.Lock()
			fmt.Printf("added %d\n", i+1)
			out.Unlock()
			time.Sleep(time.Millisecond)
		}
	}
}

// run starts a child, kills it after a while and tells which of its units must be there: those that it said were durable.
func run(t *testing.T, dir, flushes string, after time.Duration) (prefix string, durable, added int) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childDir+"="+dir, childFlushes+"="+flushes)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var kill *time.Timer
	for lines.Scan() {
		what, number, _ := strings.Cut(lines.Text(), " ")
		n, _ := strconv.Atoi(number) // 0 of a line that the kill cut
		switch what {
		case "start":
			kill = time.AfterFunc(after, func() { c.Process.Kill() })
		case "durable":
			durable = max(durable, n)
		case "added":
			added = max(added, n)
		}
	}
	if err := c.Wait(); err == nil || kill == nil {
		t.Fatalf("the child ended by itself: %v", err)
	}
	kill.Stop()
	return strconv.Itoa(c.Process.Pid), durable, added
}

func TestKill(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	kept := map[string]int{}
	for round := range rounds {
		flushes := []string{"", "yes"}[round%2]
		prefix, durable, added := run(t, dir, flushes, time.Duration(random.IntN(120))*time.Millisecond)
		kept[prefix] = durable
		units := map[string]int{} // how many of each child
		for _, r := range rows(t, dir) {
			p, number, _ := strings.Cut(r.Unit, "-")
			if n, err := strconv.Atoi(number); err != nil || n != units[p] {
				t.Fatalf("unit %s follows %d of its process", r.Unit, units[p])
			}
			units[p]++
		}
		total := 0
		for _, n := range units {
			total += n
		}
		if total > 0 && observe(t, query(dir)).Units[0] != int64(total) {
			t.Errorf("an analysis does not find %d units", total)
		}
		for p, n := range kept {
			if units[p] < n {
				t.Errorf("process %s: %d records are left of %d that were durable", p, units[p], n)
			}
		}
		t.Logf("durable %d, added %d, found %d, files %d", durable, added, units[prefix], len(files(t, dir)))
		kept[prefix] = units[prefix] // once read, they stay
	}
}
