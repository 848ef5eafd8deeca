package fold

// When is when a row came: how many whole days after its unit's exposure, above the calendar day; neither before the exposure.
type When int64

// WhenOf is the moment of so many days after the exposure, on a day of the calendar.
func WhenOf(age, day int) When { return When(age)<<32 | When(day) }

func (m When) age() int { return int(m >> 32) }
func (m When) day() int { return int(m & (1<<32 - 1)) }

// Timeline is rows of units after their exposure: by unit and, within one, by time and then by number.
type Timeline struct {
	Units   []int32
	At      []When
	Numbers []float64 // nil where rows have none
	Most    int       // rows of a unit
}
