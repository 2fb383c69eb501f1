"""Which image of the project a file name in an annotation file means."""

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice
from pathlib import Path

from app.domain.images import Image, ImageState, image_name, root_prefixes

Parts = tuple[str, ...]
"""A path, part by part."""


class Fit(StrEnum):
    """How a name fits an image, best first, or why it is not matched; the values are words for reports."""

    EXACT = "exact"
    ENDING = "ending"
    FILE_NAME = "file name"
    OTHER_FOLDER = "other folder"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "not in the project"


_MOST_CANDIDATES = 20
_NOT_NORMAL = re.compile(r"//|/$|(^|/)\.\.?(/|$)")
_FROM_A_DISK = re.compile(r"[/\\]|[A-Za-z][A-Za-z0-9+.-]*:|\.\.[/\\]")
"""How a name begins that says nothing about the folder from which the others of its file are counted."""
_MATCHED = (Fit.EXACT, Fit.ENDING, Fit.FILE_NAME)


@dataclass(frozen=True, slots=True)
class Match:
    """``image_id`` is None where the name is not matched; ``candidates``: the images that it could mean."""

    fit: Fit
    image_id: int | None = None
    candidates: tuple[int, ...] = ()

    def refused(self, fit: Fit) -> "Match":
        found = self.candidates if self.image_id is None else (self.image_id,)
        return Match(fit, None, found)


@dataclass(slots=True)
class _Finding:
    """``parts``: the name. ``above``: the folder in it that the project does not have, where its path ends.

    ``beyond``: the name agrees with the folders above the project's own path too. ``root_id`` and
    ``folders``: the image folder of the image, and where the name says that it lies. ``short``: the name is
    a part of the image's own path. ``inside``: it is the path inside the image folder or the name in exports.
    ``relative``: it begins neither at a disk nor with "..".
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


class ImageMatcher:
    """Finds images by the names that annotation files use.

    1. Exactly: the absolute path, the name in exports, the path inside an image folder.
    2. By ending, whole parts: the name is the ending of an image's absolute path, or the image's name in
       exports (its path from the name of its image folder on is enough) is the ending of the name and at
       least one folder agrees. The longest agreement wins.
    3. By the file name alone, against what the folders say, only where that is asked for.

    Each is tried in the very spelling first, then with accents composed (NFC). A backslash is a separator
    only where no image has it in its name. Case counts.
    """

    def __init__(self, images: Iterable[Image], roots: Mapping[int, Path]) -> None:
        self._roots = {key: root.as_posix().rstrip("/") + "/" for key, root in roots.items()}
        self._inside = {key: _Spellings() for key in roots}
        self._images: list[Image] = []
        # A file that took the path of a missing one has the better right to it.
        for image in sorted(images, key=lambda image: image.state is ImageState.MISSING):
            spellings, key = self._inside[image.root_id], _nfc(image.path)
            if not any(other.path == image.path for other in spellings.get(key)):
                spellings.add(key, image)
                self._images.append(image)
        first = {image.root_id: image for image in self._images}
        self._prefixes = {
            image.root_id: name.removesuffix(image.path)
            for image, name in export_names(first.values(), roots)
        }
        self._folders = {key: _parts(_nfc(root)) for key, root in self._roots.items()}
        kinds = (self._roots, self._prefixes, dict.fromkeys(roots, ""))
        self._kinds = [[(key, prefix, _nfc(prefix)) for key, prefix in kind.items()] for kind in kinds]

    def match_all(self, names: Sequence[str], *, by_file_name: bool = False) -> list[Match]:
        """The match of each name, with the others in view.

        Different names of one image are matched where one is the ending of the other and both have its whole
        path. Otherwise at most one of them can be right: the exact one is kept, and without one none is; and
        the one that has more of the path. ``by_file_name``: also accept an
        image whose file name is unique and whose folders are others.
        """
        findings = [self._find(name) for name in names]
        _refuse_other_trees(findings)
        _refuse_other_places(findings, self._folders)
        if by_file_name:
            for finding in findings:
                match = finding.match
                if match.fit is Fit.OTHER_FOLDER and len(match.candidates) == 1:
                    finding.match = Match(Fit.FILE_NAME, match.candidates[0])
        _refuse_rivals(findings)
        return [finding.match for finding in findings]

    def _find(self, name: str) -> _Finding:
        forms = [_normal(name)]
        if "\\" in name:
            forms.append(_normal(name.replace("\\", "/")))
        for step in (self._exact, self._ending, self._file_name):
            for form in forms:
                finding = step(form)
                if finding is not None:
                    finding.relative = _FROM_A_DISK.match(name) is None
                    return finding
        return _Finding(Match(Fit.UNKNOWN))

    def _exact(self, form: str) -> _Finding | None:
        key = _nfc(form)
        for kind in self._kinds:
            found: list[tuple[str, Image]] = []
            for root_id, prefix, composed in kind:
                if key.startswith(composed):
                    inside = self._inside[root_id].get(key[len(composed) :])
                    found += [(prefix + image.path, image) for image in inside]
            if found:
                spelled = [image for name, image in found if name == form]
                match = _only(spelled or [image for _, image in found], Fit.EXACT)
                absolute = kind is self._kinds[0]
                return _Finding(match, _parts(key), beyond=absolute, inside=not absolute)
        return None

    def _ending(self, form: str) -> _Finding | None:
        parts = _parts(_nfc(form))
        whole = len(parts)
        found: list[tuple[int, int, Image]] = []  # how many parts agree, how many make the image's own name
        for start in range(1, whole):
            path = "/".join(parts[start:])
            for root_id, folders in self._folders.items():
                for image in self._inside[root_id].get(path):
                    agreeing = whole - start + _common_ending(parts[:start], folders)
                    own = whole - start + (1 if self._prefixes[root_id] else 0)
                    if agreeing == whole or agreeing >= max(own, 2):
                        found.append((agreeing, own, image))
        ending = "/" + "/".join(parts)
        longer = (
            one for one in self._endings.get("/".join(parts[-2:])) if _nfc("/" + one.path).endswith(ending)
        )
        found += [(whole, whole, image) for image in islice(longer, _MOST_CANDIDATES)]
        if not found:
            return None
        longest, own, _ = max(found, key=lambda one: one[0])
        best = [image for agreeing, _, image in found if agreeing == longest]
        if len(best) > 1:
            spelled = _parts(form)
            best = [one for one in best if _common_ending(spelled, self._place(one)) == longest] or best
        above = parts[-longest - 1] if longest == own and longest < whole else None
        length = len(_parts(_nfc(best[0].path)))
        return _Finding(
            _only(best, Fit.ENDING),
            parts,
            None if above == ".." else above,
            longest > own,
            best[0].root_id,
            tuple(part for part in parts[: max(whole - length, 0)] if part != ".."),
            short=whole < length,
        )

    def _place(self, image: Image) -> Parts:
        return _parts(self._roots[image.root_id] + image.path)

    def _file_name(self, form: str) -> _Finding | None:
        parts = _parts(_nfc(form))
        same = self._endings.get(parts[-1]) if parts else ()
        found = tuple(image.id for image in same[:_MOST_CANDIDATES])
        return _Finding(Match(Fit.OTHER_FOLDER, None, found), parts) if found else None

    @cached_property
    def _endings(self) -> "_Spellings":
        """The images by their file name, and by it with the folder above. Exact names need none of it."""
        endings = _Spellings()
        for image in self._images:
            parts = _parts(_nfc(image.path))
            endings.add(parts[-1], image)
            if len(parts) > 1:
                endings.add("/".join(parts[-2:]), image)
        return endings


def export_names(images: Iterable[Image], roots: Mapping[int, Path]) -> list[tuple[Image, str]]:
    """Each image with the name that exports use for it: the one that is shown everywhere (Image.name)."""
    prefixes = root_prefixes(roots)
    return [(image, image_name(prefixes[image.root_id], image.path)) for image in images]


class _Spellings:
    """Images by a composed spelling, which several may share."""

    def __init__(self) -> None:
        self._first: dict[str, Image] = {}
        self._more: dict[str, list[Image]] = {}

    def add(self, key: str, image: Image) -> None:
        first = self._first.setdefault(key, image)
        if first is not image:
            self._more.setdefault(key, [first]).append(image)

    def get(self, key: str) -> Sequence[Image]:
        if key in self._more:
            return self._more[key]
        return (self._first[key],) if key in self._first else ()


def _refuse_other_trees(findings: Iterable[_Finding]) -> None:
    """Names that lie under a folder which the project does not know can only be trusted if all such names
    lie under the same one, and none shows that the file knows the project's own folder."""
    found = [finding for finding in findings if finding.match.image_id is not None]
    above = {finding.above for finding in found if finding.above is not None}
    several = len(above) > 1 or any(finding.beyond for finding in found)
    # Where one name is counted from the image folder, "south/cam1/1.jpg" lies in the folder "south" of it.
    inside = any(finding.inside for finding in found)
    for finding in found:
        if finding.above is not None and (several or (inside and finding.relative)):
            finding.match = finding.match.refused(Fit.OTHER_FOLDER)


