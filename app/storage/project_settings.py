"""The settings of a project that a person may change, among those that the program keeps."""

from typing import Final

from sqlalchemy.orm import Session

from app.domain.categories import BandCuts
from app.domain.project_settings import ProjectSettings, ThresholdAim
from app.storage import settings

CUTS_SETTING: Final = "band_cuts"
AIM_SETTING: Final = "threshold_aim"


def read(s: Session) -> ProjectSettings:
    """What is missing, or was written by a newer release and is unknown here, has its default."""
    cuts, aim = settings.get(s, CUTS_SETTING), settings.get(s, AIM_SETTING)
    known = cuts if isinstance(cuts, dict) else {}
    medium, head = known.get("medium"), known.get("head")
    given = BandCuts(medium, head) if isinstance(medium, int) and isinstance(head, int) else BandCuts()
    return ProjectSettings(
        given if 1 <= given.medium < given.head else BandCuts(),
        ThresholdAim(aim) if aim in list(ThresholdAim) else ThresholdAim.BALANCED,
    )


def write(s: Session, wanted: ProjectSettings) -> None:
    settings.set(s, CUTS_SETTING, {"medium": wanted.cuts.medium, "head": wanted.cuts.head})
    settings.set(s, AIM_SETTING, wanted.aim.value)
