"""Part of a table: some columns, one country, another policy, the knowledge of a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypedDict

from ceechina.errors import UnknownNameError, UnsupportedError
from ceechina.read.tables.descriptor import TableInfo

if TYPE_CHECKING:
    import pyarrow as pa

    from ceechina.read.package import Package

    # a table, whole or some columns of it
    Get = Callable[..., pa.Table]

PUBLISHED = "chosen"


class Selection(TypedDict, total=False):
    """What `Package.load` can be asked for besides a table."""

    columns: Sequence[str] | None
    country: str | None
    policy: str
    as_of: str | dt.date | None


def selected(
    package: Package,
    info: TableInfo,
    columns: Sequence[str] | None,
    country: str | None,
    policy: str,
    as_of: str | dt.date | None,
) -> pa.Table:
    """The part of a table that `Package.load` was asked for; the errors are told there."""
    names = info.names if columns is None else [columns] if isinstance(columns, str) else list(dict.fromkeys(columns))
    for name in names:
        if name not in info.names:
            raise UnknownNameError(f"column of {info.name}", name, info.names)
    code = None if country is None else country_code(package, country)
    get = _source(package, policy, None if as_of is None else day(as_of))
    if code is None:
        return get(info.name, names)
    # only now are the columns read that tell the country
    keep = _is_of(package, info, code, get)
    return get(info.name, names).filter(keep)


def country_code(package: Package, country: str) -> str:
    """ISO 3166-1 alpha-2 code of a country given by it, by the code of three letters or by name.

    Raises:
        UnknownNameError: No country of the package is called so.
    """
    rows = package.arrow("countries", ["country_id", "iso3", "name"]).to_pylist()
    named = {str(name).casefold(): row["country_id"] for row in rows for name in row.values()}
    # who asks from Python may give anything
    asked = str(country).strip()
    code = named.get(asked.casefold())
    if code is None:
        known = [row["name"] for row in rows]
        # a mistyped code is nearest to a code, a mistyped name to a name
        codes = [value for row in rows for value in (row["iso3"], row["country_id"])]
        short = len(asked) <= len(rows[0]["iso3"])
        raise UnknownNameError("country", country, codes if short else known)
    return str(code)


def day(as_of: str | dt.date) -> dt.date:
    """A day given as one or as YYYY-MM-DD.

    Raises:
        UnsupportedError: It is no day.
    """
    if isinstance(as_of, dt.date):
        return as_of.date() if isinstance(as_of, dt.datetime) else as_of
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(as_of)):
            return dt.date.fromisoformat(as_of)
    except ValueError:
        pass
    year = re.match(r"[0-9]{4}", str(as_of))
    near = f"{year.group()}-12-31" if year else "2020-12-31"
    raise UnsupportedError(f"as_of={as_of!r} is no day written as YYYY-MM-DD, such as {near}")


def _source(package: Package, policy: str, as_of: dt.date | None) -> Get:
    """Where tables come from: the files, or the claims decided anew."""
    if policy == PUBLISHED and as_of is None:
        return package.arrow
    from ceechina.read.provenance.policy import POLICIES
    from ceechina.read.provenance.recompute import recomputed

    if policy not in POLICIES:
        raise UnknownNameError("policy", policy, POLICIES)
    made = recomputed(package, policy, as_of)

    def get(table: str, columns: Sequence[str]) -> pa.Table:
        return made[table].select(list(columns)) if table in made else package.arrow(table, columns)

    return get


def _is_of(package: Package, info: TableInfo, code: str, get: Get) -> pa.ChunkedArray:
    """Which rows of a table belong to a country: their own, or that of the record they belong to or speak of."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def values(table: TableInfo, column: str) -> pa.ChunkedArray:
        return get(table.name, [column])[column]

    def records(core: TableInfo) -> pa.ChunkedArray:
        return values(core, core.key[0]).filter(_is_of(package, core, code, get))

    key, claims = info.key[0], package.describe("claims")
    match _tie(info, claims):
        case ("column", column):
            # a code of two capitals stands nowhere in a list of such but as itself
            return pc.match_substring(values(info, column), code)
        case ("parent", parent):
            return pc.is_in(values(info, key), value_set=records(package.describe(parent)))
        case ("record", column):
            chunks = [chunk for core in package.core() for chunk in records(core).chunks]
            return pc.is_in(values(info, column), value_set=pa.chunked_array(chunks, pa.string()))
        case ("cited", column):
            cited = values(claims, column).filter(_is_of(package, claims, code, get))
            return pc.is_in(values(info, key), value_set=cited)
    tied = ", ".join(other.name for other in package.tables() if _tie(other, claims))
    raise UnsupportedError(f"the rows of {info.name} belong to no country; those of {tied} do")


def _tie(info: TableInfo, claims: TableInfo) -> tuple[str, str] | None:
    """What ties the rows of a table to countries, and by which column or table; None where nothing does."""
    if info.part == "core":
        return "column", "country_ids"
    if "country_id" in info.names:
        return "column", "country_id"
    if info.parent:
        return "parent", info.parent
    if info.name == claims.name:
        return "record", "record_id"
    key = info.key[0]
    return ("cited", key) if key in claims.names and claims[key].reference == info.name else None
