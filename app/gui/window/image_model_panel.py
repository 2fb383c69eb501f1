"""The image model of the open project: which is used, an unfinished change, and what is kept of others."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.image_models import ImageModels, ModelFeatures
from app.domain.language import number
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.job_row import JobRow
from app.gui.widgets.model_words import description_of, in_order, title_of, why_not, without_weights
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import ElidedText, Text
from app.jobs.values.session import JobInfo
from app.jobs.work.controller import JobController
from app.jobs.work.image_models import ImageModelChanges
from app.jobs.work.model_list import ListedModel, ModelList

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession


class ImageModelPanel(QWidget):
    """Each request is answered by a new list, or by a sentence."""

    left = Signal()
    download_wanted = Signal()
    """The list of models is to be shown, where they are downloaded."""

    def __init__(
        self,
        session: "ProjectSession",
        jobs: JobController,
        changes: ImageModelChanges,
        known: ModelList,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Image model"))
        self._session, self._changes, self._known = session, changes, known
        self._models: ImageModels | None = None
        self._offered: list[ListedModel] = []
        self.used = Text("", TypeSize.LARGE)
        self.used_words = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.change = _ChangeView(jobs)
        self.kept_title = Text(self.tr("Kept"), TypeSize.LARGE, strong=True)
        self.rows: dict[str, KeptRow] = {}
        self._rows = QVBoxLayout()
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        # It would complete to models that cannot be used yet. None is allowed, other than the type stubs say.
        self.name.setCompleter(None)  # type: ignore[arg-type]
        self.name.setAccessibleName(self.tr("Another image model"))
        self.start = QPushButton(self.tr("Change"))
        self.start.setProperty("role", "primary")
        self.download = QPushButton(self.tr("Download…"))
        self.download.setAccessibleName(self.tr("Download another image model"))
        self.reason = Text("", TypeSize.SMALL)
        self.problem = Text("")
        self.close_button = QPushButton(self.tr("Close"))
        self._arrange()
        self._connect()
        self.setFocusProxy(self.name)

    def _arrange(self) -> None:
        self._rows.setSpacing(SPACE_S)
        asked = QHBoxLayout()
        asked.setSpacing(SPACE_S)
        asked.addWidget(self.name, 1)
        asked.addWidget(self.start)
        asked.addWidget(self.download)
        edit = self.name.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(self.tr("ViT-B-32@/path/weights.safetensors, or local-dir:/folder"))
        promise = Text(
            self.tr(
                "Labels stay. The current model remains in use until the new features are complete, and its "
                "features are kept, so that you can switch back immediately."
            ),
            TypeSize.SMALL,
            quiet=True,
        )
        for text in (self.used, self.used_words, self.reason, promise, self.problem):
            text.setWordWrap(True)
        body = QVBoxLayout()
        body.setSpacing(SPACE_S)
        for widget in (self.used, self.used_words, self.change, self.kept_title):
            body.addWidget(widget)
        body.addLayout(self._rows)
        body.addWidget(Text(self.tr("Another image model"), TypeSize.LARGE, strong=True))
        body.addLayout(asked)
        for widget in (self.reason, promise, self.problem):
            body.addWidget(widget)
        title = Text(self.tr("Image model"), TypeSize.TITLE)
        arrange_panel(self, [title], body, None, [self.close_button], right=0)

    def _connect(self) -> None:
        changes = self._changes
        edit = self.name.lineEdit()
        assert edit is not None
        edit.returnPressed.connect(self._start)
        self.name.editTextChanged.connect(self._show_possible)
        self.start.clicked.connect(self._start)
        self.download.clicked.connect(self.download_wanted)
        self.close_button.clicked.connect(self.left)
        self.change.resume.clicked.connect(changes.resume)
        self.change.abandon.clicked.connect(changes.abandon)
        changes.shown.connect(self._show)
        changes.refused.connect(self.problem.setText)
        changes.job_changed.connect(self._follow_job)
        self._known.changed.connect(self._show_offered)
        self._session.closed.connect(self._forget)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.problem.setText("")
        self._changes.watch(True)
        self._known.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._changes.watch(False)

    # --- showing

    @Slot(object)
    def _show(self, models: ImageModels) -> None:
        self._models = models
        self.used.setText(self.tr("In use: {name}").format(name=models.used.name))
        self.used_words.setText(self._words(models.used))
        self.change.show_change(models, self._changes.job, writable=self._writable())
        self._show_kept(models)
        self._show_offered()
        self._show_possible()

    def _show_kept(self, models: ImageModels) -> None:
        self.kept_title.setVisible(bool(models.kept))
        for row in self.rows.values():
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        for one in models.kept:
            row = self.rows[one.name] = KeptRow(one, self._words(one), writable=self._writable())
            row.use.clicked.connect(lambda _checked=False, name=one.name: self._use(name))
            row.sure.clicked.connect(lambda _checked=False, name=one.name: self._remove(name))
            self._rows.addWidget(row)
            row.show()  # the layout would do it only later

    @Slot()
    def _show_offered(self) -> None:
        """The models that can be used, then the others, which cannot be chosen. What was typed stays."""
        if self._models is None:
            return
        models = self._models
        named = {one.name for one in (models.used, models.wanted, *models.kept) if one is not None}
        listed = in_order([one.listed for one in self._known.entries() if one.listed.model.name not in named])
        shown = sorted(listed, key=lambda one: not one.usable)
        if shown == self._offered:
            return
        self._offered = shown
        typed = self.name.currentText()
        self.name.clear()
        items = self.name.model()
        assert isinstance(items, QStandardItemModel)
        for one in shown:
            self.name.addItem(one.model.name if one.usable else f"{one.model.name} ({why_not(one)})")
            item = items.item(self.name.count() - 1)
            item.setToolTip(f"{title_of(one)}: {description_of(one)}")
            item.setEnabled(one.usable)
        self.name.setEditText(typed)

    @Slot(object)
    def _follow_job(self, job: JobInfo | None) -> None:
        if self._models is not None:
            self.change.show_change(self._models, job, writable=self._writable())

    @Slot()
    def _show_possible(self) -> None:
        """Whether the change can begin, and what the model of this name is good for."""
        name = self.name.currentText().strip()
        words = without_weights(name, self._known.names())
        self.start.setEnabled(self._writable() and bool(name) and not words)
        one = next((one for one in self._offered if one.model.name == name), None)
        if one is not None:
            words = f"{title_of(one)}: {description_of(one)}"
        self.reason.setText(words)
        self.reason.setVisible(bool(words))

    def _words(self, one: ModelFeatures) -> str:
        readable = 0 if self._models is None else self._models.readable
        words = self.tr("Features of {images} of {all} images, {size}")
        return words.format(images=number(one.images), all=number(readable), size=one.size)

    def _writable(self) -> bool:
        info = self._session.info
        return info is not None and not info.read_only

    # --- doing

    @Slot()
    def _start(self) -> None:
        name = self.name.currentText().strip()
        if name and self.start.isEnabled():
            self.name.setEditText("")
            self._use(name)

    def _use(self, name: str) -> None:
        self.problem.setText("")
        self._changes.use(name)

    def _remove(self, name: str) -> None:
        self.problem.setText("")
        self._changes.remove(name)

    @Slot()
    def _forget(self) -> None:
        self._models = None
        self.left.emit()


class _ChangeView(QFrame):
    """A change that is not finished, and the job that works on it."""

    def __init__(self, jobs: JobController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self._jobs = jobs
        self.title = Text("")
        self.words = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.row: JobRow | None = None
        self.resume, self.abandon = QPushButton(self.tr("Continue")), QPushButton(self.tr("Abandon"))
        for text in (self.title, self.words):
            text.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.words, 1)
        buttons.addWidget(self.resume)
        buttons.addWidget(self.abandon)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._layout.setSpacing(SPACE_XS)
        self._layout.addWidget(self.title)
        self._layout.addLayout(buttons)
        self.hide()

    def show_change(self, models: ImageModels, job: JobInfo | None, *, writable: bool) -> None:
        wanted = models.wanted
        self.setVisible(wanted is not None)
        if wanted is None:
            return
        title = self.tr("Changing to {name}. Suggestions come from {used} until then.")
        self.title.setText(title.format(name=wanted.name, used=models.used.name))
        words = self.tr("{images} of {all} images have its features")
        self.words.setText(words.format(images=number(wanted.images), all=number(models.readable)))
        self._show_job(job)
        active = job is not None and job.state.active
        self.words.setVisible(not active)  # the job says it then
        self.resume.setVisible(job is None and writable)
        self.abandon.setVisible(not active and writable)

    def _show_job(self, job: JobInfo | None) -> None:
        if job is not None and self.row is None:
            self.row = JobRow(job)
            self.row.cancel_requested.connect(self._jobs.cancel)
            self.row.pause_requested.connect(self._jobs.pause)
            self.row.resume_requested.connect(self._jobs.resume)
            self.row.dismissed.connect(self._jobs.dismiss)
            self._layout.insertWidget(1, self.row)
        if self.row is not None:
            self.row.setVisible(job is not None)
            if job is not None:
                self.row.set_job(job)


class KeptRow(QFrame):
    """Features of a model that is not in use. Removing asks in place of the buttons."""

    def __init__(
        self, one: ModelFeatures, words: str, *, writable: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.use, self.remove = QPushButton(self.tr("Use")), QPushButton(self.tr("Remove"))
        self.sure = QPushButton(self.tr("Delete {size}").format(size=one.size))
        self.keep = QPushButton(self.tr("Keep"))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(ElidedText(one.name))
        texts.addWidget(Text(words, TypeSize.SMALL, quiet=True, tabular=True))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addLayout(texts, 1)
        for button in (self.use, self.remove, self.keep, self.sure):
            button.setAccessibleName(f"{button.text()}: {one.name}")
            button.setEnabled(writable)
            layout.addWidget(button)
        self.remove.clicked.connect(lambda: self.ask(True))
        self.keep.clicked.connect(lambda: self.ask(False))
        self.ask(False)

    def ask(self, asked: bool) -> None:
        for button in (self.use, self.remove):
            button.setVisible(not asked)
        for button in (self.keep, self.sure):
            button.setVisible(asked)
        if asked:
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)
