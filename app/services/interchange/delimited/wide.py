"""Tables with a column for each category: yes, no or blank."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.categories import clean_name, name_key
from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.delimited.guards import guarded_name, plain_name, plain_path
from app.services.interchange.delimited.records import Cells
from app.services.interchange.delimited.survey import Column, Survey, known_meaning, names
from app.services.interchange.delimited.words import Meaning, Role, number
from app.services.interchange.format import ReadOptions
from app.services.interchange.statements import ImageStatement, LabelFile, LeftOut

PATH, REVIEWED = "path", "reviewed"
SUFFIX = " (category)"
"""Behind a category with the heading of another column."""
_OTHER_COLUMN = re.compile(rf"({PATH}|{REVIEWED})({re.escape(SUFFIX)})*", re.IGNORECASE)
_SUFFIXED = re.compile(rf"({PATH}|{REVIEWED})({re.escape(SUFFIX)})+", re.IGNORECASE)
NO_CATEGORY = (Role.OTHER, Role.SOURCE, Role.CONFIDENCE, Role.IMAGE)
YES, NO, BLANK, WRONG = 1, 0, -1, -2
"""What :func:`coding` makes of a cell."""


def is_own(found: Survey) -> bool:
    """Whether the headings are those of an export, also after columns were moved."""
    return PATH in found.headings and REVIEWED in found.headings


def heading_of(category: str) -> str:
    """The heading of a category's column, which is never a formula or the heading of a different column."""
    return category + SUFFIX if _OTHER_COLUMN.fullmatch(category) else guarded_name(category)


def category_of(heading: str) -> str:
    """The category of a heading in an export."""
    return heading.removesuffix(SUFFIX) if _SUFFIXED.fullmatch(heading) else plain_name(heading)


@dataclass(slots=True)
class _Plan:
    """What each column means."""

    categories: list[Column] = field(default_factory=list)
    fractions: list[Column] = field(default_factory=list)
    reviewed: Column | None = None
    ignored: list[tuple[Column, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_wide(path: Path, found: Survey, options: ReadOptions) -> LabelFile:
    plan = _plan(path, found, options)
    code = coding(path, plan.categories)
    columns = [*plan.categories, *plan.fractions]
    name = category_of if PATH in found.headings else str
    reader = _Reader(found, plan, code, options.confidence or 0.0)
    images = reader.read()
    return LabelFile(
        categories=[clean_name(name(column.heading)) for column in columns],
        category_places=[
            translate("Interchange", "column {number}").format(number=column.number) for column in columns
        ],
        images=images,
        left_out=plan.left_out,
        notes=_notes(found, plan),
    )


def _plan(path: Path, found: Survey, options: ReadOptions) -> _Plan:
    plan, own = _Plan(), is_own(found)
    for column in found.columns:
        if column is found.image or (not column.heading and not column.filled):
            continue
        if plan.reviewed is None and _marks_reviews(column, own):
            plan.reviewed = column
        elif not column.heading:
            plan.ignored.append((column, translate("Interchange", "no heading")))
        elif not own and column.role in NO_CATEGORY:
            plan.ignored.append(
                (
                    column,
                    translate("Interchange", "no category by its heading")
                    if column.is_state
                    else column.content(),
                )
            )
        elif not _is_name(column, plan):
            continue
        elif column.has_fractions:
            plan.fractions.append(column)
        elif column.is_state:
            plan.categories.append(column)
        else:
            plan.ignored.append((column, column.content()))
    if options.confidence is None:
        _leave_out_fractions(path, plan)
    if not plan.categories and not plan.fractions:
        what = "; ".join(f"{column}: {content}" for column, content in plan.ignored[:5]) or translate(
            "Interchange", "there are none"
        )
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: no column has answers (1 or 0, yes or no, x or blank) under the name of a "
                "category: {what}. If a column has the names of categories, give it the heading "
                "category.",
            ).format(path=path, what=what)
        )
    return plan


def _marks_reviews(column: Column, own: bool) -> bool:
    return column.is_state and (column.heading == REVIEWED if own else column.role is Role.REVIEWED)


def _is_name(column: Column, plan: _Plan) -> bool:
    try:
        clean_name(column.heading)
    except BadInputError as error:
        plan.left_out.append(
            LeftOut(translate("Interchange", "column {number}").format(number=column.number), error.sentence)
        )
        return False
    return True


