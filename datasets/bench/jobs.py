"""What is measured: the data, the jobs with their contestants, and the ratios that are wanted."""
from dataclasses import dataclass
from typing import Callable

OURS = "liftgate"


@dataclass(frozen=True)
class Dataset:
    workload: str
    events: int = 0  # at scale 1; 0: the generator's own number
    files: int = 1


DATASETS = {
    "units": Dataset("units"),
    "merchants": Dataset("merchants"),
    "splits": Dataset("splits"),
    "log": Dataset("log"),
    "log_few": Dataset("log", events=100_000),
    "log_10": Dataset("log", events=10_000_000),
    "log_40": Dataset("log", events=40_000_000),
    "log_days": Dataset("log", files=42),  # a file a day
    "log_200": Dataset("log", events=200_000_000, files=100),
}


@dataclass(frozen=True)
class Entry:
    """A contestant: a command whose {braces} run.py fills in, a dataset's name with its folder."""
    name: str
    command: str
    before: str = ""  # a command that runs before each time and is not measured


@dataclass(frozen=True)
class Job:
    name: str
    title: str
    entries: tuple
    prepare: str = ""  # a command that runs once before; its run folder is {run}
    rounds: int = 0  # where --rounds would be too many
    same: bool = False  # all contestants must print the same bytes: the result, with the fingerprint of the evidence


def datasets(command):
    """The datasets that a command names."""
    return [d for d in DATASETS if "{" + d + "}" in command]


def analyze(definition, data, *options, name=OURS):
    return Entry(name, f"{{liftgate}} analyze {{{data}}}/{definition}.yaml --out {{out}} --quiet --format json " + " ".join(options))


def peer(name, module, job, data):
    return Entry(name, f"{{python}} -B {{peers}}/peer.py {module} {job} {{{data}}}")


def report(name, *options):
    return Entry(name, "{liftgate} report {run} --format json " + " ".join(options))


JOBS = {j.name: j for j in [
    Job("J1", "unit table, 10.5 million rows, six metrics; ours also looks for repeated units", (
        analyze("units", "units"),
        peer("DuckDB", "duckdb", "J1", "units"),
        peer("polars", "polars", "J1", "units"),
        peer("tea-tasting on polars", "tea_tasting", "J1", "units"),
        peer("tea-tasting on DuckDB", "tea_tasting", "J1-DuckDB", "units"),
        peer("gbstats on DuckDB", "gbstats", "J1", "units"),
        peer("statsmodels", "statsmodels", "J1", "units"),
        peer("spotify-confidence", "spotify_confidence", "J1", "units"),
    )),
    Job("J2", "event log, 2 million shoppers, 20 million events, five metrics: totals only", (
        analyze("log", "log", "--evidence totals"),
        peer("DuckDB", "duckdb", "J2", "log"),
        peer("polars", "polars", "J2", "log"),
        peer("tea-tasting on polars", "tea_tasting", "J2", "log"),
        peer("tea-tasting on DuckDB", "tea_tasting", "J2-DuckDB", "log"),
    )),
    Job("page", "all that a results page needs of the same log: totals, 28 cumulative days, country x device", (
        analyze("page", "log"),
        analyze("log", "log", "--evidence totals", name="liftgate, totals only"),
        peer("DuckDB totals", "duckdb", "J2", "log"),
        peer("DuckDB days", "duckdb", "J2d", "log"),
        peer("DuckDB segments", "duckdb", "J2s", "log"),
    )),
    Job("J3", "10 million rows at 5,000 merchants: ours CR2 with Satterthwaite, peers CR1", (
        analyze("merchants", "merchants"),
        peer("DuckDB and numpy", "duckdb", "J3", "merchants"),
        peer("statsmodels", "statsmodels", "J3", "merchants"),
    )),
    Job("J9", "1,000 random re-splits of 200,000 units, three metrics", (
        Entry(OURS, "{liftgate} calibrate {splits}/splits.yaml --splits {count} --quiet --format json"),
        peer("numpy", "numpy", "J9", "splits"),
        peer("tea-tasting", "tea_tasting", "J9", "splits"),
    )),
    Job("cut", "a part of the page's run from its evidence", (
        report("cell", "--segment country=DE --segment device=mobile"),
        report("margin", "--segment device=mobile"),
        report("day", "--day 2026-03-20"),
        report("cell, day and age", "--segment country=DE --segment device=mobile --day 2026-03-20 --age 7"),
    ), prepare=analyze("page", "log").command),
    Job("growth", "the same shoppers with more events, totals only", (
        analyze("log", "log_few", "--evidence totals", name="0.1 million"),
        analyze("log", "log_10", "--evidence totals", name="10 million"),
        analyze("log", "log", "--evidence totals", name="20 million"),
        analyze("log", "log_40", "--evidence totals", name="40 million"),
    )),
    Job("memory", "the page in memory, and with so little that units and rows go through files", (
        analyze("page", "log"),
        analyze("page", "log", "--memory {memory}", name="liftgate, --memory"),
    ), same=True),
    Job("increment", "another day of the page's log, a file a day: everything read again, everything read and kept, and only the new day read", (
        Entry(OURS, "{liftgate} analyze {run}/page.yaml --out {out} --quiet --format json"),
        Entry("liftgate, --state", "{liftgate} analyze {run}/page.yaml --out {out} --state {state} --quiet --format json"),
        Entry("liftgate, --increment", "{liftgate} analyze {run}/page.yaml --out {out} --state {state} --increment --quiet --format json",
              before="cp -r {run}/state {state}"),
    ), prepare="{python} -B {bench}/yesterday.py {liftgate} {log_days} {run}", same=True),
    Job("huge", "200 million events in 100 files", (
        analyze("log", "log_200", "--evidence totals", name="totals only"),
        analyze("page", "log_200", name="all of the page"),
    ), rounds=1),
]}


