"""China's engagement with Central and Eastern Europe: every value opens the passage that states it.

The functions here are the methods of `ceechina.read.package.Package`, on the package that ships with ceechina; `open`
gives any other package, with the same methods, and `diff` tells two apart. Importing ceechina loads nothing: pandas,
pyarrow and the rest are imported by the function that needs them.
"""

from __future__ import annotations

# importing typing would take longer than the rest of this import; type checkers know the name
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, cast

    from ceechina.read.differences.diff import diff as diff
    from ceechina.read.package import Package
    from ceechina.read.plots import plot as plot

    TableName = Literal[
        "countries",
        "actors",
        "sources",
        "projects",
        "project_countries",
        "project_places",
        "project_participants",
        "project_amounts",
        "project_quantities",
        "project_events",
        "agreements",
        "agreement_parties",
        "agreement_events",
        "meetings",
        "meeting_participants",
        "memberships",
        "passages",
        "claims",
        "exclusions",
        "retired_ids",
        "changes",
    ]
    __version__: str
    # editors complete the names; any text is taken, such as a name out of `tables()`
    _bundled = cast("Package[TableName | str]", None)
    # ruff: noqa: A001  # `ceechina.open` and `ceechina.range` say what they do; nobody imports * for the builtins
    open = Package
    tables = _bundled.tables
    describe = _bundled.describe
    load = _bundled.load
    records = _bundled.records
    explain = _bundled.explain
    conflicts = _bundled.conflicts
    range = _bundled.range
    cite = _bundled.cite
    query = _bundled.query
    panel = _bundled.panel
    export = _bundled.export

__all__ = [
    "cite",
    "conflicts",
    "describe",
    "diff",
    "explain",
    "export",
    "load",
    "open",
    "panel",
    "plot",
    "query",
    "range",
    "records",
    "tables",
]


def __getattr__(name: str) -> object:
    # what is not asked for is not imported, and `__version__`, of the installed distribution, takes longest
    if name == "__version__":
        from importlib.metadata import version

        return version("ceechina")
    if name == "plot":
        from ceechina.read.plots import plot

        return plot
    if name == "diff":
        from ceechina.read.differences.diff import diff

        return diff
    if name == "open":
        from ceechina.read.package import Package

        return Package
    if name in __all__:
        from ceechina.read.package import bundled

        return getattr(bundled(), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
