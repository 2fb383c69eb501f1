"""Commands that protect a project: check, backup, restore."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import given_path
from app.cli.text import LISTED, printable
from app.domain.counting import count
from app.domain.errors import BadInputError, KnownError
from app.domain.sizes import size_words

if TYPE_CHECKING:
    from app.domain.backups import Backup, Contents
    from app.domain.findings import CheckReport
    from app.services.project.backups import ListedBackup, Restoration

PANEL = "Protect"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(check)
    app.command(rich_help_panel=PANEL)(backup)
    app.command(rich_help_panel=PANEL)(restore)


def check(
    context: typer.Context,
    project: ProjectArgument,
    *,
    repair: Annotated[
        bool, typer.Option("--repair", help="Repair what can be repaired, after a backup.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Look for damage in a project; exit status 1 if something is wrong that was not repaired."""
    from app.services.safety.check import check as check_project

    call = Call(context, as_json)
    found = check_project(project, repair=repair)
    value = {
        "project": str(found.folder),
        "ok": found.ok,
        "backup": None if found.backup is None else str(found.backup),
        "not_kept": None if found.not_kept is None else str(found.not_kept),
        "findings": [asdict(one) for one in found.findings],
    }
    call.output.result(value, _check_lines(found))
    if not found.ok:
        wrong = sum(one.state.value in {"repairable", "left"} for one in found.findings)
        able = any(one.state.value == "repairable" for one in found.findings)
        hint = (
            "add --repair to repair what can be repaired"
            if able and not repair
            else "the lines say what to do"
        )
        raise KnownError(f"{count(wrong, 'problem')} found; {hint}.")


def _check_lines(found: "CheckReport") -> list[str]:
    lines = []
    for one in found.findings:
        lines += [
            f"{one.state.value:<10}  {printable(one.sentence)}",
            f"            -> {printable(one.remedy)}",
        ]
    if found.backup is not None:
        lines.append(f"backed up before the repair: {printable(str(found.backup))}")
    if found.not_kept is not None:
        lines.append(f"what could not be kept is in {printable(str(found.not_kept))}")
    return lines or ["nothing is wrong"]


def backup(
    context: typer.Context,
    project: ProjectArgument,
    *,
    list_them: Annotated[bool, typer.Option("--list", help="List the backups; make none.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Back up labels, reviews, categories and settings; images and features are not part of a backup."""
    from app.services.project.backups import back_up, backups

    call = Call(context, as_json)
    if list_them:
        found = backups(project)
        for one in found:
            call.output.result(_listed_json(one), [_listed_line(one)])
        if not found and not as_json:
            call.output.lines(["no backups yet"])
        return
    with call.open(project) as opened:
        made = back_up(opened)
    call.output.result(_backup_json(made), [f"{printable(str(made.path))} ({size_words(made.size)})"])


def restore(
    context: typer.Context,
    project: ProjectArgument,
    wanted: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", parser=given_path, help="A file, or a name from 'backup --list'."),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Restore it; the present state is backed up before.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Return to the state of a backup; shows what would change, and with --yes does it."""
    from app.services.project.backups import preview
    from app.services.project.backups import restore as restore_backup

    if yes and dry_run:
        raise typer.BadParameter("--dry-run writes nothing and --yes writes; give one of them.")
    call = Call(context, as_json)
    found = restore_backup(project, wanted) if yes else preview(project, wanted)
    call.output.result(_restoration_json(found, restored=yes), _restoration_lines(found, restored=yes))
    if not (yes or dry_run):
        raise BadInputError(
            "Nothing was changed; add --yes to restore this backup, or --dry-run for only this preview."
        )


def _backup_json(one: "Backup") -> dict[str, Any]:
    return {
        "backup": str(one.path),
        "name": one.name,
        "made": one.made_at.isoformat(),
        "reason": one.reason,
        "size": one.size,
    }


def _contents_json(contents: "Contents | None") -> dict[str, Any] | None:
    if contents is None:
        return None
    last = contents.last_change
    numbers = {name: value for name, value in asdict(contents).items() if name != "project_id"}
    return numbers | {"last_change": None if last is None else last.isoformat()}


def _listed_json(one: "ListedBackup") -> dict[str, Any]:
    return {**_backup_json(one.backup), "contents": _contents_json(one.contents), "problem": one.problem}


def _listed_line(one: "ListedBackup") -> str:
    found = one.backup
    what = one.problem if one.contents is None else _contents_words(one.contents)
    return (
        f"{printable(found.name)}  {_local(found.made_at)}  {found.reason}  {size_words(found.size)}  {what}"
    )


def _contents_words(contents: "Contents") -> str:
    return (
        f"{count(contents.images, 'image')}, {contents.reviewed:,} reviewed, "
        f"{count(contents.categories, 'category', 'categories')}, {contents.yes:,} yes, {contents.no:,} no"
    )


def _restoration_json(found: "Restoration", *, restored: bool) -> dict[str, Any]:
    return {
        **_backup_json(found.backup),
        "restored": restored,
        "contents": _contents_json(found.contents),
        "present": _contents_json(found.present),
        "changes": None if found.difference is None else asdict(found.difference),
        "kept": None if found.kept is None else str(found.kept),
    }


def _restoration_lines(found: "Restoration", *, restored: bool) -> list[str]:
    made = found.backup
    lines = [
        f"Backup {printable(made.name)} of {_local(made.made_at)}: {_contents_words(found.contents)}",
        f"  last change {_moment(found.contents)}",
    ]
    if found.present is None:
        lines.append("The present database cannot be read.")
    else:
        lines += [
            f"Present state: {_contents_words(found.present)}",
            f"  last change {_moment(found.present)}",
            *_change_lines(found, restored=restored),
        ]
    if restored and found.kept is not None:
        what = "damaged database" if found.present is None else "state before"
        lines.append(f"Restored. The {what} is kept as {printable(str(found.kept))}.")
    elif restored:
        lines.append("Restored.")
    return lines


def _change_lines(found: "Restoration", *, restored: bool) -> list[str]:
    changes = found.difference
    assert changes is not None
    if not changes:
        return ["Nothing differs."]
    parts = [
        _numbers("labels", changes.labels_removed, changes.labels_returned, changes.labels_changed),
        _numbers("reviews", changes.reviews_removed, changes.reviews_returned),
        _numbers("images", changes.images_removed, changes.images_returned, changes.images_changed),
        _names("categories removed", changes.categories_removed),
        _names("categories back", changes.categories_returned),
        _numbers("steps of the history", changes.steps_removed, changes.steps_returned),
    ]
    return ["Changed:" if restored else "Would change:", *(f"  {part}" for part in parts if part)]


def _numbers(what: str, removed: int, returned: int, changed: int = 0) -> str:
    parts = [
        f"{number:,} {word}"
        for number, word in ((removed, "removed"), (returned, "back"), (changed, "changed"))
        if number
    ]
    return f"{what}: {', '.join(parts)}" if parts else ""


def _names(what: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return f"{what}: {printable(', '.join(names[:LISTED]))}{more}" if names else ""


def _moment(contents: "Contents") -> str:
    return "none" if contents.last_change is None else _local(contents.last_change)


def _local(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
