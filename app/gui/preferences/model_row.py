"""One image model of the list: what it is, its state, and buttons."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.language import number
from app.domain.sizes import size_words
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.job_row import progress_of
from app.gui.widgets.model_words import description_of, download_size, missing_words, title_of
from app.gui.widgets.progress import ShareBar
from app.gui.widgets.text import Text
from app.gui.widgets.words import progress_words, share_done
from app.jobs.values.session import JobInfo, JobPhase
from app.jobs.work.model_list import ListedModel, ModelEntry, ModelList, ModelState, Offer, Request

translate: Final = QCoreApplication.translate


class ModelRow(QFrame):
    """A download asks with its size, a removal with what it frees, in place of the buttons."""

    def __init__(self, models: ModelList, entry: ModelEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self._models, self._entry = models, entry
        self._removing = False
        self.title = Text("", strong=True)
        self.state = Text("", TypeSize.SMALL, tabular=True)
        self.description = Text("", TypeSize.SMALL)
        self.facts = Text("", TypeSize.SMALL, quiet=True)
        self.words = Text("", TypeSize.SMALL, tabular=True)
        self.bar = ShareBar()
        self.get, self.confirm = QPushButton(self.tr("Download…")), QPushButton()
        self.confirm.setProperty("role", "primary")
        self.refuse, self.stop = QPushButton(self.tr("Cancel")), QPushButton(self.tr("Stop"))
        self.retry, self.check = QPushButton(self.tr("Retry")), QPushButton(self.tr("Check"))
        self.remove, self.sure = QPushButton(self.tr("Remove…")), QPushButton()
        self.keep = QPushButton(self.tr("Keep"))
        self._arrange()
        self._connect()
        self.show_entry(entry)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        return (
            *(self.confirm, self.refuse, self.stop, self.retry, self.get, self.check),
            *(self.remove, self.keep, self.sure),
        )

    def _arrange(self) -> None:
        for text in (self.title, self.description, self.facts, self.words):
            text.setWordWrap(True)
        self.title.setToolTip(self._entry.listed.model.name)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(self.title, 1)
        top.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(self.facts, 1)
        for button in self.buttons:
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(top)
        for widget in (self.description, self.words, self.bar):
            layout.addWidget(widget)
        layout.addLayout(foot)

    def _connect(self) -> None:
        name, models = self._entry.listed.model.name, self._models
        for button, call in (
            (self.get, models.ask_size),
            (self.confirm, models.download),
            (self.refuse, models.refuse),
            (self.stop, models.stop),
            (self.retry, models.repeat),
            (self.check, models.check),
        ):
            button.clicked.connect(lambda _checked=False, call=call: call(name))
        self.remove.clicked.connect(lambda: self._ask_removal(True))
        self.keep.clicked.connect(lambda: self._ask_removal(False))
        self.sure.clicked.connect(self._remove)

    @Slot()
    def _remove(self) -> None:
        self._removing = False
        self._models.remove(self._entry.listed.model.name)

    def _ask_removal(self, asked: bool) -> None:
        self._removing = asked
        self.show_entry(self._entry)

    def show_entry(self, entry: ModelEntry) -> None:
        self._entry, listed = entry, entry.listed
        title = title_of(listed)
        self.title.setText(title)
        self.description.setText(description_of(listed))
        self.facts.setText(_facts(listed))
        self.state.setText(state_words(entry))
        self._show_words(entry)
        self._show_progress(entry.job)
        left = 0 if entry.offer is None else entry.offer.left
        self.confirm.setText(self.tr("Download {size}").format(size=size_words(left)))
        self.get.setText(self.tr("Continue…") if listed.partial_bytes else self.tr("Download…"))
        on_disk = listed.disk_bytes or listed.partial_bytes
        self.sure.setText(self.tr("Delete {size}").format(size=size_words(on_disk)))
        self._show_buttons(self._wanted(entry))
        for button in self.buttons:
            button.setAccessibleName(f"{button.text()}: {title}")
        self.setAccessibleName(f"{title}: {self.state.text()}")

    def _show_words(self, entry: ModelEntry) -> None:
        words = _words(entry)
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _show_progress(self, job: JobInfo | None) -> None:
        self.bar.setVisible(job is not None)
        if job is None:
            return
        share = share_done(progress_of(job))
        self.bar.show_share(share, working=job.state is not JobPhase.WAITING)
        self.bar.setAccessibleName(f"{job.name}: {self.state.text()}, {self.words.text()}")

    def _wanted(self, entry: ModelEntry) -> list[QPushButton]:
        """The buttons for this state; the first one gets the focus if the one that had it is hidden."""
        listed = entry.listed
        on_disk = bool(listed.disk_bytes or listed.partial_bytes)
        if entry.job is not None:
            return [self.stop]
        if entry.offer is not None:
            return [self.confirm, self.refuse]
        if self._removing and on_disk:
            return [self.keep, self.sure]
        wanted = []
        if entry.failed is not None:
            wanted.append(self.retry)
        elif not listed.missing_package:
            wanted.append(self.get if listed.state is ModelState.MISSING else self.check)
        return [*wanted, self.remove] if on_disk and listed.model.hub is not None else wanted

    def _show_buttons(self, wanted: list[QPushButton]) -> None:
        focus = self.window().focusWidget()
        focused = next((button for button in self.buttons if button is focus), None)
        for button in wanted:
            button.setVisible(True)
        if focused is not None and focused not in wanted and wanted:
            wanted[0].setFocus(Qt.FocusReason.OtherFocusReason)
        for button in self.buttons:
            button.setVisible(button in wanted)


def state_words(entry: ModelEntry) -> str:
    """The state of a model in a few words."""
    listed, job = entry.listed, entry.job
    if job is not None:
        return _job_state(job)
    if listed.missing_package:
        return translate("ModelRow", "Needs a package")
    if listed.model.hub is None:
        return translate("ModelRow", "Included")
    return {
        ModelState.READY: translate("ModelRow", "Ready"),
        ModelState.UNCHECKED: translate("ModelRow", "To be checked"),
        ModelState.MISSING: translate("ModelRow", "To be downloaded"),
    }[listed.state]


def _job_state(job: JobInfo) -> str:
    if job.state is JobPhase.WAITING:
        return translate("ModelRow", "Waiting")
    if job.state is JobPhase.CANCELLING:
        return translate("ModelRow", "Stopping")
    if job.kind == "check":
        return translate("ModelRow", "Checking")
    share = share_done(progress_of(job))
    if share is None:
        return translate("ModelRow", "Downloading")
    return translate("ModelRow", "Downloading {percent} %").format(percent=int(100 * share))


def _facts(listed: ListedModel) -> str:
    """Licence, size, input size and speed."""
    model, check = listed.model, listed.check
    parts = [model.licence]
    if listed.disk_bytes is not None:
        parts.append(translate("ModelRow", "{size} on disk").format(size=size_words(listed.disk_bytes)))
    elif model.hub is not None:
        parts.append(translate("ModelRow", "download: {size}").format(size=download_size(listed)))
    parts.append(translate("ModelRow", "{n} pixels").format(n=model.image_size))
    if check is not None:
        speed = translate("ModelRow", "{n} images a second on {device}")
        parts.append(speed.format(n=number(check.images_per_second), device=check.device.upper()))
    return " · ".join(parts)


def _words(entry: ModelEntry) -> str:
    """What is going on, what is asked, or what went wrong."""
    job = entry.job
    if job is not None:
        progress = progress_of(job)
        if job.state is JobPhase.WAITING or progress is None:
            return job.message
        return f"{job.stage} …" if progress.total is None else progress_words(progress)
    if entry.asked is not None:
        size, removal = translate("ModelRow", "Asking for the size …"), translate("ModelRow", "Removing …")
        return removal if entry.asked is Request.REMOVAL else size
    if entry.offer is not None:
        return _question(entry.offer)
    return entry.problem or _notes(entry)


def _notes(entry: ModelEntry) -> str:
    listed = entry.listed
    if entry.freed is not None:
        return translate("ModelRow", "{size} are free again.").format(size=size_words(entry.freed))
    if listed.missing_package:
        return missing_words(listed)
    if listed.partial_bytes and listed.state is ModelState.MISSING:
        here = translate("ModelRow", "{size} of it are on this disk already.")
        return here.format(size=size_words(listed.partial_bytes))
    return ""


def _question(offer: Offer) -> str:
    if offer.left == offer.total:
        words = translate("ModelRow", "{size} will be downloaded to {folder}.")
    else:
        words = translate("ModelRow", "{left} of {size} are still to be downloaded to {folder}.")
    words = words.format(left=size_words(offer.left), size=size_words(offer.total), folder=offer.folder)
    if offer.free is None:
        return words
    return f"{words} {translate('ModelRow', '{size} are free there.').format(size=size_words(offer.free))}"
