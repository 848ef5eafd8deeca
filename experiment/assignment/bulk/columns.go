package bulk

import (
	"fmt"
	"strings"

	"liftgate/datasets"
	"liftgate/experiment"
)

// The columns that are added to a file of units.
const (
	VariantColumn = "variant"
	ReasonColumn  = "reason"
	PointColumn   = "point"
	StratumColumn = "stratum" // of a design
	PairColumn    = "pair"    // of a design
)

// source is what the definition says about files of units.
func source(d *experiment.Definition) experiment.Source {
	if d.Data.Units != nil {
		return d.Data.Units.Source
	}
	return d.Data.Exposures.Source
}

// UnitColumn is the column that holds the keys of the randomisation units: the merchant where merchants are randomised.
func UnitColumn(d *experiment.Definition) string {
	if d.Unit == experiment.Merchant {
		return source(d).Cluster
	}
	return source(d).Unit
}

// unitKey is where the definition names the unit column.
func unitKey(d *experiment.Definition) string {
	key := ".unit"
	if d.Unit == experiment.Merchant {
		key = ".cluster"
	}
	return source(d).Path + key
}

// missing says that a file lacks a column, and which it has.
func missing(file, column, why string, have []string) error {
	text := fmt.Sprintf("there is no such column, and %s; it has %s", why, listed(have))
	if s := experiment.Suggest(column, have); s != "" {
		text += "; " + s
	}
	return &datasets.DataError{File: file, Column: column, Err: fmt.Errorf("%s", text)}
}

func listed(names []string) string {
	const most = 30
	if len(names) == 0 {
		return "no columns"
	}
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
