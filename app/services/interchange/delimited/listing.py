"""Tables whose rows name categories: one a row with an answer, or several in one cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.categories import clean_name
from app.domain.errors import BadInputError
from app.domain.language import significant, translate
from app.services.interchange.delimited.guards import plain_name, plain_path
from app.services.interchange.delimited.lists import (
    SEPARATORS,
    found_separators,
    given_separator,
    split_cell,
)
from app.services.interchange.delimited.records import Cells, open_delimited
from app.services.interchange.delimited.survey import Column, Survey, names
from app.services.interchange.delimited.wide import (
    BLANK,
    NO,
    YES,
    coding,
    ignored_note,
    image_note,
    spellings,
)
from app.services.interchange.delimited.words import LISTS, Meaning, Role, heading_key, number
from app.services.interchange.format import ReadOptions
from app.services.interchange.statements import ImageStatement, LabelFile, LeftOut

LONG_HEADINGS = ("image", "category", "state", "source", "probability", "time")
LIST_HEADINGS = ("image", "tags", "no", "unknown", "reviewed")
REVIEWED = "reviewed"
"""The state of a row that names no category: a person has reviewed the image."""
_MACHINE = re.compile(r"machine|model|auto|predict", re.IGNORECASE)
_IDENTIFIER = re.compile(r"/[mg]/\w+")
_DESCRIPTIONS = ("*class-descriptions*.csv",)


@dataclass(slots=True)
class _Plan:
    """What each column means. ``separator`` is empty if a cell is one category. ``confidence``: the least
    one of a suggestion, None if there are no fractions. ``titles``: the names of machine ids."""

    yes: list[Column] = field(default_factory=list)
    no: list[Column] = field(default_factory=list)
    unknown: list[Column] = field(default_factory=list)
    state: Column | None = None
    reviewed: Column | None = None
    source: Column | None = None
    separator: str = ""
    confidence: float | None = None
    titles: dict[str, str] = field(default_factory=dict)
    ignored: list[tuple[Column, str]] = field(default_factory=list)


def read_listing(path: Path, found: Survey, options: ReadOptions) -> LabelFile:
    plan = _plan(path, found, options)
    reader = _Reader(found, plan)
    reader.read()
    return LabelFile(
        categories=list(reader.positions),
        category_places=reader.places,
        images=reader.statements,
        left_out=reader.left_out,
        notes=_notes(found, plan),
    )


def is_own(found: Survey) -> bool:
    """Whether the first headings are those of an export."""
    return found.headings[:2] in ([*LONG_HEADINGS[:2]], [*LIST_HEADINGS[:2]])


def _plan(path: Path, found: Survey, options: ReadOptions) -> _Plan:
    plan = _Plan()
    others = [one for one in found.columns if one is not found.image]
    named = [one for one in others if one.role is Role.CATEGORY]
    texts = [one for one in others if one.role is None and one.has_texts]
    plan.yes = named or (texts if len(texts) == 1 else [])
    if not plan.yes:
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: no column has the names of categories; columns are {columns}. Give that "
                "column the heading category.",
            ).format(path=path, columns=names(found.columns))
        )
    for column in others:
        if column not in plan.yes and (column.heading or column.filled):
            _assign(column, plan, is_own(found))
    _find_state(path, others, plan, options)
    if not is_own(found):
        _refuse_numbers(path, plan)
    plan.separator = _separator(path, found, plan, options)
    plan.titles = _titles(path, plan)
    return plan


def _assign(column: Column, plan: _Plan, own: bool) -> None:
    has_names = own or column.has_texts or not column.filled
    if column.role is Role.NO and has_names:
        plan.no.append(column)
    elif column.role is Role.UNKNOWN and has_names:
        plan.unknown.append(column)
    elif column.role is Role.REVIEWED and column.is_state:
        plan.reviewed = column
    elif column.role is Role.SOURCE:
        plan.source = column
    elif column.role not in (Role.STATE, Role.CONFIDENCE):
        plan.ignored.append((column, column.content()))


def _find_state(path: Path, others: Sequence[Column], plan: _Plan, options: ReadOptions) -> None:
    """The column with the answers: one called so, else confidences that are all 0 or 1."""
    states = [one for one in others if one.role is Role.STATE and one.filled]
    scores = [one for one in others if one.role is Role.CONFIDENCE and one.filled]
    plan.state = next(iter(states or scores), None)
    unused = [one for one in others if one.role in (Role.STATE, Role.CONFIDENCE) and one is not plan.state]
    plan.ignored += [(one, one.content()) for one in unused]
    if plan.state is None:
        _refuse_doubtful(path, plan)
        return
    if _has_states(plan.state):
        return
    if not plan.state.has_fractions:
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: the column {state} has {content}; which of them mean yes is unclear. Write "
                "1 for yes and 0 for no, or remove the column.",
            ).format(path=path, state=plan.state, content=plan.state.content())
        )
    if plan.state.has_fractions:
        if options.confidence is None:
            raise BadInputError(
                translate(
                    "Interchange",
                    "{path}: the column {state} has {content}. These are confidences of a model, not "
                    "answers: write 1 and 0, or give --confidence 0.5 to get those of 0.5 and more "
                    "suggested.",
                ).format(path=path, state=plan.state, content=plan.state.content())
            )
        plan.confidence = options.confidence


def _refuse_doubtful(path: Path, plan: _Plan) -> None:
    """Without a column of answers each row is a yes, unless another column may say that it is not."""
    for column, content in plan.ignored:
        says_no = column.is_state and bool({Meaning.NO, Meaning.MINUS, Meaning.MINUS_ONE} & set(column.words))
        if column.role is None and (says_no or column.has_fractions):
            found = spellings([column]) if says_no else content
            raise BadInputError(
                translate(
                    "Interchange",
                    "{path}: the column {column} has {found}; whether it says which rows mean yes is "
                    "unclear. Give it the heading state (or confidence, for those of a model), or remove "
                    "it.",
                ).format(path=path, column=column, found=found)
            )


def _has_states(column: Column) -> bool:
    """Whether some cells are answers and few are not, or the word "reviewed". Single others are left out."""
    if column.has_fractions:
        return False
    words = {text.strip().casefold() for text in column.texts}
    return column.answers >= column.unclear.total() or words <= {REVIEWED}


def _refuse_numbers(path: Path, plan: _Plan) -> None:
    for column in plan.yes:
        if column.filled and not column.unclear[Meaning.TEXT]:
            shown = next(words[0] for kind, words in column.words.items() if kind is not Meaning.BLANK)
            raise BadInputError(
                translate(
                    "Interchange",
                    '{path}: the column {column} has only numbers or answers, such as "{shown}"; the '
                    "names of the categories are needed.",
                ).format(path=path, column=column, shown=shown)
            )


def _separator(path: Path, found: Survey, plan: _Plan, options: ReadOptions) -> str:
    """What separates the categories in one cell; empty if each cell is one."""
    if options.separator is not None:
        return given_separator(options.separator)
    if found.headings[:2] == [*LONG_HEADINGS[:2]]:
        return ""
    columns = [*plan.yes, *plan.no, *plan.unknown]
    cells = {cell for column in columns for cell in column.texts}
    seen = found_separators(cells)
    if is_own(found):
        return next(iter(seen), SEPARATORS[0])
    if not seen:
        _refuse_spaces(path, plan, cells)
        return ""
    single = plan.state is not None or found.repeats
    strong = [one for one in "|;" if one in seen] or ([] if single else list(seen))
    if single and not strong:
        return ""
    if len(strong) > 1 or (single and strong) or (strong == [","] and not _is_list(plan, cells)):
        example = next(iter(seen.values())).strip()[:60]
        raise BadInputError(
            translate(
                "Interchange",
                '{path}: "{example}" in {columns} may be one category or several. Say with '
                '--separator what separates them, for example --separator "{strong}", or --separator '
                "none.",
            ).format(path=path, example=example, columns=names(plan.yes), strong=strong[0])
        )
    return strong[0]


def _is_list(plan: _Plan, cells: set[str]) -> bool:
    """Whether commas separate categories: the heading is a plural, or a part is also a whole cell."""
    if any(heading_key(column.heading) in LISTS for column in plan.yes):
        return True
    whole = {cell.strip() for cell in cells}
    return any(part in whole for cell in whole if "," in cell for part in split_cell(cell, ","))


def _refuse_spaces(path: Path, plan: _Plan, cells: set[str]) -> None:
    """Many different cells of a few words are lists separated by blanks, more likely than names."""
    if not any(heading_key(column.heading) in LISTS for column in plan.yes):
        return
    several = [cell for cell in cells if " " in cell.strip() and not cell.strip().startswith("[")]
    words = {word for cell in cells for word in cell.split()}
    if len(several) > 5 and 2 * len(several) > len(cells) and 4 * len(words) < 3 * len(cells):
        raise BadInputError(
            translate(
                "Interchange",
                '{path}: "{several}" in {columns} may be one category or several. Say it with '
                '--separator " " or --separator none.',
            ).format(path=path, several=min(several)[:60], columns=names(plan.yes))
        )


def _titles(path: Path, plan: _Plan) -> dict[str, str]:
    """The names of Open Images' identifiers, from the file of descriptions beside this one."""
    cells = {cell.strip() for column in plan.yes for cell in column.texts}
    identifiers = {cell for cell in cells if _IDENTIFIER.fullmatch(cell)}
    if not identifiers:
        return {}
    titles: dict[str, str] = {}
    for pattern in _DESCRIPTIONS:
        for beside in sorted(path.parent.glob(pattern)):
            for _, row in open_delimited(beside, encoding=None, delimiter=",").records():
                if len(row) == 2 and row[0] in identifiers:
                    titles[row[0]] = row[1]
    missing = identifiers - set(titles)
    if missing:
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: the column {columns} has identifiers such as {missing}, and it is unclear "
                "which categories they are; put Open Images' class-descriptions.csv beside the file.",
            ).format(path=path, columns=names(plan.yes), missing=min(missing))
        )
    return titles