@dataclass(frozen=True)
class Claim:
    """A ratio that should hold: value gets median(job, entry, measure), of measures wall, compute, cpu (seconds) and memory (MB)."""
    text: str
    value: Callable
    wanted: float
    floor: float = 0  # what is still acceptable; 0: the wanted
    most: bool = False  # the ratio should be at most this

    def holds(self, value):
        limit = self.floor or self.wanted
        return value <= limit if self.most else value >= limit


def against(job, entry, wanted, floor=0, measure="wall"):
    said = {"wall": "whole process", "compute": "its compute only, our whole process", "cpu": "CPU seconds"}[measure]
    own = "wall" if measure == "compute" else measure
    return Claim(f"{job}: {entry} / ours, {said}", lambda m: m(job, entry, measure) / m(job, OURS, own), wanted, floor)


def doubling(larger, smaller):
    few = "0.1 million"
    return Claim(f"growth: {larger} / {smaller} events, less start-up ({few} events)",
                 lambda m: (m("growth", larger, "wall") - m("growth", few, "wall")) / (m("growth", smaller, "wall") - m("growth", few, "wall")),
                 2.2, most=True)


CLAIMS = [
    against("J1", "DuckDB", 1.5),
    against("J1", "tea-tasting on polars", 2),
    against("J1", "tea-tasting on DuckDB", 2),
    against("J1", "statsmodels", 5),
    against("J1", "spotify-confidence", 5),
    against("J2", "DuckDB", 3, floor=2.2),
    against("J2", "DuckDB", 2.2, measure="compute"),
    against("J2", "DuckDB", 3, floor=1 / .45, measure="cpu"),
    against("J2", "polars", 4),
    against("J2", "tea-tasting on polars", 4),
    against("J2", "tea-tasting on DuckDB", 4),
    Claim("J2: peak memory, MB", lambda m: m("J2", OURS, "memory"), 450, most=True),
    Claim("page: ours / our totals only", lambda m: m("page", OURS, "wall") / m("page", "liftgate, totals only", "wall"), 1.4, most=True),
    Claim("page: DuckDB's three queries / ours",
          lambda m: sum(m("page", "DuckDB " + q, "wall") for q in ("totals", "days", "segments")) / m("page", OURS, "wall"), 6),
    against("J3", "DuckDB and numpy", 2),
    against("J3", "statsmodels", 10),
    against("J9", "numpy", 1),
    against("J9", "tea-tasting", 50),
    *[Claim(f"cut: {e.name}, seconds", lambda m, e=e: m("cut", e.name, "wall"), .05, most=True) for e in JOBS["cut"].entries],
    doubling("20 million", "10 million"),
    doubling("40 million", "20 million"),
    Claim("increment: everything / the new day", lambda m: m("increment", OURS, "wall") / m("increment", "liftgate, --increment", "wall"), 1),
    Claim("growth: memory of 40 / 10 million events",
          lambda m: m("growth", "40 million", "memory") / m("growth", "10 million", "memory"), 1.05, most=True),
]
