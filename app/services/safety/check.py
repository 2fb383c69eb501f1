"""Checking a project for damage and repairing it."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from app.domain.errors import KnownError, NotAProjectError
from app.domain.findings import CheckReport, Finding, FindingState
from app.services.project.backups import back_up, exclusive
from app.services.project.project import Project, find_layout, open_project
from app.services.safety.database_faults import DatabaseRepair, folder_faults, job_faults
from app.services.safety.faults import Fault
from app.services.safety.file_faults import backup_faults, file_faults, leftover_faults
from app.services.safety.recovery import recover
from app.storage import integrity, locks
from app.storage.layout import ProjectLayout


def check(folder: Path, *, repair: bool = False) -> CheckReport:
    """Look for damage; with ``repair`` back the project up, repair what can be repaired, and look again.

    A database that cannot be read is set aside and recovered. Raises as open_project for a wrong folder or a
    project of a newer version; with ``repair`` BusyError while a window or a job uses it, and ReadOnlyError.
    """
    layout = find_layout(folder)
    with exclusive(layout, "a repair") if repair else nullcontext():
        damage = _damage(layout)
        if damage is not None and not repair:
            return CheckReport(layout.folder, [_unreadable(layout, damage), *_beside(layout)])
        found: list[Finding] = [] if damage is None else recover(layout, damage)
        with open_project(layout.folder) as project:
            project.db.before_first_write = None  # a repair makes its own backup
            report = _repaired(project) if repair else _found(project)
    return CheckReport(report.folder, [*found, *report.findings], report.backup, report.not_kept)


def _damage(layout: ProjectLayout) -> str | None:
    """What is wrong with the database as a whole. Raises NotAProjectError if it may be another program's."""
    damage = integrity.damage(layout.database)
    if damage in {integrity.EMPTY, integrity.TABLES_GONE} and not layout.backups.is_dir():
        raise NotAProjectError(f"{layout.database} is not the database of a Tailspotter project.")
    return damage


def _unreadable(layout: ProjectLayout, damage: str) -> Finding:
    return Finding(
        "database_damaged",
        f"The database {layout.database} cannot be read: {damage}.",
        "set it aside, and recover what can be read, on top of the newest backup if there is one",
        FindingState.REPAIRABLE,
    )


def _beside(layout: ProjectLayout) -> Iterator[Finding]:
    """What can be checked without the database."""
    for fault in (*backup_faults(layout), *leftover_faults(layout)):
        yield fault.finding()


def _faults(project: Project, database: DatabaseRepair, *, alone: bool) -> list[Fault]:
    return [
        *database.faults(),
        *folder_faults(project),
        *(job_faults(project) if alone else ()),
        *file_faults(project, alone=alone),
    ]


def _found(project: Project) -> CheckReport:
    alone = locks.holder(project.layout.job_lock) is None
    faults = _faults(project, DatabaseRepair(project), alone=alone)
    return CheckReport(project.folder, [fault.finding() for fault in faults])


def _repaired(project: Project) -> CheckReport:
    database = DatabaseRepair(project)
    before = _faults(project, database, alone=True)
    if not any(fault.repair for fault in before):
        return CheckReport(project.folder, [fault.finding() for fault in before])
    backup = back_up(project, "before-repair")
    failed: list[Finding] = []
    for fault in before:
        try:
            if fault.repair is not None:
                fault.repair()
        except KnownError as error:
            failed.append(Finding(fault.kind, fault.sentence, str(error), FindingState.LEFT))
    after = _faults(project, DatabaseRepair(project), alone=True)
    left = {(fault.kind, fault.sentence) for fault in after}
    known = {(one.kind, one.sentence) for one in failed}
    findings = [
        fault.finding(repaired=fault.repair is not None and (fault.kind, fault.sentence) not in left)
        for fault in before
        if (fault.kind, fault.sentence) not in known
    ]
    shown = known | {(fault.kind, fault.sentence) for fault in before}
    findings += [*failed, *(one.finding() for one in after if (one.kind, one.sentence) not in shown)]
    return CheckReport(project.folder, findings, backup.path, database.not_kept)
