"""What is in the columns of a table: counted before it is decided what they mean."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from app.domain.errors import BadInputError
from app.domain.language import number, translate
from app.services.interchange.delimited.records import Cells, Delimited
from app.services.interchange.delimited.words import (
    IMAGE_HEADINGS,
    Meaning,
    Role,
    heading_key,
    meaning,
    role,
    share_of_images,
)

_BLOCK = 500
_MOST_TEXTS = 10_000
_CLEAR = {Meaning.YES, Meaning.NO, Meaning.PLUS, Meaning.MINUS, Meaning.MINUS_ONE}


@dataclass(slots=True)
class Column:
    """One column: its ``number`` from 1, its heading (empty if there is none), and its cells.

    ``counts``: cells by meaning, those of ``_CLEAR`` together as YES. ``words``: the first spellings of each
    meaning. ``texts``: distinct cells that are no answer, at most 10,000.
    """

    number: int
    heading: str
    filled: int = 0
    unclear: Counter[Meaning] = field(default_factory=Counter)
    words: dict[Meaning, list[str]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    @property
    def role(self) -> Role | None:
        return role(self.heading) if self.heading.strip() else None

    @property
    def answers(self) -> int:
        """Cells that are clearly an answer."""
        return self.filled - self.unclear.total()

    @property
    def has_fractions(self) -> bool:
        return self.unclear[Meaning.FRACTION] > 0

    @property
    def is_state(self) -> bool:
        """Its cells are answers or blank, but for a few of a hundred."""
        return not self.has_fractions and self.unclear.total() * 9 <= self.answers

    @property
    def has_texts(self) -> bool:
        """Most of its cells are texts."""
        return self.unclear[Meaning.TEXT] * 2 > self.filled

    def __str__(self) -> str:
        return (
            f'"{self.heading}"'
            if self.heading.strip()
            else translate("Interchange", "column {number}").format(number=self.number)
        )

    def content(self) -> str:
        """What is in it, for messages."""
        for kind, word in (
            (Meaning.TEXT, translate("Interchange", "text")),
            (Meaning.FRACTION, translate("Interchange", "fractions")),
            (Meaning.NUMBER, translate("Interchange", "numbers")),
        ):
            if self.unclear[kind]:
                return translate("Interchange", '{word} such as "{words}"').format(
                    word=word, words=self.words[kind][0][:40]
                )
        return translate("Interchange", "answers") if self.filled else translate("Interchange", "nothing")


@dataclass(frozen=True, slots=True)
class Survey:
    """``first``: 1 if the first row has headings, else 0; ``titles`` is that row. ``repeats``: some image is
    named in several rows. ``rows`` counts those with as many cells as the first.
    """

    table: Delimited
    columns: list[Column]
    image: Column | None
    first: int
    titles: Cells
    repeats: bool
    rows: int

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns]

    def records(self) -> Iterator[tuple[int, Cells | None, int]]:
        """The rows behind the headings: line, cells (None if their number is wrong), and number of cells."""
        width = len(self.columns)
        for line, row in _behind(self.table, self.first, self.titles):
            yield line, fitted(row, width), len(row)


def _behind(table: Delimited, first: int, titles: Cells) -> Iterator[tuple[int, Cells]]:
    """The rows behind the headings, which files that were joined repeat in their middle."""
    records = islice(table.records(), first, None)
    if not first:
        return records
    marked = ["\ufeff" + titles[0], *titles[1:]]
    return ((line, row) for line, row in records if row not in (titles, marked))


def fitted(row: Cells, width: int) -> Cells | None:
    """A row with this many cells; blank ones behind them do not count."""
    if len(row) == width:
        return row
    return row[:width] if len(row) > width and not any(map(str.strip, row[width:])) else None


def survey(table: Delimited) -> Survey:
    """Go through the whole table once. Raises BadInputError if it has no rows."""
    start = [row for _, row in islice(table.records(), 2 * _BLOCK)]
    if not start:
        raise BadInputError(translate("Interchange", "{path} has no rows.").format(path=table.path))
    width = _width(start)
    headed = _has_headings(start)
    headings = start[0][:width] if headed else [""] * width
    columns = [Column(at + 1, heading.strip()) for at, heading in enumerate(headings)]
    image = _image_column(columns, [fit for row in start[headed:] if (fit := fitted(row, width))])
    rows, names = 0, set[str]()
    records = (fitted(row, width) for _, row in _behind(table, int(headed), start[0]))
    usable = (row for row in records if row is not None)
    while block := list(islice(usable, _BLOCK)):
        rows += len(block)
        cells = list(zip(*block, strict=True))
        for column in columns:
            if column is image:
                names.update(cells[column.number - 1])
            else:
                _count(column, cells[column.number - 1])
    return Survey(table, columns, image, int(headed), start[0], len(names) < rows, rows)


def _width(start: Sequence[Cells]) -> int:
    """The number of columns: blank headings at the end count only if there is something below them."""
    width = len(start[0])
    while width > 1 and not any(row[width - 1 : width] and row[width - 1].strip() for row in start):
        width -= 1
    return width


def _has_headings(start: Sequence[Cells]) -> bool:
    """A row with the name of an image file is no heading, unless another cell says what the column is."""
    known = {role(cell) for cell in start[0] if cell.strip()} - {None}
    if share_of_images(start[0]):
        return Role.IMAGE in known
    return bool(known) or len(start) > 1


def _image_column(columns: Sequence[Column], rows: Sequence[Cells]) -> Column | None:
    """The column with the best heading for images, unless only another one has names of image files."""
    shares = [share_of_images(row[at] for row in rows) for at in range(len(columns))]
    named = [one for one in columns if one.role is Role.IMAGE]
    named.sort(key=lambda one: IMAGE_HEADINGS.index(heading_key(one.heading)))
    with_names = [one for one in named if shares[one.number - 1] >= 0.5]
    if with_names:
        return with_names[0]
    others = [one for one in columns if shares[one.number - 1] >= 0.5]
    if len(others) == 1:
        return others[0]
    texts = [one for one in named if any(not _numeric(row[one.number - 1]) for row in rows)]
    return next(iter(texts or named), None)


def _numeric(cell: str) -> bool:
    return meaning(cell) not in (Meaning.TEXT, Meaning.BLANK)


_meanings: dict[str, Meaning] = {}


def known_meaning(cell: str) -> Meaning:
    """As :func:`meaning`, remembering short cells."""
    found = _meanings.get(cell)
    if found is None:
        found = meaning(cell)
        if len(_meanings) < 10_000 and len(cell) < 20:
            _meanings[cell] = found
    return found


def _count(column: Column, cells: Sequence[str]) -> None:
    kinds = [(cell, known_meaning(cell)) for cell in set(cells)]
    column.filled += len(cells)
    counts: Counter[str] | None = None
    for cell, kind in kinds:
        words = column.words.setdefault(kind, [])
        if len(words) < 3 and cell.strip() not in words:
            words.append(cell.strip())
        if kind in _CLEAR:
            continue
        if kind is Meaning.BLANK:
            column.filled -= cells.count(cell)
            continue
        counts = counts or Counter(cells)
        column.unclear[kind] += counts[cell]
        if len(column.texts) < _MOST_TEXTS:
            column.texts.add(cell)


def names(columns: Iterable[Column], most: int = 5) -> str:
    """Columns for a sentence: the first ones, and how many more."""
    found = [str(column) for column in columns]
    if len(found) > most:
        return translate("Interchange", "{names} and {n} more").format(
            names=", ".join(found[:most]), n=number(len(found) - most)
        )
    if len(found) < 2:
        return "".join(found)
    return translate("Interchange", "{names} and {last}").format(names=", ".join(found[:-1]), last=found[-1])
