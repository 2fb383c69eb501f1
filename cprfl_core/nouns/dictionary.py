"""The nouns of WordNet 3.0, their senses, and the classes of ImageNet beneath each sense.

``resources/nouns/nouns.txt.gz`` is written by tools/build_nouns.py. It has four sections of lines sorted by
their first field; fields are separated by tabs, lists by "|":

- senses: identifier ("n" and WordNet's offset, as ImageNet writes it), hypernyms, synonyms, definition
- words: normalised word, its senses, most frequent first
- plurals: irregular plural, its singulars
- classes: the 1,000 senses that ImageNet's classifier distinguishes, in the order of its outputs
"""

import gzip
import zlib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np

from cprfl_core.common.errors import InputError

NOUNS_FILE: Final = Path(__file__).resolve().parents[2] / "resources" / "nouns" / "nouns.txt.gz"
SECTIONS: Final = ("senses", "words", "plurals", "classes")


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a noun. ``id`` as in ImageNet, such as "n02076196"; ``above``: ids of its hypernyms."""

    id: str
    above: tuple[str, ...]
    synonyms: tuple[str, ...]
    definition: str


def normalised(phrase: str) -> str:
    """Lower case, with single spaces in place of hyphens and underscores."""
    return " ".join(phrase.casefold().replace("_", " ").replace("-", " ").split())


@cache
def load_nouns() -> "Nouns":
    """The dictionary, read once. Raises InputError if the file is missing or damaged."""
    return Nouns(NOUNS_FILE)


class Nouns:
    """Looks up words and senses."""

    def __init__(self, path: Path) -> None:
        """Raises InputError if the file is missing or damaged."""
        try:
            text = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(
                f"The dictionary of nouns {path} cannot be read ({error}); install the program again."
            ) from error
        bounds = [text.find(f"[{name}]\n".encode()) for name in SECTIONS]
        if min(bounds) < 0 or bounds != sorted(bounds):
            raise InputError(f"{path} is not a dictionary of nouns; install the program again.")
        parts = [
            text[start + len(name) + 3 : end]
            for name, start, end in zip(SECTIONS, bounds, [*bounds[1:], len(text)], strict=True)
        ]
        self._senses, self._words, self._plurals = (_Lines(part) for part in parts[:3])
        self.classes: tuple[str, ...] = tuple(parts[3].decode().split())
        """The senses of ImageNet's classes, [1000]."""

    def senses_of(self, word: str) -> tuple[str, ...]:
        """Ids of the senses of a normalised word as it is written, most frequent first; empty if unknown."""
        line = self._words.find(word)
        return () if line is None else tuple(line[1].split("|"))

    def singulars_of(self, plural: str) -> tuple[str, ...]:
        """The singulars of an irregular plural; empty for any other word."""
        line = self._plurals.find(plural)
        return () if line is None else tuple(line[1].split("|"))

    def sense(self, sense_id: str) -> Sense | None:
        """None if there is no such sense."""
        line = self._senses.find(sense_id)
        if line is None:
            return None
        found, above, synonyms, definition = line
        return Sense(found, tuple(above.split("|")) if above else (), tuple(synonyms.split("|")), definition)

    def classes_beneath(self, sense_id: str) -> tuple[int, ...]:
        """The classes of ImageNet that are this sense or kinds of it, ascending; empty if there are none."""
        return self._beneath.get(sense_id, ())

    def ancestors(self, sense_id: str) -> dict[str, int]:
        """All hypernyms of a sense and their distances, 1 for direct ones."""
        distances: dict[str, int] = {}
        level, distance = [sense_id], 0
        while level:
            distance += 1
            higher = [up for one in level if (sense := self.sense(one)) is not None for up in sense.above]
            level = [up for up in dict.fromkeys(higher) if up not in distances and up != sense_id]
            distances.update((up, distance) for up in level)
        return distances

    @cached_property
    def _beneath(self) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for index, sense_id in enumerate(self.classes):
            for one in (sense_id, *self.ancestors(sense_id)):
                found.setdefault(one, []).append(index)
        return {sense_id: tuple(indices) for sense_id, indices in found.items()}


class _Lines:
    """Sorted lines, searched without splitting them: two hundred thousand strings would take 40 MB."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
        self._starts = np.concatenate([[0], ends + 1]).astype(np.int32)

    def find(self, key: str) -> list[str] | None:
        """The fields of the line whose first field is ``key``."""
        count = len(self._starts) - 1
        at = bisect_left(range(count), f"{key}\t".encode(), key=self._line)
        fields = self._line(at).decode().split("\t") if at < count else [""]
        return fields if fields[0] == key else None

    def _line(self, at: int) -> bytes:
        return self._text[self._starts[at] : self._starts[at + 1] - 1]
