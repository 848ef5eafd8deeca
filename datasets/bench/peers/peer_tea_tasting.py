"""tea-tasting on polars, and on DuckDB through Ibis."""
import os

import ibis
import polars as pl
import tea_tasting as tt

import peer_duckdb
import peer_polars
from metrics import LOG, SPLITS, UNITS, VARIANTS, columns

KINDS = {
    "share": lambda x, _: tt.Proportion(x, method="norm", equal_var=False, correction=False) if hasattr(tt, "Proportion") else tt.Mean(x),
    "mean": lambda x, _: tt.Mean(x),
    "adjusted": lambda x, y: tt.Mean(x, y),
    "ratio": lambda x, y: tt.RatioOfMeans(x, y),
}


def analyze(metrics, data):
    experiment = tt.Experiment({name: KINDS[kind](x, y) for name, (kind, x, y) in metrics.items()})
    found = experiment.analyze(data, VARIANTS[0])
    return {"metrics": {name: {
        "control": r.control, "treatment": r.treatment, "difference": r.effect_size, "lift": r.rel_effect_size,
        "lower": r.effect_size_ci_lower, "upper": r.effect_size_ci_upper, "p": r.pvalue} for name, r in found.items()}}


def connect():
    con = ibis.duckdb.connect()
    con.raw_sql(f"SET threads = {os.environ['BENCH_THREADS']}")
    return con


def units(data):
    return analyze(UNITS, pl.read_parquet(f"{data}/units.parquet", columns=["variant", *columns(UNITS)]))


def units_duckdb(data):
    return analyze(UNITS, connect().read_parquet(f"{data}/units.parquet"))


def log(data):
    totals, crossovers = peer_polars.shoppers(data)
    table = totals.select("variant", *columns(LOG)).collect(engine="streaming")
    return {**analyze(LOG, table), "crossovers": crossovers.collect(engine="streaming").item()}


def log_duckdb(data):
    con = connect()
    con.raw_sql("CREATE TEMP VIEW shoppers AS " + peer_duckdb.shoppers(data) + " SELECT * FROM totals")
    return {**analyze(LOG, con.table("shoppers")), "crossovers": peer_duckdb.crossovers(con.con, data)}


def splits(data):
    """Random re-splits, each analysed."""
    table = pl.read_parquet(f"{data}/splits.parquet", columns=SPLITS).to_arrow()
    found = tt.Experiment({x: tt.Mean(x) for x in SPLITS}).simulate(table, int(os.environ["BENCH_SPLITS"]), rng=1)
    return {"rejected": {x: sum(r[x].pvalue < .05 for r in found) / len(found) for x in SPLITS}}


JOBS = {"J1": units, "J1-DuckDB": units_duckdb, "J2": log, "J2-DuckDB": log_duckdb, "J9": splits}
