package quantile

import "math"

// bucketBits is how many bits of a number's fraction tell its bucket: each power of two is cut into 128 buckets of one width, as in
// G. Tene's HdrHistogram. Buckets follow from the bits of a number alone, so they are the same on every machine.
const bucketBits = 7

const (
	fractionBits = 52
	shift        = fractionBits - bucketBits
	infinite     = 0x7ff << fractionBits
)

// SketchError is how far, relative to its size, the middle of a bucket is from any number in it at most: 2^-8. Numbers smaller than 2.3e-308
// lie in buckets of one absolute width.
const SketchError = 1.0 / (1 << (bucketBits + 1))

// LastBucket is that of infinity, and of what is no number; no bucket is farther from 0.
const LastBucket int32 = infinite>>shift + 1

// BucketOf is the bucket of a number. Buckets are in the order of the numbers in them: 0 holds zero and nothing else, -b the negatives of
// what b holds.
func BucketOf(x float64) int32 {
	bits := math.Float64bits(math.Abs(x))
	switch {
	case bits == 0:
		return 0
	case bits > infinite:
		return LastBucket
	case x < 0:
		return -1 - int32(bits>>shift)
	default:
		return 1 + int32(bits>>shift)
	}
}

// Bounds are the smallest and the largest number of a bucket.
func Bounds(bucket int32) (least, most float64) {
	switch {
	case bucket == 0:
		return 0, 0
	case bucket < 0:
		least, most = Bounds(-bucket)
		return -most, -least
	case bucket >= LastBucket:
		return math.Inf(1), math.Inf(1)
	default:
		least = math.Float64frombits(uint64(bucket-1) << shift)
		if bucket == 1 {
			least = math.SmallestNonzeroFloat64
		}
		return least, math.Float64frombits(uint64(bucket)<<shift - 1)
	}
}
