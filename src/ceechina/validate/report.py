"""Problems told: as text for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ceechina.errors import Problem, errors_of

SHOWN = 20


def as_text(problems: Sequence[Problem], shown: int = SHOWN) -> str:
    """Every kind of problem with its first places and its true number, and a line that sums up."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.table or problem.path, problem.code), []).append(problem)
    lines = []
    for group in groups.values():
        lines += [str(problem) for problem in group[:shown]]
        if len(group) > shown:
            lines.append(f"... and {len(group) - shown} more {group[0].code}")
    lines.append(_summary(problems))
    return "\n".join(lines)


def _summary(problems: Sequence[Problem]) -> str:
    errors = len(errors_of(problems))
    counts = [(errors, "problem"), (len(problems) - errors, "warning")]
    told = [f"{count} {word}{'s' if count != 1 else ''}" for count, word in counts if count]
    return f"{' and '.join(told)} found" if told else "no problems found"


def as_json(problems: Sequence[Problem]) -> str:
    """`{"valid": ..., "problems": [...]}`."""
    report = {"valid": not errors_of(problems), "problems": [problem.to_dict() for problem in problems]}
    return json.dumps(report, ensure_ascii=False, indent=2)
