"""Citations written out: CSL-JSON items to text, APA, Chicago, BibTeX, RIS and CSL-JSON itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Item = dict[str, Any]

# CSL types as BibTeX and RIS have them
TYPES = {
    "article-magazine": ("article", "MGZN"),
    "article-newspaper": ("article", "NEWS"),
    "dataset": ("misc", "DATA"),
    "document": ("misc", "GEN"),
    "interview": ("misc", "GEN"),
    "post-weblog": ("misc", "BLOG"),
    "report": ("techreport", "RPRT"),
}
# field of BibTeX for where a thing is published
VENUES = {"article": "journal", "techreport": "institution"}
SEASONS = ("spring", "summer", "autumn", "winter")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# characters that mean something to LaTeX; braces as commands, since BibTeX counts them even when escaped
LATEX = str.maketrans(
    {char: f"\\{char}" for char in "&%$#_"}
    | {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def _text(item: Item) -> str:
    names = "; ".join(_in_order(name) for name in item.get("author", ()))
    when = item.get("issued", {}).get("edtf", "")
    version = f"Version {item['version']}" if "version" in item else ""
    return _line(names, item["title"], version, _listed(_venue(item), when), _link(item))


def _apa(item: Item) -> str:
    """A reference in the manner of APA's 7th edition; titles keep the capitals they are printed with."""
    names = _joined([_initialled(name) for name in item.get("author", ())], ", ", ", & ")
    when = f"({_date(item, _year_first) or 'n.d.'})"
    version = f" (Version {item['version']}) [Data set]" if "version" in item else ""
    title = f"{item['title']}{version}"
    return _line(*((names, when, title) if names else (title, when)), _venue(item), _link(item))


def _chicago(item: Item) -> str:
    """A bibliography entry in the manner of the Chicago Manual of Style."""
    authors = item.get("author", ())
    names = _joined([*map(_inverted, authors[:1]), *map(_in_order, authors[1:])], ", ", ", and ")
    title = f"“{_stopped(item['title'])}”" if "container-title" in item else item["title"]
    version = f"Version {item['version']}" if "version" in item else ""
    return _line(names, title, version, _listed(_venue(item), _date(item, _month_first)), _link(item))


def _bibtex(item: Item) -> str:
    """An entry for BibTeX and biblatex: `year` and `month` for the one, `date` as stated for the other."""
    kind = TYPES[item["type"]][0]
    first, years = _dated(item)
    fields = {
        "author": " and ".join(_bibtex_name(name) for name in item.get("author", ())),
        # in braces twice, so that styles leave the capitals
        "title": f"{{{_escaped(item['title'])}}}",
        VENUES.get(kind, "howpublished"): _escaped(_venue(item)),
        "version": _escaped(item.get("version", "")),
        "year": "--".join(years),
        "month": str(first[1]) if first[1:] else "",
        "date": _escaped(item.get("issued", {}).get("edtf", "")),
        "language": item.get("language", ""),
        # taken as they are, so only what would end the field is changed
        "doi": _percent(item.get("DOI", "")),
        "url": _percent(item.get("URL", "")),
        "note": _escaped(item.get("note", "")),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}"])


def _ris(item: Item) -> str:
    """A record of RIS: a tag, two spaces, a hyphen, a space and the value on each line, `ER` at its end."""
    first, years = _dated(item)
    # no tag takes two dates
    undated = f"Published: {item['issued']['edtf']}" if "issued" in item and not first else ""
    lines = [
        ("TY", TYPES[item["type"]][1]),
        ("ID", item["id"]),
        *(("AU", _inverted(name)) for name in item.get("author", ())),
        ("TI", item["title"]),
        ("T2", item.get("container-title", "")),
        ("PB", item.get("publisher", "")),
        ("PY", years[0] if len(years) == 1 else ""),
        # year/month/day, the parts not stated left empty
        ("DA", "/".join([*(f"{part:02}" for part in first), "", ""][:3]) if first else ""),
        ("ET", item.get("version", "")),
        ("LA", item.get("language", "")),
        ("DO", item.get("DOI", "")),
        ("UR", item.get("URL", "")),
        *(("N1", line) for line in [undated, *item.get("note", "").split("\n")]),
    ]
    return "\n".join([*(f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value.strip()), "ER  - "])


