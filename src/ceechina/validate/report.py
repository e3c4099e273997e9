"""Problems told: as text for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ceechina.errors import Problem

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
    lines.append(
        f"{len(problems)} problem{'s' if len(problems) != 1 else ''} found" if problems else "no problems found"
    )
    return "\n".join(lines)


def as_json(problems: Sequence[Problem]) -> str:
    """`{"valid": ..., "problems": [...]}`."""
    report = {"valid": not problems, "problems": [problem.to_dict() for problem in problems]}
    return json.dumps(report, ensure_ascii=False, indent=2)
