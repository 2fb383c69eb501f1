"""Versions of a tuned model: plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.domain.categories import Band
from cprfl_core.tuning.facts import RunFacts

BANDS: Final = ("total", *(band.value for band in Band))
"""What a mean average precision is taken over: all categories, and each band."""
LONGEST_NOTE: Final = 200
"""Letters of a note on a version."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean average precision over ``categories`` categories, with a 90 % interval."""

    value: float
    low: float
    high: float
    categories: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a version is used or not, decided by the ``band`` (one of BANDS; empty with too few labels).

    ``ground`` is a `Ground` of the gate: too few, fell, may have fallen, not better, no gain, rose.
    ``before`` and ``after``: the quality of the suggestions of that band without it and with it.
    """

    ground: str
    band: str = ""
    before: float = 0.0
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class CategoryMeasure:
    """Average precision of one category, None with too few labels."""

    category_id: int
    name: str
    yes: int
    blend: float | None
    head: float | None


@dataclass(frozen=True, slots=True)
class VersionCard:
    """How a version was made, and how good it is.

    ``parent`` names the version that was active before, None for the learners without a tuned head. ``yes``
    counts the labels it learned from, ``ledger_entry`` is the newest decision among them. Mean average
    precision by band: ``metrics`` of the suggestions with it, ``baseline`` of those before it, both out of
    fold, and ``alone``, of the tuned head by itself; a band with too few labels is absent. ``verdict`` is
    None for a version of an earlier program.
    """

    parent: str | None
    facts: RunFacts
    yes: int
    ledger_entry: int
    metrics: dict[str, Measure] = field(default_factory=dict)
    baseline: dict[str, Measure] = field(default_factory=dict)
    alone: dict[str, Measure] = field(default_factory=dict)
    by_category: tuple[CategoryMeasure, ...] = ()
    curves: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """``reason`` is a sentence why it was activated or not; ``active``: suggestions use it.

    ``backbone`` is the key of the features that it was tuned on. ``other_model`` names the image model that
    it belongs to, if that is not the one in use; then it cannot be activated.
    """

    id: int
    name: str
    backbone: str
    reason: str
    created_at: datetime
    activated_at: datetime | None
    active: bool
    card: VersionCard
    other_model: str | None = None
    note: str = ""
    """What the person wrote about it."""
    bytes: int = 0
    """Its size on the disk; 0 if it was not measured."""
