"""What a bug report needs to know of this computer, as a text to copy."""

from PySide6.QtCore import QLocale, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.gui.notifications import Notifications
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.text import Text
from app.gui.window.crash_handler import about
from app.gui.window.panels import Panels
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.work.diagnosis import Diagnosis


class SystemInformation(QObject):
    """Opens the panel. The owner calls close()."""

    def __init__(
        self,
        window: QWidget,
        session: ProjectSession,
        models: ModelQueue,
        panels: Panels,
        bus: Notifications,
    ) -> None:
        super().__init__(window)
        self._panels = panels
        self.diagnosis = Diagnosis(session, models, self)
        self.diagnosis.bug.connect(bus.bug)
        self.panel: InformationPanel | None = None

    @Slot()
    def show(self) -> None:
        if self.panel is None:
            self.panel = InformationPanel(self.diagnosis)
            self.panel.left.connect(self._panels.close_all)
        self._panels.open("system_information", self.panel, 760, 560)

    def close(self) -> bool:
        """Whether the checks have ended in time. Idempotent."""
        return self.diagnosis.close()


class InformationPanel(QWidget):
    """Asks each time it is shown."""

    left = Signal()

    def __init__(self, diagnosis: Diagnosis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = self.tr("System information")
        self.setAccessibleName(title)
        self._diagnosis = diagnosis
        meaning = Text(
            self.tr(
                "Copy this text into a bug report. It names folders of this computer; delete what others "
                "should not read."
            )
        )
        meaning.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(title)
        self.state = Text("", TypeSize.SMALL, quiet=True)
        self.state.setWordWrap(True)
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setProperty("role", "primary")
        self.copy_button.clicked.connect(self._copy)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text(title, TypeSize.TITLE))
        layout.addWidget(meaning)
        layout.addWidget(self.text, 1)
        layout.addLayout(foot)
        self.setFocusProxy(self.copy_button)
        diagnosis.ready.connect(self._show_checks)
        diagnosis.failed.connect(self._show_failure)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill("", self.tr("Checking the image model, the device and the disk …"))
        self._diagnosis.run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._diagnosis.stop()

    @Slot(str)
    def _show_checks(self, checks: str) -> None:
        self._fill(checks, "")

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._fill("", sentence)

    def _fill(self, checks: str, state: str) -> None:
        """What the window knows itself comes first, and can be copied at once."""
        self.text.setPlainText("\n".join([about(), *_window_lines(self.window()), checks]).rstrip() + "\n")
        self.state.setText(state)
        self.copy_button.setText(self.tr("Copy"))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText(self.tr("Copied"))


def _window_lines(window: QWidget) -> list[str]:
    """In English whatever the language of the window, for those who read the report."""
    screens = [
        f"{screen.size().width()} x {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    ]
    dark = theme().tokens.dark
    return [
        f"Qt platform: {QGuiApplication.platformName()}; screens: {', '.join(screens) or 'none'}",
        f"window: {window.width()} x {window.height()}; {'dark' if dark else 'light'} theme; "
        f"text {theme().text_size} %, {theme().scale:.2f} of 13 px",
        f"locale: {QLocale().name()}; right to left: "
        f"{QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft}",
    ]