def _notes_below(write: Callable[[Item], str]) -> Callable[[Item], str]:
    return lambda item: "\n".join(filter(None, (write(item), item.get("note"))))


def _each(write: Callable[[Item], str]) -> Callable[[Sequence[Item]], str]:
    return lambda items: "\n\n".join(write(item) for item in items)


def _csl_json(items: Sequence[Item]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2)


STYLES: Mapping[str, Callable[[Sequence[Item]], str]] = {
    "text": _each(_notes_below(_text)),
    "apa": _each(_notes_below(_apa)),
    "chicago": _each(_notes_below(_chicago)),
    "bibtex": _each(_bibtex),
    "ris": _each(_ris),
    "csl-json": _csl_json,
}


def _in_order(name: Mapping[str, str]) -> str:
    return name.get("literal") or f"{name['given']} {name['family']}"


def _inverted(name: Mapping[str, str]) -> str:
    return name.get("literal") or f"{name['family']}, {name['given']}"


def _initialled(name: Mapping[str, str]) -> str:
    if "literal" in name:
        return name["literal"]
    words = ["-".join(f"{part[0]}." for part in word.split("-") if part) for word in name["given"].split()]
    return f"{name['family']}, {' '.join(words)}"


def _bibtex_name(name: Mapping[str, str]) -> str:
    # braces keep a whole name whole, even one with “and” in it
    return f"{{{_escaped(name['literal'])}}}" if "literal" in name else _escaped(_inverted(name))


def _venue(item: Item) -> str:
    return str(item.get("container-title") or item.get("publisher") or "")


def _link(item: Item) -> str:
    return f"https://doi.org/{item['DOI']}" if "DOI" in item else str(item.get("URL", ""))


def _dated(item: Item) -> tuple[list[int], list[str]]:
    """The parts of the date, where there is one and not an interval; the years, one or two."""
    dates = item.get("issued", {}).get("date-parts", [])
    return (dates[0] if len(dates) == 1 else []), list(dict.fromkeys(str(parts[0]) for parts in dates))


def _date(item: Item, write: Callable[[Sequence[int]], str]) -> str:
    issued = item.get("issued", {})
    told = "ca. " * bool(issued.get("circa")) + " – ".join(write(parts) for parts in issued.get("date-parts", ()))
    season = SEASONS[issued["season"] - 1] if "season" in issued else ""
    return str(issued.get("literal") or f"{season} {told}".strip())


def _year_first(parts: Sequence[int]) -> str:
    year, *finer = parts
    return _listed(str(year), _month(finer))


def _month_first(parts: Sequence[int]) -> str:
    year, *finer = parts
    return f"{_month(finer)}{', ' if finer[1:] else ' '}{year}".strip()


def _month(finer: Sequence[int]) -> str:
    """The month and, where stated, the day."""
    return " ".join([MONTHS[number - 1] for number in finer[:1]] + [str(day) for day in finer[1:]])


def _listed(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _joined(words: Sequence[str], comma: str, last: str) -> str:
    return last.join(filter(None, (comma.join(words[:-1]), words[-1] if words else "")))


def _stopped(sentence: str) -> str:
    return sentence if re.search("[.?!][”’'\"]?$", sentence) else f"{sentence}."


def _line(*parts: str) -> str:
    """Sentences on one line; the last part is an address, which takes no full stop."""
    *sentences, link = parts
    return " ".join(" ".join([*(_stopped(part) for part in sentences if part), link]).split())


def _escaped(text: str) -> str:
    return text.translate(LATEX)


def _percent(address: str) -> str:
    return address.replace("{", "%7B").replace("}", "%7D")
