"""What is asked of the files of a package and of its descriptor, each rule once: their ids are the codes of problems.

Rules about rows follow from the model; these stand beside them in what `ceechina rules` lists and `--rules` chooses.
"""

from __future__ import annotations

from typing import Literal

from ceechina.validate.rules import Rule


def _rule(code: str, expected: str, severity: Literal["error", "warning"] = "error") -> Rule:
    return Rule(code, "", "", "", expected, severity=severity, kind="file")


# After these the rows of a file cannot be told apart, and none of them is checked.
_UNREAD = (
    _rule("missing-file", "a file where the descriptor says one is"),
    _rule("unsafe-path", "a path within the package"),
    _rule("unreadable", "a file that is read to its end"),
    _rule("csv-other-encoding", "UTF-8"),
    _rule("csv-delimiter", "a comma between cells"),
    _rule("csv-record-too-long", "records of some kilobytes, every quote closed"),
    _rule("unknown-column", "the columns of the table and no others"),
    _rule("duplicate-column", "each column once"),
    _rule("missing-column", "every column of the table"),
    _rule("column-order", "the columns in the order of the table"),
    _rule("column-type", "columns of Parquet of the type of the table's"),
)
UNREAD = frozenset(rule.rule_id for rule in _UNREAD)
# What is told then.
NOT_READ = "no row of the table is checked"
# What is not there keeps the rules that need it from being asked.
ABSENT = "not-in-package"

FILE_RULES: tuple[Rule, ...] = (
    *_UNREAD,
    _rule(ABSENT, "every table of the model", "warning"),
    _rule("unread-file", "files named as tables, or given with `--table`", "warning"),
    _rule("csv-bom", "no byte order mark"),
    _rule("csv-encoding", "bytes that are UTF-8"),
    _rule("csv-nul", "no NUL"),
    _rule("csv-carriage-return", "lines that end with a line feed alone"),
    _rule("csv-line-too-long", "lines of some kilobytes"),
    _rule("csv-missing-columns", "as many cells in a line as there are columns"),
    _rule("csv-too-many-columns", "as many cells in a line as there are columns"),
    _rule("csv-unquoted-value", "quotes that are closed, and written twice within a cell"),
    _rule("csv-blank-line", "no line with nothing"),
    _rule("byte-count", "as many bytes as the descriptor says"),
    _rule("hash", "the SHA-256 that the descriptor says"),
    _rule("row-count", "as many rows as the descriptor says"),
    _rule("version", "a version of three numbers"),
    _rule("description", "what the model says of a table"),
    _rule("descriptor", "a descriptor of a data package, version 2"),
    _rule("descriptor-size", "a descriptor that can be checked whole", "warning"),
    _rule("json-bom", "no byte order mark"),
    _rule("json-duplicate-name", "each name once in an object"),
    _rule("no-descriptor", "a datapackage.json", "warning"),
    _rule("unknown-resource", "resources that are tables of the model", "warning"),
    # as frictionless calls what it finds in a descriptor
    *(
        _rule(f"{part}-error", f"a {part} as the Data Package standard has it")
        for part in ("package", "resource", "schema", "field", "dialect")
    ),
)
