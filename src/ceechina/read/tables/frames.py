"""A table handed over in the form asked for: pandas, pyarrow, polars or duckdb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from ceechina.errors import UnsupportedError, suggestion
from ceechina.read.tables.descriptor import ColumnInfo

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Form = Literal["pandas", "arrow", "polars", "duckdb"]
FORMS: tuple[Form, ...] = ("pandas", "arrow", "polars", "duckdb")


def check_form(as_: str) -> None:
    """Raise UnsupportedError where `as_` is no form tables come in."""
    if as_ not in FORMS:
        raise UnsupportedError(
            f"as_={as_!r} is not a form tables come in ({', '.join(FORMS)}); {suggestion(as_, FORMS)}"
        )


def hand_over(content: pa.Table, as_: str, columns: Sequence[ColumnInfo] = ()) -> Any:
    """A table in one of the `FORMS`; `columns` tell which hold codes, and which are never empty."""
    match as_:
        case "arrow":
            return content
        case "polars":
            return _to_polars(content, columns)
        case "duckdb":
            import duckdb

            # on the connection of `duckdb.sql`, so that queries there see the relation by its variable
            return duckdb.from_arrow(content)
    return _to_pandas(content, columns)


def _to_pandas(content: pa.Table, columns: Sequence[ColumnInfo]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype()}

    def dtype(kind: pa.DataType) -> Any:
        # what pandas would hold as objects stays with Arrow
        other = pa.types.is_nested(kind) or pa.types.is_decimal(kind) or pa.types.is_binary(kind)
        return pd.ArrowDtype(kind) if other else nullable.get(kind)

    for column in columns:
        if column.codes:
            at = content.column_names.index(column.name)
            content = content.set_column(at, column.name, _encoded(content.column(at), column))
    frame: pd.DataFrame = content.to_pandas(types_mapper=dtype, date_as_object=False)
    for column in columns:
        if column.required and column.type in ("integer", "boolean"):
            frame[column.name] = frame[column.name].astype("int64" if column.type == "integer" else "bool")
    return frame


def _encoded(values: pa.ChunkedArray, column: ColumnInfo) -> pa.ChunkedArray:
    """Codes as positions in their list: much faster than to let pandas find them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pa.array(column.codes, values.type)
    chunks = [
        pa.DictionaryArray.from_arrays(pc.index_in(chunk, value_set=codes), codes, ordered=column.ordered)
        for chunk in values.chunks
    ]
    return pa.chunked_array(chunks, type=pa.dictionary(pa.int32(), values.type, ordered=column.ordered))


def _to_polars(content: pa.Table, columns: Sequence[ColumnInfo]) -> pl.DataFrame:
    try:
        import polars as pl
    except ImportError as error:
        raise UnsupportedError('as_="polars" needs polars: pip install polars') from error
    frame = pl.DataFrame(content)
    return frame.with_columns(pl.col(column.name).cast(pl.Enum(column.codes)) for column in columns if column.codes)
