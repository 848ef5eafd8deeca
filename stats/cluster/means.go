package cluster

import "liftgate/stats"

// Means makes one unit of each cluster, so that every cluster counts the same (weight: merchant): its mean, or with two parts its ratio
// of sums, then the means of its covariates. Compare on the result, which has one part, is Welch's test over clusters. Clusters without
// units, or without a denominator, have no value and are left out; the second result is how many of the latter.
func Means(clusters []stats.Moments, parts int) (units []stats.Moments, without int) {
	for i := range clusters {
		m := &clusters[i]
		if m.N == 0 || m.Dim() < parts {
			continue
		}
		value := m.Means[0]
		if parts == 2 {
			if m.Means[1] == 0 {
				without++
				continue
			}
			value /= m.Means[1]
		}
		var one stats.Moments
		one.Add(append([]float64{value}, m.Means[parts:]...)...)
		units = append(units, one)
	}
	return units, without
}
