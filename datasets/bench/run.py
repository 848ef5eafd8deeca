#!/usr/bin/env python3
"""Measures liftgate beside its peers and writes a table: `python run.py`. It needs Go and Python 3.11 or newer, makes the data and installs
the peers' pinned packages in a cache folder, and runs on Linux. In each round every contestant runs once, in turn, in a fresh process on
the same cores; a round before is not counted. It exits with 1 when answers do not agree, and with --strict when a claim does not hold."""
import argparse
import os
import pathlib
import shlex
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True  # the checkout stays as it is

import agree
import environment
import process
import table
from jobs import JOBS, OURS, datasets


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", default="all", help=f"of {', '.join(JOBS)}, with commas; all is all but huge")
    parser.add_argument("--huge", action="store_true", help="the job huge, too: 4 GB of data")
    parser.add_argument("--peers", default="", help="only contestants whose names contain one of these, with commas, and liftgate")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="of the data; a trial when it is not 1")
    parser.add_argument("--splits", type=int, default=1000, help="of the job J9")
    parser.add_argument("--cores", type=int, default=2, help="that every process may use")
    parser.add_argument("--cache", type=pathlib.Path, default=environment.cache_folder(), help="folder of packages and data")
    parser.add_argument("--program", type=pathlib.Path, help="a liftgate that is built already")
    parser.add_argument("--prepare", action="store_true", help="install packages and make data, no more")
    parser.add_argument("--strict", action="store_true", help="fail when a claim does not hold")
    parser.add_argument("--out", type=pathlib.Path, help="the table's file; default: standard output")
    o = parser.parse_args()
    o.jobs = [j for j in JOBS if j != "huge"] if o.jobs == "all" else o.jobs.split(",")
    unknown = [j for j in o.jobs if j not in JOBS]
    if unknown or o.rounds < 1 or o.scale <= 0 or o.splits < 1 or o.cores < 1:
        parser.error(f"no such job: {', '.join(unknown)}" if unknown else "a number is too small")
    o.peers = [p for p in o.peers.split(",") if p]
    if o.huge and "huge" not in o.jobs:
        o.jobs.append("huge")
    return o


class Bench:
    def __init__(self, o, scratch):
        self.options, self.scratch = o, scratch
        o.cache.mkdir(parents=True, exist_ok=True)
        self.cores = sorted(os.sched_getaffinity(0))[:o.cores]
        self.python = environment.peers(o.cache)
        self.program = o.program or environment.program(o.cache)
        threads = str(len(self.cores))
        self.environment = {"BENCH_THREADS": threads, "BENCH_SPLITS": str(o.splits), "POLARS_MAX_THREADS": threads,
                            "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        self.places = {"liftgate": self.program, "python": self.python, "peers": environment.HERE / "peers", "count": o.splits, "bench": environment.HERE,
                       "memory": f"{max(150e6 * o.scale, 1e6):.0f}", "out": scratch / "out", "run": scratch / "run", "state": scratch / "state"}
        commands = [e.command for j in o.jobs for e in self.entries(JOBS[j])] + [JOBS[j].prepare for j in o.jobs]
        needed = dict.fromkeys(d for c in commands for d in datasets(c))
        self.data = {d: environment.data(o.cache, self.python, d, o.scale) for d in needed}

    def run(self, command, before="", **places):
        """Runs a command that is measured, after one that is not."""
        places = {k: shlex.quote(str(v)) for k, v in {**self.places, **self.data, **places}.items()}
        try:
            for c in filter(None, (before, command)):
                measured = process.run(shlex.split(c.format(**places)), self.environment, self.cores)
            return measured
        finally:
            for made in ("out", "state"):
                shutil.rmtree(self.places[made], ignore_errors=True)

    def entries(self, job):
        chosen = self.options.peers
        return [e for e in job.entries if not chosen or "{liftgate}" in e.command or any(p in e.name for p in chosen)]

    def measure(self, job):
        """All rounds of a job, by entry."""
        if job.prepare:
            shutil.rmtree(self.places["run"], ignore_errors=True)
            self.run(job.prepare, out=self.places["run"])
        rounds = min(self.options.rounds, job.rounds or self.options.rounds)
        found = {e.name: [] for e in self.entries(job)}
        for number in range(0 if rounds > 1 else 1, rounds + 1):
            for entry in self.entries(job):
                measured = self.run(entry.command, entry.before)
                say(f"{job.name}, round {number or 'that does not count'}: {entry.name} {measured.wall:.2f} s")
                if number:
                    found[entry.name].append(measured)
        return found

    def measure_all(self, names):
        """The rounds of all jobs, and the jobs that failed: one is no reason to lose the others."""
        runs, failed = {}, []
        for name in names:
            try:
                runs[name] = self.measure(JOBS[name])
            except process.Failed as e:
                say(f"{name} failed: {e}")
                failed.append(name)
        return runs, failed

    def agreements(self, job, runs):
        """By entry, how its answer agrees with ours."""
        if OURS not in runs:
            return {}
        ours = runs[OURS][-1].output
        others = {name: measured[-1].output for name, measured in runs.items() if name != OURS}
        if job.same:
            return {name: agree.same(ours, output) for name, output in others.items()}
        return {name: agree.check(ours, output) for name, output in others.items() if output.startswith('{"compute"')}


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    o = options()
    with tempfile.TemporaryDirectory(prefix="liftgate-bench-") as scratch:
        bench = Bench(o, pathlib.Path(scratch))
        if o.prepare:
            return 0
        runs, failed = bench.measure_all(o.jobs)
        agreements = {name: bench.agreements(JOBS[name], found) for name, found in runs.items()}
        page = table.results(environment.machine(bench.cores), environment.versions(bench.python, bench.program),
                             {name: environment.size(folder) for name, folder in bench.data.items()}, o, runs, agreements, failed)
    if o.out:
        o.out.write_text(page)
    else:
        print(page, end="")
    wrong = [f"{job}: failed" for job in failed] + [f"{job}, {entry}: {f}" for job, found in agreements.items() for entry, a in found.items() for f in a.failures]
    for text in wrong:
        say("wrong: " + text)
    broken = table.broken(runs) if o.strict else []
    for text in broken:
        say("does not hold: " + text)
    return 1 if wrong or broken else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
