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


class TypeSize(IntEnum):
    """Sizes in pixels for a 13 pixel font; they scale with the system's font."""

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

    ``line`` divides what is side by side, ``border`` surrounds fields, boxes and popups. ``head``, ``medium``
    and ``tail`` fill shapes and never colour text; ``selection`` is the background of selected items,
    ``on_accent`` the text on ``accent``.
    """

    dark: bool
    ground: str
    surface: str
    raised: str
    line: str
    border: str
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
    tail: str = "#AA3377"


DARK: Final = Tokens(
    dark=True,
    ground="#17181B",
    surface="#1F2124",
    raised="#282B30",
    line="#34383F",
    border="#767C86",
    text="#E6E8EB",
    quiet="#9AA1AB",
    accent="#5AA9FF",
    on_accent="#0B1B2E",
    selection="#2A3848",
    yes="#3FB68B",
    no="#E5707E",
    warning="#E0A94A",
    tail="#D47FC0",
)
LIGHT: Final = Tokens(
    dark=False,
    ground="#F4F5F7",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#D8DCE2",
    border="#858C97",
    text="#1B1E23",
    quiet="#5B636E",
    accent="#1769D1",
    on_accent="#FFFFFF",
    selection="#DCE9F9",
    yes="#16805A",
    no="#B8323F",
    warning="#8A5A00",
)

PICTURE_RATIO: Final = 0.8
"""Height of a thumbnail's area relative to its width."""


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """``share`` of the second colour over the first, in sRGB."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#{:02X}{:02X}{:02X}".format(*(round(a + (b - a) * share) for a, b in pairs))


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(ground: str) -> str:
    """Black or white, whichever can be read better; at least 4.5:1 on any colour."""
    return "#000000" if luminance(ground) > 0.179 else "#FFFFFF"
