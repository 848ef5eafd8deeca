package exposurelog

import (
	"sync/atomic"

	"github.com/zeebo/xxh3"
)

// Memory bounds what several logs remember together. The zero value has no room.
type Memory struct{ room atomic.Int64 }

// NewMemory has room for that many records.
func NewMemory(records int) *Memory {
	m := &Memory{}
	m.room.Store(int64(records))
	return m
}

// take takes the room of a record and tells whether there was one; nil has always room.
func (m *Memory) take() bool {
	if m == nil || m.room.Add(-1) >= 0 {
		return true
	}
	m.room.Add(1)
	return false
}

func (m *Memory) giveBack(records int) {
	if m != nil {
		m.room.Add(int64(records))
	}
}

// daily knows what was logged on the two days that records were last added for: today, and around midnight or after the clock was
// put right also another one.
type daily struct {
	limit  int // of records, both days together
	shared *Memory
	days   [2]daySet
}

// daySet is what was logged on a day; with nil seen it is no day.
type daySet struct {
	day  int
	seen map[xxh3.Uint128]struct{}
}

func (d *daily) has(day int, key xxh3.Uint128) bool {
	for i := range d.days {
		if d.days[i].day == day {
			_, known := d.days[i].seen[key]
			return known
		}
	}
	return false
}

// add remembers a record that it has not, and tells whether there was room.
func (d *daily) add(day int, key xxh3.Uint128) bool {
	if d.days[1].seen != nil && d.days[1].day == day {
		d.days[0], d.days[1] = d.days[1], d.days[0]
	}
	if d.days[0].seen == nil || d.days[0].day != day {
		d.forget(1)
		d.days[0], d.days[1] = daySet{day, map[xxh3.Uint128]struct{}{}}, d.days[0]
	}
	if !d.take() {
		d.forget(1)
		if !d.take() {
			return false
		}
	}
	d.days[0].seen[key] = struct{}{}
	return true
}

func (d *daily) take() bool { return d.len() < d.limit && d.shared.take() }

// forget gives the room of one of the days back.
func (d *daily) forget(i int) {
	d.shared.giveBack(len(d.days[i].seen))
	d.days[i] = daySet{}
}

func (d *daily) len() int { return len(d.days[0].seen) + len(d.days[1].seen) }
