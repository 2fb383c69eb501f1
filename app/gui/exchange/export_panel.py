"""Exporting labels: format, which images, what is lost, and the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.changes import ChangeSet
from app.gui.exchange.file_dialogs import ask_target
from app.gui.exchange.option_form import OptionForm
from app.gui.exchange.words import as_sentences, exported_words, holds_words, preview_words
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.check_box import CheckBox
from app.gui.widgets.combo import Combo
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import counted
from app.jobs.values.exchange import ExportRequest, FormatInfo
from app.jobs.values.session import JobInfo
from app.jobs.work.kinds import EXPORT

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.work.label_files import ExportPreview, ExportReport, LabelFiles


SPLITS: Final = ("80/10/10", "70/15/15", "80/20")
"""Offered; others can be typed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the library shows: the images of the query, in order, and those that are selected."""

    query: str
    images: Sequence[int]
    selected: Sequence[int]


class ExportPanel(QWidget):
    """What would be written is counted again after each change."""

    left = Signal()

    def __init__(
        self,
        session: "ProjectSession",
        files: "LabelFiles",
        shown: Callable[[], Shown],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Export labels"))
        self._session, self._files, self._library = session, files, shown
        self._shown = Shown("", (), ())
        self._target: Path | None = None
        self._written: Path | None = None
        self._counted = False
        self.format = Combo()
        self.format.setAccessibleName(self.tr("Format"))
        self.holds = Text("", TypeSize.SMALL, quiet=True)
        self.all, self.query, self.selection = QRadioButton(), QRadioButton(), QRadioButton()
        self._scopes = QButtonGroup(self)
        for button in (self.all, self.query, self.selection):
            self._scopes.addButton(button)
        self.all.setChecked(True)
        self.everything = CheckBox(self.tr("Images whose file is missing or cannot be read, too"))
        self.answered = CheckBox(self.tr("Only images with an answer or a review"))
        self.split = Combo()
        self.split.setEditable(True)
        self.split.setInsertPolicy(Combo.InsertPolicy.NoInsert)
        self.split.setAccessibleName(self.tr("Split into train, val and test"))
        self.split.addItem(self.tr("Not split"), "")
        self.split.addItems(list(SPLITS))
        self.card = CheckBox(self.tr("Data card: counts, sources, model and expected errors"))
        self.options = OptionForm()
        self.counts = Text("", strong=True)
        self.losses = Text("", TypeSize.SMALL)
        self.problem = Text("")
        self.result = Text("")
        self.show_folder = QPushButton(self.tr("Show folder"))
        self.busy = ElidedText("", quiet=True)
        self.close_button = QPushButton(self.tr("Close"))
        self.start = QPushButton(self.tr("Export…"))
        self.start.setProperty("role", "primary")
        for text in (self.holds, self.counts, self.losses, self.problem, self.result):
            text.setWordWrap(True)
        for widget in (self.losses, self.problem, self.result, self.show_folder):
            widget.hide()
        self._arrange()
        self._connect()
        self.setFocusProxy(self.format)

    def _arrange(self) -> None:
        how = QHBoxLayout()
        how.setSpacing(SPACE_S)
        how.addWidget(Text(self.tr("Format")))
        how.addWidget(self.format)
        how.addStretch(1)
        body = QVBoxLayout()
        body.setSpacing(SPACE_M)
        body.addLayout(_stacked(how, self.holds))
        body.addLayout(_stacked(Text(self.tr("Images"), strong=True), self.all, self.query, self.selection))
        body.addLayout(_stacked(self.everything, self.answered))
        split = QHBoxLayout()
        split.setSpacing(SPACE_S)
        split.addWidget(Text(self.tr("Train / val / test")))
        split.addWidget(self.split)
        split.addStretch(1)
        body.addLayout(split)
        for widget in (self.options, self.card):
            body.addWidget(widget)
        body.addLayout(_stacked(self.counts, self.losses, self.problem))
        done = QHBoxLayout()
        done.setSpacing(SPACE_S)
        done.addWidget(self.result, 1)
        done.addWidget(self.show_folder)
        body.addLayout(done)
        title = Text(self.tr("Export labels"), TypeSize.TITLE)
        arrange_panel(self, [title], body, self.busy, [self.close_button, self.start])

    def _connect(self) -> None:
        files = self._files
        self.format.currentIndexChanged.connect(self._take_format)
        self._scopes.buttonClicked.connect(self._count)
        self.everything.toggled.connect(self._count)
        self.answered.toggled.connect(self._count)
        self.split.currentTextChanged.connect(self._count)
        self.options.changed.connect(self._count)
        self.close_button.clicked.connect(self.left)
        self.start.clicked.connect(self._export)
        self.show_folder.clicked.connect(self.open_folder)
        files.formats_known.connect(self._show_formats)
        files.counted.connect(self._show_counts)
        files.not_counted.connect(self._show_problem)
        files.exported.connect(self._finish)
        files.refused.connect(self._take_refusal)
        self._session.changed.connect(self._follow_change)
        self._session.closed.connect(self._leave_project)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shown = self._library()
        self._show_result("")
        self._show_scopes()
        self._files.ask_formats()
        self._count()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._files.stop_counting()

    # --- the form

    @Slot(object)
    def _show_formats(self, formats: list[FormatInfo]) -> None:
        if self.format.count():
            return
        with QSignalBlocker(self.format):
            for one in formats:
                if one.writable:
                    self.format.addItem(one.title, one.name)
        self._take_format()

    @Slot()
    def _take_format(self) -> None:
        found = self._format()
        if found is not None:
            self.holds.setText(holds_words(found))
            self.options.set_options(found.write_options)
        self._count()

    def _format(self) -> FormatInfo | None:
        name = self.format.currentData()
        return next((one for one in self._files.formats if one.name == name), None)

    def _show_scopes(self) -> None:
        info, shown = self._session.info, self._shown
        every = 0 if info is None else info.images
        one, many = self.tr("All ({n} image)"), self.tr("All ({n} images)")
        self.all.setText(counted(every, one, many))
        one, many = self.tr("Of the query {query} ({n} image)"), self.tr("Of the query {query} ({n} images)")
        self.query.setText(counted(len(shown.images), one, many, query=shown.query))
        self.query.setVisible(bool(shown.query))
        one, many = self.tr("Selected ({n} image)"), self.tr("Selected ({n} images)")
        self.selection.setText(counted(len(shown.selected), one, many))
        self.selection.setVisible(len(shown.selected) > 1)
        chosen = self._scopes.checkedButton()
        if chosen is None or chosen.isHidden():
            self.all.setChecked(True)

    def _images(self) -> Sequence[int] | None:
        if self.selection.isChecked():
            return tuple(self._shown.selected)
        return tuple(self._shown.images) if self.query.isChecked() else None

    def _request(self, format_: FormatInfo, path: Path | None = None) -> ExportRequest:
        return ExportRequest(
            format_.name,
            path,
            image_ids=self._images(),
            everything=self.everything.isChecked(),
            query=self._shown.query if self.query.isChecked() else "",
            answered=self.answered.isChecked(),
            split=self._shares(),
            card=self._card_of(path) if path is not None and self.card.isChecked() else None,
            options=self.options.values(),
        )

    def _shares(self) -> str:
        typed = self.split.currentText().strip()
        return "" if typed == self.split.itemText(0) else typed

    def _card_of(self, path: Path) -> Path:
        return path.with_name(f"{path.stem}-card.md")

    # --- counting

    @Slot()
    def _count(self) -> None:
        self._counted = False
        self.problem.hide()
        self._show_state()
        found = self._format()
        if found is not None and self.isVisible():
            self._files.count(self._request(found))

    @Slot(object)
    def _follow_change(self, _change: ChangeSet) -> None:
        self._count()

    @Slot(object)
    def _show_counts(self, found: "ExportPreview") -> None:
        self._counted = found.images > 0
        self.counts.setText(preview_words(found))
        self.losses.setText(as_sentences(found.losses))
        self.losses.setVisible(bool(found.losses))
        self._show_state()

    @Slot(str)
    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
        self._show_state()

    def _show_state(self) -> None:
        running = self._files.running(EXPORT.name)
        self.busy.setText("" if running is None else self.tr("Exporting…"))
        self.start.setEnabled(self._counted and running is None)

    # --- the export

    @Slot()
    def _export(self) -> None:
        found = self._format()
        if found is None or not self.start.isEnabled():
            return
        target = ask_target(self, self._suggested(found), found.suffix)
        if target is None:
            return
        self._target = target
        self._show_result("")
        self.problem.hide()
        taken = next((one for one in self._beside(found, target) if one.exists()), None)
        if taken is not None:
            words = self.tr("{name} is there already. Choose another name for the export.")
            self._show_problem(words.format(name=taken.name))
            return
        self._files.start_export(self._request(found, target))
        self._show_state()

    def _beside(self, format_: FormatInfo, target: Path) -> list[Path]:
        """What would be written beside ``target``, about which the dialog has not asked."""
        found = [self._card_of(target)] if self.card.isChecked() and not target.exists() else []
        if self._shares() and not format_.splits:
            suffix = target.suffix if format_.suffix else ""
            stem = target.name.removesuffix(suffix)
            found += [target.with_name(f"{stem}-{part}{suffix}") for part in ("train", "val", "test")]
        return found

    def _suggested(self, format_: FormatInfo) -> Path:
        """The folder of the last time; a name that says which project and format."""
        info = self._session.info
        folder = Path.home() if self._target is None else self._target.parent
        name = "labels" if info is None else info.name
        return folder / f"{name}-{format_.name}{format_.suffix}"

    @Slot(object)
    def _finish(self, report: "ExportReport") -> None:
        self._written = report.path
        self._show_result(exported_words(report))
        self._show_state()

    def _show_result(self, words: str) -> None:
        self.result.setText(words)
        self.result.setVisible(bool(words))
        self.show_folder.setVisible(bool(words))
        if words:
            self.show_folder.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def open_folder(self) -> None:
        """Show the folder of the last export in the system's file manager."""
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    @Slot(object)
    def _take_refusal(self, job: JobInfo) -> None:
        if job.kind == EXPORT.name:
            self._show_problem(job.message)

    @Slot()
    def _leave_project(self) -> None:
        self._counted = False
        self.left.emit()


def _stacked(*parts: QWidget | QHBoxLayout) -> QVBoxLayout:
    stack = QVBoxLayout()
    stack.setSpacing(SPACE_XS)
    for part in parts:
        if isinstance(part, QWidget):
            stack.addWidget(part)
        else:
            stack.addLayout(part)
    return stack
