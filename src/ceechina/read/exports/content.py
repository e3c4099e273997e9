"""What every export holds: the tables, and what a reader must know to use them right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ceechina.read.exports.cite import cite
from ceechina.read.package import Package
from ceechina.read.tables.descriptor import TableInfo, Tables

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# columns of the two tables that explain the others
CODES = ("code_list", "position", "code", "label", "definition")
COLUMNS = ("table_name", "column_name", "type", "origin", "code_list", "description")


@dataclass(frozen=True)
class Content:
    """A package with its disagreements decided by a policy.

    Attributes:
        package: What is exported.
        policy: How disagreements are decided, as `Package.load` takes it.
    """

    package: Package
    policy: str = "chosen"

    @property
    def tables(self) -> Tables:
        """The tables there are."""
        return self.package.tables()

    def arrow(self, info: TableInfo) -> pa.Table:
        """A table, for formats that take rows."""
        return self.package.load(info.name, "arrow", policy=self.policy)

    def pandas(self, info: TableInfo) -> pd.DataFrame:
        """A table with codes as categoricals and dates as datetimes."""
        return self.package.load(info.name, "pandas", policy=self.policy)

    def code_lists(self, table: str) -> dict[str, str]:
        """The code lists of the columns of a table that have one."""
        return {field["name"]: field["codeList"] for field in self._fields(table) if "codeList" in field}

    def about(self) -> list[tuple[str, str]]:
        """What the export is, under which licence, and how to cite it."""
        descriptor = self.package.descriptor
        licences = (f"{one.get('name', '')} {one.get('path', '')}".strip() for one in descriptor.get("licenses", ()))
        decided = "as published" if self.policy == "chosen" else f"by the policy {self.policy}, not as published"
        told = [
            ("Title", descriptor.get("title", "")),
            ("Description", descriptor.get("description", "")),
            ("Version", self.package.version),
            ("Licence", "; ".join(licences)),
            ("How to cite", cite(self.package)),
            ("Disagreements between sources", f"decided {decided}"),
        ]
        return [(label, text) for label, text in told if text]

    def columns(self) -> list[tuple[str, str, str, str, str | None, str]]:
        """Every column of every table, as `COLUMNS` says."""
        return [
            (info.name, field["name"], field["type"], field["origin"], field.get("codeList"), field["description"])
            for info in self.tables
            for field in self._fields(info.name)
        ]

    def codes(self) -> list[tuple[str, int, str, str, str]]:
        """Every code of every list in the order of the list, as `CODES` says."""
        return [
            (name, position, code["code"], code["label"], code["definition"])
            for name, listed in self.package.descriptor.get("codeLists", {}).items()
            for position, code in enumerate(listed["codes"], start=1)
        ]

    def _fields(self, table: str) -> list[dict[str, Any]]:
        resources = self.package.descriptor["resources"]
        found = (one for one in resources if (one["table"], one["format"]) == (table, "parquet"))
        return list(next(found)["schema"]["fields"])
