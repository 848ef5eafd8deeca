"""DuckDB SQL and formulas over its sums."""
import os

import duckdb
import numpy as np
from scipy import stats

from formulas import answers
from metrics import LOG, UNITS, columns, products

WINDOW = "INTERVAL 14 DAY"
DAYS = 28


def connect():
    con = duckdb.connect()
    con.execute(f"SET threads = {os.environ['BENCH_THREADS']}")
    return con


def records(result):
    names = [d[0] for d in result.description]
    return [dict(zip(names, row)) for row in result.fetchall()]


def sums(metrics):
    """The select list of every sum that the formulas need."""
    return ", ".join(["count(*) AS n"] + [f"sum({c}) AS s_{c}" for c in columns(metrics)]
                     + [f"sum({x} * {y}) AS p_{x}__{y}" for x, y in products(metrics)])


def by_variant(rows):
    return {r["variant"]: r for r in rows}


def units(data):
    rows = records(connect().execute(f"SELECT variant, {sums(UNITS)} FROM '{data}/units.parquet' GROUP BY ALL"))
    return answers(UNITS, by_variant(rows))


def shoppers(data, attributes=()):
    """Common table expressions: `exposed`, who is in the experiment since when, and `totals`, a row for each of them.

    The first exposure counts; who was seen in both variants is out. Events are filtered and summed before they meet the shoppers
    without events.
    """
    first = "".join(f", arg_min({a}::VARCHAR, ts) AS {a}" for a in attributes)
    keep = "".join(f", {a}" for a in attributes)
    after = "e.ts >= since"
    return f"""
    WITH exposed AS (
      SELECT shopper_id, arg_min(variant::VARCHAR, ts) AS variant, min(ts) AS since{first}
      FROM '{data}/exposures.parquet' GROUP BY shopper_id HAVING min(variant::VARCHAR) = max(variant::VARCHAR)
    ), active AS (
      SELECT shopper_id,
        count(*) FILTER (e.event = 'order' AND {after}) AS orders,
        sum(e.value) FILTER (e.event = 'order' AND {after}) AS revenue,
        sum(e.value) FILTER (e.event = 'refund' AND {after}) AS refund_value,
        count(*) FILTER (e.event = 'auth_attempt' AND {after}) AS auth_attempts,
        count(*) FILTER (e.event = 'auth_approved' AND {after}) AS auth_approved,
        sum(e.value) FILTER (e.event = 'order' AND NOT {after}) AS pre_revenue
      FROM '{data}/events/*.parquet' e JOIN exposed USING (shopper_id)
      WHERE e.event IN ('order', 'refund', 'auth_attempt', 'auth_approved') AND e.ts >= since - {WINDOW} AND e.ts < since + {WINDOW}
      GROUP BY shopper_id
    ), totals AS (
      SELECT variant{keep}, coalesce(orders, 0) AS orders, (coalesce(orders, 0) > 0)::INT AS converted,
        coalesce(revenue, 0) AS revenue, coalesce(refund_value, 0) AS refund_value, coalesce(auth_attempts, 0) AS auth_attempts,
        coalesce(auth_approved, 0) AS auth_approved, coalesce(pre_revenue, 0) AS pre_revenue
      FROM exposed LEFT JOIN active USING (shopper_id)
    )"""


def crossovers(con, data):
    return con.execute(f"""SELECT count(*) FROM (SELECT 1 FROM '{data}/exposures.parquet' GROUP BY shopper_id
        HAVING min(variant::VARCHAR) <> max(variant::VARCHAR))""").fetchone()[0]


def log(data):
    con = connect()
    rows = records(con.execute(shoppers(data) + f" SELECT variant, {sums(LOG)} FROM totals GROUP BY ALL"))
    return {**answers(LOG, by_variant(rows)), "crossovers": crossovers(con, data)}


def segments(data):
    """Every country and every device, in one pass."""
    rows = records(connect().execute(shoppers(data, ("country", "device")) + f"""
        SELECT variant, country, device, {sums(LOG)} FROM totals GROUP BY GROUPING SETS ((variant, country), (variant, device))"""))
    cells = {}
    for r in rows:
        cells.setdefault(r["country"] or r["device"], {})[r["variant"]] = r
    return {"cells": {name: answers(LOG, cell) for name, cell in sorted(cells.items())}}


