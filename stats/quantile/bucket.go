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

// MaxCoarse is how many times pairs of buckets are joined at most.
const MaxCoarse = 3

// sketchError is how far, relative to its size, the middle of a bucket is from any number in it at most: 2^-8, and twice as far each time that pairs
// of buckets are joined. Numbers smaller than 2.3e-308 lie in buckets of one absolute width.
func sketchError(coarse int) float64 { return math.Ldexp(1, coarse-bucketBits-1) }

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

// joined is the first of the buckets, by the size of their numbers, that one is joined with.
func joined(bucket int32, coarse int) int32 {
	switch {
	case bucket > 0:
		return (bucket-1)>>coarse<<coarse + 1
	case bucket < 0:
		return -joined(-bucket, coarse)
	default:
		return 0
	}
}

// Bounds are the smallest and the largest number of a bucket, where pairs were joined so many times that of all that it stands for.
func Bounds(bucket int32, coarse int) (least, most float64) {
	switch {
	case bucket == 0:
		return 0, 0
	case bucket < 0:
		least, most = Bounds(-bucket, coarse)
		return -most, -least
	case bucket >= LastBucket:
		return math.Inf(1), math.Inf(1)
	default:
		least = math.Float64frombits(uint64(bucket-1) << shift)
		if bucket == 1 {
			least = math.SmallestNonzeroFloat64
		}
		return least, math.Float64frombits(uint64(bucket-1+1<<coarse)<<shift - 1)
	}
}
