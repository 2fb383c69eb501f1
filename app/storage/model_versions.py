"""Versions of the tuned model, and which one is active."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFoundError
from app.domain.language import translate
from app.domain.models import CategoryMeasure, Measure, ModelVersion, Verdict, VersionCard
from app.storage import image_models, settings
from app.storage.models import LEDGER, ModelRow
from cprfl_core.tuning.facts import RunFacts, flat, nested

ACTIVE_SETTING = "active_model"
ACTIVE_BY_KEY_SETTING = "active_models_by_key"
"""For image models that are not in use: the id of the version that was active with each, by feature key."""


NOTES_SETTING = "model_notes"
"""What the person wrote about versions, by id."""


def add(s: Session, backbone: str, card: VersionCard, reason: str) -> ModelVersion:
    """Record a version; its name is made from its id, which is never reused."""
    row = ModelRow(
        name=uuid.uuid4().hex,
        backbone=backbone,
        metrics=flat(card),
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
    """Newest first, also those of other image models."""
    active, models, notes = active_id(s), _OtherModels(s), _notes(s)
    rows = s.scalars(select(ModelRow).order_by(ModelRow.id.desc()))
    return [
        replace(_version(row, active, models.name_of(row.backbone)), note=notes.get(str(row.id), ""))
        for row in rows
    ]


def newest(s: Session) -> ModelVersion | None:
    """The newest version of the image model in use."""
    query, key = select(ModelRow).order_by(ModelRow.id.desc()).limit(1), image_models.current(s).key
    row = s.scalar(query if key is None else query.where(ModelRow.backbone == key))
    return None if row is None else _version(row, active_id(s))


def named(s: Session, name: str) -> ModelVersion:
    """Raises NotFoundError, naming the existing versions."""
    row = s.scalar(select(ModelRow).where(ModelRow.name == name.strip().lower()))
    if row is None:
        names = list(s.scalars(select(ModelRow.name).order_by(ModelRow.id)))
        there = (
            translate("Storage", "there is {names}").format(names=", ".join(names))
            if names
            else translate("Storage", "'tailspotter train' creates the first one")
        )
        raise NotFoundError(
            translate("Storage", "There is no model version {name}; {there}.").format(
                name=repr(name), there=there
            )
        )
    version = _version(row, active_id(s), _OtherModels(s).name_of(row.backbone))
    return replace(version, note=_notes(s).get(str(row.id), ""))


def active(s: Session) -> ModelVersion | None:
    """The active version; None if there is none."""
    number = active_id(s)
    row = None if number is None else s.get(ModelRow, number)
    return None if row is None else _version(row, number)


def active_id(s: Session) -> int | None:
    found: int | None = settings.get(s, ACTIVE_SETTING)
    return found


def set_active(s: Session, version_id: int | None) -> None:
    """Make this version the active one; None for no active version."""
    settings.set(s, ACTIVE_SETTING, version_id)
    if version_id is not None:
        at = datetime.now(UTC)
        s.execute(update(ModelRow).where(ModelRow.id == version_id).values(activated_at=at))


def use_image_model(s: Session, name: str, key: str) -> None:
    """Make this image model the one in use, with the version that was active when it was last in use."""
    before = image_models.current(s).key
    image_models.use(s, name, key)
    if key == before:
        return
    kept: dict[str, int | None] = dict(settings.get(s, ACTIVE_BY_KEY_SETTING, {}))
    if before is not None:
        kept[before] = active_id(s)
    number = kept.pop(key, None)
    there = number is not None and s.get(ModelRow, number) is not None  # else it was deleted meanwhile
    settings.set(s, ACTIVE_SETTING, number if there else None)
    settings.set(s, ACTIVE_BY_KEY_SETTING, kept)


def remove(s: Session, version_id: int) -> None:
    s.execute(delete(ModelRow).where(ModelRow.id == version_id))
    set_note(s, version_id, "")


def set_note(s: Session, version_id: int, note: str) -> None:
    """What the person says about a version; empty for nothing."""
    notes = dict(_notes(s))
    notes.pop(str(version_id), None)
    settings.set(s, NOTES_SETTING, notes | ({str(version_id): note} if note else {}))


def _notes(s: Session) -> Mapping[str, str]:
    found: Mapping[str, str] = settings.get(s, NOTES_SETTING, {})
    return found


def inclusions(s: Session) -> dict[int, float]:
    """The inclusion probability by image, where a queue recorded one; the highest if there are several."""
    query = (
        select(LEDGER.c.image_id, func.max(LEDGER.c.inclusion))
        .where(LEDGER.c.inclusion.is_not(None), LEDGER.c.image_id.is_not(None))
        .group_by(LEDGER.c.image_id)
    )
    return {int(row[0]): float(row[1]) for row in s.execute(query)}


class _OtherModels:
    """The names of the image models that are not in use, by feature key."""

    def __init__(self, s: Session) -> None:
        self._used = image_models.current(s).key
        self._names = {key: name for name, key in image_models.keys(s).items()}

    def name_of(self, key: str) -> str | None:
        """The model's name, else the key; None for the model in use."""
        return None if self._used in {None, key} else self._names.get(key, key)


def _version(row: ModelRow, active_number: int | None, other_model: str | None = None) -> ModelVersion:
    return ModelVersion(
        id=row.id,
        name=row.name,
        backbone=row.backbone,
        reason=row.reason,
        created_at=row.created_at,
        activated_at=row.activated_at,
        active=row.id == active_number,
        card=_card(row.metrics),
        other_model=other_model,
    )


def _card(document: Mapping[str, Any]) -> VersionCard:
    fields = nested(document)
    measured = {
        side: {band: Measure(**value) for band, value in fields.get(side, {}).items()}
        for side in ("metrics", "baseline", "alone")
    }
    by_category = tuple(CategoryMeasure(**one) for one in fields.get("by_category", ()))
    verdict = fields.get("verdict")
    known = {
        "facts": RunFacts(**fields["facts"]),
        "by_category": by_category,
        "verdict": None if verdict is None else Verdict(**verdict),
    }
    return VersionCard(**fields | measured | known)
