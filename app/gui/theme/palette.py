"""The tokens as a QPalette, for Qt's own widgets."""

from PySide6.QtGui import QColor, QPalette

from app.gui.theme.tokens import Tokens, mix

_ROLES = {
    QPalette.ColorRole.Window: "ground",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "ground",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "quiet",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "no",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Midlight: "raised",
    QPalette.ColorRole.Light: "raised",
}
_FADED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


def make_palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(tokens, name)))
    palette.setColor(QPalette.ColorRole.Dark, QColor(mix(tokens.line, "#000000", 0.25)))
    palette.setColor(QPalette.ColorRole.Shadow, QColor(mix(tokens.ground, "#000000", 0.6)))
    faded = QColor(mix(tokens.quiet, tokens.ground, 0.45))
    for role in _FADED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    disabled_highlight = QColor(tokens.line)
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, disabled_highlight)
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Accent, disabled_highlight)
    return palette


def outlined(palette: QPalette, tokens: Tokens) -> QPalette:
    """For the boxes that Fusion draws itself: their outline is the window's colour, darkened by 1.4."""
    result = QPalette(palette)
    result.setColor(QPalette.ColorRole.Window, QColor(tokens.border).lighter(140))
    return result
