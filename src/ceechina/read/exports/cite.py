"""Citing the dataset, a record with the sources behind it, or the result of a query.

Whatever is cited first becomes CSL-JSON items, made of the package's own descriptor and tables alone;
the styles only write those out. So any of the thousands of CSL styles is one reference manager away.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ceechina.errors import PackageError, UnsupportedError, suggestion
from ceechina.read.exports.citation_styles import STYLES, Item

if TYPE_CHECKING:
    import pyarrow as pa

    from ceechina.read.package import Package

# kinds of sources as CSL types; a kind that is not here is a document
CSL_TYPES = {
    "article": "article-magazine",
    "interview": "interview",
    "news": "article-newspaper",
    "report": "report",
    "weblog": "post-weblog",
}
# what is published inside something else, which then is its container, not its publisher
CONTAINED = frozenset(CSL_TYPES.values()) - {"report"}


def cite(package: Package, style: str = "text", record: str | None = None, query: str | None = None) -> str:
    """How to cite a package, a record of it, or the result of a query on it.

    Authors, title, version, licence, and, where the descriptor has them, date, DOI and address are those
    of the descriptor. A checksum (`content_sha256`) says which state of the data is meant.

    Names of the authors of sources are split by one rule: the last word is the family name. One word, a name with a
    comma and a name equal to the publisher's stay whole, and so do the authors of the dataset.

    Args:
        package: What is cited.
        style: "text", "apa" (7th edition), "chicago" (bibliography entry), "bibtex", "ris" or "csl-json".
        record: A record of a core table; the sources of all claims about it are cited after the dataset.
        query: SQL as `Package.query` takes it; cited with the hash of its result (`result_sha256`).

    Returns:
        Text without a line break at its end. In the text styles an entry is a line, with its notes on
        the lines below; entries are an empty line apart.

    Raises:
        UnsupportedError: There is no such style.
        UnknownNameError: There is no such record.
        QueryError: The query is no SQL, or would do more than read the tables.
        PackageError: The package is damaged.
    """
    if style not in STYLES:
        raise UnsupportedError(f"style={style!r} is not a style of citation; {suggestion(style, list(STYLES))}")
    notes, source_ids = [], set()
    if record is not None:
        explained = package.explain(record)
        source_ids = {claim.source_id for field in explained.fields for claim in field.claims}
        notes.append(f"Record {record}: {explained.name}")
    if query is not None:
        result = package.query(query, as_="arrow")
        notes += [f"Query: {query.strip()}", f"Result: {len(result)} rows, SHA-256 {result_sha256(result)}"]
    try:
        return STYLES[style]([_dataset(package.descriptor, notes), *_sources(package, source_ids)])
    except (KeyError, TypeError, AttributeError) as error:
        raise PackageError(f"the package in {package.folder} does not say how it is cited: {error!r}") from error


def content_sha256(descriptor: dict[str, Any]) -> str | None:
    """The checksum of the data of a package, as 64 hexadecimal digits: one for all formats.

    It is the SHA-256 of a line `<sha256>  <path>` for the CSV file of each table, sorted by path: what
    `sha256sum data/*.csv | sha256sum` prints in the package's folder, with LC_ALL=C. The descriptor of a Parquet
    file names the hash of the same rows as CSV. None where the descriptor lacks such a hash.
    """
    hashes = {}
    for resource in descriptor["resources"]:
        path = PurePosixPath(resource["path"])
        if path.suffix not in {".csv", ".parquet"}:
            continue
        digest = resource.get("hash" if path.suffix == ".csv" else "contentHash")
        if digest is None:
            return None
        hashes[str(path.with_suffix(".csv"))] = digest.removeprefix("sha256:")
    lines = [f"{digest}  {path}\n" for path, digest in sorted(hashes.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest() if lines else None


def result_sha256(result: pa.Table) -> str:
    """The SHA-256 of a result as CSV text: UTF-8, LF, a header, quotes only where needed.

    Cells are written as in the CSV files of the package: nothing for null, `true` and `false`, numbers without
    exponent or needless zeros, dates as ISO 8601. Rows are sorted by their cells as text, as a query
    without ORDER BY gives them in any order. So `SELECT * FROM projects` has the hash of projects.csv.
    """
    rows = sorted([_cell(value) for value in row.values()] for row in result.to_pylist())
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(result.column_names)
    writer.writerows(rows)
    return hashlib.sha256(text.getvalue().encode()).hexdigest()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | Decimal):
        exact = Decimal(repr(value)) if isinstance(value, float) else value
        return format(exact.normalize(), "f") if exact.is_finite() else str(exact)
    return str(value)


def _dataset(descriptor: dict[str, Any], notes: Iterable[str]) -> Item:
    """The dataset as a CSL-JSON item, from its descriptor."""
    identifier, homepage = str(descriptor.get("id", "")), descriptor.get("homepage")
    doi = re.fullmatch(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/\S+)", identifier)
    address = homepage or (identifier if identifier.startswith(("https://", "http://")) and not doi else None)
    created = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(descriptor.get("created", "")))
    licences = ", ".join(licence.get("name") or licence["title"] for licence in descriptor.get("licenses", ()))
    checksum = content_sha256(descriptor)
    told = [f"Licence: {licences}" if licences else "", f"SHA-256 of the data: {checksum}" if checksum else "", *notes]
    return _filled(
        {
            "id": f"{descriptor['name']}-{descriptor['version']}",
            "type": "dataset",
            "title": descriptor["title"],
            "author": [{"literal": title} for title in _creators(descriptor)],
            "issued": _issued(created[0]) if created else None,
            "version": str(descriptor["version"]),
            "DOI": doi[1] if doi else None,
            "URL": address,
            "note": "\n".join(note for note in told if note),
        }
    )


def _creators(descriptor: dict[str, Any]) -> list[str]:
    """Contributors that made the dataset; all of them where none is said to."""
    contributors = descriptor.get("contributors", ())
    creators = [one["title"] for one in contributors if {"creator", "author"} & set(one.get("roles", ()))]
    return creators or [one["title"] for one in contributors]


def _sources(package: Package, source_ids: set[str]) -> list[Item]:
    """Sources as CSL-JSON items, in the order of their table."""
    if not source_ids:
        return []
    rows = package.load("sources", "arrow").to_pylist()
    return [_source(row) for row in rows if row["source_id"] in source_ids]


def _source(row: dict[str, Any]) -> Item:
    kind = CSL_TYPES.get(row["kind"], "document")
    printed = [name.strip() for name in (row["authors"] or "").split(";") if name.strip()]
    # a remark on an author, such as (interview), is no part of the name
    names = [re.sub(r"\s*\([^()]*\)$", "", name) for name in printed]
    return _filled(
        {
            "id": row["source_id"],
            "type": kind,
            "title": row["title"],
            "author": [_name(name, row["publisher"]) for name in names],
            "container-title" if kind in CONTAINED else "publisher": row["publisher"],
            "issued": _issued(row["published"]) if row["published"] else None,
            "language": row["language"],
            "URL": row["url"],
            "note": f"Authors as printed: {row['authors']}" if names != printed else None,
        }
    )


def _name(name: str, publisher: str | None) -> dict[str, str]:
    given, _, family = name.rpartition(" ")
    whole = not given or "," in name or name == publisher
    return {"literal": name} if whole else {"family": family, "given": given.rstrip()}


def _issued(edtf: str) -> dict[str, Any]:
    """An EDTF date as CSL has dates: in parts, no finer than stated, or as text where they cannot say it."""
    season = re.fullmatch("([0-9]{4})-2([1-4])", edtf)
    if season:
        return {"date-parts": [[int(season[1])]], "season": int(season[2]), "edtf": edtf}
    ends = [re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?[?~%]?", end) for end in edtf.split("/")]
    if not all(ends):
        return {"literal": _in_words(edtf), "edtf": edtf}
    dates = [[int(number) for number in end.groups() if number] for end in ends if end]
    circa = {"circa": True} if re.search("[?~%]", edtf) else {}
    return {"date-parts": dates, **circa, "edtf": edtf}


def _in_words(edtf: str) -> str:
    """A decade or an interval open at one end, for people."""
    for pattern, words in ((r"([0-9]{3})X", r"\g<1>0s"), (r"(.+)/\.\.", r"from \1"), (r"\.\./(.+)", r"until \1")):
        edtf = re.sub(f"^{pattern}$", words, edtf)
    return edtf


def _filled(item: Item) -> Item:
    return {key: value for key, value in item.items() if value}
