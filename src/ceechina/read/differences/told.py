"""Differences as text for readers: plain, and in Markdown for the changelog."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ceechina.read.differences.parts import Change, ClaimChange, Content, Retired, SchemaChange, Verb

VERBS: tuple[Verb, ...] = ("added", "removed", "changed")


def as_text(content: Content) -> str:
    """A summary, then schema, retired ids and every record that differs."""
    if not content:
        return f"{content.before} and {content.after} hold the same."
    lines = [f"From {content.before} to {content.after}: a {content.step} step.", ""]
    lines += [f"  {line}" for line in summary(content)]
    if content.unexplained:
        lines.append(f"  without a reason: {len(content.unexplained):,} changed or removed values")
    lines += [""] if content.schema else []
    lines += [_schema_line(change) for change in content.schema]
    lines += [""] if content.retired else []
    lines += [_retired_line(each) for each in content.retired]
    for record, changes in by_record(content.changes).items():
        lines += ["", *_record_lines(record, changes)]
    return "\n".join(lines)


def as_markdown(content: Content) -> str:
    """A list for the Data section of a changelog: what came, what went, what changed and why, what there is now."""
    lines = [f"- {line}." for line in summary(content)]
    lines += [f"- {_retired_line(each, '`')}" for each in content.retired]
    for (table, record), changes in by_record(content.changes).items():
        alone = _of_whole(changes)
        if alone and alone.change == "added":
            lines.append(f"- `{record}` added to {table}{_name(alone.new)}.")
        elif not alone:
            lines += [_markdown_cell(table, record, change) for change in changes if change.part in _SHOWN]
    totals = [f"{count:,} {table}" for table, count in content.totals.items()]
    lines += [f"- There are now {_joined(totals)}."] if totals else []
    return "\n".join(lines) + "\n" if content else ""


def summary(content: Content) -> list[str]:
    """Counts, one line for the schema and one for each table that differs."""
    told = Counter((change.what, change.change) for change in content.schema)
    lines = [f"{what}s {verb}: {count:,}" for (what, verb), count in told.items()]
    counts: defaultdict[str, Counter[Verb]] = defaultdict(Counter)
    rows = {(change.table, change.key, change.change) for change in content.changes}
    for table, _, verb in rows:
        counts[table][verb] += 1
    order = dict.fromkeys(change.table for change in content.changes)
    for table in order:
        parts = [f"{counts[table][verb]:,} {verb}" for verb in VERBS if counts[table][verb]]
        lines.append(f"{table}: {', '.join(parts)}")
    return lines


def by_record(changes: Sequence[Change]) -> dict[tuple[str, str], list[Change]]:
    """Changes by the record they belong to, records in the order of the tables."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        # a passage tells nothing without its claims, and reasons stand with what they explain
        if change.part in _SHOWN or change.table == "claims":
            found.setdefault(change.record, []).append(change)
    return found


_SHOWN = ("core", "child", "reference")


def _of_whole(changes: Sequence[Change]) -> Change | None:
    """The change that is the whole record's coming or going."""
    return next((each for each in changes if not each.column and each.record == (each.table, each.key)), None)


def _record_lines(record: tuple[str, str], changes: Sequence[Change]) -> Iterator[str]:
    table, key = record
    alone = _of_whole(changes)
    if alone:
        yield f"{table} {key}: {alone.change}{_name(alone.old or alone.new)}"
        yield from _because(alone)
        return
    yield f"{table} {key}"
    for change in changes:
        if change.part in _SHOWN:
            yield f"  {change.field}: {_values(change)}"
            yield from _because(change)
            yield from (f"      {_claim_line(claim)}" for claim in change.claims)
    counts = Counter(change.change for change in changes if change.table == "claims" and not change.column)
    counts["changed"] = len({change.key for change in changes if change.table == "claims" and change.column})
    told = ", ".join(f"{counts[verb]:,} {verb}" for verb in VERBS if counts[verb])
    if told:
        yield f"  claims: {told}"


def _because(change: Change) -> Iterator[str]:
    if change.reason:
        yield f"    {_reason(change)}"
    elif change.is_derived:
        yield "    derived: computed otherwise"
    if not change.is_explained:
        yield "    no reason is given"


def _reason(change: Change) -> str:
    if change.reason is None:
        return ""
    return f"{change.reason.kind}: {change.reason.because}" if change.reason.because else change.reason.kind


def _claim_line(claim: ClaimChange) -> str:
    return f"claim {claim.change}: {claim.value}, {claim.standing}, by {claim.source_id}: “{claim.passage}”"


def _values(change: Change) -> str:
    if change.change == "added":
        return f"added ({shown(change.new)})" if change.new else "added"
    if change.change == "removed":
        return f"removed ({shown(change.old)})" if change.old else "removed"
    return f"{shown(change.old)} → {shown(change.new)}"


def shown(value: Any) -> str:
    """A cell as the published CSV has it, and a row as its cells; an empty cell is said to be."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {shown(cell)}" for name, cell in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return "(empty)" if value is None else str(value)


def _name(cells: Mapping[str, Any] | None) -> str:
    name = (cells or {}).get("name") or (cells or {}).get("title")
    return f": {name}" if name else ""


def _markdown_cell(table: str, record: str, change: Change) -> str:
    reason = f" ({_reason(change)})" if change.reason else ""
    field = f" `{change.field}`" if change.field else ""
    return f"- `{record}`{field} in {table}: {_values(change)}{reason}".replace("\n", " ")


def _schema_line(change: SchemaChange) -> str:
    told = f": {change.old or '(nothing)'} → {change.new or '(nothing)'}" if change.old or change.new else ""
    return f"{change.what} {change.name}: {change.change}{told}"


def _retired_line(each: Retired, mark: str = "") -> str:
    went = f"merged into {mark}{each.successor_id}{mark}" if each.successor_id else "retired"
    return f"{mark}{each.record_id}{mark} of {each.table} {went}: {each.because}"


def _joined(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
