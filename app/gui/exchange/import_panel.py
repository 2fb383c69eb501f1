"""Importing labels: a file, what it would change, and one button that does it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.changes import ChangeSet
from app.gui.exchange.file_dialogs import ask_file, ask_folder, ask_report
from app.gui.exchange.findings import Findings
from app.gui.exchange.option_form import OptionForm
from app.gui.exchange.words import import_button_words, imports_something, report_text
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.combo import Combo
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import ElidedText, Text
from app.jobs.values.exchange import AUTO, FormatInfo, ImportRequest
from app.jobs.values.session import JobInfo
from app.jobs.work.kinds import IMPORT

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.work.label_files import ImportReport, LabelFiles


class ImportPanel(QWidget):
    """Every change of an option is followed by a new dry run."""

    left = Signal()

    def __init__(self, session: "ProjectSession", files: "LabelFiles", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Import labels"))
        self._session, self._files = session, files
        self._path: Path | None = None
        self._detected = ""
        self._report: ImportReport | None = None
        self.name = ElidedText("", TypeSize.LARGE)
        self.place = ElidedText("", TypeSize.SMALL, quiet=True)
        self.choose_file = QPushButton(self.tr("Choose file…"))
        self.choose_folder = QPushButton(self.tr("Choose folder…"))
        self.format = Combo()
        self.format.setAccessibleName(self.tr("Format"))
        self.readable = Text("", quiet=True)
        self.options = OptionForm()
        self.busy = Text("", quiet=True)
        self.findings = Findings()
        self.problem = Text("")
        self.save = QPushButton(self.tr("Save report…"))
        self.close_button = QPushButton(self.tr("Close"))
        self.start = QPushButton(self.tr("Import"))
        self.start.setProperty("role", "primary")
        for text in (self.busy, self.problem, self.readable):
            text.setWordWrap(True)
        self._arrange()
        self._connect()
        self.setFocusProxy(self.choose_file)
        self._forget_file()

    def _arrange(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.place)
        chosen = QHBoxLayout()
        chosen.setSpacing(SPACE_S)
        chosen.addLayout(names, 1)
        chosen.addWidget(self.choose_file)
        chosen.addWidget(self.choose_folder)
        self._how = QWidget()
        how = QHBoxLayout(self._how)
        how.setContentsMargins(0, 0, 0, 0)
        how.setSpacing(SPACE_S)
        how.addWidget(Text(self.tr("Format")))
        how.addWidget(self.format)
        how.addStretch(1)
        body = QVBoxLayout()
        body.setSpacing(SPACE_M)
        for widget in (self.readable, self._how, self.options, self.problem, self.findings):
            body.addWidget(widget)
        title, buttons = (
            Text(self.tr("Import labels"), TypeSize.TITLE),
            [self.save, self.close_button, self.start],
        )
        arrange_panel(self, [title, chosen], body, self.busy, buttons)

    def _connect(self) -> None:
        files = self._files
        self.choose_file.clicked.connect(self._ask_file)
        self.choose_folder.clicked.connect(self._ask_folder)
        self.format.currentIndexChanged.connect(self._take_format)
        self.options.changed.connect(self._try)
        self.findings.changed.connect(self._try)
        self.close_button.clicked.connect(self.left)
        self.start.clicked.connect(self._import)
        self.save.clicked.connect(self._save_report)
        files.formats_known.connect(self._show_formats)
        files.recognised.connect(self._take_recognised)
        files.tried.connect(self._show_report)
        files.not_tried.connect(self._show_problem)
        files.imported.connect(self._finish)
        files.report_saved.connect(self._tell_saved)
        files.report_failed.connect(self._tell_unsaved)
        files.refused.connect(self._take_refusal)
        self._session.changed.connect(self._follow_change)
        self._session.closed.connect(self._leave_project)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._files.ask_formats()
        self._follow_job()

    def hideEvent(self, event: QHideEvent) -> None:
        """Closing ends the dry run; the next time it is asked for again."""
        super().hideEvent(event)
        self._files.stop_trial()

    # --- a file

    def begin(self, path: Path | None) -> None:
        """Look at a file or folder; with None, at the one of the last time, if any."""
        if self._files.running(IMPORT.name) is not None:
            return
        if path is None and self._path is None:
            self._forget_file()
            return
        if path is not None and path != self._path:
            self._forget_file()
        self._path = path or self._path
        assert self._path is not None
        self.readable.hide()
        self.name.setText(self._path.name)
        self.place.setText(str(self._path.parent))
        self._look()

    @Slot()
    def _ask_file(self) -> None:
        if (path := ask_file(self, self._start())) is not None:
            self.begin(path)

    @Slot()
    def _ask_folder(self) -> None:
        if (path := ask_folder(self, self._start())) is not None:
            self.begin(path)

    def _start(self) -> Path:
        info = self._session.info
        if self._path is not None or info is None:
            return Path.home() if self._path is None else self._path.parent
        return info.folder.parent

    def _forget_file(self) -> None:
        self._path = self._report = None
        self._detected = ""
        self.name.setText(self.tr("Which file or folder has the labels?"))
        self.place.setText(self.tr("You can also drop it onto this window."))
        self._how.hide()
        self.readable.show()
        self.options.set_options(())
        self.findings.forget()
        self.problem.setText("")
        with QSignalBlocker(self.format):
            self.format.setCurrentIndex(0)
        self._show_idle()

    def _look(self) -> None:
        """Find out the format, unless the person has chosen it."""
        assert self._path is not None
        if self._chosen() != AUTO:
            self._try()
            return
        self._show_busy()
        self._files.recognise(self._path)

    # --- the format

    @Slot(object)
    def _show_formats(self, formats: list[FormatInfo]) -> None:
        if self.format.count():
            return
        readable = [one for one in formats if one.readable]
        with QSignalBlocker(self.format):
            self.format.addItem(self.tr("Automatic"), AUTO)
            for one in readable:
                self.format.addItem(one.title, one.name)
        titles = "\n".join(one.title for one in readable)
        self.readable.setText(self.tr("These formats can be read:\n{titles}").format(titles=titles))
        self._show_detected()

    @Slot(object, str)
    def _take_recognised(self, path: Path, name: str) -> None:
        if path != self._path:
            return
        self._detected = name
        self._how.show()
        self._show_detected()
        if name:
            self._try()
        else:
            self._show_problem(self.tr("The format was not recognised. Choose it above."))

    def _show_detected(self) -> None:
        if self.format.count():
            found = self._info(self._detected)
            words = self.tr("Automatic: {format}").format(format=found.title) if found else None
            self.format.setItemText(0, words or self.tr("Automatic"))

    @Slot()
    def _take_format(self) -> None:
        if self._path is not None:
            self._look()

    def _chosen(self) -> str:
        return self.format.currentData() or AUTO

    def _name(self) -> str:
        """The format that the file is read as; empty if it is not known."""
        chosen = self._chosen()
        return self._detected if chosen == AUTO else str(chosen)

    def _info(self, name: str) -> FormatInfo | None:
        return next((one for one in self._files.formats if one.name == name), None)

    # --- the dry run

    @Slot()
    def _try(self) -> None:
        if self._path is None or not self._name() or not self.isVisible():
            return
        self._how.show()
        found = self._info(self._name())
        self.options.set_options(() if found is None else found.read_options)
        self._show_busy()
        self._files.try_import(self._request())

    def _request(self) -> ImportRequest:
        assert self._path is not None
        return ImportRequest(
            self._path,
            self._name(),
            complete=self.findings.complete.isChecked(),
            overwrite=self.findings.conflicts.theirs.isChecked(),
            match_names=self.findings.accept.isChecked(),
            nothing=self.findings.nothing(),
            options=self.options.values(),
        )

    def _show_busy(self) -> None:
        self._report = None
        self.problem.setText("")
        self.problem.hide()
        words = self.tr("Reading {name}… Nothing is changed yet.")
        self.busy.setText(words.format(name="" if self._path is None else self._path.name))
        self._show_buttons()

    def _show_idle(self) -> None:
        self.busy.setText("")
        self.problem.setVisible(bool(self.problem.text()))
        self._show_buttons()

    @Slot(object)
    def _show_report(self, report: "ImportReport") -> None:
        self._report = report
        self.findings.show_report(report, self._title(report))
        self._show_idle()
        # Not hasFocus(): after a dialog the window may not be active again yet.
        if self.window().focusWidget() in (self.choose_file, self.choose_folder):
            (self.start if self.start.isEnabled() else self.format).setFocus()

    @Slot(str)
    def _show_problem(self, sentence: str) -> None:
        self._report = None
        self.findings.hide()
        self._how.setVisible(self._path is not None)
        self.problem.setText(sentence)
        self._show_idle()

    def _show_buttons(self) -> None:
        report, info = self._report, self._session.info
        running = self._files.running(IMPORT.name) is not None
        possible = report is not None and imports_something(report) and not running
        self.start.setText(self.tr("Import") if report is None else import_button_words(report))
        self.start.setEnabled(possible and info is not None and not info.read_only)
        self.start.setToolTip((info.read_only or "") if info is not None else "")
        self.save.setEnabled(report is not None)
        for widget in (self.choose_file, self.choose_folder, self._how, self.options, self.findings):
            widget.setEnabled(not running)

    @Slot(object)
    def _follow_change(self, _change: ChangeSet) -> None:
        if self._files.running(IMPORT.name) is None:
            self._try()

    # --- the report

    @Slot()
    def _save_report(self) -> None:
        report = self._report
        if report is None:
            return
        target = ask_report(self, report.path.with_name(f"{report.path.stem}-report.txt"))
        if target is not None:
            self._files.save_report(target, report, report_text(report, self._title(report)))

    @Slot(object)
    def _tell_saved(self, path: Path) -> None:
        self.busy.setText(self.tr("Report saved to {name}.").format(name=path.name))

    @Slot(str)
    def _tell_unsaved(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()

    def _title(self, report: "ImportReport") -> str:
        found = self._info(report.format)
        return report.format if found is None else found.title

    # --- the import

    @Slot()
    def _import(self) -> None:
        if self.start.isEnabled():
            self._files.start_import(self._request())
            self._follow_job()

    def _follow_job(self) -> None:
        job = self._files.running(IMPORT.name)
        if job is not None:
            self.busy.setText(self.tr("Importing… You can close this and continue to label."))
        elif self._report is None and self._path is not None and self.isVisible():
            self._look()
        self._show_buttons()

    @Slot(object, object)
    def _finish(self, _report: "ImportReport", folder: Path) -> None:
        info = self._session.info
        if info is None or info.folder != folder:
            return
        self._forget_file()
        if self.isVisible():
            self.left.emit()

    @Slot(object)
    def _take_refusal(self, job: JobInfo) -> None:
        """What the dry run has found stays, so that it can be imported after all."""
        if job.kind == IMPORT.name:
            self.problem.setText(job.message)
            self._show_idle()

    @Slot()
    def _leave_project(self) -> None:
        self._forget_file()
        self.left.emit()