def days(data):
    """What was known by the end of each of 28 days, in one pass: the changes of every sum, by day, added up afterwards.

    A shopper has a row only on days with events; running totals come from a window over these, and a product changes by the
    product of the totals less that of the totals before.
    """
    base = ["orders", "revenue", "refund_value", "auth_attempts", "auth_approved", "pre_revenue"]
    after = "e.ts >= since"
    running = ", ".join(f"sum(d_{c}) OVER past AS {c}" for c in base)
    before = ", ".join(f"{c} - d_{c} AS b_{c}" for c in base)
    changes = ", ".join([f"sum({c} - b_{c}) AS s_{c}" for c in columns(LOG)]
                        + [f"sum({x} * {y} - b_{x} * b_{y}) AS p_{x}__{y}" for x, y in products(LOG)])
    rows = records(connect().execute(f"""
    WITH exposed AS (
      SELECT shopper_id, arg_min(variant::VARCHAR, ts) AS variant, min(ts) AS since
      FROM '{data}/exposures.parquet' GROUP BY shopper_id HAVING min(variant::VARCHAR) = max(variant::VARCHAR)
    ), start AS (SELECT min(since)::DATE AS first FROM exposed),
    active AS (
      SELECT shopper_id, any_value(variant) AS variant, greatest(e.ts, since)::DATE - (SELECT first FROM start) AS day,
        count(*) FILTER (e.event = 'order' AND {after}) AS d_orders,
        coalesce(sum(e.value) FILTER (e.event = 'order' AND {after}), 0) AS d_revenue,
        coalesce(sum(e.value) FILTER (e.event = 'refund' AND {after}), 0) AS d_refund_value,
        count(*) FILTER (e.event = 'auth_attempt' AND {after}) AS d_auth_attempts,
        count(*) FILTER (e.event = 'auth_approved' AND {after}) AS d_auth_approved,
        coalesce(sum(e.value) FILTER (e.event = 'order' AND NOT {after}), 0) AS d_pre_revenue
      FROM '{data}/events/*.parquet' e JOIN exposed USING (shopper_id)
      WHERE e.event IN ('order', 'refund', 'auth_attempt', 'auth_approved') AND e.ts >= since - {WINDOW} AND e.ts < since + {WINDOW}
      GROUP BY shopper_id, day
    ), growing AS (
      SELECT variant, day, {", ".join("d_" + c for c in base)}, {running} FROM active WINDOW past AS (PARTITION BY shopper_id ORDER BY day)
    ), steps AS (
      SELECT variant, day, {", ".join(base)}, {before}, (orders > 0)::INT AS converted, (orders > d_orders)::INT AS b_converted FROM growing
    ), changed AS (SELECT variant, day, {changes} FROM steps GROUP BY ALL),
    joined AS (SELECT variant, since::DATE - (SELECT first FROM start) AS day, count(*) AS n FROM exposed GROUP BY ALL)
    SELECT * FROM joined FULL JOIN changed USING (variant, day)"""))
    known, result = {}, {}
    for day in range(DAYS):
        for r in (r for r in rows if r["day"] == day):
            total = known.setdefault(r["variant"], {})
            for name, value in r.items():
                if name not in ("variant", "day"):
                    total[name] = total.get(name, 0) + (value or 0)
        result[day + 1] = answers(LOG, known)
    return {"days": result}


def merchants(data):
    """Sums by merchant in SQL; least squares on the sums and CR1 standard errors in numpy."""
    _, t, n, x, y, xx, xy = connect().execute(f"""
        SELECT merchant_id, (any_value(variant) = 'amazon_pay')::DOUBLE, count(*)::DOUBLE, sum(pre_revenue), sum(revenue),
          sum(pre_revenue * pre_revenue), sum(pre_revenue * revenue)
        FROM '{data}/merchants.parquet' GROUP BY merchant_id""").fetchnumpy().values()
    design = np.array([[n, n * t, x], [n * t, n * t, x * t], [x, x * t, xx]])
    target = np.array([y, y * t, xy])
    bread = np.linalg.inv(design.sum(2))
    beta = bread @ target.sum(1)
    scores = target - np.einsum("ijg,j->ig", design, beta)
    groups, rows = len(n), n.sum()
    variance = bread @ (scores @ scores.T) @ bread * groups / (groups - 1) * (rows - 1) / (rows - 3)
    error = variance[1, 1] ** .5
    half = stats.t.ppf(.975, groups - 1) * error
    return {"clusters": groups, "metrics": {"revenue": {
        "difference": beta[1], "std_error": error, "lower": beta[1] - half, "upper": beta[1] + half,
        "p": 2 * stats.t.sf(abs(beta[1]) / error, groups - 1)}}}


JOBS = {"J1": units, "J2": log, "J2s": segments, "J2d": days, "J3": merchants}
