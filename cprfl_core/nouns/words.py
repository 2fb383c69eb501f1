"""From the name of a category to the words under which a dictionary of nouns may list it."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from cprfl_core.nouns.dictionary import Nouns, normalised

# WordNet's rules for regular plurals of nouns (morphy), in its order.
_PLURALS: Final = (
    ("s", ""),
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("ies", "y"),
    ("ves", "f"),
)
_HINT: Final = re.compile(r"[(\[]([^)\]]*)[)\]]")
_ARTICLE: Final = re.compile(r"^(?:an?|the|any|some|one|of|(?:a |any )?(?:kind|type|sort|species)s? of) ")
_CLAUSE: Final = re.compile(r"[,;:.(]| (?:that|which|who|with|for|of|in|on|used|made|without|from|or|and) ")


def split_hint(name: str) -> tuple[str, str]:
    """A name and the words in brackets that tell which of its meanings it has, as in "crane (bird)"."""
    hints = " ".join(_HINT.findall(name))
    return normalised(_HINT.sub(" ", plain(name))), normalised(plain(hints))


def plain(text: str) -> str:
    """Without accents: WordNet is in ASCII. Other scripts are left as they are."""
    decomposed = unicodedata.normalize("NFKD", text)
    stripped = "".join(c for c in decomposed if not unicodedata.combining(c))
    return stripped if stripped.isascii() else text


def candidates(nouns: Nouns, name: str) -> Iterator[str]:
    """The whole of a normalised name as words of the dictionary, the best first.

    It is tried as it is, as one word ("wine glass" is "wineglass"), and in the singular.
    """
    forms = (name, name.replace(" ", "")) if " " in name else (name,)
    words = (word for form in forms for word in _with_singulars(nouns, form))
    yield from (word for word in dict.fromkeys(words) if nouns.senses_of(word))


def _with_singulars(nouns: Nouns, form: str) -> tuple[str, ...]:
    """An irregular plural may be a word too, but is more often the plural: "men" are not the work force."""
    others = singulars(nouns, form)
    return (*others, form) if nouns.singulars_of(form) else (form, *others)


def head_words(nouns: Nouns, name: str) -> Iterator[str]:
    """The last words of a normalised name, longest first: the head of an English compound comes last, so a
    "sports ball" is a ball. Numbers at the end are left out: "dog 2" is a dog, and no two."""
    parts = name.split()
    count = len(parts)
    while len(parts) > 1 and parts[-1].isdigit():
        parts.pop()
    for start in range(0 if len(parts) < count else 1, len(parts)):
        yield from candidates(nouns, " ".join(parts[start:]))


def singulars(nouns: Nouns, word: str) -> list[str]:
    """Possible singulars of a word, whether or not they exist: irregular ones, then by the rules."""
    found = list(nouns.singulars_of(word))
    head, _, last = word.rpartition(" ")
    if head:
        found += [f"{head} {one}" for one in singulars(nouns, last)]
    else:
        found += [
            word.removesuffix(ending) + singular
            for ending, singular in _PLURALS
            if word.endswith(ending) and len(word) > len(ending) + 1
        ]
    return list(dict.fromkeys(found))


def defined_noun(description: str) -> str:
    """The noun phrase at the beginning of a description: "A large bird that ..." is "large bird"."""
    phrase = plain(description).strip().casefold()
    while (shorter := _ARTICLE.sub("", phrase, count=1)) != phrase:
        phrase = shorter
    return normalised(_CLAUSE.split(phrase, maxsplit=1)[0])
