"""Project settings: JSON values by name."""

from typing import Any

from sqlalchemy.orm import Session

from app.storage.models import SettingRow


def get(s: Session, key: str, default: Any = None) -> Any:
    row = s.get(SettingRow, key)
    return default if row is None else row.value


def set(s: Session, key: str, value: Any) -> None:
    s.merge(SettingRow(key=key, value=value))
    s.flush()
