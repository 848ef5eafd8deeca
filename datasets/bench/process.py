"""One command in a fresh process, measured from outside."""
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    wall: float  # seconds from start to exit
    cpu: float  # seconds, user and system
    memory: float  # peak resident, MB
    output: str


class Failed(Exception):
    pass


def run(command, environment, cores):
    """Runs a command on these cores. The caller must be small: a child starts with the resident memory of its parent."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env={**os.environ, **environment},
                                 preexec_fn=lambda: os.sched_setaffinity(0, cores))
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            child.wait()
            raise
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            err.seek(0)
            raise Failed(f"{' '.join(command)}\nexits with {child.returncode}\n{err.read().decode(errors='replace')[-2000:]}")
        out.seek(0)
        return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read().decode())
