package columnar

// truncate leaves the first n rows of a packet that was not bucketed, some of whose columns may have more; words are those of a row's marks.
func (p *packet) truncate(n, words int) {
	p.keys, p.times, p.lines, p.marks = cutTo(p.keys, n), cutTo(p.times, n), cutTo(p.lines, n), cutTo(p.marks, n*words)
	p.variant, p.cluster, p.texts = cutTo(p.variant, n), cutTo(p.cluster, n), cutTo(p.texts, n)
	p.found, p.barred = cutTo(p.found, n), cutTo(p.barred, n)
	for i := range p.labels {
		p.labels[i] = cutTo(p.labels[i], n)
	}
	for i := range p.cells {
		p.cells[i] = cutTo(p.cells[i], n)
	}
	for i := range p.hashes {
		p.hashes[i] = cutTo(p.hashes[i], n)
	}
}

func cutTo[T any](s []T, n int) []T { return s[:min(n, len(s))] }

// within leaves the rows with times from one up to another. It may use the memory of at, and gives memory for the next time.
func (p *packet) within(from, to int64, words int, at []int32) []int32 {
	at = at[:0]
	for i, t := range p.times {
		if t >= from && t < to {
			at = append(at, int32(i))
		}
	}
	if len(at) == len(p.times) {
		return at
	}
	if bucketed := len(p.order) > 0; bucketed {
		p.restart(at)
		p.renumber(at)
	} else {
		p.lines = pick(p.lines, at)
	}
	p.keys, p.times, p.variant, p.cluster = pick(p.keys, at), pick(p.times, at), pick(p.variant, at), pick(p.cluster, at)
	p.texts, p.found, p.barred = pick(p.texts, at), pick(p.found, at), pick(p.barred, at)
	for i, row := range at {
		copy(p.marks[i*words:(i+1)*words], p.marks[int(row)*words:])
	}
	p.marks = cutTo(p.marks, len(at)*words)
	for i := range p.labels {
		p.labels[i] = pick(p.labels[i], at)
	}
	for i := range p.cells {
		p.cells[i] = pick(p.cells[i], at)
	}
	for i := range p.hashes {
		p.hashes[i] = pick(p.hashes[i], at)
	}
	return at
}

// restart finds where partitions start when only some of the rows, in their order, are left.
func (p *packet) restart(left []int32) {
	n := int32(0)
	for i := range partitions {
		end := p.start[i+1]
		p.start[i] = n
		for int(n) < len(left) && left[n] < end {
			n++
		}
	}
	p.start[partitions] = n
}

// renumber closes the gaps between the places where the rows that are left stood before they were bucketed.
func (p *packet) renumber(left []int32) {
	place := make([]int32, len(p.order)) // 1 where a row is left, then how many are so far
	for _, row := range left {
		place[p.order[row]] = 1
	}
	n := int32(0)
	for i, is := range place {
		if is == 0 {
			continue
		}
		if len(p.lines) > 0 {
			p.lines[n] = p.lines[i]
		}
		n++
		place[i] = n
	}
	p.lines = cutTo(p.lines, int(n))
	p.order = pick(p.order, left)
	for i, row := range p.order {
		p.order[i] = place[row] - 1
	}
}

// pick moves some cells, in their order, to the start of a column that is not empty.
func pick[T any](column []T, at []int32) []T {
	if len(column) == 0 {
		return column
	}
	for i, row := range at {
		column[i] = column[row]
	}
	return column[:len(at)]
}
