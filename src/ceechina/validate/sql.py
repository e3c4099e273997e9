"""The SQL that rules are put together from: cells, keys and words of a table.

SQL is DuckDB's, kept to what sqlglot can say in Spark's. Cells are text, whatever the format; the column `ROW`
numbers the rows of a file.
"""

from ceechina.model.tables import Column, Table
from ceechina.quoting import literal, quoted

# Separates the parts of a composite key in messages and in `item` of claims.
KEY_SEPARATOR = "/"
# Name of the column with a row's number, counted from one without the header.
ROW = "ceechina_row"
# What Python and frictionless take for white space: to engines `\s` is that of ASCII alone.
_SPACE = "\\t-\\r\\x1c-\\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def form_sql(name: str, pattern: str) -> str:
    """The cell of a column where it has a form, nothing where it has not, NULL where it is empty.

    `regexp_extract` and no other function: DuckDB asks it once for each entry of a dictionary.
    """
    portable = pattern.replace(r"\S", f"[^{_SPACE}]").replace(r"\s", _SPACE)
    whole = rf"^(?:{portable})\z"
    return f"regexp_extract({quoted(name)}, {literal(whole)})"


def malformed_sql(name: str, pattern: str) -> str:
    """Whether the cell of a column has not a form; NULL where it is empty."""
    return f"{form_sql(name, pattern)} = ''"


def comparable(column: Column, alias: str = "") -> str:
    """A cell as text that is equal in every format where its value is."""
    cell = f"{alias}.{quoted(column.name)}" if alias else quoted(column.name)
    return as_number(cell) if column.scalar.type == "number" else cell


def as_number(cell: str) -> str:
    """The text of a number in the form that the engine gives it; NULL for what is no number."""
    return f"CAST(TRY_CAST({cell} AS DOUBLE) AS VARCHAR)"


def cell_sql(column: Column) -> str:
    """The cell of a typed column as text; that of a number without the exponent that engines write."""
    cell = quoted(column.name)
    text = f"CAST({cell} AS VARCHAR)"
    if column.scalar.type != "number":
        return text
    # as many digits as a number may have
    plain = f"TRY_CAST({cell} AS DECIMAL(21, 6))"
    return (
        f"CASE WHEN lower({text}) LIKE '%e%' AND CAST({plain} AS DOUBLE) = {cell} "
        f"THEN regexp_replace(CAST({plain} AS VARCHAR), '[.]?0+$', '') ELSE {text} END"
    )


def key_sql(table: Table, alias: str = "") -> str:
    """The key of a row as text."""
    prefix = f"{alias}." if alias else ""
    return f"concat_ws({literal(KEY_SEPARATOR)}, {', '.join(prefix + quoted(name) for name in table.key)})"
