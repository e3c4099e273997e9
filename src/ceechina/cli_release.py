"""The command that makes a release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from ceechina.console import FINE, example, progress
from ceechina.errors import ProblemsError


@click.command(epilog=example("ceechina release 1.1.0", "ceechina release 1.1.0 --yes"))
@click.argument("version")
@click.option(
    "--dist",
    type=click.Path(path_type=Path),
    default=Path("releases"),
    show_default=True,
    help="Folder, below the checkout where it is not absolute, for a folder of files for each version.",
)
@click.option(
    "--date", type=click.DateTime(["%Y-%m-%d"]), default=dt.datetime.now, help="Day of the release.  [default: today]"
)
@click.option(
    "--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), help="The checkout."
)
@click.option("--yes", is_flag=True, help="Make it; without this, only what would be done is told.")
@click.option("--again", is_flag=True, help="Make the files of a released version again, from its tag.")
def release(version: str, dist: Path, date: dt.datetime, root: Path, yes: bool, again: bool) -> int:
    """Release a version, or tell what that would do and all that stands in its way.

    What is committed becomes the release; commit what it writes, and tag it, afterwards.
    """
    from ceechina.publish import release as making
    from ceechina.publish.archive import SUMS
    from ceechina.publish.release_plan import plan

    root = root.resolve()
    with progress() as step:
        if again:
            step("checking")
            folder = making.distribute(root, version, root / dist, step)
        elif yes:
            folder = making.release(root, version, date.date().isoformat(), root / dist, step).folder
        else:
            step("checking")
            planned = plan(root, version, date.date().isoformat(), root / dist)
    if not (again or yes):
        click.echo(str(planned))
        if planned.problems:
            raise ProblemsError(planned.problems)
        click.echo("\nNothing stands in the way; --yes does it.")
        return FINE
    click.echo((folder / SUMS).read_text(encoding="utf-8"), nl=False)
    size = sum(path.stat().st_size for path in folder.iterdir())
    click.echo(f"{version} is in {folder}: {size:,} bytes")
    if yes:
        click.echo(f'Now: git add --all && git commit --message "Release {version}" && git tag v{version}')
    return FINE
