"""The look of the window: tokens, theme, icons."""

from app.gui.theme.application import Theme, install, theme
from app.gui.theme.tokens import Mode, Tokens, TypeSize

__all__ = ["Mode", "Theme", "Tokens", "TypeSize", "install", "theme"]
