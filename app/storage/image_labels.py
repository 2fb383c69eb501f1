"""The labels that were said of one image, with who said them and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.labels import LabelState, Source
from app.storage.models import LabelRow

_STATES = {1: LabelState.YES, 0: LabelState.NO, -1: LabelState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class SaidLabel:
    """``decided_at`` is in UTC."""

    category_id: int
    state: LabelState
    source: Source
    decided_at: datetime


def said_of(s: Session, image_id: int) -> list[SaidLabel]:
    """The explicit labels of one image, the newest first."""
    query = (
        select(LabelRow.category_id, LabelRow.state, LabelRow.source, LabelRow.decided_at)
        .where(LabelRow.image_id == image_id)
        .order_by(LabelRow.decided_at.desc(), LabelRow.category_id)
    )
    return [
        SaidLabel(category_id, _STATES[state], Source(source), decided_at)
        for category_id, state, source, decided_at in s.execute(query)
    ]
