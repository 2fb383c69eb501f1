"""Versions of the tuned model, and which of them is in use."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFoundError
from app.domain.models import CategoryMeasure, Measure, ModelVersion, VersionCard
from app.storage import settings
from app.storage.models import LEDGER, ModelRow

ACTIVE_SETTING = "active_model"


def add(s: Session, backbone: str, card: VersionCard, reason: str) -> ModelVersion:
    """Record a version; its name is made of its number, which is never used again."""
    row = ModelRow(
        name=uuid.uuid4().hex,
        backbone=backbone,
        metrics=asdict(card),
        reason=reason,
        created_at=datetime.now(UTC),
        activated_at=None,
    )
    s.add(row)
    s.flush()
    row.name = f"v{row.id}"
    s.flush()
    return _version(row, None)


def all_versions(s: Session) -> list[ModelVersion]:
    """Newest first."""
    active = active_id(s)
    return [_version(row, active) for row in s.scalars(select(ModelRow).order_by(ModelRow.id.desc()))]


def newest(s: Session) -> ModelVersion | None:
    row = s.scalar(select(ModelRow).order_by(ModelRow.id.desc()).limit(1))
    return None if row is None else _version(row, active_id(s))


def named(s: Session, name: str) -> ModelVersion:
    """Raises NotFoundError, naming the versions there are."""
    row = s.scalar(select(ModelRow).where(ModelRow.name == name.strip().lower()))
    if row is None:
        names = list(s.scalars(select(ModelRow.name).order_by(ModelRow.id)))
        there = f"there is {', '.join(names)}" if names else "'tailspotter train' makes the first one"
        raise NotFoundError(f"There is no model version {name!r}; {there}.")
    return _version(row, active_id(s))


def active(s: Session) -> ModelVersion | None:
    """The version in use; None while the learners work without one."""
    number = active_id(s)
    row = None if number is None else s.get(ModelRow, number)
    return None if row is None else _version(row, number)


def active_id(s: Session) -> int | None:
    found: int | None = settings.get(s, ACTIVE_SETTING)
    return found


def set_active(s: Session, version_id: int | None) -> None:
    """Use this version from now on; None for none."""
    settings.set(s, ACTIVE_SETTING, version_id)
    if version_id is not None:
        at = datetime.now(UTC)
        s.execute(update(ModelRow).where(ModelRow.id == version_id).values(activated_at=at))


def remove(s: Session, version_id: int) -> None:
    s.execute(delete(ModelRow).where(ModelRow.id == version_id))


def inclusions(s: Session) -> dict[int, float]:
    """How likely each image was to be picked by the queue that it came from, where a queue has said so.

    Of several occasions the likeliest counts.
    """
    query = (
        select(LEDGER.c.image_id, func.max(LEDGER.c.inclusion))
        .where(LEDGER.c.inclusion.is_not(None), LEDGER.c.image_id.is_not(None))
        .group_by(LEDGER.c.image_id)
    )
    return {int(row[0]): float(row[1]) for row in s.execute(query)}


def _version(row: ModelRow, active_number: int | None) -> ModelVersion:
    return ModelVersion(
        id=row.id,
        name=row.name,
        backbone=row.backbone,
        reason=row.reason,
        created_at=row.created_at,
        activated_at=row.activated_at,
        active=row.id == active_number,
        card=_card(row.metrics),
    )


def _card(document: Mapping[str, Any]) -> VersionCard:
    measured = {
        side: {band: Measure(**value) for band, value in document.get(side, {}).items()}
        for side in ("metrics", "baseline", "alone")
    }
    by_category = tuple(CategoryMeasure(**one) for one in document.get("by_category", ()))
    return VersionCard(**{**document, **measured, "by_category": by_category})
