"""The results as Markdown."""
import datetime
import json
import statistics

from jobs import CLAIMS, JOBS, OURS

MEASURES = [("whole process, s", "wall"), ("compute only, s", "compute"), ("CPU, s", "cpu"), ("peak memory, MB", "memory")]


def number(x):
    """Three digits or whole numbers."""
    return f"{x:.0f}" if x >= 100 else f"{x:.3g}"


def values(runs, measure):
    if measure == "compute":
        return [json.loads(r.output)["compute"] for r in runs if r.output.startswith('{"compute"')]
    return [getattr(r, measure) for r in runs]


def cell(runs, measure):
    """Median and range."""
    found = values(runs, measure)
    if not found:
        return ""
    middle = number(statistics.median(found))
    return middle if len(found) == 1 else f"{middle} ({number(min(found))} to {number(max(found))})"


def median_of(runs):
    """median(job, entry, measure) over all runs; a KeyError where there are none."""
    return lambda job, entry, measure: statistics.median(values(runs[job][entry], measure))


def measured_claims(runs):
    """The claims whose jobs were run, with what was measured."""
    for claim in CLAIMS:
        try:
            yield claim, claim.value(median_of(runs))
        except (KeyError, statistics.StatisticsError):
            continue


def broken(runs):
    return [claim.text for claim, value in measured_claims(runs) if not claim.holds(value)]


def claims(runs):
    lines = []
    for c, value in measured_claims(runs):
        sign = "at most" if c.most else "at least"
        floor = f" (floor {number(c.floor)})" if c.floor else ""
        lines.append(f"| {c.text} | {number(value)} | {sign} {number(c.wanted)}{floor} | {'yes' if c.holds(value) else 'NO'} |")
    return ["| claim | measured | wanted | holds |", "|---|---|---|---|", *lines] if lines else []


def job_table(job, runs, agreements):
    own = runs.get(OURS)
    lines = [f"### {job.name}: {job.title}", "", "| | " + " | ".join(m for m, _ in MEASURES) + " | time / ours | answers agree |",
             "|---|" + "---|" * (len(MEASURES) + 2)]
    for name, measured in runs.items():
        ratio = ""
        if own and name != OURS:
            ratio = number(statistics.median(values(measured, "wall")) / statistics.median(values(own, "wall")))
        agreed = agreements[name].words() if name in agreements else ""
        lines.append(f"| {name} | " + " | ".join(cell(measured, m) for _, m in MEASURES) + f" | {ratio} | {agreed} |")
    return [*lines, ""]


def results(machine, versions, data, options, runs, agreements, failed):
    """The whole page. runs: by job and entry, the measured runs; agreements: by job and entry."""
    rounds = f"{options.rounds} alternating round{'s' if options.rounds > 1 else ''}"
    lines = ["# Benchmark", "",
             f"Written by `run.py` on {datetime.date.today()}: medians of {rounds} of fresh processes on the same cores (least to most), "
             "files in the page cache. Whole process means from start to exit, for liftgate with the run written to disk; compute only is a "
             "peer's own clock without imports.", ""]
    if options.scale != 1:
        lines += [f"**A trial: the data have {options.scale:g} of their full size, so times say nothing.**", ""]
    lines += [f"- {k}: {v}" for k, v in machine.items()]
    lines += [f"- versions: {', '.join(versions)}"]
    lines += [f"- data: {', '.join(f'{name} {size / 1e6:,.0f} MB' for name, size in data.items())}", ""]
    found = claims(runs) if options.scale == 1 else []
    if found:
        lines += ["## Claims", "", *found, ""]
    lines += ["## Jobs", "",
              "Answers agree when counts are equal, differences lie within so many standard errors and standard errors within such a share. "
              "What the methods make different is not compared: p-values and bounds of shares (score test here, Wald there), bounds of lifts "
              "(Fieller, logarithms), p-values against margins. Adjusted metrics have a slope for each variant here and one for both there, "
              "merchants CR2 here and CR1 there: so more is allowed.", ""]
    for name, measured in runs.items():
        lines += job_table(JOBS[name], measured, agreements.get(name, {}))
    lines += [f"**{name} failed.**" for name in failed]
    return "\n".join(lines).rstrip() + "\n"
