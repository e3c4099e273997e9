"""What reading costs with a package a thousand times ours, each as a whole process.

Makes the copy in a temporary folder: every record with its claims and passages many times, under ids of its own.
Prints the time of each way to read, and the ratio to pandas reading the same file in the same run.

usage: python benchmarks/reading.py [TIMES [ROUNDS]]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

import duckdb
import pyarrow.parquet as pq
from import_and_load import measure

from ceechina.read.package import Package, bundled

TIMES = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5  # noqa: PLR2004  # the second of two arguments

# columns whose values are of one copy: the record's, and what only it has
OWN = ("project_id", "agreement_id", "meeting_id", "membership_id", "record_id", "claim_id", "passage_id")
OWN_TABLES = ("claims", "passages")
RECORD = f"smederevo-steelworks-{TIMES // 2}"


def blow_up(folder: Path) -> None:
    """Write the bundled package many times over, sorted and packed as a package is published."""
    package = bundled()
    (folder / "data").mkdir()
    descriptor = json.loads((package.folder / "datapackage.json").read_text(encoding="utf-8"))
    rows: dict[str, int] = {}
    for info in package.tables():
        own = [name for name in info.names if name in OWN]
        many = info.part in ("core", "child") or info.name in OWN_TABLES
        replaced = ", ".join(f"{name} || '-' || copy AS {name}" for name in own)
        query = (
            f"SELECT * EXCLUDE (copy) REPLACE ({replaced}) FROM read_parquet(?), range({TIMES}) AS copies(copy) "
            f"ORDER BY {', '.join(info.key)}"
            if many
            else "SELECT * FROM read_parquet(?)"
        )
        content = duckdb.connect().sql(query, params=[str(package.file(info.name))]).to_arrow_table()
        content = content.cast(package.arrow(info.name).schema)
        rows[info.name] = len(content)
        path = folder / "data" / f"{info.name}.parquet"
        pq.write_table(content, path, compression="zstd", compression_level=3, row_group_size=100_000)
    for resource in descriptor["resources"]:
        resource["rows"] = rows[resource["table"]]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def ways(folder: Path) -> dict[str, tuple[str, str]]:
    """Code to run by name, each with the name of what it is compared with."""
    opened = f"import ceechina; package = ceechina.open({str(folder)!r}); "
    found = {"python alone": ("pass", "")}
    for table in ("projects", "project_events", "claims"):
        file = str(Package(folder).file(table))
        found[f"pandas, {table}"] = (f"import pandas; pandas.read_parquet({file!r})", "")
        found[f"load {table}"] = (f"{opened}package.load({table!r})", f"pandas, {table}")
    return found | {
        "load claims as Arrow": (f"{opened}package.load('claims', 'arrow')", "pandas, claims"),
        "load projects of a country": (f"{opened}package.load('projects', country='Serbia')", "pandas, projects"),
        "explain a record": (f"{opened}str(package.explain({RECORD!r}))", ""),
        "query": (f"{opened}package.query('SELECT kind, count(*) FROM projects GROUP BY kind', 'arrow')", ""),
    }


def main() -> None:
    """Measure in turn, so that a slow moment of the machine meets all alike."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        blow_up(folder)
        todo = ways(folder)
        found: dict[str, list[float]] = {way: [] for way in todo}
        for _ in range(ROUNDS):
            for way, (code, _peer) in todo.items():
                found[way].append(measure(code)[0])
    print(f"{TIMES:,} times the package, {ROUNDS} rounds: median seconds, ratio")
    seconds = {way: median(runs) for way, runs in found.items()}
    for way, (_, peer) in todo.items():
        ratio = f"{seconds[way] / seconds[peer]:.2f}x {peer}" if peer else ""
        print(f"{way:<28}{seconds[way]:8.3f}  {ratio}")


if __name__ == "__main__":
    main()
