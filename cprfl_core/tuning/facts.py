"""The facts of a training run, and how they are stored. Plain Python, so every room can use them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run learned from, how, and how long it took.

    ``start`` describes what it started from, ``tuned`` what was tuned and why. ``epochs`` were completed in
    the part over all images; ``stopped`` says that it was ended early.
    """

    images: int
    categories: int
    folds: int
    epochs: int
    start: str
    tuned: str
    device: str
    precision: str
    seconds: float
    stopped: bool = False


_NAMES = frozenset(field.name for field in fields(RunFacts))


def flat(value: "DataclassInstance") -> dict[str, Any]:
    """A dataclass with a field ``facts`` as a document for JSON, the facts beside its other fields."""
    document = asdict(value)
    facts: dict[str, Any] = document.pop("facts")
    return facts | document


def nested(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document made by `flat`, with the facts, unchecked, under the key "facts"."""
    facts = {name: value for name, value in document.items() if name in _NAMES}
    return {name: value for name, value in document.items() if name not in _NAMES} | {"facts": facts}
