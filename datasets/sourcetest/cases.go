package sourcetest

import "slices"

func allCases() []rule {
	return slices.Concat(
		exposureRules, eventRules, takeRules(), nullRules(), cellRules(), []rule{overflowRule()},
		blockRules(), capRules(), unitTableRules(), clusterRules, clusteredUnitTableRules(), quantileRules(), rosterRules)
}
