#!/usr/bin/env python3
"""Runs the SQL of PORTING.md over vectors.json in a Trino of yours.

    python3 trino.py queries > queries.sql          one statement a plan, without a table
    trino -f queries.sql --output-format TSV > outcomes.tsv
    python3 trino.py check outcomes.tsv VERSION     compares, and writes trino.json, which says what was verified
"""
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
VECTORS = HERE / "vectors.json"


def block():
    return re.search(r"(?ms)^```sql\n(.*?)^```$", (HERE.parent / "PORTING.md").read_text()).group(1)


def text(s):
    """A literal of Trino in ASCII alone."""
    escaped = "".join(c if " " <= c <= "~" and c not in "\\'" else "\\+%06x" % ord(c) for c in s)
    return "U&'%s'" % escaped


def array(items, of):
    return "CAST(ARRAY[%s] AS array(%s))" % (", ".join(items), of)


def plan_query(p):
    totals = [sum(w for _, w in p["variants"][: i + 1]) for i in range(len(p["variants"]))]
    first, last = p["slots"] if p["layer"] else (0, 999)
    force = "MAP(%s, %s)" % (array(map(text, p["force"]), "varchar"), array(map(text, p["force"].values()), "varchar"))
    return f"""WITH plan AS (
  SELECT {text(p["salt"])} AS salt, {p["traffic"]} AS traffic, {text(p["holdout"])} AS holdout, {p["holdout_share"]} AS holdout_share,
         {text(p["layer"])} AS layer, {first} AS first_slot, {last} AS last_slot, {force} AS force,
         {array((text(v) for v, _ in p["variants"]), "varchar")} AS variants, ARRAY{totals} AS upto,
         DECIMAL '18446744073709551616' AS two64
)"""


def cases_by_plan(vectors):
    for p in vectors["plans"]:
        yield p, [c for c in vectors["cases"] if c["plan"] == p["name"]]


def queries(vectors):
    for p, cases in cases_by_plan(vectors):
        rows = ", ".join("(%d, %s)" % (i, text(c["unit"])) for i, c in enumerate(cases))
        query, plans = re.subn(r"(?s)WITH plan AS \(\n.*?\n\)", lambda _: plan_query(p), block(), count=1)
        query, tables = re.subn(r"FROM units\b", lambda _: f"FROM (VALUES {rows}) AS units (n, unit)", query)
        query, keys = re.subn(r"SELECT unit, plan\.\*", "SELECT n, unit, plan.*", query)
        assert (plans, tables, keys) == (1, 1, 1)
        print(f"SELECT reason, point, variant FROM (\n{query.replace('SELECT unit, reason', 'SELECT n, unit, reason')}) ORDER BY n;")


def check(vectors, outcomes, version):
    want = [[c["reason"], c["point"], c["variant"]] for _, cases in cases_by_plan(vectors) for c in cases]
    got = [line.split("\t") for line in pathlib.Path(outcomes).read_text().splitlines()]
    wrong = [(w, g) for w, g in zip(want, got) if w != g]
    if len(want) != len(got) or wrong:
        sys.exit(f"{len(want)} cases, {len(got)} outcomes, {len(wrong)} of them wrong, the first {wrong[:3]}")
    digest = lambda b: hashlib.sha256(b).hexdigest()
    record = {"trino": version, "cases": len(got), "sql_sha256": digest(block().encode()), "vectors_sha256": digest(VECTORS.read_bytes())}
    (HERE / "trino.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    loaded = json.loads(VECTORS.read_text())
    if sys.argv[1:] == ["queries"]:
        queries(loaded)
    else:
        check(loaded, sys.argv[2], sys.argv[3])
