"""The theme of the running application: colours, fonts and motion. It follows the system."""

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAccessibilityHints, QColor, QFont, QFontInfo, QStyleHints
from PySide6.QtWidgets import QApplication, QToolTip

from app.gui.theme.palette import make_palette, outlined
from app.gui.theme.stylesheet import make_stylesheet
from app.gui.theme.tokens import DARK, LIGHT, MOTION_MS, Mode, Tokens, TypeSize


class Theme(QObject):
    """Applies the tokens to a QApplication.

    ``changed`` is emitted after a switch between light and dark and a change of the system's font. Widgets
    that read ``theme()`` while painting need it only to measure or rebuild.
    """

    changed = Signal()

    def __init__(self, application: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode
        self._reduce_motion: bool | None = None
        self._system_font = QFont(application.font())
        self._percent = 100
        self._tokens = LIGHT
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[int, bool, bool], QFont] = {}
        application.setStyle("Fusion")
        self._hints: QStyleHints = application.styleHints()
        self._ask_system_for(mode)
        self._hints.colorSchemeChanged.connect(self._follow_system)
        application.fontChanged.connect(self._follow_font)
        self._rebuild()

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def scale(self) -> float:
        """The size of the system's font relative to 13 pixels."""
        return QFontInfo(self._application.font()).pixelSize() / TypeSize.BODY

    def colour(self, name: str) -> QColor:
        """A token as a colour."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = QColor(getattr(self._tokens, name))
        return found

    def pixels(self, size: TypeSize | int) -> int:
        """A length in pixels for a 13 pixel font, scaled to the system's font."""
        return max(1, round(size * self.scale))

    def font(self, size: TypeSize = TypeSize.BODY, *, strong: bool = False, tabular: bool = False) -> QFont:
        """The system's font at one of the four sizes; ``tabular`` gives all digits one width."""
        key = (int(size), strong, tabular)
        if key not in self._fonts:
            font = QFont(self._application.font())
            font.setPixelSize(self.pixels(size))
            if strong:
                font.setWeight(QFont.Weight.DemiBold)
            if tabular:
                font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        return self._fonts[key]

    @property
    def text_size(self) -> int:
        """In percent of the system's font."""
        return self._percent

    def set_text_size(self, percent: int) -> None:
        """Larger or smaller than the system's font; controls and distances grow with it."""
        if percent == self._percent:
            return
        self._percent = percent
        font = QFont(self._system_font)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * percent / 100)
        else:
            font.setPixelSize(max(1, round(font.pixelSize() * percent / 100)))
        self._application.setFont(font)

    @property
    def motion(self) -> int:
        """Milliseconds of an animation: 120, or 0 if the system or the person asks for reduced motion."""
        reduced = _system_reduces_motion(self._hints) if self._reduce_motion is None else self._reduce_motion
        return 0 if reduced else MOTION_MS

    def set_reduce_motion(self, reduce: bool | None) -> None:
        """True or False override the system; None follows it."""
        self._reduce_motion = reduce

    def set_mode(self, mode: Mode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._ask_system_for(mode)
            if self._wanted() is not self._tokens:
                self._rebuild()

    def _ask_system_for(self, mode: Mode) -> None:
        """So that native title bars and file dialogs match the window."""
        if not hasattr(self._hints, "setColorScheme"):  # before Qt 6.8
            return
        if mode is Mode.SYSTEM:
            self._hints.unsetColorScheme()
        else:
            self._hints.setColorScheme(
                Qt.ColorScheme.Dark if mode is Mode.DARK else Qt.ColorScheme.Light,
            )

    @Slot()
    def _follow_system(self) -> None:
        if self._mode is Mode.SYSTEM and self._wanted() is not self._tokens:
            self._rebuild()

    @Slot()
    def _follow_font(self) -> None:
        if self._percent == 100:
            self._system_font = QFont(self._application.font())
        self._rebuild()

    def _wanted(self) -> Tokens:
        if self._mode is Mode.SYSTEM:
            return DARK if system_scheme(self._hints) is Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode is Mode.DARK else LIGHT

    def _rebuild(self) -> None:
        self._tokens = self._wanted()
        self._colours.clear()
        self._fonts.clear()
        palette = make_palette(self._tokens)
        self._application.setPalette(palette)
        for kind in ("QComboBox", "QAbstractSpinBox"):
            boxes = outlined(palette, self._tokens)
            self._application.setPalette(boxes, kind)  # type: ignore[arg-type]  # bytes in the stubs only
        QToolTip.setPalette(palette)
        self._application.setStyleSheet(make_stylesheet(self._tokens, self.pixels))
        self.changed.emit()


def system_scheme(hints: QStyleHints) -> Qt.ColorScheme:
    """The system's scheme, possibly Unknown."""
    return hints.colorScheme()


def _system_reduces_motion(hints: QStyleHints) -> bool:
    # accessibility() is new in Qt 6.10; before, the system's switch turns animated effects off.
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is not None:
        asked: QAccessibilityHints = accessibility()
        preference = getattr(asked, "motionPreference", None)
        reduced = getattr(getattr(Qt, "MotionPreference", None), "ReducedMotion", None)
        if preference is not None and reduced is not None and preference() == reduced:
            return True
    return not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)


_installed: list[Theme] = []


def install(application: QApplication, mode: Mode = Mode.SYSTEM) -> Theme:
    """Create the application's theme, or set the mode of the existing one."""
    if _installed and shiboken6.isValid(_installed[0]):
        _installed[0].set_mode(mode)
    else:
        _installed[:] = [Theme(application, mode)]
    return _installed[0]


def theme() -> Theme:
    """The application's theme; by default it follows the system."""
    if _installed and shiboken6.isValid(_installed[0]):
        return _installed[0]
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("a theme needs a QApplication")
    return install(application)
