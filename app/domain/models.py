"""Versions of a tuned model: plain values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BANDS = ("total", "head", "medium", "tail")


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean average precision over ``categories`` categories, with bounds that hold in 90 % of cases."""

    value: float
    low: float
    high: float
    categories: int


@dataclass(frozen=True, slots=True)
class CategoryMeasure:
    """Average precision of one category, None where too little is known to judge it."""

    category_id: int
    name: str
    yes: int
    blend: float | None
    head: float | None


@dataclass(frozen=True, slots=True)
class VersionCard:
    """What is told of a version.

    ``parent`` names the version that was active before, None for the learners without a tuned head.
    ``start`` and ``tuned`` say in words what it was started from and what was tuned. By band: ``metrics`` of
    the suggestions with it, ``baseline`` of those without, both out of fold, and ``alone``, the tuned head by
    itself; a band of which too little is known is absent. ``ledger_entry`` is the newest decision it knows.
    """

    parent: str | None
    images: int
    yes: int
    categories: int
    folds: int
    epochs: int
    start: str
    tuned: str
    device: str
    precision: str
    seconds: float
    stopped: bool
    ledger_entry: int
    metrics: dict[str, Measure] = field(default_factory=dict)
    baseline: dict[str, Measure] = field(default_factory=dict)
    alone: dict[str, Measure] = field(default_factory=dict)
    by_category: tuple[CategoryMeasure, ...] = ()
    curves: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """``reason`` says in words why it was activated or not; ``active``: suggestions use it."""

    id: int
    name: str
    backbone: str
    reason: str
    created_at: datetime
    activated_at: datetime | None
    active: bool
    card: VersionCard
