"""What the benchmark needs and does not find: the peers' packages, the program, the data. All of it lies in a cache folder."""
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys

from jobs import DATASETS

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "liftgate-bench"


def digest(*parts):
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def peers(cache):
    """The Python of a virtual environment with the pinned packages."""
    requirements = HERE / "requirements.txt"
    venv = cache / f"venv-{digest(requirements.read_bytes(), sys.version.encode())}"
    python = venv / "bin" / "python"
    if not (venv / "ready").exists():
        print(f"installing the peers' packages into {venv}", file=sys.stderr)
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "-r", requirements]
        subprocess.run(install, check=True, env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"})
        (venv / "ready").touch()
    return python


def program(cache):
    """liftgate, built from this checkout."""
    path = cache / "liftgate"
    subprocess.run(["go", "build", "-o", path, "./cmd/liftgate"], cwd=REPOSITORY, check=True)
    return path


def data(cache, python, name, scale):
    """The folder of a dataset with the definitions beside it. Data that are there are kept."""
    made = DATASETS[name]
    generator = HERE / "generate.py"
    folder = cache / f"data-{digest(generator.read_bytes())}" / f"scale-{scale:g}" / name
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        command = [python, "-B", generator, made.workload, "--out", folder, "--scale", str(scale), "--files", str(made.files)]
        if made.events:
            command += ["--events", str(made.events)]
        subprocess.run(command, check=True, stdout=sys.stderr)
        (folder / "ready").touch()
    for definition in (HERE / "definitions").iterdir():
        shutil.copy(definition, folder)
    return folder


def size(folder):
    """Bytes of data."""
    return sum(f.stat().st_size for f in folder.rglob("*.parquet"))


def machine(cores):
    """What ran: a line for each fact."""
    model = memory = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal"):
            memory = f"{int(line.split()[1]) / 2 ** 20:.1f} GiB"
    return {
        "processor": f"{model}; {len(cores)} of {os.cpu_count()} cores used",
        "memory": memory,
        "system": f"{platform.system()} {platform.release()}",
    }


def versions(python, binary):
    """Names and versions of the contestants."""
    names = ["duckdb", "polars", "tea-tasting", "ibis-framework", "gbstats", "statsmodels", "spotify-confidence", "numpy", "scipy", "pyarrow"]
    script = "import sys, importlib.metadata as m\nfor n in sys.argv[1:]: print(n, m.version(n))"
    peers = subprocess.run([python, "-c", script, *names], check=True, capture_output=True, text=True).stdout.splitlines()
    ours = subprocess.run([binary, "version"], check=True, capture_output=True, text=True).stdout.split("\n")[0]
    return [ours, f"commit {commit()}", f"Python {platform.python_version()}", *peers]


def commit():
    def git(*arguments):
        return subprocess.run(["git", "-C", REPOSITORY, *arguments], capture_output=True, text=True).stdout.strip()
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if git("status", "--porcelain") else "")
