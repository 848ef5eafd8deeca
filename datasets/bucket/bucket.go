package bucket

// Million is the denominator of every share.
const Million = 1_000_000

// LayerSlots is the number of slots that a layer is divided into.
const LayerSlots = 1000

// Plan says who takes part and who gets which variant, by hash alone.
type Plan struct {
	Hash         Hash   // the zero value is SHA-256
	Holdout      string // name of the holdout shared with other experiments, empty for none
	HoldoutShare uint64 // in millionths
	Layer        string // name of the layer, empty for none
	Slots        [2]int // of LayerSlots, inclusive
	Salt         string
	Traffic      uint64   // in millionths
	Weights      []uint64 // of the variants, in any common unit; their sum fits 64 bits
}

// Hash is the way from a unit to its points.
type Hash uint8

const (
	SHA256       Hash = iota
	GrowthBookV1      // the older hash of that SDK, which draws from 1,000 buckets
	GrowthBookV2      // its newer one, from 10,000
)

// Reason is why a unit has the variant that it has, or none.
type Reason string

const (
	Assigned Reason = "assigned"
	NoUnit   Reason = "no_unit"
	Holdout  Reason = "holdout"
	Layer    Reason = "layer"
	Traffic  Reason = "traffic"
)

// Outcome is the answer for one unit. Variant is -1 unless the reason is Assigned; only then is Point set: u(salt + ":variant", unit)
// with SHA-256, the number of the bucket with GrowthBook's hashes (0 to 999, 0 to 9999).
type Outcome struct {
	Variant int
	Reason  Reason
	Point   uint64
}

// Assign decides for one unit, given by the UTF-8 bytes of its key as logged. For many units make a [Rule] once.
func (p *Plan) Assign(unit string) Outcome { return p.Rule().Assign(unit) }
