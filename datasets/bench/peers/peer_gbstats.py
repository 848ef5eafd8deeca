"""GrowthBook's gbstats on sums from DuckDB."""
from gbstats.frequentist.tests import FrequentistConfig, TwoSidedTTest
from gbstats.models.statistics import ProportionStatistic, RatioStatistic, RegressionAdjustedStatistic, SampleMeanStatistic, compute_theta

import peer_duckdb
from metrics import UNITS, VARIANTS


def statistic(row, kind, x, y):
    n = row["n"]
    moments = lambda column: SampleMeanStatistic(n, row["s_" + column], row[f"p_{column}__{column}"])
    if kind == "share":
        return ProportionStatistic(n, row["s_" + x])
    if kind == "ratio":
        return RatioStatistic(n, moments(x), moments(y), row[f"p_{x}__{y}"])
    if kind == "adjusted":
        return RegressionAdjustedStatistic(n, moments(x), moments(y), row[f"p_{x}__{y}"], 0.0)
    return moments(x)


def units(data):
    rows = peer_duckdb.by_variant(peer_duckdb.records(peer_duckdb.connect().execute(
        f"SELECT variant, {peer_duckdb.sums(UNITS)} FROM '{data}/units.parquet' GROUP BY ALL")))
    rows = [{k: v if k in ("variant", "n") else float(v) for k, v in rows[v].items()} for v in VARIANTS]
    found = {}
    for name, (kind, x, y) in UNITS.items():
        arms = [statistic(row, kind, x, y) for row in rows]
        if kind == "adjusted":
            slope = compute_theta(*arms)
            for arm in arms:
                arm.theta = slope
        absolute, relative = (TwoSidedTTest(*arms, FrequentistConfig(difference_type=d)).compute_result() for d in ("absolute", "relative"))
        found[name] = {"difference": absolute.expected, "std_error": absolute.uplift.stddev, "lower": absolute.ci[0], "upper": absolute.ci[1],
                       "p": absolute.p_value, "lift": relative.expected}
    return {"units": [row["n"] for row in rows], "metrics": found}


JOBS = {"J1": units}