def _leave_out_fractions(path: Path, plan: _Plan) -> None:
    """Probabilities of a model are no answers. Beside answers one column of fractions is a measurement."""
    if not plan.fractions:
        return
    yes = any(kind in column.words for column in plan.categories for kind in (Meaning.YES, Meaning.PLUS))
    if not yes or len(plan.fractions) > len(plan.categories):
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: the columns {columns} have fractions such as {words}. These look like the "
                "probabilities of a model, not answers: write 1 and 0, or give --confidence 0.5 to "
                "get those of 0.5 and more suggested.",
            ).format(
                path=path, columns=names(plan.fractions), words=plan.fractions[0].words[Meaning.FRACTION][0]
            )
        )
    plan.ignored += [(column, column.content()) for column in plan.fractions]
    plan.fractions = []


def coding(path: Path, columns: Sequence[Column]) -> Callable[[str], int]:
    """What a cell says, with the signs as this file uses them."""
    signs = {kind for column in columns for kind in column.words}
    if Meaning.MINUS_ONE in signs and Meaning.NO in signs:
        raise BadInputError(
            translate(
                "Interchange",
                "{path} has both -1 and {word}: which of them is no is unclear. Write 0 for no, and "
                "leave a cell blank where nothing is known.",
            ).format(path=path, word=_word(columns, Meaning.NO))
        )
    codes = dict.fromkeys(Meaning, WRONG) | {
        Meaning.YES: YES,
        Meaning.PLUS: YES,
        Meaning.NO: NO,
        Meaning.MINUS_ONE: NO,
        Meaning.MINUS: NO if Meaning.PLUS in signs else BLANK,
        Meaning.BLANK: BLANK,
    }
    known = {"1": YES, "0": NO}

    def code(cell: str) -> int:
        found = known.get(cell)
        return codes[known_meaning(cell)] if found is None else found

    return code


def _word(columns: Iterable[Column], kind: Meaning) -> str:
    return next(column.words[kind][0] for column in columns if column.words.get(kind))


class _Reader:
    def __init__(self, found: Survey, plan: _Plan, code: Callable[[str], int], confidence: float) -> None:
        assert found.image is not None
        self._found = found
        self._plan = plan
        self._code = code
        self._confidence = confidence
        self._at = [column.number - 1 for column in plan.categories]
        neighbours = bool(self._at) and self._at == list(range(self._at[0], self._at[-1] + 1))
        self._slice = slice(self._at[0], self._at[-1] + 1) if neighbours else None
        self._image = found.image.number - 1
        self._reviewed = None if plan.reviewed is None else plan.reviewed.number - 1
        self._path = plain_path if PATH in found.headings else str
        self._twins = _twins(plan.categories)

    def read(self) -> list[ImageStatement]:
        images: list[ImageStatement] = []
        where = translate("Interchange", "line {line}")
        for line, row, cells in self._found.records():
            place = where.format(line=line)
            if row is None:
                width = len(self._found.columns)
                reason = translate(
                    "Interchange",
                    "it has {cells} cells instead of {width}, so they cannot be assigned to columns",
                ).format(cells=cells, width=width)
                self._plan.left_out.append(LeftOut(place, reason))
            elif not row[self._image].strip():
                self._plan.left_out.append(LeftOut(place, translate("Interchange", "no image is named")))
            else:
                images += self._statements(place, row)
        return images

    def _statements(self, place: str, row: Cells) -> list[ImageStatement]:
        one = ImageStatement(place, self._path(row[self._image]))
        if self._reviewed is not None:
            one.reviewed = self._code(row[self._reviewed]) == YES
        cells = row[self._slice] if self._slice else [row[at] for at in self._at]
        for cell in set(cells):  # few: this is ten times as fast as going through the cells
            code = self._code(cell)
            if code == YES:
                one.yes.update(_places(cells, cell))
            elif code == NO and not one.reviewed:  # a review implies it
                one.no.update(_places(cells, cell))
            elif code < NO and one.reviewed:
                one.open.update(_places(cells, cell))
            if code == WRONG:
                self._leave_out(place, _places(cells, cell), cell)
        self._add_suggestions(one, row)
        return [one, *self._of_twins(one)] if self._twins else [one]

    def _leave_out(self, place: str, positions: Sequence[int], cell: str) -> None:
        for position in positions:
            column = self._plan.categories[position]
            reason = translate("Interchange", 'column {column}: "{strip}" is neither yes nor no').format(
                column=column, strip=cell.strip()[:40]
            )
            self._plan.left_out.append(LeftOut(place, reason))

    def _add_suggestions(self, one: ImageStatement, row: Cells) -> None:
        for position, column in enumerate(self._plan.fractions, len(self._at)):
            value = number(row[column.number - 1])
            if value is not None and self._confidence <= value <= 1:
                one.suggested[position] = value

    def _of_twins(self, one: ImageStatement) -> list[ImageStatement]:
        """Columns of one category that disagree in this row become entries of their own, so that the
        disagreement is reported and neither answer used."""
        found = []
        for twins in self._twins:
            yes = one.yes.intersection(twins)
            no = set(twins) - yes - one.open if one.reviewed else one.no.intersection(twins)
            if yes and no:
                one.no -= no
                column = self._plan.categories[min(no)]
                found.append(
                    ImageStatement(
                        translate("Interchange", "{place}, column {number}").format(
                            place=one.place, number=column.number
                        ),
                        one.file_name,
                        no=no,
                    )
                )
        return found


