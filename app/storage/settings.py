"""Project settings: JSON values by name."""

from typing import Any, Final

from sqlalchemy.orm import Session

from app.domain.categories import BandCuts
from app.domain.project_settings import ProjectSettings, ThresholdAim
from app.storage.models import SettingRow

ACCEPT_CUT_SETTING: Final = "accept_cut_images"
"""Whether truncated JPEG files of which only a little is missing are used."""
CUTS_SETTING: Final = "band_cuts"
AIM_SETTING: Final = "threshold_aim"


def get(s: Session, key: str, default: Any = None) -> Any:
    row = s.get(SettingRow, key)
    return default if row is None else row.value


def set(s: Session, key: str, value: Any) -> None:
    s.merge(SettingRow(key=key, value=value))
    s.flush()


def project_settings(s: Session) -> ProjectSettings:
    """What is missing, or was written by a newer release and is unknown here, has its default."""
    cuts, aim = get(s, CUTS_SETTING), get(s, AIM_SETTING)
    known = cuts if isinstance(cuts, dict) else {}
    medium, head = known.get("medium"), known.get("head")
    given = BandCuts(medium, head) if isinstance(medium, int) and isinstance(head, int) else BandCuts()
    return ProjectSettings(
        given if 1 <= given.medium < given.head else BandCuts(),
        ThresholdAim(aim) if aim in list(ThresholdAim) else ThresholdAim.BALANCED,
    )


def set_project_settings(s: Session, wanted: ProjectSettings) -> None:
    set(s, CUTS_SETTING, {"medium": wanted.cuts.medium, "head": wanted.cuts.head})
    set(s, AIM_SETTING, wanted.aim.value)
