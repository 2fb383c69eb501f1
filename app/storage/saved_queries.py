"""Queries that a person gave a name."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.finding import SavedQuery
from app.storage.models import SAVED_QUERY


def all_saved(s: Session) -> list[SavedQuery]:
    """In the order in which they were saved."""
    columns = (SAVED_QUERY.c.id, SAVED_QUERY.c.name, SAVED_QUERY.c.query, SAVED_QUERY.c.created_at)
    return [SavedQuery(*row) for row in s.execute(select(*columns).order_by(SAVED_QUERY.c.id))]


def add(s: Session, name: str, query: str) -> None:
    s.execute(insert(SAVED_QUERY).values(name=name, query=query, created_at=datetime.now(UTC)))


def change(s: Session, number: int, name: str, query: str) -> None:
    s.execute(update(SAVED_QUERY).where(SAVED_QUERY.c.id == number).values(name=name, query=query))


def rename(s: Session, number: int, name: str) -> None:
    s.execute(update(SAVED_QUERY).where(SAVED_QUERY.c.id == number).values(name=name))


def remove(s: Session, number: int) -> None:
    s.execute(delete(SAVED_QUERY).where(SAVED_QUERY.c.id == number))