def _places(cells: Cells, cell: str) -> list[int]:
    found, at = [], -1
    for _ in range(cells.count(cell)):
        at = cells.index(cell, at + 1)
        found.append(at)
    return found


def _twins(columns: Sequence[Column]) -> list[list[int]]:
    """Positions of columns whose headings are one category."""
    by_key: dict[str, list[int]] = {}
    for position, column in enumerate(columns):
        by_key.setdefault(name_key(column.heading), []).append(position)
    return [positions for positions in by_key.values() if len(positions) > 1]


def spellings(columns: Sequence[Column]) -> str:
    """How yes, no and unknown are written in some columns."""
    signs = {kind for column in columns for kind in column.words}
    plus = Meaning.PLUS in signs
    kinds = {
        translate("Interchange", "yes"): (Meaning.YES, Meaning.PLUS),
        translate("Interchange", "no"): (Meaning.NO, Meaning.MINUS_ONE, *((Meaning.MINUS,) if plus else ())),
        translate("Interchange", "unknown"): (Meaning.BLANK, *(() if plus else (Meaning.MINUS,))),
    }
    blank, parts = translate("Interchange", "blank"), []
    for word, some in kinds.items():
        found = dict.fromkeys(
            spelling or blank for kind in some for one in columns for spelling in one.words.get(kind, ())
        )
        if found:
            parts.append(word if list(found) == [word] else f"{', '.join(list(found)[:4])} {word}")
    return ", ".join(parts)


def _notes(found: Survey, plan: _Plan) -> list[str]:
    assert found.image is not None
    parts = [found.table.note, image_note(found.image)]
    if plan.categories:
        words = translate("Interchange", "columns {names}: {spellings}")
        if len(plan.categories) == 1:
            words = translate("Interchange", "column {names}: {spellings}")
        spelled = spellings(plan.categories) or translate("Interchange", "no answers")
        parts.append(words.format(names=names(plan.categories), spellings=spelled))
    if plan.reviewed is not None:
        parts.append(
            translate("Interchange", "{reviewed} marks images as reviewed").format(reviewed=plan.reviewed)
        )
    notes = ["; ".join(parts)]
    if plan.fractions:
        notes.append(
            translate("Interchange", "Fractions in {columns} become suggestions, not answers").format(
                columns=names(plan.fractions)
            )
        )
    notes += ignored_note(plan.ignored)
    return notes


def image_note(column: Column) -> str:
    heading = f"{column} " if column.heading else ""
    return translate("Interchange", "column {number} {heading}names the image").format(
        number=column.number, heading=heading
    )


def ignored_note(ignored: Sequence[tuple[Column, str]]) -> list[str]:
    if not ignored:
        return []
    ignored = sorted(ignored, key=lambda one: one[0].number)
    shown = ", ".join(f"{column} ({content})" for column, content in ignored[:10])
    more = translate("Interchange", " and {n} more").format(n=len(ignored) - 10) if len(ignored) > 10 else ""
    return [translate("Interchange", "Columns left out: {shown}{more}").format(shown=shown, more=more)]
