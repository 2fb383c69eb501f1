"""What is wrong in a database that SQLite can read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.services.project.project import Project
from app.services.safety.faults import Fault
from app.services.text_files import atomic_writer
from app.storage import images, integrity, jobs, ledger_state
from app.storage.backup import stamp
from app.storage.jobs import JobState
from app.storage.ledger_state import StateFault, StateKind

NOT_KEPT: Final = "not-kept-{}.jsonl"
_WORDS: Final = {
    StateKind.ROOT: (
        "{count} image folder{s} of the project {is_are} no longer recorded (number {examples})",
        "record a folder of that number without a place; 'tailspotter relocate' tells where it is",
    ),
    StateKind.IMAGE: (
        "{count} image{s} that something refers to {is_are} no longer recorded (number {examples})",
        "record each as a missing image, so that labels, suggestions and history are kept",
    ),
    StateKind.BATCH: (
        "{count} step{s} of the history {is_are} no longer recorded (number {examples})",
        "record each again as a step of unknown origin",
    ),
    StateKind.DUPLICATE: (
        "{count} image{s} {has_have} the path of another image (number {examples})",
        "keep the first one of each path, and mark the others as missing; their labels stay",
    ),
    StateKind.CATEGORY: (
        "{count} {category} not what the history says ({examples})",
        "restore each as it is in the history",
    ),
    StateKind.HISTORY: (
        "{count} label{s} name{no_s} an entry of the history that is gone",
        "keep them, and record them in the history again",
    ),
    StateKind.LABEL: (
        "{count} label{s} {is_are} not what the history says",
        "rebuild them from the history; labels that it does not have are written to a file",
    ),
    StateKind.REVIEW: (
        "the review of {count} image{s} is not what the history says",
        "rebuild them from the history; reviews that it does not have are written to a file",
    ),
    StateKind.UNDO: (
        "{count} step{s} {is_are} not in the right place for undo and redo (number {examples})",
        "restore the order from the history",
    ),
    StateKind.SUGGESTIONS: (
        "{count} import{s} of suggestions {is_are} not what the history says (step {examples})",
        "record from the history which of them count; a model whose name is gone gets a general one",
    ),
}


class DatabaseRepair:
    """The faults of one kind of database; all of its repairs are one transaction."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._done = False
        self.not_kept: Path | None = None
        """The file with labels and reviews that contradicted the history, after a repair that had some."""

    def faults(self) -> Iterator[Fault]:
        with self._project.db.read() as s:
            wrong = integrity.wrong_indexes(s)
            found = ledger_state.faults(s)
            broken = integrity.broken_references(s)
            gaps = ledger_state.gaps(s)
        if wrong:
            yield Fault(
                "index_wrong",
                f"{len(wrong)} {'index' if len(wrong) == 1 else 'indexes'} of the database "
                f"{'is' if len(wrong) == 1 else 'are'} missing or wrong ({', '.join(wrong[:3])}).",
                "make the indexes again",
                self._repair,
            )
        for one in found:
            sentence, remedy = _WORDS[one.kind]
            yield Fault(one.kind.value, _sentence(sentence, one), remedy, self._repair)
        if broken and not found:
            yield Fault(
                "reference_broken",
                f"Rows of {', '.join(broken)} refer to rows that are gone.",
                "restore a backup ('tailspotter backup PROJECT --list' shows them)",
            )
        if gaps and not any(one.kind is StateKind.HISTORY for one in found):
            yield Fault(
                "history_gap",
                f"{gaps:,} entries of the history do not continue from the one before: entries between them "
                "were lost. The labels of today are complete as far as the history knows.",
                "compare with a backup ('tailspotter restore PROJECT BACKUP --dry-run')",
                note=True,
            )

    def _repair(self) -> None:
        if self._done:
            return
        with self._project.db.write() as s:
            dropped = ledger_state.repair(s)
            if dropped:
                self._write(ledger_state.lines(dropped, images.names(s)))
            integrity.rebuild_indexes(s)
        self._done = True

    def _write(self, lines: str) -> None:
        path = self._project.folder / NOT_KEPT.format(stamp()[:15])
        with atomic_writer(path) as stream:
            stream.write(lines.encode())
        self.not_kept = path


def job_faults(project: Project) -> Iterator[Fault]:
    """Jobs that are recorded as running. Only where no job of another program is."""
    with project.db.read() as s:
        running = [job for job in jobs.all_jobs(s) if job.state is JobState.RUNNING]

    def interrupt() -> None:
        with project.db.write() as s:
            jobs.interrupt_running(s)

    if running:
        kinds = ", ".join(sorted({job.kind for job in running}))
        yield Fault(
            "job_unfinished",
            f"{len(running)} job{'s' if len(running) > 1 else ''} ended without a result ({kinds}).",
            "record them as interrupted; the next run of each continues",
            interrupt,
        )


def _sentence(words: str, fault: StateFault) -> str:
    one = fault.count == 1
    more = ", ..." if fault.count > len(fault.examples) else ""
    text = words.format(
        count=f"{fault.count:,}",
        examples=", ".join(fault.examples) + more,
        s="" if one else "s",
        no_s="s" if one else "",
        is_are="is" if one else "are",
        has_have="has" if one else "have",
        category="category is" if one else "categories are",
    )
    return f"{text[0].upper()}{text[1:]}."


def folder_faults(project: Project) -> Iterator[Fault]:
    """Image folders that are not there."""
    with project.db.read() as s:
        roots = images.roots(s)
    for path in roots.values():
        try:
            there = path.is_dir()
        except OSError:
            there = False
        if not there:
            yield Fault(
                "image_folder_missing",
                f"The image folder {path} is not there; all labels are kept.",
                "attach its disk, or tell where it is now with 'tailspotter relocate'",
                note=True,
            )
