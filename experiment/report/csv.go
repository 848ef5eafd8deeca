package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"liftgate/experiment/result"
)

// writeCSV writes one line a comparison under a header. Absent is empty, lists are joined by ";", numbers are the shortest
// text that reads back as the same float64.
func writeCSV(w io.Writer, r *result.Result) error {
	out := csv.NewWriter(w)
	record := make([]string, len(fields))
	for i, f := range fields {
		record[i] = f.name
	}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("result of %s as CSV: %w", r.Experiment, err)
	}
	for _, l := range lines(r) {
		for i, f := range fields {
			record[i] = csvCell(f.value(l))
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("result of %s as CSV: %w", r.Experiment, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("result of %s as CSV: %w", r.Experiment, err)
	}
	return nil
}

func csvCell(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, ";")
	case *string:
		return orZero(v)
	case *int64:
		if v != nil {
			return strconv.FormatInt(*v, 10)
		}
	case *float64:
		if v != nil {
			return strconv.FormatFloat(*v, 'g', -1, 64)
		}
	case *bool:
		if v != nil {
			return strconv.FormatBool(*v)
		}
	}
	return ""
}
