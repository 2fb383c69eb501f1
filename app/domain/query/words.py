"""The vocabulary of the query language, and when a name needs quotes."""

from collections.abc import Iterable

from app.domain.categories import Band
from app.domain.labels import Source
from app.domain.language import QT_TRANSLATE_NOOP
from app.domain.query.nodes import Property, SortKey

NAME_FIELDS = {
    "no": QT_TRANSLATE_NOOP("Query", "no for a category, given or implied by a review"),
    "unknown": QT_TRANSLATE_NOOP("Query", "neither yes nor no for a category"),
    "suggested": QT_TRANSLATE_NOOP("Query", "undecided, and suggested"),
    "unsure": QT_TRANSLATE_NOOP("Query", "undecided, and near the threshold"),
    "score": QT_TRANSLATE_NOOP("Query", "probability of a category, as in score:NAME>=0.5"),
}
WORD_FIELDS: dict[str, tuple[str, ...]] = {
    "is": tuple(Property),
    "source": tuple(Source),
    "band": tuple(Band),
}
OTHER_FIELDS = {
    "is": QT_TRANSLATE_NOOP("Query", "reviewed, unreviewed, outdated, labelled, unlabelled and others"),
    "source": QT_TRANSLATE_NOOP("Query", "how a label was given"),
    "band": QT_TRANSLATE_NOOP("Query", "has a yes or a suggestion in a category of this band"),
    "path": QT_TRANSLATE_NOOP("Query", "path of the file, with * and **"),
    "decided": QT_TRANSLATE_NOOP("Query", "labelled within the last days, as in decided:7d"),
}
MODIFIERS = {
    "sort": QT_TRANSLATE_NOOP("Query", "order, as in sort:score:NAME"),
    "similar": QT_TRANSLATE_NOOP("Query", "nearest to an image first"),
    "limit": QT_TRANSLATE_NOOP("Query", "maximum number of images"),
}
FIELDS = NAME_FIELDS | OTHER_FIELDS | MODIFIERS
SORT_SCORE = "sort:score"
SORT_WORDS: tuple[str, ...] = (*SortKey, "score:NAME")
OPERATORS = ("AND", "OR", "NOT")
CURLY_QUOTES = "“”„‟«»"


def split_field(word: str) -> tuple[str, int]:
    """The field at the start of a word and its length with the colon; ("", 0) if there is none."""
    field, colon, _ = word.partition(":")
    if not colon or field not in FIELDS:
        return "", 0
    if word.startswith(SORT_SCORE + ":"):
        return SORT_SCORE, len(SORT_SCORE) + 1
    return field, len(field) + 1


def needs_quotes(name: str) -> bool:
    """Whether this name without quotes would be parsed as something else."""
    return (
        not name
        or name.startswith("-")
        or any(c.isspace() or c in '()"\\<>=' or c in CURLY_QUOTES for c in name)
        or name.upper() in OPERATORS
        or name.partition(":")[0] in FIELDS
    )


def quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def written(name: str) -> str:
    """The name as written in a query: without quotes if possible."""
    return quoted(name) if needs_quotes(name) else name


def nearest_word(word: str, choices: Iterable[str]) -> str | None:
    """The choice with the most similar spelling, None if none is similar."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    found = process.extractOne(
        word.lower(), list(choices), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=0.5
    )
    return found[0] if found else None
