"""An explanation as HTML, for notebooks: the card of the terminal with links one can follow."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ceechina.read.provenance.explain import ClaimShown, Explanation, FieldExplained


def as_html(explanation: Explanation) -> str:
    """The card as one element of HTML; every text of the package is escaped."""
    from ceechina.read.provenance.explain import numbers_of

    numbers = numbers_of(explanation.passages)
    fields = "".join(_field(field, numbers) for field in explanation.fields)
    passages = "".join(f"<li>{_passage(claim)}</li>" for claim in explanation.passages)
    summary = f"<p>{escape(explanation.summary)}</p>" if explanation.summary else ""
    record = f"{escape(explanation.table)}: {escape(explanation.record_id)}"
    return (
        f"<div><h4>{escape(explanation.name)}</h4>{summary}"
        f"<p><code>{record}</code><br>{escape(explanation.since)}</p>"
        "<table><thead><tr><th>Field</th><th>Value</th><th>Claims</th></tr></thead>"
        f"<tbody>{fields}</tbody></table><ol>{passages}</ol></div>"
    )


def _field(field: FieldExplained, numbers: dict[tuple[str, str], int]) -> str:
    value = "<em>not published</em>" if field.value is None else escape(field.value)
    claims = "<br>".join(_claim(claim, numbers[claim.source_id, claim.passage]) for claim in field.claims)
    return f"<tr><td><code>{escape(field.field)}</code></td><td>{value}</td><td>{claims}</td></tr>"


def _claim(claim: ClaimShown, number: int) -> str:
    basis = "" if claim.basis == "stated" else f", {escape(claim.basis)}"
    told = f"<b>{escape(claim.standing)}</b>{basis}: {escape(claim.value)} [{number}]"
    for label, text in (("note", claim.note), ("because", claim.because)):
        told += f"<br><small>{label}: {escape(text)}</small>" if text else ""
    return told


def _passage(claim: ClaimShown) -> str:
    words = f"“{escape(claim.passage)}”"
    # a link of a foreign package may be anything; only addresses of pages are made to be followed
    if claim.link and claim.link.startswith(("https://", "http://")):
        words = f'<a href="{escape(claim.link)}">{words}</a>'
    return f"{escape(claim.source)} ({escape(claim.published)}): {words}"
