"""spotify-confidence on sums from pandas. It has no ratio of sums, so that metric is left out."""
import pandas as pd
from spotify_confidence import Experiment

from metrics import UNITS, VARIANTS, columns


def units(data):
    table = pd.read_parquet(f"{data}/units.parquet", columns=["variant", *columns(UNITS)])
    found = {}
    for name, (kind, x, y) in UNITS.items():
        if kind == "ratio":
            continue
        values = table[x].astype(float)  # sums of whole numbers stay whole there, and squares overflow
        sums = {"n": 1, "x": values, "xx": values * values}
        if y:
            before = table[y].astype(float)
            sums |= {"y": before, "yy": before * before, "xy": values * before}
        totals = table[["variant"]].assign(**sums).groupby("variant", observed=True).sum().reset_index()
        totals["variant"] = totals["variant"].astype(str)
        found[name] = compare(totals, adjusted=bool(y))
    return {"metrics": found}


def compare(totals, adjusted):
    features = {"feature_column": "y", "feature_sum_squares_column": "yy", "feature_cross_sum_column": "xy"} if adjusted else {}
    totals = totals.assign(method="z-test-linreg" if adjusted else "z-test")
    test = Experiment(totals, "x", "xx", "n", "variant", method_column="method", **features)
    absolute, relative = (test.difference(*VARIANTS, absolute=a).iloc[0] for a in (True, False))
    return {"difference": absolute["difference"], "lower": absolute["ci_lower"], "upper": absolute["ci_upper"], "p": absolute["p-value"],
            "lift": relative["difference"]}


JOBS = {"J1": units}
