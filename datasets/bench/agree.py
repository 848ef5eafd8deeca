"""Do the answers agree? Counts must be equal, estimates and standard errors as close as what is estimated allows.

Not compared, because the methods differ: p-values and bounds of shares (score test against Wald), bounds of lifts (Fieller against
logarithms), and p-values against a margin.
"""
import json
import math
from dataclasses import dataclass, field
from statistics import NormalDist

# An adjusted metric has a slope for each variant here, one for both there: estimates differ by a small part of a standard error.
SAME = {"difference": 1e-6, "std_error": 1e-6, "lift": 1e-6}
ADJUSTED = {"difference": .1, "std_error": .02, "lift": math.inf}
CLUSTERED = {"difference": .1, "std_error": .02, "lift": math.inf}  # CR2 against CR1
FROM_INTERVAL = 2e-3  # a standard error that is read off an interval with a normal quantile


@dataclass
class Agreement:
    compared: int = 0
    worst: dict = field(default_factory=dict)  # by measure: how far, as a share of what is allowed, and in words
    failures: list = field(default_factory=list)
    exact: bool = False  # bytes were compared

    def count(self, what, ours, theirs):
        self.compared += 1
        if ours != theirs:
            self.failures.append(f"{what}: {ours}, theirs {theirs}")

    def close(self, what, measure, distance, allowed):
        self.compared += 1
        if not distance <= allowed:
            self.failures.append(f"{what}: {measure} differs by {distance:.2g}, allowed is {allowed:.2g}")
        if math.isfinite(allowed):
            self.worst[allowed] = max(self.worst.get(allowed, 0), distance)

    def words(self):
        if self.failures:
            return "NO: " + "; ".join(self.failures[:3])
        if self.exact:
            return "yes, every byte"
        if not self.compared:
            return "nothing to compare"
        far = ", ".join(f"{worst:.1e} of {allowed:g} allowed" for allowed, worst in sorted(self.worst.items()))
        return f"yes, {self.compared} numbers" + (f" ({far})" if far else "")


def estimates(agreement, what, ours, theirs, allowed):
    """ours is a difference with estimate and std_error, and a lift; theirs the peer's row of numbers."""
    difference, error = ours["difference"]["estimate"], ours["difference"]["std_error"]
    agreement.close(what, "difference", abs(difference - theirs["difference"]) / error, allowed["difference"])
    if theirs.get("std_error"):
        agreement.close(what, "standard error", abs(theirs["std_error"] / error - 1), allowed["std_error"])
    else:
        read = (theirs["upper"] - theirs["lower"]) / 2 / 1.959964
        agreement.close(what, "standard error", abs(read / error - 1), max(allowed["std_error"], FROM_INTERVAL))
    if theirs.get("lift") is not None and ours["lift"]["estimate"] is not None:
        scale = abs(difference / ours["lift"]["estimate"]) if ours["lift"]["estimate"] else 1
        agreement.close(what, "lift", abs(ours["lift"]["estimate"] - theirs["lift"]) * scale / error, allowed["lift"])


def allowed(method):
    if method.startswith("cluster"):
        return CLUSTERED
    return ADJUSTED if "regression" in method else SAME


def analysis(ours, theirs):
    """A result and the answer of a peer."""
    found = Agreement()
    if "units" in theirs:
        found.count("units", [v["units"] for v in ours["exposure"]["variants"]], theirs["units"])
    if "crossovers" in theirs:
        found.count("units in both variants", ours["exposure"]["crossover"]["units"], theirs["crossovers"])
    if "clusters" in theirs:
        found.count("clusters", sum(v["units"] for v in ours["exposure"]["variants"]), theirs["clusters"])
    for m in ours["metrics"]:
        if m["metric"] in theirs["metrics"]:
            c = m["comparisons"][0]
            estimates(found, m["metric"], c, theirs["metrics"][m["metric"]], allowed(c["method"]))
    return found


def segments(ours, theirs):
    found = Agreement()
    for s in ours.get("segments", []):
        cell = theirs["cells"].get(s["segment"])
        if cell is None or s["n"] is None:
            continue
        what = f"{s['metric']} where {s['attribute']} is {s['segment']}"
        found.count(what, [s["control_n"], s["n"]], cell["units"])
        if s["difference"] and s["difference"]["std_error"]:
            estimates(found, what, s, cell["metrics"][s["metric"]], allowed(s["method"]))
    return found


def days(ours, theirs):
    """Running totals: of the days whose windows had not all closed. Points have intervals, and of few units those are no measure of errors."""
    found = Agreement()
    for t in ours.get("trends", []):
        if t["series"] != "cumulative":
            continue
        for number, p in enumerate(by_day(t["points"]), 1):
            if p is None or number not in range(1, 29):
                continue
            day = theirs["days"][str(number)]
            what = f"{t['metric']} by the end of {p['day']}"
            found.count(what, [p["control_n"], p["n"]], day["units"])
            d = p["difference"]
            if d and d["lower"] is not None and d["lower"] < d["upper"]:
                error = (d["upper"] - d["lower"]) / 2 / NormalDist().inv_cdf((1 + t["level"]) / 2)
                read = {**p, "difference": {**d, "std_error": error}}
                estimates(found, what, read, day["metrics"][t["metric"]], {**allowed(t["method"]), "std_error": math.inf})
    return found


def by_day(points):
    """The running totals of each day from 2026-03-02 on; None where there are none."""
    held = {p["day"]: p for p in points if not p["complete"]}
    return [held.get(f"2026-03-{day:02d}") for day in range(2, 30)]


def splits(ours, theirs):
    """Random re-splits are other ones: each rate must be what chance allows around 5 %."""
    found = Agreement()
    for m in ours["metrics"]:
        count = m["comparisons"][0]["splits"]
        limit = 4 * math.sqrt(.05 * .95 / count) + .5 / count
        own = next(level for level in m["comparisons"][0]["levels"] if level["alpha"] == .05)
        found.close(m["metric"], "rate of p below 5 %", abs(own["rate"] - .05), limit)
        found.close(m["metric"], "the peer's rate", abs(theirs["rejected"][m["metric"]] - .05), limit)
    return found


def same(ours, theirs):
    """The agreement of two results of ours, which name their evidence by its hash."""
    found = Agreement(compared=1, exact=True)
    if ours != theirs:
        found.failures.append("the results are not the same bytes")
    return found


def check(ours, theirs):
    """The agreement of an answer in JSON with a peer's."""
    ours, theirs = json.loads(ours), json.loads(theirs)["answer"]
    kind = next((f for key, f in (("cells", segments), ("days", days), ("rejected", splits)) if key in theirs), analysis)
    return kind(ours, theirs)
