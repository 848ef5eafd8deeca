"""polars, lazy and streaming, and formulas over its sums."""
import polars as pl

from formulas import answers
from metrics import LOG, UNITS, columns, products

c = pl.col
USED = ["order", "refund", "auth_attempt", "auth_approved"]


def sums(frame, metrics):
    number = lambda name: c(name).cast(pl.Float64)
    return frame.group_by("variant").agg(
        pl.len().alias("n"),
        *[number(x).sum().alias("s_" + x) for x in columns(metrics)],
        *[(number(x) * number(y)).sum().alias(f"p_{x}__{y}") for x, y in products(metrics)])


def by_variant(frame):
    return {str(r["variant"]): r for r in frame.to_dicts()}


def units(data):
    frame = sums(pl.scan_parquet(f"{data}/units.parquet"), UNITS)
    return answers(UNITS, by_variant(frame.collect(engine="streaming")))


def shoppers(data):
    """A row for each shopper of the log, and the number of those in both variants."""
    exposures = pl.scan_parquet(f"{data}/exposures.parquet").with_columns(c("variant").cast(pl.String))
    seen = exposures.group_by("shopper_id").agg(
        c("variant").min(), c("variant").max().alias("other"), c("ts").min().alias("since"))
    exposed = seen.filter(c("variant") == c("other")).select("shopper_id", "variant", "since")
    window, after = pl.duration(days=14), c("ts") >= c("since")
    events = (pl.scan_parquet(f"{data}/events/*.parquet").with_columns(c("event").cast(pl.String)).filter(c("event").is_in(USED))
              .join(exposed, on="shopper_id").filter((c("ts") >= c("since") - window) & (c("ts") < c("since") + window)))
    count = lambda event: ((c("event") == event) & after).sum()
    spent = lambda event, when: pl.when((c("event") == event) & when).then(c("value")).otherwise(0.0).sum()
    active = events.group_by("shopper_id").agg(
        count("order").alias("orders"), count("auth_attempt").alias("auth_attempts"), count("auth_approved").alias("auth_approved"),
        spent("order", after).alias("revenue"), spent("refund", after).alias("refund_value"), spent("order", ~after).alias("pre_revenue"))
    totals = (exposed.join(active, on="shopper_id", how="left")
              .with_columns(pl.exclude("shopper_id", "variant", "since").fill_null(0).cast(pl.Float64))
              .with_columns((c("orders") > 0).cast(pl.Float64).alias("converted")))
    return totals, seen.select((c("variant") != c("other")).sum())


def log(data):
    totals, crossovers = pl.collect_all([sums(frame, LOG) if i == 0 else frame for i, frame in enumerate(shoppers(data))], engine="streaming")
    return {**answers(LOG, by_variant(totals)), "crossovers": crossovers.item()}


JOBS = {"J1": units, "J2": log}
