"""The design tokens: colours, spacing, type sizes, motion. Plain values, no Qt."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

SPACE_XS: Final = 4
SPACE_S: Final = 8
SPACE_M: Final = 12
SPACE_L: Final = 16
SPACE_XL: Final = 24
RADIUS: Final = 6
MOTION_MS: Final = 120

MIN_TEXT_CONTRAST: Final = 4.5
MIN_SHAPE_CONTRAST: Final = 3.0
"""WCAG 2.2 AA for text of any size, and for shapes that carry meaning."""


class TypeSize(IntEnum):
    """Sizes in pixels where the system's font has 13; all follow the system's font in proportion."""

    SMALL = 12
    BODY = 13
    LARGE = 15
    TITLE = 20


class Mode(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme, as ``#rrggbb``.

    ``head``, ``medium`` and ``tail`` fill shapes and are never the colour of a text; ``selection`` is the
    ground of chosen things, ``on_accent`` the text on the accent, ``image_ground`` what lies behind images.
    """

    dark: bool
    ground: str
    surface: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    selection: str
    yes: str
    no: str
    warning: str
    head: str = "#4477AA"
    medium: str = "#CCBB44"
    tail: str = "#EE6677"


DARK: Final = Tokens(
    dark=True,
    ground="#17181B",
    surface="#1F2124",
    raised="#282B30",
    line="#34383F",
    text="#E6E8EB",
    quiet="#9AA1AB",
    accent="#5AA9FF",
    on_accent="#0B1B2E",
    selection="#2A3848",
    yes="#3FB68B",
    no="#E5707E",
    warning="#E0A94A",
)
LIGHT: Final = Tokens(
    dark=False,
    ground="#F4F5F7",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#D8DCE2",
    text="#1B1E23",
    quiet="#5B636E",
    accent="#1769D1",
    on_accent="#FFFFFF",
    selection="#DCE9F9",
    yes="#16805A",
    no="#B8323F",
    warning="#8A5A00",
)

TEXT_PAIRS: Final = (
    *(
        (text, ground)
        for text in ("text", "quiet")
        for ground in ("ground", "surface", "raised", "selection")
    ),
    *((text, ground) for text in ("accent", "warning") for ground in ("ground", "surface", "raised")),
    *((text, ground) for text in ("yes", "no") for ground in ("ground", "surface", "raised")),
    ("on_accent", "accent"),
    ("warning", "selection"),
    ("surface", "text"),
)
"""Every (text, ground) pair that the window uses. A test holds each to MIN_TEXT_CONTRAST."""


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """``share`` of the second colour over the first, in sRGB."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#{:02X}{:02X}{:02X}".format(*(round(a + (b - a) * share) for a, b in pairs))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
