"""Collects what a reader finds: categories by name, images, entries left out, notes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.categories import clean_name
from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.statements import ImageStatement, LabelFile, LeftOut


@dataclass(slots=True)
class LabelCollector:
    """``folder``: as in LabelFile."""

    folder: Path | None = None
    images: list[ImageStatement] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _positions: dict[str, int] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)
    _places: list[str] = field(default_factory=list)

    def leave_out(self, place: str, reason: str) -> None:
        self.left_out.append(LeftOut(place, reason))

    def category(self, name: str, place: str) -> int | None:
        """The position of a category, added if it is new; None, and left out, if it cannot be a name."""
        known = self._positions.get(name)
        if known is not None:
            return known
        try:
            clean = clean_name(name)
        except BadInputError as error:
            self.leave_out(place, error.sentence.rstrip("."))
            return None
        position = self._positions.get(clean)
        if position is None:
            position = len(self._names)
            self._names.append(clean)
            self._places.append(place)
            self._positions[clean] = position
        self._positions[name] = position
        return position

    def categories(self, names: Iterable[str], place: str) -> set[int]:
        found = (self.category(name, place) for name in names)
        return {position for position in found if position is not None}

    def add(self, statement: ImageStatement) -> None:
        """Add an image. Where it says both yes and no of a category, neither is used."""
        both = statement.yes & statement.no
        for position in sorted(both):
            self.leave_out(
                statement.place,
                translate("Interchange", 'both yes and no for "{names}"; neither is used').format(
                    names=self._names[position]
                ),
            )
        if both:
            statement.yes -= both
            statement.no -= both
            statement.open |= both
        self.images.append(statement)

    def file(self) -> LabelFile:
        return LabelFile(
            categories=self._names,
            category_places=self._places,
            images=self.images,
            left_out=self.left_out,
            notes=self.notes,
            folder=self.folder,
        )


def kinds(names: Iterable[str]) -> str:
    """File names as counts by suffix: "3 .json, 1 .md"."""
    counts = Counter(
        Path(name).suffix.lower() or translate("Interchange", "without a suffix") for name in names
    )
    return ", ".join(f"{number:,} {suffix}" for suffix, number in counts.most_common(6))
