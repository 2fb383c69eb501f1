"""The looks of the window that are taken: theme, language, scale."""

from dataclasses import dataclass
from typing import Final

from window_driver import HEIGHT, WIDTH

from app.gui.theme import Mode


@dataclass(frozen=True, slots=True)
class Variant:
    """One look of the window. ``whole``: take all pictures, not only one of each place."""

    mode: Mode
    language: str = "en"
    scale: int = 1
    whole: bool = False
    size: tuple[int, int] = (WIDTH, HEIGHT)
    """Of the window, in units that ``scale`` makes larger."""

    @property
    def suffix(self) -> str:
        named = [self.mode.value]
        if self.language != "en":
            named.append(self.language)
        if self.scale > 1:
            named.append(f"{self.scale}x")
        return "-".join(named)

    @property
    def screen(self) -> tuple[int, int]:
        """Just as large as the window, so that menus and lists stay inside it."""
        return self.size[0] * self.scale, self.size[1] * self.scale


VARIANTS: Final = {
    one.suffix: one
    for one in (
        Variant(Mode.LIGHT, whole=True),
        Variant(Mode.DARK, whole=True),
        Variant(Mode.LIGHT, language="de"),
        Variant(Mode.LIGHT, scale=2, size=(1100, 720)),
    )
}
