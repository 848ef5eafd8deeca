"""numpy, vectorised by hand."""
import os

import numpy as np
import pyarrow.parquet as pq
from scipy import stats

from metrics import SPLITS

COUNT, BLOCK = int(os.environ["BENCH_SPLITS"]), 50


def splits(data):
    """Random re-splits: fair bits, many splits at once, times the matrix of values and squares; Welch's t from the sums."""
    table = pq.read_table(f"{data}/splits.parquet", columns=SPLITS)
    values = np.column_stack([np.asarray(table[x], float) for x in SPLITS])
    rows, k = values.shape
    wide = np.column_stack([np.ones(rows), values, values * values])
    rng, parts = np.random.default_rng(1), []
    for first in range(0, COUNT, BLOCK):
        bits = np.unpackbits(rng.integers(0, 256, (min(BLOCK, COUNT - first), -(-rows // 8)), np.uint8), axis=1)[:, :rows]
        parts.append(bits.astype(float) @ wide)
    treated = np.vstack(parts)
    (mt, vt, nt), (mc, vc, nc) = (moments(s, k) for s in (treated, wide.sum(0) - treated))
    freedom = (vt + vc) ** 2 / (vt * vt / (nt - 1) + vc * vc / (nc - 1))
    p = 2 * stats.t.sf(np.abs(mt - mc) / np.sqrt(vt + vc), freedom)
    return {"rejected": {x: float((p[:, i] < .05).mean()) for i, x in enumerate(SPLITS)}}


def moments(sums, k):
    """Means, squared standard errors and counts."""
    n = sums[:, :1]
    mean = sums[:, 1:k + 1] / n
    return mean, (sums[:, k + 1:] / n - mean * mean) / (n - 1), n


JOBS = {"J9": splits}
