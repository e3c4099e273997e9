"""Stata: labelled .dta files, one for each table, as a file of Stata holds one."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from ceechina.errors import UnknownNameError
from ceechina.read.exports.content import CODES, COLUMNS, Content
from ceechina.read.tables.descriptor import TableInfo

if TYPE_CHECKING:
    import pandas as pd

# what Stata can hold: of a label, and of text that is not a long string
LABEL_CHARACTERS = 80
STRING_BYTES = 2_045


def write_stata(content: Content, path: Path) -> None:
    """All tables in a .zip, or, where `path` ends in .dta, the one table it is named for (`projects.dta`).

    Codes are numbered from 1 in the order of their list and labelled, booleans are 0 and 1, labelled false
    and true, dates are %td, and long text is strL. A name that Stata or pandas reserves gets a `_` before
    it (`_end`). Descriptions are variable labels, cut to Stata's 80 characters; the .zip holds them whole
    in `columns.dta`, what the codes mean in `codes.dta`, and how to cite in `about.txt`.

    Raises:
        UnknownNameError: A .dta file is named for no table.
    """
    infos = {info.name: info for info in content.tables}
    if path.suffix.lower() == ".dta":
        if path.stem not in infos:
            what = "table (a .dta file holds the one it is named for, a .zip all)"
            raise UnknownNameError(what, path.stem, list(infos))
        path.write_bytes(_labelled(content, infos[path.stem]))
        return
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("about.txt", "\n\n".join(f"{label}\n{text}" for label, text in content.about()) + "\n")
        for name, info in infos.items():
            archive.writestr(f"{name}.dta", _labelled(content, info))
        archive.writestr("columns.dta", _listing(COLUMNS, content.columns()))
        archive.writestr("codes.dta", _listing(CODES, content.codes()))


def _labelled(content: Content, info: TableInfo) -> bytes:
    frame = content.pandas(info)
    values: dict[Hashable, dict[float, str]] = {}
    for column in info.columns:
        name = column.name
        if column.codes:
            # numbered by us: pandas fails on a table without rows
            numbers = frame[name].cat.codes.astype("Int16") + 1
            frame[name] = numbers.mask(numbers == 0)
            values[name] = dict(enumerate(column.codes, start=1))
        elif column.type == "boolean":
            frame[name] = frame[name].astype("Int8")
            values[name] = {0: "false", 1: "true"}
    return _dta(frame, info.description, {column.name: column.description for column in info.columns}, values)


def _listing(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    import pandas as pd

    return _dta(pd.DataFrame(rows, columns=list(columns)).convert_dtypes(), "", {}, {})


def _dta(
    frame: pd.DataFrame, description: str, labels: Mapping[str, str], values: dict[Hashable, dict[float, str]]
) -> bytes:
    """A frame as a file of Stata: its label, the labels of its variables, and those of their values."""
    from pandas.errors import InvalidColumnName

    written = io.BytesIO()
    # Stata has no missing text but the empty
    text: pd.DataFrame = frame.select_dtypes("string").fillna("")
    longest = {name: max((len(value.encode()) for value in text[name]), default=0) for name in text}
    with warnings.catch_warnings():
        # pandas puts the names right, and our docstring says how
        warnings.simplefilter("ignore", InvalidColumnName)
        frame.assign(**text).to_stata(
            written,
            version=118,  # of Stata 14, the first with UTF-8
            write_index=False,
            data_label=_cut(description),
            # looked up by the name put right
            variable_labels={key: _cut(label) for name, label in labels.items() for key in (name, f"_{name}")},
            value_labels=values,
            convert_dates=dict.fromkeys(frame.select_dtypes("datetime"), "td"),
            convert_strl=[name for name, size in longest.items() if size > STRING_BYTES],
        )
    return written.getvalue()


def _cut(label: str) -> str:
    return textwrap.shorten(label, LABEL_CHARACTERS, placeholder="…")