def _refuse_other_places(findings: Iterable[_Finding], roots: Mapping[int, Parts]) -> None:
    """An image folder lies in one place: of names that say otherwise, those are kept that agree best with
    where it is, and none where several agree alike."""
    by_root: dict[int, dict[Parts, list[_Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in findings:
        if finding.match.image_id is not None and finding.root_id is not None and finding.folders:
            by_root[finding.root_id][finding.folders].append(finding)
    for root_id, places in by_root.items():
        agreeing = {place: _common_ending(place, roots[root_id]) for place in places}
        best = max(agreeing.values())
        leading = [place for place, count in agreeing.items() if count == best]
        longest = max(leading, key=len)
        certain = all(_compatible(place, longest) for place in leading)
        for place, some in places.items():
            if len(places) > 1 and not (certain and _compatible(place, longest)):
                for finding in some:
                    finding.match = finding.match.refused(Fit.OTHER_FOLDER)


def _refuse_rivals(findings: Iterable[_Finding]) -> None:
    claims: dict[int, list[_Finding]] = defaultdict(list)
    for finding in findings:
        if finding.match.image_id is not None:
            claims[finding.match.image_id].append(finding)
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
                one.match = one.match.refused(Fit.AMBIGUOUS)
            elif one.match.fit is not best and not (agree and _compatible(one.parts, longest)):
                one.match = one.match.refused(Fit.OTHER_FOLDER)


def _compatible(one: Parts, other: Parts) -> bool:
    return _common_ending(one, other) == min(len(one), len(other))


def _only(found: Sequence[Image], fit: Fit) -> Match:
    if len(found) == 1:
        return Match(fit, found[0].id)
    return Match(Fit.AMBIGUOUS, None, tuple(image.id for image in found))


def _common_ending(one: Parts, other: Parts) -> int:
    """How many parts at the end are the same."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _parts(path: str) -> Parts:
    return tuple(part for part in path.split("/") if part)


def _normal(path: str) -> str:
    return posixpath.normpath(path) if _NOT_NORMAL.search(path) else path


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
