"""Completes category names as the person types."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.domain.categories import clean_name, name_key
from app.domain.errors import BadInputError
from app.jobs.values.session import CategoryInfo

LIMIT: Final = 6
_FUZZY_FROM: Final = 3
_ENOUGH: Final = 70.0
_PREFIX: Final = 1
"""The quality of a name that begins with the text; 0 is that of an equal one."""


@dataclass(frozen=True, slots=True)
class TagCandidate:
    """``alias``: the alias or spelling that matched. Without ``category_id``, a new category.

    ``likely``: the text is the name or alias, or begins it; otherwise the category is only a guess.
    """

    name: str
    category_id: int | None = None
    alias: str = ""
    likely: bool = field(default=False, compare=False)

    @property
    def is_new(self) -> bool:
        return self.category_id is None


class TagIndex:
    """The names and aliases of the categories, folded once for all keystrokes."""

    def __init__(self, categories: Iterable[CategoryInfo] = ()) -> None:
        self._entries: list[tuple[str, TagCandidate]] = []
        for one in categories:
            self._entries.append((name_key(one.name), TagCandidate(one.name, one.id)))
            self._entries += [
                (name_key(alias), TagCandidate(one.name, one.id, alias))
                for alias in one.aliases
                if alias.strip()
            ]
        self._keys = [key for key, _ in self._entries]

    def exact(self, text: str) -> TagCandidate | None:
        """The category with this name, else the one with this alias."""
        key = _key(text)
        found = [candidate for known, candidate in self._entries if known == key]
        if not found:
            return None
        spelling = clean_name(text)
        return min(found, key=lambda one: (bool(one.alias), (one.alias or one.name) != spelling))

    def complete(self, text: str, limit: int = LIMIT, preferred: Sequence[int] = ()) -> list[TagCandidate]:
        """Best first: equal names, those that start with the text, an offer to create the category unless it
        exists, then those that have a word that starts with the text, contain it, or match despite typing
        errors.

        ``preferred`` category ids come first among equal matches; without a text, only they are returned.
        """
        key = _key(text)
        if not key:
            by_id = {one.category_id: one for _, one in self._entries if not one.alias}
            return [by_id[one] for one in preferred if one in by_id][:limit]
        order = {category_id: place for place, category_id in enumerate(preferred)}
        ranked = sorted(
            (quality, order.get(one.category_id or 0, len(order)), len(known), place)
            for place, (known, one) in enumerate(self._entries)
            if (quality := _quality(key, known)) is not None
        )
        best: dict[int | None, TagCandidate] = {}
        for quality, *_, place in ranked:
            one = self._entries[place][1]
            best.setdefault(one.category_id, replace(one, likely=quality <= _PREFIX))
        found = list(best.values())[:limit]
        found += self._similar(key, {one.category_id for one in found}, limit - len(found))
        spelling, same = clean_name(text), self.exact(text)
        if same is None:
            likely = [one for one in found if one.likely]
            guesses = [one for one in found if not one.likely]
            return [*likely[: limit - 1], TagCandidate(spelling), *guesses[: max(0, limit - 1 - len(likely))]]
        if not same.alias and same.name.lower() != spelling.lower():
            # A category with a different spelling shows the typed one too: "CO₂  (CO2)".
            return [
                replace(one, alias=spelling) if one.category_id == same.category_id else one for one in found
            ]
        return found

    def _similar(self, key: str, without: set[int | None], room: int) -> list[TagCandidate]:
        if room <= 0 or len(key) < _FUZZY_FROM:
            return []
        from rapidfuzz import fuzz, process

        close = process.extract(
            key, self._keys, scorer=fuzz.ratio, score_cutoff=_ENOUGH, limit=room + len(without)
        )
        distinct: dict[int | None, TagCandidate] = {}
        for _, _, place in close:
            one = self._entries[place][1]
            if one.category_id not in without:
                distinct.setdefault(one.category_id, one)
        return list(distinct.values())[:room]


def _key(text: str) -> str:
    """Folded like the names; empty if it cannot be a name."""
    try:
        return name_key(text)
    except BadInputError:
        return ""


def _quality(typed: str, known: str) -> int | None:
    at = known.find(typed)
    if at < 0:
        return None
    if at == 0:
        return 0 if len(known) == len(typed) else 1
    return 3 if known[at - 1].isalnum() else 2
