"""The settings of the open project: image folders, image model, bands and suggestions, backups."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.backups import Backup
from app.domain.project_settings import ProjectSettings
from app.domain.sizes import size_words
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.model_words import title_of_name
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import counted, moment_words
from app.gui.window.backup_words import contents_words, difference_words, reason_words
from app.gui.window.project_form import ProjectForm
from app.jobs.values.session import FolderInfo, ProjectInfo

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.work.safekeeping import ListedBackup, Restoration, Safekeeping


class ProjectPanel(QWidget):
    """Each request is answered by a new list, or by a sentence."""

    left = Signal()
    command_wanted = Signal(str)
    """The name of a command: "scan", "relocate" or "image_model"."""

    def __init__(
        self, session: "ProjectSession", keeping: "Safekeeping", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Project settings"))
        self._session, self._keeping = session, keeping
        self.folder = ElidedText("", TypeSize.SMALL, quiet=True)
        self.add = QPushButton(self.tr("Add folder…"))
        self.locate = QPushButton(self.tr("Locate folder…"))
        self.scan = QPushButton(self.tr("Scan now"))
        self.choose_model = QPushButton(self.tr("Change image model…"))
        self.back_up = QPushButton(self.tr("Back up now"))
        self.model = Text("")
        self.form = ProjectForm()
        self.folders: list[FolderRow] = []
        self.backups: list[BackupRow] = []
        self._folder_rows, self._backup_rows = QVBoxLayout(), QVBoxLayout()
        words = self.tr("There are no backups yet. The first daily one is made on the next day of use.")
        self.none = Text(words, quiet=True)
        self.none.setWordWrap(True)
        self.problem = Text("")
        self.problem.setWordWrap(True)
        self.close_button = QPushButton(self.tr("Close"))
        self._arrange()
        self._connect()
        self.setFocusProxy(self.add)

    def _arrange(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(SPACE_S)
        body.addLayout(_heading(self.tr("Image folders"), self.add, self.locate, self.scan))
        body.addLayout(self._folder_rows)
        body.addSpacing(SPACE_M)
        body.addLayout(_heading(self.tr("Image model"), self.choose_model))
        body.addWidget(self.model)
        body.addSpacing(SPACE_M)
        body.addLayout(_heading(self.tr("Categories and suggestions")))
        body.addWidget(self.form)
        body.addSpacing(SPACE_M)
        body.addLayout(_heading(self.tr("Backups"), self.back_up))
        promise = Text(
            self.tr(
                "Labels, reviews and categories are backed up once a day while you work. Images and features "
                "are not part of a backup."
            ),
            TypeSize.SMALL,
            quiet=True,
        )
        promise.setWordWrap(True)
        for rows in (self._folder_rows, self._backup_rows):
            rows.setSpacing(SPACE_S)
        body.addWidget(promise)
        body.addWidget(self.none)
        body.addLayout(self._backup_rows)
        title = Text(self.tr("Project settings"), TypeSize.TITLE)
        arrange_panel(self, [title, self.folder], body, self.problem, [self.close_button])

    def _connect(self) -> None:
        keeping, session = self._keeping, self._session
        self.add.clicked.connect(self._add)
        self.locate.clicked.connect(lambda: self._leave_for("relocate"))
        self.scan.clicked.connect(lambda: self._leave_for("scan"))
        self.choose_model.clicked.connect(lambda: self._leave_for("image_model"))
        self.form.changed.connect(self._change_settings)
        self.back_up.clicked.connect(self._back_up)
        self.close_button.clicked.connect(self.left)
        keeping.listed.connect(self._show_backups)
        keeping.made.connect(self._tell_made)
        keeping.previewed.connect(self._show_preview)
        keeping.folder_added.connect(self._take_folder)
        keeping.refused.connect(self._tell_problem)
        session.info_changed.connect(self._follow_info)
        session.closed.connect(self.left)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.problem.setText("")
        self._keeping.ask_backups()
        info = self._session.info
        if info is not None:
            self._follow_info(info)

    @Slot(object)
    def _follow_info(self, info: ProjectInfo) -> None:
        if not self.isVisible():
            return
        self.folder.setText(str(info.folder))
        for widget in (self.add, self.locate, self.scan, self.choose_model, self.form, self.back_up):
            widget.setEnabled(not info.read_only)
        self.model.setText(title_of_name(info.backbone))
        self.form.show_settings(info.settings)
        self._session.ask_folders(self._show_folders)

    # --- image folders

    def _show_folders(self, found: list[FolderInfo]) -> None:
        for row in self.folders:
            _remove(self._folder_rows, row)
        self.folders = [FolderRow(one) for one in found]
        for row in self.folders:
            self._folder_rows.addWidget(row)

    @Slot()
    def _add(self) -> None:
        self.problem.setText("")
        words = self.tr("Choose a folder of images")
        start = str(self.folders[0].info.path.parent) if self.folders else str(Path.home())
        chosen = QFileDialog.getExistingDirectory(self, words, start)
        if chosen:
            self._keeping.add_folder(Path(chosen))

    @Slot(object)
    def _take_folder(self, _path: Path) -> None:
        """Its images are found by a scan."""
        info = self._session.info
        if info is not None:
            self._follow_info(info)
        self.command_wanted.emit("scan")

    def _leave_for(self, command: str) -> None:
        self.left.emit()
        self.command_wanted.emit(command)

    # --- categories and suggestions

    @Slot(object)
    def _change_settings(self, wanted: ProjectSettings) -> None:
        self.problem.setText("")
        self._session.change_settings(wanted, failed=self._fail_settings)

    def _fail_settings(self, error: BaseException) -> None:
        self._tell_problem(str(error))
        if self._session.info is not None:
            self.form.show_settings(self._session.info.settings)

    # --- backups

    @Slot(object)
    def _show_backups(self, found: "list[ListedBackup]") -> None:
        for row in self.backups:
            _remove(self._backup_rows, row)
        info = self._session.info
        writable = info is not None and not info.read_only
        self.backups = [BackupRow(one, writable=writable) for one in found]
        for row in self.backups:
            row.restore.clicked.connect(lambda _checked=False, row=row: self._preview(row))
            row.sure.clicked.connect(lambda _checked=False, row=row: self._restore(row))
            self._backup_rows.addWidget(row)
        self.none.setVisible(not found)

    @Slot()
    def _back_up(self) -> None:
        self.problem.setText("")
        self._keeping.back_up()

    @Slot(object)
    def _tell_made(self, made: Backup) -> None:
        self.problem.setText(self.tr("Backed up ({size}).").format(size=size_words(made.size)))

    def _preview(self, row: "BackupRow") -> None:
        self.problem.setText("")
        for other in self.backups:
            other.ask(None)
        self._keeping.preview(row.backup.path)

    @Slot(object)
    def _show_preview(self, found: "Restoration") -> None:
        for row in self.backups:
            row.ask(found if row.backup.path == found.backup.path else None)

    def _restore(self, row: "BackupRow") -> None:
        self._keeping.restore(row.backup.path)

    @Slot(str)
    def _tell_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)


class FolderRow(QFrame):
    """One image folder, and whether it is there."""

    def __init__(self, info: FolderInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.info = info
        images = counted(info.images, self.tr("{n} image"), self.tr("{n} images"))
        missing = self.tr("{images}; the folder is missing").format(images=images)
        self.words = Text(images if info.there else missing, TypeSize.SMALL, quiet=True, tabular=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(0)
        layout.addWidget(ElidedText(str(info.path)))
        layout.addWidget(self.words)


class BackupRow(QFrame):
    """One backup. Restoring shows what would change, and asks, in place of the button."""

    def __init__(self, one: "ListedBackup", *, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.backup = one.backup
        made = moment_words(one.backup.made_at)
        title = self.tr("{time}, {reason}").format(time=made, reason=reason_words(one.backup.reason))
        holds = (one.problem or "") if one.contents is None else contents_words(one.contents)
        size = size_words(one.backup.size)
        self.words = Text(
            self.tr("{contents}; {size}").format(contents=holds, size=size), TypeSize.SMALL, quiet=True
        )
        self.words.setWordWrap(True)
        self.preview = Text("", TypeSize.SMALL)
        self.preview.setWordWrap(True)
        self.restore = QPushButton(self.tr("Restore…"))
        self.keep = QPushButton(self.tr("Keep the present state"))
        self.sure = QPushButton(self.tr("Restore"))
        for button in (self.restore, self.keep, self.sure):
            button.setAccessibleName(f"{button.text()}: {title}")
        self.restore.setEnabled(writable and one.contents is not None)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Text(title, tabular=True))
        texts.addWidget(self.words)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addLayout(texts, 1)
        head.addWidget(self.restore)
        answers = QHBoxLayout()
        answers.setSpacing(SPACE_S)
        answers.addStretch(1)
        answers.addWidget(self.keep)
        answers.addWidget(self.sure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addWidget(self.preview)
        layout.addLayout(answers)
        self.keep.clicked.connect(lambda: self.ask(None))
        self.ask(None)

    def ask(self, found: "Restoration | None") -> None:
        """Show what restoring would change; with None, only the button."""
        self.restore.setVisible(found is None)
        for widget in (self.preview, self.keep, self.sure):
            widget.setVisible(found is not None)
        if found is not None:
            promise = self.tr("The present state is backed up before, so that you can come back to it.")
            self.preview.setText(f"{difference_words(found)}\n{promise}")
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)


def _heading(title: str, *buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_S)
    row.addWidget(Text(title, TypeSize.LARGE, strong=True), 1)
    for button in buttons:
        row.addWidget(button)
    return row


def _remove(rows: QVBoxLayout, row: QWidget) -> None:
    rows.removeWidget(row)
    row.hide()
    row.deleteLater()
