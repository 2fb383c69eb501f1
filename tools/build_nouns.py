"""Build resources/nouns/nouns.txt.gz from WordNet 3.0's dictionary files.

    python tools/build_nouns.py [--wordnet /usr/share/wordnet]

The files are those of Debian's package wordnet-base. The classes of ImageNet are nouns of WordNet 3.0; their
list comes with timm. The result is deterministic; cprfl_core/nouns/dictionary.py describes its format.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cprfl_core.nouns.dictionary import NOUNS_FILE, SECTIONS, normalised

HYPERNYM, INSTANCE_OF = "@", "@i"
LONGEST_DEFINITION = 120


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the dictionary of nouns from WordNet 3.0.")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--out", type=Path, default=NOUNS_FILE)
    asked = parser.parse_args(arguments)
    try:
        text = build(asked.wordnet)
    except FileNotFoundError as error:
        parser.exit(
            1, f"There is no {error.filename}; install WordNet 3.0 (Debian: apt install wordnet-base).\n"
        )
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print(f"{asked.out}: {text.count(chr(10)):,} lines, {asked.out.stat().st_size / 1e6:.1f} MB")
    return 0


def build(folder: Path) -> str:
    """The sections of the file, in the order of SECTIONS."""
    senses = sorted(_senses(folder / "data.noun"))
    known = {line.partition("\t")[0] for line in senses}
    from timm.data import ImageNetInfo  # after the cheap faults: it imports torch

    sections = {
        "senses": senses,
        "words": sorted(_words(folder / "index.noun", known)),
        "plurals": sorted(_plurals(folder / "noun.exc")),
        "classes": list(ImageNetInfo("imagenet-1k").label_names()),
    }
    return "".join(f"[{name}]\n" + "".join(f"{line}\n" for line in sections[name]) for name in SECTIONS)


def _senses(path: Path) -> Iterator[str]:
    """``n01234567 TAB hypernyms TAB synonyms TAB definition``; lists are separated by "|".

    Persons and places that WordNet knows by name are left out: no class of ImageNet stands for them.
    """
    for line in _entries(path):
        data, _, gloss = line.partition(" | ")
        fields = data.split(" ")
        count = int(fields[3], 16)
        synonyms = [fields[4 + 2 * i].replace("_", " ") for i in range(count)]
        pointers = fields[5 + 2 * count :]
        if INSTANCE_OF in pointers:
            continue
        above = [f"n{pointers[i + 1]}" for i in range(0, len(pointers) - 3, 4) if pointers[i] == HYPERNYM]
        yield "\t".join((f"n{fields[0]}", "|".join(above), "|".join(synonyms), _definition(gloss)))


def _definition(gloss: str) -> str:
    """The first definition, without examples, cut at a word if it is long."""
    first = re.split(r'; |: "|;? ?"', gloss.strip())[0].strip(" ;")
    if len(first) <= LONGEST_DEFINITION:
        return first
    return first[:LONGEST_DEFINITION].rsplit(" ", 1)[0].rstrip(",;:(") + "…"


def _words(path: Path, known: set[str]) -> Iterator[str]:
    """``word TAB senses``, most frequent sense first; spellings that differ in hyphens are one word."""
    senses: dict[str, list[str]] = {}
    for line in _entries(path):
        fields = line.split()
        found = senses.setdefault(normalised(fields[0]), [])
        ids = (f"n{offset}" for offset in fields[-int(fields[2]) :])
        found += [one for one in ids if one in known and one not in found]
    yield from (f"{word}\t{'|'.join(held)}" for word, held in senses.items() if held)


def _plurals(path: Path) -> Iterator[str]:
    """``irregular plural TAB singulars``."""
    singulars: dict[str, list[str]] = {}
    for line in path.read_text("ascii").splitlines():
        form, *words = line.split()
        singulars.setdefault(normalised(form), []).extend(normalised(word) for word in words)
    for form, words in singulars.items():
        yield f"{form}\t{'|'.join(dict.fromkeys(words))}"


def _entries(path: Path) -> Iterator[str]:
    """The lines of a WordNet file after its licence, whose lines begin with a space."""
    return (line for line in path.read_text("ascii").splitlines() if not line.startswith(" "))


if __name__ == "__main__":
    sys.exit(main())
