"""Project settings: JSON values by name."""

from typing import Any, Final

from sqlalchemy.orm import Session

from app.storage.models import SettingRow

ACCEPT_CUT_SETTING: Final = "accept_cut_images"
"""Whether truncated JPEG files of which only a little is missing are used."""


def get(s: Session, key: str, default: Any = None) -> Any:
    row = s.get(SettingRow, key)
    return default if row is None else row.value


def set(s: Session, key: str, value: Any) -> None:
    s.merge(SettingRow(key=key, value=value))
    s.flush()
