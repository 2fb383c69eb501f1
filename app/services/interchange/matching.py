"""Which image of the project a file name in an annotation file refers to."""

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from app.domain.images import Image, ImageState, image_name, root_prefixes
from app.services.interchange.file_names import Original, case_key, decoded, loose_key, originals
from app.services.interchange.name_fits import Fit, Match, NamedMatch, Parts, common_ending, settle

_MOST_CANDIDATES = 20
_NOT_NORMAL = re.compile(r"//|/$|(^|/)\.\.?(/|$)")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z][A-Za-z0-9+.-]*:|\.\.[/\\]")
"""How a name begins that is not relative to the folder of the file's other names."""


class ImageMatcher:
    """Finds images by the names that annotation files use.

    1. Exactly: the absolute path, the name in exports, the path inside an image folder.
    2. By ending, in whole parts: the name is the ending of an image's absolute path; or the image's name in
       exports, or its path from its image folder on, is the ending of the name and at least one folder
       agrees. The longest agreement wins.
    3. Both again with the name decoded: percent signs, URLs with a query.
    4. Only on request: by the file name alone, whatever the folders; then without what an upload added to the
       name; then whatever its case.

    The exact spelling is tried first, then composed accents (NFC). A backslash is a separator unless an image
    has it in its name. Case matters up to the last step. Names are only compared: nothing is opened by them.
    """

    def __init__(self, images: Iterable[Image], roots: Mapping[int, Path]) -> None:
        self._roots = {key: root.as_posix().rstrip("/") + "/" for key, root in roots.items()}
        self._inside = {key: _Spellings() for key in roots}
        self._images: list[Image] = []
        # A file that took the path of a missing one takes precedence.
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
        """The match of each name, given the other names.

        Different names of one image are all matched if each is an ending of the longest and has the image's
        whole path. Otherwise at most one can be right: the exact one, else none; a name with less of the path
        is rejected. ``by_file_name``: also accept the guesses. Otherwise OTHER_FOLDER and OTHER_NAME with one
        candidate are the guesses that it would accept.
        """
        found = [self._find(name) for name in names]
        settle(found, self._folders, guesses=by_file_name)
        return [one.match for one in found]

    def _find(self, name: str) -> NamedMatch:
        forms = _forms(name)
        found = self._certain(forms) or self._decoded(name, forms) or self._guess(name, forms)
        if found is None:
            return NamedMatch(Match(Fit.UNKNOWN))
        found.relative = _ABSOLUTE.match(name) is None
        return found

    def _certain(self, forms: Sequence[str]) -> NamedMatch | None:
        for step in (self._exact, self._ending):
            for form in forms:
                found = step(form)
                if found is not None:
                    return found
        return None

    def _decoded(self, name: str, forms: Sequence[str]) -> NamedMatch | None:
        for text in decoded(name):
            found = self._certain(_forms(text))
            if found is None:
                continue
            match = found.match
            if match.image_id is not None:
                literal = next(filter(None, map(self._file_name, forms)), None)
                ids = () if literal is None else literal.match.candidates
                others = tuple(one for one in ids if one != match.image_id)
                if others:  # it may as well be a name with a percent sign, in another folder
                    match = Match(Fit.AMBIGUOUS, None, (match.image_id, *others))
                else:
                    match = replace(match, fit=Fit.DECODED)
            # The name as written tells it from the other names in the file.
            found.match, found.parts = replace(match, read_as=text), _parts(_nfc(forms[-1]))
            return found
        return None

    def _guess(self, name: str, forms: Sequence[str]) -> NamedMatch | None:
        """The images that the name may mean by its first reading that fits any; a later one can only choose
        among them."""
        parts = _parts(_nfc(forms[-1]))
        texts = decoded(name)
        found = [self._file_name(form) for form in forms]
        for text in texts:
            for form in _forms(text):
                one = self._file_name(form)
                if one is not None:
                    one.match, one.parts = replace(one.match, read_as=text), parts
                    found.append(one)
        candidates = [one for text in (name, *texts) for one in originals(text)]
        ids, original = self._original(candidates, texts or [name])
        if ids:
            match = Match(Fit.OTHER_NAME, None, ids, original.name, original.removed)
            found.append(NamedMatch(match, parts))
        readings = [one for one in found if one is not None]
        if not readings:
            return None
        possible = readings[0].match.candidates
        certain = [one for one in readings if len(one.match.candidates) == 1]
        return next((one for one in certain if one.match.candidates[0] in possible), readings[0])

    def _original(
        self, candidates: Sequence[Original], texts: Sequence[str]
    ) -> tuple[tuple[int, ...], Original]:
        """The images that a name without additions, or in another case, may mean."""
        for one in candidates:
            certain = self._certain(_forms(one.name))
            found = certain or self._file_name(_forms(one.name)[-1])
            if found is not None:
                match = found.match
                return (match.candidates if match.image_id is None else (match.image_id,)), one
        for one in candidates:
            same = self._loose.get(loose_key(_file_name(one.name)))
            if same:
                return _ids(same), one
        for text in texts:
            same = self._folded.get(case_key(_file_name(text)))
            if same:
                return _ids(same), Original(text, "")
        return (), Original("", "")

    def _exact(self, form: str) -> NamedMatch | None:
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
                return NamedMatch(match, _parts(key), beyond=absolute, inside=not absolute)
        return None

    def _ending(self, form: str) -> NamedMatch | None:
        parts = _parts(_nfc(form))
        whole = len(parts)
        found: list[tuple[int, int, Image]] = []  # parts that agree, parts of the image's own name
        for start in range(1, whole):
            path = "/".join(parts[start:])
            for root_id, folders in self._folders.items():
                for image in self._inside[root_id].get(path):
                    agreeing = whole - start + common_ending(parts[:start], folders)
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
            best = [one for one in best if common_ending(spelled, self._place(one)) == longest] or best
        above = parts[-longest - 1] if longest == own and longest < whole else None
        length = len(_parts(_nfc(best[0].path)))
        return NamedMatch(
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

    def _file_name(self, form: str) -> NamedMatch | None:
        parts = _parts(_nfc(form))
        same = self._endings.get(parts[-1]) if parts else ()
        return NamedMatch(Match(Fit.OTHER_FOLDER, None, _ids(same)), parts) if same else None

    @cached_property
    def _endings(self) -> "_Spellings":
        """The images by file name, and by file name with its folder; not needed for exact names."""
        endings = _Spellings()
        for image in self._images:
            parts = _parts(_nfc(image.path))
            endings.add(parts[-1], image)
            if len(parts) > 1:
                endings.add("/".join(parts[-2:]), image)
        return endings

    @cached_property
    def _loose(self) -> "_Spellings":
        return self._by_key(loose_key)

    @cached_property
    def _folded(self) -> "_Spellings":
        return self._by_key(case_key)

    def _by_key(self, key: Callable[[str], str]) -> "_Spellings":
        found = _Spellings()
        for image in self._images:
            found.add(key(_file_name(image.path)), image)
        return found


def export_names(images: Iterable[Image], roots: Mapping[int, Path]) -> list[tuple[Image, str]]:
    """Each image with its name in exports, which is Image.name."""
    prefixes = root_prefixes(roots)
    return [(image, image_name(prefixes[image.root_id], image.path)) for image in images]


class _Spellings:
    """Images by a composed spelling, which several images may share."""

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


def _forms(name: str) -> list[str]:
    """The name as it is, and with back-slashes as separators."""
    forms = [_normal(name)]
    if "\\" in name:
        forms.append(_normal(name.replace("\\", "/")))
    return forms


def _file_name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _ids(found: Sequence[Image]) -> tuple[int, ...]:
    return tuple(image.id for image in found[:_MOST_CANDIDATES])


def _only(found: Sequence[Image], fit: Fit) -> Match:
    if len(found) == 1:
        return Match(fit, found[0].id)
    return Match(Fit.AMBIGUOUS, None, tuple(image.id for image in found))


def _parts(path: str) -> Parts:
    return tuple(part for part in path.split("/") if part)


def _normal(path: str) -> str:
    return posixpath.normpath(path) if _NOT_NORMAL.search(path) else path


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
