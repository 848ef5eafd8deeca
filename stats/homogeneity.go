package stats

import (
	"fmt"
	"slices"
)

// smallExpectation is W. G. Cochran's rule (Biometrics 10 (1954) 417-451): below it a cell's chi-square is not to be trusted.
const smallExpectation = 5

// Homogeneity tests whether all rows (variants) of a table of counts have the same distribution over its columns (days), by
// Pearson's chi-square. Empty rows are left out; a column in which some row expects fewer than 5 is pooled with its next
// neighbours, so columns should come in a meaningful order.
//
// Fewer than two rows, or two columns after pooling, give [ErrTooFew]; ragged rows and negative counts [ErrInvalid].
func Homogeneity(table [][]int64) (ChiSquare, error) {
	rows, err := nonEmptyRows(table)
	if err != nil {
		return ChiSquare{}, err
	}
	if len(rows) < 2 {
		return ChiSquare{}, fmt.Errorf("%w: %d variants with units, a comparison needs 2", ErrTooFew, len(rows))
	}
	rows = poolColumns(rows)
	columns := len(rows[0])
	if columns < 2 {
		return ChiSquare{}, fmt.Errorf("%w: all units fall on one day, or into days that are too small to compare", ErrTooFew)
	}
	totals, total := make([]float64, len(rows)), 0.0
	for i, row := range rows {
		totals[i] = sum(row)
		total += totals[i]
	}
	statistic := 0.0
	for j := range columns {
		column := 0.0
		for _, row := range rows {
			column += row[j]
		}
		for i, row := range rows {
			expected := totals[i] * (column / total)
			statistic += (row[j] - expected) * (row[j] - expected) / expected
		}
	}
	return chiSquare(statistic, (len(rows)-1)*(columns-1)), nil
}

func nonEmptyRows(table [][]int64) ([][]float64, error) {
	var rows [][]float64
	for i, counts := range table {
		if len(counts) != len(table[0]) {
			return nil, fmt.Errorf("%w: row %d has %d columns, the first %d", ErrInvalid, i, len(counts), len(table[0]))
		}
		row := make([]float64, len(counts))
		for j, count := range counts {
			if count < 0 {
				return nil, fmt.Errorf("%w: row %d, column %d has count %d", ErrInvalid, i, j, count)
			}
			row[j] = float64(count)
		}
		if sum(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// poolColumns joins neighbouring columns until every row expects enough in each; what is left over joins the last.
func poolColumns(rows [][]float64) [][]float64 {
	total, smallest := 0.0, sum(rows[0])
	for _, row := range rows {
		total += sum(row)
		smallest = min(smallest, sum(row))
	}
	pooled := make([][]float64, len(rows))
	open := make([]float64, len(rows))
	for j := range rows[0] {
		for i, row := range rows {
			open[i] += row[j]
		}
		if smallest*(sum(open)/total) >= smallExpectation {
			for i := range rows {
				pooled[i] = append(pooled[i], open[i])
			}
			clear(open)
		}
	}
	if sum(open) == 0 {
		return pooled
	}
	for i := range rows {
		if len(pooled[i]) == 0 {
			return [][]float64{slices.Clone(open[:1])}
		}
		pooled[i][len(pooled[i])-1] += open[i]
	}
	return pooled
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}