class _Reader:
    """Collects the rows about each image in one statement; rows that contradict it get one of their own."""

    def __init__(self, found: Survey, plan: _Plan) -> None:
        assert found.image is not None
        self.positions: dict[str, int] = {}
        self.places: list[str] = []
        self.left_out: list[LeftOut] = []
        self.statements: list[ImageStatement] = []
        self._found = found
        self._plan = plan
        self._image = found.image.number - 1
        self._own = is_own(found)
        states = [one for one in (plan.state, plan.reviewed) if one is not None]
        self._code = coding(found.table.path, states)
        self._by_name: dict[str, ImageStatement] = {}
        self._cells: dict[str, list[int] | str] = {}

    def read(self) -> None:
        where = translate("Interchange", "line {line}")
        for line, row, cells in self._found.records():
            place = where.format(line=line)
            if row is None:
                width = len(self._found.columns)
                reason = translate(
                    "Interchange",
                    "it has {cells} cells instead of {width}, so they cannot be assigned to columns",
                ).format(cells=cells, width=width)
                self.left_out.append(LeftOut(place, reason))
            elif not row[self._image].strip():
                self.left_out.append(LeftOut(place, translate("Interchange", "no image is named")))
            else:
                self._add(place, row)

    def _add(self, place: str, row: Cells) -> None:
        plan = self._plan
        name = plain_path(row[self._image]) if self._own else row[self._image]
        one = self._by_name.get(name)
        if one is None:
            one = self._by_name[name] = ImageStatement(place, name)
            self.statements.append(one)
        if plan.reviewed is not None and self._code(row[plan.reviewed.number - 1]) == YES:
            one.reviewed = True
        named = self._categories(place, row, plan.yes)
        if plan.state is None:
            self._answer(one, place, named, "yes")
        else:
            self._answer_as(one, place, named, row)
        self._answer(one, place, self._categories(place, row, plan.no), "no")
        self._answer(one, place, self._categories(place, row, plan.unknown), "open")

    def _answer_as(self, one: ImageStatement, place: str, named: list[int], row: Cells) -> None:
        plan = self._plan
        assert plan.state is not None
        cell = row[plan.state.number - 1]
        machine = not self._own and plan.source is not None and _MACHINE.match(row[plan.source.number - 1])
        if plan.confidence is not None or machine:
            value = number(cell) or 0.0
            if value > 0 and (plan.confidence or 0.0) <= value <= 1:
                one.suggested |= dict.fromkeys(named, value)
            return
        code = self._code(cell)
        if code == YES:
            self._answer(one, place, named, "yes")
        elif code == NO:
            self._answer(one, place, named, "no")
        elif cell.strip().casefold() == REVIEWED and not named:
            one.reviewed = True
        elif code == BLANK:
            self._answer(one, place, named, "open")
        else:
            self.left_out.append(
                LeftOut(
                    place,
                    translate("Interchange", '"{strip}" is neither yes nor no').format(
                        strip=cell.strip()[:40]
                    ),
                )
            )

    def _answer(self, one: ImageStatement, place: str, named: list[int], kind: str) -> None:
        mine: set[int] = getattr(one, kind)
        if kind == "open":
            mine.update(named)
            return
        opposite = one.no if kind == "yes" else one.yes
        against = opposite.intersection(named)
        mine.update(position for position in named if position not in against)
        if against:
            other = ImageStatement(place, one.file_name)
            getattr(other, kind).update(against)
            self.statements.append(other)

    def _categories(self, place: str, row: Cells, columns: Sequence[Column]) -> list[int]:
        found: list[int] = []
        for column in columns:
            cell = row[column.number - 1]
            known = self._cells.get(cell)
            if known is None:
                known = self._cells[cell] = self._read_cell(place, cell)
            if isinstance(known, str):
                self.left_out.append(LeftOut(place, known))
            else:
                found += known
        return found

    def _read_cell(self, place: str, cell: str) -> list[int] | str:
        """The positions of the categories in a cell, or what is wrong with it."""
        found = []
        for text in self._texts(cell):
            title = self._plan.titles.get(text, text)
            try:
                name = clean_name(plain_name(title) if self._own else title)
            except BadInputError as error:
                return error.sentence
            if name not in self.positions:
                self.positions[name] = len(self.positions)
                self.places.append(place)
            found.append(self.positions[name])
        return found

    def _texts(self, cell: str) -> list[str]:
        if self._own and not self._plan.separator:
            return [cell] if cell else []
        return split_cell(cell, self._plan.separator)


