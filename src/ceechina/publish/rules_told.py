"""The rules a package is held to, as the codebook prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ceechina.model.tables import Table
from ceechina.validate.checks import rules_of
from ceechina.validate.domain import DOMAIN_RULES
from ceechina.validate.file_rules import FILE_RULES

# What a rule that follows from the model asks, by the last word of its id.
MEANINGS = {
    "required": "the cell is not empty",
    "code": "the cell is a code of its list",
    "form": "the cell has the form of its kind, judged on its text before anything is made of it",
    "formula": "the cell does not begin as a formula of a spreadsheet does (a warning)",
    "plain": "what a reader cannot see is not there: odd white space, letters of another alphabet (a warning)",
    "calendar": "the calendar has the day, and an interval does not end before it starts",
    "companion": "the cell is what the date beside it comes to",
    "key": "no other row of the table has the key",
    "reference": "the row that the cell names is there",
    "claim": "the value has a chosen claim, and through it a passage",
    "published": "the chosen claim's value is the published one",
    "claimed": "what is claimed is a column that rests on claims",
    "record": "the record that is named is there",
    "self": "a row does not name itself",
    "mutual": "no two rows name each other",
    "shared": "no record of another table has the id",
    "table": "what is named is a table that may be",
    "computed": "a derived cell is what the rows it is derived from come to",
}


def rules_section(tables: Mapping[str, Table]) -> str:
    """How many rules of each kind there are, and those of the subject one by one."""
    rules = [rule for table in tables.values() for rule in rules_of(table, tables)]
    kind_of = {rule: rule.rule_id.rsplit(".", 1)[1] for rule in rules}
    of_kinds = [rule for rule in rules if kind_of[rule] in MEANINGS and rule not in DOMAIN_RULES]
    derived = Counter(kind_of[rule] for rule in of_kinds)
    kinds = [f"| `{kind}` | {derived[kind]} | {meaning} |" for kind, meaning in MEANINGS.items()]
    single = [rule for rule in rules if rule not in of_kinds]
    subject = [f"| `{rule.rule_id}` | {rule.severity} | {rule.expected} |" for rule in single]
    lines = [
        "## Rules",
        "",
        f"`ceechina validate` holds a package to {len(rules):,} rules; `ceechina rules` lists each with what to do,",
        "and in `--json` with an example that breaks it. Most follow from the columns, and are called",
        "`<table>.<column>.<kind>`:",
        "",
        "| kind | rules | what must hold |",
        "|---|---:|---|",
        *kinds,
        "",
        "Those of the subject catch slips of coding:",
        "",
        "| rule | severity | expected |",
        "|---|---|---|",
        *subject,
        "",
        "Files and the descriptor are held to rules of their own:",
        "",
        "| rule | severity | expected |",
        "|---|---|---|",
        *(f"| `{rule.rule_id}` | {rule.severity} | {rule.expected} |" for rule in FILE_RULES),
    ]
    return "\n".join(lines)
