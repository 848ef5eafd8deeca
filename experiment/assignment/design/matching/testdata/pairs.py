"""Writes pairs.json: points, their strata, and the least total of squared distances that networkx finds.

    pip install networkx
    python pairs.py > pairs.json

Pairs across strata cost more than any matching inside, and go between odd strata only when it helps; of an odd number of points one
is paired with the origin.
"""

import json
import random

import networkx as nx

ACROSS = 10.0**7
SCALE = 10**6


def squared(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b))


def case(seed, n, dim, strata, kind):
    rng = random.Random(seed)
    draw = {
        "lognormal": lambda: round(rng.lognormvariate(0, 1), 3),
        "discrete": lambda: float(rng.randrange(3)),
        "normal": lambda: round(rng.gauss(0, 1), 3),
    }[kind]
    points = [[draw() for _ in range(dim)] for _ in range(n)]
    stratum = [rng.randrange(strata) for _ in range(n)]
    graph = nx.Graph()
    for i in range(n):
        for j in range(i):
            across = ACROSS if stratum[i] != stratum[j] else 0
            graph.add_edge(i, j, weight=round(SCALE * (squared(points[i], points[j]) + across)))
    if n % 2:
        for i in range(n):
            graph.add_edge(i, n, weight=round(SCALE * squared(points[i], [0] * dim)))
    total, crossed = 0.0, 0
    for i, j in nx.min_weight_matching(graph):
        i, j = min(i, j), max(i, j)
        total += squared(points[i], points[j] if j < n else [0] * dim)
        crossed += j < n and stratum[i] != stratum[j]
    return {"seed": seed, "kind": kind, "points": points, "strata": stratum, "total": total, "across": crossed}


CASES = [(1, 50, 2, 1, "normal"), (2, 101, 3, 3, "lognormal"), (3, 120, 2, 1, "discrete"), (4, 150, 4, 8, "normal"), (5, 251, 4, 1, "lognormal"), (6, 300, 4, 1, "lognormal")]

print(json.dumps({"networkx": nx.__version__, "cases": [case(*c) for c in CASES]}))
