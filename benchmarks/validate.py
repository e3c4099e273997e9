"""How fast packages are validated, in how much memory, and how many of twenty planted errors are found.

    python benchmarks/validate.py [--rows 10000 100000 1000000 10000000] [--formats csv parquet] [--limit SECONDS]

writes packages of which the largest table has so many rows, and has each of them validated by ceechina and its peers in
turn, each in a process of its own: frictionless, pydantic, pandera on polars (`pip install "pandera[polars]"`), and the
floor, DuckDB reading every column. Then a package no cell of which is good, and the published one. Seconds are told by
the clock and of the processor, with ratios to ceechina; those of the processor tell more on a machine with other work.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PEERS = ("ceechina", "floor", "pydantic", "pandera", "frictionless")
# Rows of the package no cell of which is good, and rounds of the published one.
BAD, ROUNDS = 1_000_000, 5


@dataclass(frozen=True)
class Run:
    """What a process took and said; no seconds where it was stopped at the limit."""

    seconds: float
    cpu: float
    mebibytes: float
    output: str
    is_whole: bool


def run(command: Sequence[str], limit: float) -> Run:
    """Run a process to its end, or to the limit in seconds.

    This process must stay small: one that it starts is never counted as smaller.
    """
    # modules are compiled once, as where they are installed
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], stdout=output, stderr=subprocess.DEVNULL, env=environment
        )
        timer = threading.Timer(limit, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        # the validator has 1 for a package with problems
        if process.returncode not in (0, 1) and seconds < limit:
            raise SystemExit(f"failed: {' '.join(command)}")
        output.seek(0)
        told = output.read()
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, told, process.returncode in (0, 1))


def write(folder: Path, rows: int, kind: str, state: str) -> Path:
    """A package, by a process of its own, read once so that all find it in memory."""
    folder.mkdir()
    command = [sys.executable, str(HERE / "synthetic.py"), str(folder / "package"), str(rows), kind, state]
    subprocess.run(command, check=True)
    for path in (folder / "package" / "data").iterdir():
        with path.open("rb") as file:
            while file.read(2**20):
                pass
    return folder / "package"


def validator(folder: Path) -> list[str]:
    """The command that has ceechina validate a package."""
    return ["-m", "ceechina.cli", "validate", str(folder), "--format", "json"]


def said(run: Run) -> Any:
    """What a process printed: one that ended in an error has the exit code of a validator that found problems."""
    try:
        return json.loads(run.output)
    except ValueError:
        raise SystemExit(f"failed: it printed {run.output[:100]!r}") from None


def found(peer: str, told: Any, planted: Iterable[Iterable[tuple[str, int]]]) -> int:
    """How many of the planted errors are told at one of their places."""
    if peer == "ceechina":
        told = [(problem.get("table"), problem.get("row")) for problem in told["problems"]]
    places = {tuple(place) for place in told}
    return sum(any(tuple(place) in places for place in each) for each in planted)


def compare(folder: Path, size: int, kind: str, limit: float) -> Run:
    """Have all validate a package in turn, and print what they took; return what ceechina did."""
    package = write(folder, size, kind, "planted")
    planted = json.loads((folder / "planted.json").read_text(encoding="utf-8")).values()
    resources = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    rows = sum(resource["rows"] for resource in resources)
    ours = None
    for peer in PEERS:
        command = validator(package) if peer == "ceechina" else [str(HERE / "peers.py"), peer, str(package)]
        told = run(command, limit)
        ours = ours or told
        start = f"{size:>10,}  {kind:<8}{peer:<13}"
        if not told.is_whole:
            print(f"{start}{f'> {limit:.0f}':>9}{'':30}  > {limit / ours.seconds:.1f}x", flush=True)
            continue
        count = "" if peer == "floor" else f"{found(peer, said(told), planted)} of {len(planted)}"
        print(
            f"{start}{told.seconds:9.2f}{told.cpu:9.2f}{rows / told.seconds:12,.0f}{told.mebibytes:9.0f}{count:>10}"
            f"{told.seconds / ours.seconds:9.2f}x{told.cpu / ours.cpu:8.2f}x",
            flush=True,
        )
    if ours is None:
        raise SystemExit("nothing was run")
    return ours


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 10_000_000])
    parser.add_argument("--formats", nargs="+", choices=["csv", "parquet"], default=["csv", "parquet"])
    parser.add_argument("--limit", type=float, default=600, help="seconds after which a peer is stopped")
    asked = parser.parse_args()
    print(f"{'rows':>10}{'':23}{'seconds':>9}{'CPU s':>9}{'rows/s':>12}{'MiB':>9}{'found':>10}{'ratio':>10}{'CPU':>9}")
    for kind in asked.formats:
        before: tuple[int, Run] | None = None
        for size in asked.rows:
            with tempfile.TemporaryDirectory() as folder:
                told = compare(Path(folder) / "planted", size, kind, asked.limit)
            if before:
                grown = f"{told.seconds / before[1].seconds:.1f}x the time, {told.cpu / before[1].cpu:.1f}x of the CPU"
                print(f"{'':12}ceechina: {size / before[0]:.0f}x the rows, {grown}", flush=True)
            before = size, told
    with tempfile.TemporaryDirectory() as folder:
        bad = run(validator(write(Path(folder) / "bad", BAD, "csv", "bad")), asked.limit)
    count = f"{said(bad)['errors']:,} problems found" if bad.is_whole else "stopped at the limit"
    print(f"every cell bad, {BAD:,} rows: {bad.seconds:.2f} s, {bad.cpu:.2f} CPU s, {bad.mebibytes:.0f} MiB, {count}")
    runs = [run(validator(HERE.parent / "datapackage"), asked.limit) for _ in range(ROUNDS)]
    if not all(said(each)["valid"] for each in runs):
        raise SystemExit("the published package has problems")
    seconds, cpu = (statistics.median(getattr(each, name) for each in runs) for name in ("seconds", "cpu"))
    print(f"published package: {seconds:.2f} s, {cpu:.2f} CPU s, {max(each.mebibytes for each in runs):.0f} MiB")


if __name__ == "__main__":
    main()
