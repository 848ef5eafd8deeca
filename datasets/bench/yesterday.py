"""A log of which a day is missing, analysed into a state, and then the day: `python yesterday.py PROGRAM LOG FOLDER`.

The log has a file of events a day. FOLDER gets links to all of it, and the state of an analysis before the last file was there.
"""
import pathlib
import shutil
import subprocess
import sys


def main():
    program, log, folder = sys.argv[1], *map(pathlib.Path, sys.argv[2:])
    events = folder / "events"
    events.mkdir(parents=True)
    shutil.copy(log / "page.yaml", folder)
    (folder / "exposures.parquet").symlink_to(log / "exposures.parquet")
    *days, last = sorted((log / "events").iterdir())
    for day in days:
        (events / day.name).symlink_to(day)
    subprocess.run([program, "analyze", folder / "page.yaml", "--out", folder / "yesterday", "--state", folder / "state", "--quiet", "--format", "json"],
                   check=True, stdout=subprocess.DEVNULL)
    (events / last.name).symlink_to(last)


if __name__ == "__main__":
    main()
