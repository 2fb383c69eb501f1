"""Which sense of which noun a category means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cprfl_core.nouns.dictionary import Nouns, Sense, normalised
from cprfl_core.nouns.words import candidates, defined_noun, head_words, plain, split_hint

FADING = 0.5
"""Weight of what is known about a hypernym, for each step of distance."""
LEAST_TRUST = 0.1
"""A noun less related to any class than this has no text score: "night" would be scored like "sea shore"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sense and the classes of ImageNet that stand for it.

    ``sets`` are the classes beneath the sense, or, if there are none, those beneath each of its hypernyms,
    with weights that add up to 1; empty if even the nearest of them are too far away. ``trust``: 1 for
    classes beneath the sense, FADING for each step up.
    """

    word: str
    sense: str
    sets: tuple[tuple[tuple[int, ...], float], ...]
    trust: float


def find_meaning(
    nouns: Nouns,
    name: str,
    aliases: Sequence[str] = (),
    description: str = "",
    chosen: str | None = None,
) -> Meaning | None:
    """What a category means; None if no word of it is known.

    ``chosen`` is the sense that a person has chosen, if any. Otherwise the name as a whole is tried first,
    then each alias, the last words of the name and the aliases, and the first noun of the description. Of the
    senses of a word it is the first one with classes of ImageNet beneath it, else the first; words in
    brackets after the name choose among them, as in "crane (bird)".
    """
    if chosen is not None and nouns.sense(chosen) is not None:
        return meaning_of(nouns, normalised(name), chosen)
    for word, hint in _words(nouns, name, aliases, description):
        return meaning_of(nouns, word, _best_sense(nouns, word, hint))
    return None


def possible_senses(nouns: Nouns, name: str, aliases: Sequence[str] = ()) -> list[Sense]:
    """The senses from which a person may choose, those of the name first, the likeliest first of all."""
    found: dict[str, None] = {}
    for word, hint in _words(nouns, name, aliases, ""):
        found.setdefault(_best_sense(nouns, word, hint))
        found.update(dict.fromkeys(nouns.senses_of(word)))
    return [sense for one in found if (sense := nouns.sense(one)) is not None]


def meaning_of(nouns: Nouns, word: str, sense: str) -> Meaning:
    """The meaning of a word in a given sense."""
    beneath = nouns.classes_beneath(sense)
    if beneath:
        return Meaning(word, sense, ((beneath, 1.0),), 1.0)
    above = [
        (classes, FADING**distance)
        for one, distance in nouns.ancestors(sense).items()
        if (classes := nouns.classes_beneath(one))
    ]
    trust = max((weight for _, weight in above), default=0.0)
    if trust < LEAST_TRUST:
        return Meaning(word, sense, (), 0.0)
    total = sum(weight for _, weight in above)
    return Meaning(word, sense, tuple((classes, weight / total) for classes, weight in above), trust)


def _words(nouns: Nouns, name: str, aliases: Sequence[str], description: str) -> Iterator[tuple[str, str]]:
    """Known words that a category may mean, the best first, with the hint given in brackets."""
    texts = [split_hint(one) for one in (name, *aliases)]
    for form in (candidates, head_words):
        for text, hint in texts:
            for word in form(nouns, text):
                yield word, hint
    phrase = defined_noun(description)
    for form in (candidates, head_words):
        for word in form(nouns, phrase):
            yield word, ""


def _best_sense(nouns: Nouns, word: str, hint: str) -> str:
    senses = nouns.senses_of(word)
    if hint:
        hinted = [one for one in senses if _is_about(nouns, one, set(hint.split()))]
        senses = tuple(hinted) or senses
    return next((one for one in senses if nouns.classes_beneath(one)), senses[0])


def _is_about(nouns: Nouns, sense: str, hint: set[str]) -> bool:
    """Whether the hint occurs in the definition, or among the synonyms of a hypernym."""
    own = nouns.sense(sense)
    said = set() if own is None else set(normalised(plain(own.definition)).split())
    for one in nouns.ancestors(sense):
        higher = nouns.sense(one)
        if higher is not None:
            said.update(word for synonym in higher.synonyms for word in normalised(synonym).split())
    return bool(hint & said)
