"""Categories under the headings of their groups, and where a row lands that is moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.gui.widgets.words import counted
from app.jobs.values.categories import CategoryRow


@dataclass(frozen=True, slots=True)
class Heading:
    """Above the categories of a group; the group "" has those that are in none."""

    group: str
    count: int
    folded: bool

    @property
    def title(self) -> str:
        return self.group or QCoreApplication.translate("CategoryTable", "No group")

    @property
    def count_words(self) -> str:
        translate = QCoreApplication.translate
        return counted(
            self.count,
            translate("CategoryTable", "{n} category"),
            translate("CategoryTable", "{n} categories"),
        )

    @property
    def words(self) -> str:
        """All of it, for a screen reader."""
        words = (
            QCoreApplication.translate("CategoryTable", "Group {title}, {categories}, collapsed")
            if self.folded
            else QCoreApplication.translate("CategoryTable", "Group {title}, {categories}, expanded")
        )
        return words.format(title=self.title, categories=self.count_words)


Line = CategoryRow | Heading


@dataclass(frozen=True, slots=True)
class Move:
    """Categories that move in front of ``before``, or to the end; ``group``: into this one, None as it is."""

    ids: Sequence[int]
    before: int | None
    group: str | None = None


def under_headings(rows: Sequence[CategoryRow], folded: Collection[str]) -> list[Line]:
    """The groups by their names, those without one last; the rows of a group keep their order."""
    groups: dict[str, list[CategoryRow]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    lines: list[Line] = []
    for group in sorted(groups, key=lambda one: (not one, one.casefold(), one)):
        lines.append(Heading(group, len(groups[group]), group in folded))
        if group not in folded:
            lines += groups[group]
    return lines


def dropped(lines: Sequence[Line], ordered: Sequence[CategoryRow], ids: Sequence[int], at: int) -> Move:
    """Rows that are dropped in front of line ``at``; ``ordered``: all rows in the person's order.

    Under headings they go into the group in which they are dropped.
    """
    headed = bool(lines) and isinstance(lines[0], Heading)
    group = lines[max(at, 1) - 1].group if headed else None
    for line in lines[max(at, 1) if headed else at :]:
        if isinstance(line, Heading):
            break
        if line.id not in ids and not line.archived:
            return Move(ids, line.id, group)
    if not headed:
        return Move(ids, None)
    return Move(ids, _behind([one for one in ordered if one.group == group], ordered, ids), group)


def stepped(ordered: Sequence[CategoryRow], ids: Sequence[int], step: int, *, headed: bool) -> Move | None:
    """Rows that move one row up (-1) or down (1), under headings within the group of the first of them.

    None where they cannot.
    """
    rows = [row for row in ordered if not row.archived]
    first = next((row for row in rows if row.id in ids), None)
    if first is None:
        return None
    if headed:
        rows = [row for row in rows if row.group == first.group]
    moved = [row.id for row in rows if row.id in ids]
    others = [row for row in rows if row.id not in ids]
    above = sum(row.place < first.place for row in others)
    at = max(0, above + step)
    if not others or (step > 0 and above >= len(others)):
        return None
    return Move(moved, others[at].id if at < len(others) else _behind(others, ordered, moved))


def _behind(group: Sequence[CategoryRow], ordered: Sequence[CategoryRow], ids: Sequence[int]) -> int | None:
    """In front of what rows are that follow the last of a group; None for the end."""
    rest = [row for row in ordered if row.id not in ids and not row.archived]
    last = max((row.place for row in group if row.id not in ids and not row.archived), default=None)
    if last is None:
        return ids[0]  # they stay where they are
    return next((row.id for row in rest if row.place > last), None)
