"""China's engagement with Central and Eastern Europe: every value opens the passage that states it.

The functions here work on the package that ships with ceechina; `open_package` gives the same as
methods of any other. Importing ceechina loads nothing: pandas, pyarrow and the rest are imported by
the function that needs them.
"""

from __future__ import annotations

# importing typing would take longer than the rest of this import; type checkers know the name
TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Literal, overload

    import pandas as pd
    import pyarrow as pa

    from ceechina.read.explain import Explanation
    from ceechina.read.package import Package, TableInfo, Tables
else:

    def overload(function: object) -> object:
        """What typing.overload is at run time, as far as it matters here."""
        return function


__all__ = ["describe", "explain", "load", "open_package", "tables"]


def tables() -> Tables:
    """The tables there are, one line each."""
    return _bundled().tables()


def describe(table: str) -> TableInfo:
    """A table with the type, origin and meaning of its columns.

    Raises:
        UnknownNameError: There is no such table.
    """
    return _bundled().describe(table)


@overload
def load(table: str, as_: Literal["pandas"] = "pandas") -> pd.DataFrame: ...
@overload
def load(table: str, as_: Literal["arrow"]) -> pa.Table: ...
def load(table: str, as_: Literal["pandas", "arrow"] = "pandas") -> pd.DataFrame | pa.Table:
    """A table as a pandas DataFrame or a pyarrow Table.

    Args:
        table: One of `tables()`, such as "projects" or "claims".
        as_: "pandas" or "arrow".

    Raises:
        UnknownNameError: There is no such table.
        UnsupportedError: `as_` is neither.
    """
    return _bundled().load(table, as_)


def explain(record_id: str, field: str | None = None) -> Explanation:
    """What stands behind a record, or one of its fields: claims, rivals, passages, links, choices.

    Args:
        record_id: A record of a core table, such as "smederevo-steelworks".
        field: One field of it, such as "status" or "amounts/purchase-price/value".

    Raises:
        UnknownNameError: There is no such record or field.
    """
    return _bundled().explain(record_id, field)


def open_package(path: str | os.PathLike[str]) -> Package:
    """Another package, by its folder or its datapackage.json.

    Raises:
        PackageError: There is no package to read there.
    """
    from ceechina.read.package import Package

    return Package(path)


def _bundled() -> Package:
    from ceechina.read.package import bundled

    return bundled()


def __getattr__(name: str) -> str:
    # `__version__` alone, asked of the installed distribution, as that takes longer than this whole import
    if name == "__version__":
        from importlib.metadata import version

        return version("ceechina")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
