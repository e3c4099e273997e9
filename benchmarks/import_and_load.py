"""What it costs to import ceechina and to have a first table, each as a whole process.

Prints time and peak memory of each, and ratios against the named peer of the same run: bare Python for the import,
pandas reading the same Parquet file for the DataFrame, a bare `import pandas` for the Arrow table.

usage: python benchmarks/import_and_load.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from ceechina.read.package import bundled

FILE = bundled().folder / "data" / "claims.parquet"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 15

CODE = {
    "python alone": "pass",
    "import ceechina": "import ceechina",
    "pandas alone": "import pandas",
    "pandas reads Parquet": f"import pandas; pandas.read_parquet({str(FILE)!r})",
    "ceechina, DataFrame": "import ceechina; ceechina.load('claims')",
    "ceechina, Arrow": "import ceechina; ceechina.load('claims', as_='arrow')",
    "ceechina, explain": f"import ceechina; str(ceechina.explain({'smederevo-steelworks'!r}))",
}
PEERS = {
    "import ceechina": "python alone",
    "ceechina, DataFrame": "pandas reads Parquet",
    "ceechina, Arrow": "pandas alone",
}


def measure(code: str) -> tuple[float, int]:
    """Seconds and peak KiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {code}")
    return time.perf_counter() - start, usage.ru_maxrss


def main() -> None:
    """Measure in turn, so that a slow moment of the machine meets all alike."""
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in CODE}
    for _ in range(ROUNDS):
        for name, code in CODE.items():
            found[name].append(measure(code))
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in found.items()}
    print(f"{FILE.name}, {ROUNDS} rounds, Python {sys.version.split()[0]}: median seconds, peak MiB, ratio")
    for name, runs in found.items():
        ratio = f"{medians[name] / medians[PEERS[name]]:.2f}x {PEERS[name]}" if name in PEERS else ""
        print(f"{name:<22}{medians[name]:8.3f}{max(kib for _, kib in runs) / 1024:8.1f}  {ratio}")


if __name__ == "__main__":
    main()
