package columnar

// moment is when a row came: how many whole days after its unit's exposure, above the calendar day; neither before the exposure.
type moment int64

func momentOf(age, day int) moment { return moment(age)<<32 | moment(day) }

func (m moment) age() int { return int(m >> 32) }
func (m moment) day() int { return int(m & (1<<32 - 1)) }

// timeline is the rows of a history by unit and, within one, by time and then by number.
type timeline struct {
	units   []int32
	moments []moment
	numbers []float64 // nil where rows have none
	most    int       // rows of a unit
}
