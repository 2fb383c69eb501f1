"""The panel of the image model by itself, with a session and changes that only listen."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal

from app.domain.image_models import ImageModels, ModelFeatures
from app.gui.window.image_model_panel import ImageModelPanel
from app.jobs.values.session import JobInfo, JobPhase, ProjectInfo
from app.jobs.work.model_list import ModelEntry
from app.services.image_models.known import KNOWN
from app.services.image_models.listing import ListedModel, ModelState

LEFT = Qt.MouseButton.LeftButton
USED = ModelFeatures("bundled", 12, 7000, "7 KB", complete=True)
KEPT = ModelFeatures("other", 3, 2000, "2 KB", complete=False)
READY, MISSING = ModelState.READY, ModelState.MISSING
WANTED = ModelFeatures("wanted", 5, 3000, "3 KB", complete=False)


class Session(QObject):
    closed = Signal()

    def __init__(self, read_only=None):
        super().__init__()
        self.info = ProjectInfo(Path("p"), "p", 12, (), read_only=read_only)


@dataclass
class Jobs:
    def __getattr__(self, name):
        return lambda job_id: None


class Changes(QObject):
    shown = Signal(object)
    refused = Signal(str)
    job_changed = Signal(object)

    def __init__(self):
        super().__init__()
        self.job = None
        self.asked = []

    def watch(self, watched):
        self.asked.append(("watch", watched))

    def use(self, name):
        self.asked.append(("use", name))

    def remove(self, name):
        self.asked.append(("remove", name))

    def abandon(self):
        self.asked.append(("abandon",))

    def resume(self):
        self.asked.append(("resume",))


class Known(QObject):
    """A list of one model that is ready, one that is not, and the one in use."""

    changed = Signal()

    def __init__(self):
        super().__init__()
        self.states = {"bundled": READY, "ViT-B-16@dfn2b": MISSING, "photo-lite2": READY}

    def entries(self):
        return [ModelEntry(ListedModel(KNOWN[name], state)) for name, state in self.states.items()]

    def names(self):
        return list(self.states)

    def refresh(self):
        self.changed.emit()


@pytest.fixture
def make(qtbot):
    kept = []

    def start(wanted=None, read_only=None):
        session, changes, known = Session(read_only), Changes(), Known()
        panel = ImageModelPanel(session, Jobs(), changes, known)
        qtbot.addWidget(panel)
        panel.resize(600, 560)
        panel.show()
        changes.shown.emit(ImageModels(USED, wanted, [KEPT], 12))
        changes.asked.clear()
        kept.append((session, changes, known))
        return panel, changes, session

    return start


def offered(panel):
    items = panel.name.model()
    return [(items.item(at).text(), items.item(at).isEnabled()) for at in range(items.rowCount())]


def test_models_are_used_and_removed_after_a_second_click(qtbot, make):
    panel, changes, _ = make()
    assert panel.used.text() == "In use: bundled"
    assert panel.used_words.text() == "Features of 12 of 12 images, 7 KB"
    row = panel.rows["other"]
    qtbot.mouseClick(row.use, LEFT)
    qtbot.mouseClick(row.remove, LEFT)
    assert row.sure.isVisible() and row.sure.text() == "Delete 2 KB" and row.use.isHidden()
    qtbot.mouseClick(row.keep, LEFT)
    qtbot.mouseClick(row.remove, LEFT)
    qtbot.mouseClick(row.sure, LEFT)
    assert changes.asked == [("use", "other"), ("remove", "other")]


def test_an_offered_model_is_chosen_or_another_one_typed(qtbot, make):
    panel, changes, _ = make()
    assert offered(panel) == [("photo-lite2", True), ("ViT-B-16@dfn2b (599 MB)", False)]
    assert panel.name.currentText() == "" and not panel.start.isEnabled()
    assert panel.reason.isHidden()
    panel.name.setCurrentIndex(0)
    assert panel.reason.text().startswith("Photo model (EfficientNet-Lite2): Photographs of animals")
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.keyClicks(panel.name.lineEdit(), "  mine@w.pt ")
    qtbot.keyClick(panel.name.lineEdit(), Qt.Key.Key_Return)
    assert changes.asked == [("use", "photo-lite2"), ("use", "mine@w.pt")]


def test_other_models_are_downloaded_in_the_preferences(qtbot, make):
    panel, _, _ = make()
    with qtbot.waitSignal(panel.download_wanted):
        qtbot.mouseClick(panel.download, LEFT)


def test_typing_is_not_completed_to_a_model_that_must_be_downloaded(qtbot, make):
    panel, _, _ = make()
    qtbot.keyClicks(panel.name.lineEdit(), "ViT-B-16@df")
    assert panel.name.currentText() == "ViT-B-16@df"


def test_a_name_without_weights_is_refused_while_it_is_typed(qtbot, make):
    panel, *_ = make()
    qtbot.keyClicks(panel.name.lineEdit(), "ViT-B-32")
    assert not panel.start.isEnabled()
    assert panel.reason.text() == "ViT-B-32 names no weights. Write ViT-B-32@FILE, or ViT-B-32@TAG."
    qtbot.keyClicks(panel.name.lineEdit(), "@openai")
    assert panel.start.isEnabled()


def test_what_is_typed_stays_when_the_list_is_read_again(qtbot, make):
    panel, changes, _ = make()
    qtbot.keyClicks(panel.name.lineEdit(), "mine@w.pt")
    changes.shown.emit(ImageModels(USED, None, [], 12))
    panel._known.states["ViT-B-16@dfn2b"] = READY
    panel._known.changed.emit()
    assert offered(panel) == [("ViT-B-16@dfn2b", True), ("photo-lite2", True)]
    assert panel.name.currentText() == "mine@w.pt" and panel.start.isEnabled()


def test_an_unfinished_change_is_continued_or_abandoned_unless_a_job_works_on_it(qtbot, make):
    panel, changes, _ = make(wanted=WANTED)
    change = panel.change
    assert change.title.text() == "Changing to wanted. Suggestions come from bundled until then."
    assert change.words.text() == "5 of 12 images have its features"
    qtbot.mouseClick(change.resume, LEFT)
    qtbot.mouseClick(change.abandon, LEFT)
    assert changes.asked == [("resume",), ("abandon",)]
    changes.job_changed.emit(JobInfo("1", "index", "Computing features", JobPhase.RUNNING, done=6, total=12))
    assert change.row.isVisible() and change.resume.isHidden() and change.abandon.isHidden()
    changes.job_changed.emit(JobInfo("1", "index", "Computing features", JobPhase.PAUSED))
    assert change.row.isVisible() and change.resume.isHidden() and change.abandon.isVisible()


def test_in_a_read_only_project_nothing_can_be_changed(qtbot, make):
    panel, changes, _ = make(wanted=WANTED, read_only="its disk is read-only")
    qtbot.keyClicks(panel.name.lineEdit(), "mine")
    qtbot.keyClick(panel.name.lineEdit(), Qt.Key.Key_Return)
    row = panel.rows["other"]
    assert not any(button.isEnabled() for button in (panel.start, row.use, row.remove))
    assert panel.change.isVisible() and panel.change.abandon.isHidden()
    assert changes.asked == []


def test_a_refusal_is_shown_until_the_next_request(qtbot, make):
    panel, changes, _ = make()
    changes.refused.emit("Training is running.")
    assert panel.problem.text() == "Training is running."
    qtbot.mouseClick(panel.rows["other"].use, LEFT)
    assert panel.problem.text() == ""


def test_the_models_are_followed_only_while_they_are_shown(qtbot, make):
    panel, changes, session = make()
    panel.hide()
    panel.show()
    assert changes.asked == [("watch", False), ("watch", True)]
    with qtbot.waitSignal(panel.left):
        session.closed.emit()