def _notes(found: Survey, plan: _Plan) -> list[str]:
    assert found.image is not None
    parts = [
        found.table.note,
        image_note(found.image),
        translate("Interchange", "{columns} its categories").format(columns=names(plan.yes))
        + ("" if plan.state else translate("Interchange", ", each a yes")),
    ]
    if plan.separator:
        parts.append(
            translate("Interchange", 'categories in one cell are separated by "{separator}"').format(
                separator=plan.separator
            )
        )
    if plan.confidence is not None and plan.state is not None:
        parts.append(
            translate(
                "Interchange", "{state}: confidences of {confidence} and more become suggestions"
            ).format(state=plan.state, confidence=significant(plan.confidence, 6))
        )
    elif plan.state is not None:
        parts.append(f"{plan.state}: {spellings([plan.state])}")
    for columns, words in (
        (plan.no, translate("Interchange", "categories that are absent")),
        (plan.unknown, translate("Interchange", "unknown categories")),
    ):
        parts += [f"{column}: {words}" for column in columns]
    if plan.reviewed is not None:
        parts.append(
            translate("Interchange", "{reviewed} marks images as reviewed").format(reviewed=plan.reviewed)
        )
    if plan.titles:
        parts.append(
            translate("Interchange", "names of categories from the class descriptions beside the file")
        )
    return ["; ".join(parts), *ignored_note(plan.ignored)]
