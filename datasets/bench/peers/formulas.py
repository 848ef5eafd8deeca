"""Two-sample tests from counts, sums and sums of products: what an analyst writes behind a GROUP BY."""
import math

from scipy import stats

from metrics import VARIANTS


class Arm:
    """Sums of one variant: "n", "s_COLUMN", "p_COLUMN__COLUMN"."""

    def __init__(self, row):
        self.row = {k: float(v or 0) for k, v in row.items() if k == "n" or k[:2] in ("s_", "p_")}
        self.n = int(self.row["n"])

    def mean(self, x):
        return self.row["s_" + x] / self.n

    def covariance(self, x, y):
        product = self.row.get(f"p_{x}__{y}", self.row.get(f"p_{y}__{x}"))
        return (product - self.row["s_" + x] * self.row["s_" + y] / self.n) / (self.n - 1)


def compare(control, treatment, normal=False):
    """Wald test of two (value, squared standard error, degrees of freedom); Welch's t unless normal."""
    (a, va, na), (b, vb, nb) = control, treatment
    error = math.sqrt(va + vb)
    law = stats.norm() if normal else stats.t((va + vb) ** 2 / (va * va / na + vb * vb / nb) if error else 1)
    half = law.ppf(.975) * error
    return {"control": a, "treatment": b, "difference": b - a, "std_error": error, "lift": b / a - 1 if a else math.nan,
            "lower": b - a - half, "upper": b - a + half, "p": 2 * law.sf(abs(b - a) / error) if error else math.nan}


def share(arms, x, _):
    means = [a.mean(x) for a in arms]
    return compare(*[(m, m * (1 - m) / a.n, a.n - 1) for m, a in zip(means, arms)], normal=True)


def mean(arms, x, _):
    return compare(*[(a.mean(x), a.covariance(x, x) / a.n, a.n - 1) for a in arms])


def ratio(arms, x, y):
    """Delta method."""
    values = []
    for a in arms:
        r = a.mean(x) / a.mean(y)
        spread = a.covariance(x, x) - 2 * r * a.covariance(x, y) + r * r * a.covariance(y, y)
        values.append((r, spread / a.mean(y) ** 2 / a.n, a.n - 1))
    return compare(*values)


def adjusted(arms, x, y):
    """CUPED with one slope for both arms (Deng et al. 2013, section 3)."""
    n = sum(a.n for a in arms)
    slope = pooled(arms, x, y) / pooled(arms, y, y)
    centre = sum(a.n * a.mean(y) for a in arms) / n
    values = []
    for a in arms:
        spread = a.covariance(x, x) - 2 * slope * a.covariance(x, y) + slope ** 2 * a.covariance(y, y)
        values.append((a.mean(x) - slope * (a.mean(y) - centre), spread / a.n, a.n - 1))
    return compare(*values)


def pooled(arms, x, y):
    """Covariance of all units together."""
    n = sum(a.n for a in arms)
    means = [sum(a.n * a.mean(c) for a in arms) / n for c in (x, y)]
    within = sum((a.n - 1) * a.covariance(x, y) for a in arms)
    between = sum(a.n * (a.mean(x) - means[0]) * (a.mean(y) - means[1]) for a in arms)
    return (within + between) / (n - 1)


KINDS = {"share": share, "mean": mean, "ratio": ratio, "adjusted": adjusted}


def answers(metrics, rows):
    """The comparison of every metric from the sums of each variant."""
    arms = [Arm(rows[v]) for v in VARIANTS]
    return {"units": [a.n for a in arms], "metrics": {k: KINDS[kind](arms, x, y) for k, (kind, x, y) in metrics.items()}}
