"""How names in an annotation file fit images, and which of them a file's other names rule out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Parts = tuple[str, ...]
"""The parts of a path."""


class Fit(StrEnum):
    """How a name matches an image, best first, or why it does not; the values are used in reports."""

    EXACT = "exact"
    ENDING = "ending"
    DECODED = "decoded"
    FILE_NAME = "file name"
    ORIGINAL_NAME = "original name"
    OTHER_FOLDER = "other folder"
    OTHER_NAME = "other name"
    AMBIGUOUS = "ambiguous"
    TAKEN = "taken"
    UNKNOWN = "not in the project"


_MATCHED = (Fit.EXACT, Fit.ENDING, Fit.DECODED, Fit.FILE_NAME, Fit.ORIGINAL_NAME)
_GUESSED = {Fit.OTHER_FOLDER: Fit.FILE_NAME, Fit.OTHER_NAME: Fit.ORIGINAL_NAME}
"""What becomes of a guess that is accepted."""


@dataclass(frozen=True, slots=True)
class Match:
    """``image_id`` is None if the name is not matched; ``candidates``: the images it could refer to.

    ``read_as``: the name that was looked up, if it is not the one in the file. ``removed``: what a tool had
    added to the name.
    """

    fit: Fit
    image_id: int | None = None
    candidates: tuple[int, ...] = ()
    read_as: str = ""
    removed: str = ""

    def rejected(self, fit: Fit) -> "Match":
        found = self.candidates if self.image_id is None else (self.image_id,)
        return Match(fit, None, found, self.read_as, self.removed)


@dataclass(slots=True)
class NamedMatch:
    """The match of a name with these ``parts``.

    ``above``: the folder just before the matched ending, if it differs from the project's. ``beyond``: the
    name also agrees with folders above the image folder. ``root_id`` and ``folders``: the image folder of
    the image, and its path according to the name. ``short``: the name is shorter than the image's path in its
    image folder. ``inside``: it is that path, or the name in exports. ``relative``: it is not absolute and
    does not begin with "..".
    """

    match: Match
    parts: Parts = ()
    above: str | None = None
    beyond: bool = False
    root_id: int | None = None
    folders: Parts = ()
    short: bool = False
    inside: bool = False
    relative: bool = True


def settle(names: Sequence[NamedMatch], roots: Mapping[int, Parts], *, guesses: bool) -> None:
    """Reject what the names of a file rule out among themselves. ``roots``: the parts of each image folder's
    path. ``guesses``: whether to accept those that are left; otherwise they are listed as OTHER_FOLDER and
    OTHER_NAME with one candidate.
    """
    _reject_other_trees(names)
    _reject_other_places(names, roots)
    for one in names:
        match = one.match
        if match.fit in _GUESSED and len(match.candidates) == 1:
            one.match = replace(match, fit=_GUESSED[match.fit], image_id=match.candidates[0])
    _reject_rivals(names)
    if not guesses:
        for one in names:
            for guess, accepted in _GUESSED.items():
                if one.match.fit is accepted:
                    one.match = one.match.rejected(guess)


def _reject_other_trees(names: Iterable[NamedMatch]) -> None:
    """Names in a folder that is not part of the project are trusted only if all of them are in the same one,
    and no other name shows that the file uses the project's own folder."""
    found = [one for one in names if one.match.image_id is not None]
    above = {one.above for one in found if one.above is not None}
    several = len(above) > 1 or any(one.beyond for one in found)
    # If some name is relative to the image folder, "south/cam1/1.jpg" is in its folder "south".
    inside = any(one.inside for one in found)
    for one in found:
        if one.above is not None and (several or (inside and one.relative)):
            one.match = one.match.rejected(Fit.OTHER_FOLDER)


def _reject_other_places(names: Iterable[NamedMatch], roots: Mapping[int, Parts]) -> None:
    """An image folder has one path: if names disagree about it, those that agree best with its real path are
    kept, or none if several agree equally well."""
    by_root: dict[int, dict[Parts, list[NamedMatch]]] = defaultdict(lambda: defaultdict(list))
    for one in names:
        if one.match.image_id is not None and one.root_id is not None and one.folders:
            by_root[one.root_id][one.folders].append(one)
    for root_id, places in by_root.items():
        agreeing = {place: common_ending(place, roots[root_id]) for place in places}
        best = max(agreeing.values())
        leading = [place for place, count in agreeing.items() if count == best]
        longest = max(leading, key=len)
        certain = all(_compatible(place, longest) for place in leading)
        for place, some in places.items():
            if len(places) > 1 and not (certain and _compatible(place, longest)):
                for one in some:
                    one.match = one.match.rejected(Fit.OTHER_FOLDER)


def _reject_rivals(names: Iterable[NamedMatch]) -> None:
    claims: dict[int, list[NamedMatch]] = defaultdict(list)
    for one in names:
        if one.match.image_id is not None:
            claims[one.match.image_id].append(one)
    for rivals in claims.values():
        if len(rivals) == 1:
            continue
        best = min((one.match.fit for one in rivals), key=_MATCHED.index)
        holders = [one for one in rivals if one.match.fit is best]
        longest = max((one.parts for one in holders), key=len)
        agree = best is Fit.EXACT or all(_compatible(one.parts, longest) for one in holders)
        for one in rivals:
            # In one file "a.jpg" and "sub/a.jpg" are two files.
            other_file = one.short and len(one.parts) < len(longest)
            if other_file or (one.match.fit is best and not agree):
                one.match = one.match.rejected(Fit.AMBIGUOUS)
            elif one.match.fit is not best and not (agree and _compatible(one.parts, longest)):
                one.match = one.match.rejected(Fit.TAKEN)


def _compatible(one: Parts, other: Parts) -> bool:
    return common_ending(one, other) == min(len(one), len(other))


def common_ending(one: Parts, other: Parts) -> int:
    """The number of equal parts at the end."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count
