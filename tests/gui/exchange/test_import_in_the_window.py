# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Importing labels in the real window, with real keys, clicks and drops."""

import dataclasses
import json
import threading

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, stored, type_text

from app.domain.labels import Decision, LabelState, Source
from app.gui.exchange import import_panel as panel_module
from app.services.interchange import importing
from app.services.labelling.decisions import decide
from app.services.labelling.steps import Step
from app.services.project.project import open_project
from app.storage import images

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def coco(path, labels, names=("red thing", "serval"), extra=()):
    """A COCO file: ``labels`` maps file names to the positions of categories."""
    file_names = list(labels)
    content = {
        "images": [{"id": at, "file_name": name} for at, name in enumerate(file_names)],
        "categories": [{"id": at, "name": name} for at, name in enumerate(names)],
        "annotations": [
            {"id": at * 10 + position, "image_id": at, "category_id": position}
            for at, name in enumerate(file_names)
            for position in labels[name]
        ]
        + list(extra),
    }
    path.write_text(json.dumps(content))
    return path


def answer(folder, name, state):
    with open_project(folder) as project:
        with project.db.read() as s:
            number = images.find(s, name).id
        decide(project, [Decision(number, 1, state)])


def choose(monkeypatch, path):
    monkeypatch.setattr(panel_module, "ask_file", lambda *_: path)


def open_panel(qtbot, window):
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    return window.exchange.import_panel


def tried(qtbot, panel):
    qtbot.waitUntil(lambda: panel._report is not None, timeout=PATIENCE)


def notices(window):
    return [toast.notice.words() for toast in window.toasts.toasts()]


def test_a_file_is_tried_imported_and_undone_with_one_undo(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    path = coco(
        tmp_path / "labels.json",
        {"red0.png": [0], "red1.png": [0, 2], "gone.png": [1]},
        ("red thing", "serval", "owl"),
    )
    choose(monkeypatch, path)
    panel = open_panel(qtbot, window)
    assert not panel.start.isEnabled() and panel.focusProxy().hasFocus()
    qtbot.mouseClick(panel.choose_file, LEFT)
    tried(qtbot, panel)
    assert panel.findings.headline.text() == "3 labels on 2 images; 1 new category"
    assert "2 of 3 images in the file" in panel.findings.facts.text()
    assert panel.start.text() == "Import 3 labels" and panel.start.hasFocus()
    assert stored(folder)[0] == {}
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    assert stored(folder)[0] == {
        ("red0.png", "red thing"): "yes",
        ("red1.png", "red thing"): "yes",
        ("red1.png", "owl"): "yes",
    }
    assert notices(window)[-1] == ("Imported 3 labels on 2 images; 1 new category. Undo reverts all of it.")
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: stored(folder)[0] == {}, timeout=PATIENCE)
    settle(qtbot, window)


def begin(qtbot, window, monkeypatch, path):
    """The panel with the dry run of a file."""
    choose(monkeypatch, path)
    panel = open_panel(qtbot, window)
    qtbot.mouseClick(panel.choose_file, LEFT)
    tried(qtbot, panel)
    return panel


def test_conflicts_are_listed_and_the_person_chooses_who_is_right(
    qtbot, opened, folder, tmp_path, monkeypatch
):
    answer(folder, "red0.png", LabelState.NO)
    window = opened()
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0], "red1.png": [0]}))
    table = panel.findings.conflicts
    assert table.title.text() == "1 conflict" and table.isVisible()
    cells = [table.model.data(table.model.index(0, column)) for column in range(4)]
    assert cells == ["red0.png", "red thing", "no", "yes"]
    assert panel.start.text() == "Import 1 label"
    qtbot.mouseClick(table.theirs, LEFT, pos=QPoint(8, table.theirs.height() // 2))
    qtbot.waitUntil(lambda: panel.start.text() == "Import 2 labels", timeout=PATIENCE)
    assert table.theirs.isChecked() and table.isVisible()
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    said = stored(folder)[0]
    assert said == {("red0.png", "red thing"): "yes", ("red1.png", "red thing"): "yes"}
    settle(qtbot, window)


def test_likely_names_count_only_after_they_are_accepted(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    panel = begin(
        qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"day/red0.png": [0], "red1.png": [1]})
    )
    assert panel.findings.accept.text() == "Accept 1 likely match by file name"
    assert panel.start.text() == "Import 1 label"
    press(qtbot, window, Qt.Key.Key_Tab)
    panel.findings.accept.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.start.text() == "Import 2 labels", timeout=PATIENCE)
    assert panel.findings.accept.isChecked() and panel.findings.accept.isVisible()
    panel.start.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    assert len(stored(folder)[0]) == 2
    settle(qtbot, window)


@pytest.mark.slow
def test_an_empty_category_becomes_a_review_if_the_person_says_so(
    qtbot, opened, folder, tmp_path, monkeypatch
):
    window = opened()
    path = coco(tmp_path / "a.json", {"red0.png": [2], "red1.png": [0]}, ("red thing", "serval", "empty"))
    panel = begin(qtbot, window, monkeypatch, path)
    box = panel.findings.empty["empty"]
    assert box.text() == "“empty” means that nothing is on the image" and not box.isChecked()
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    qtbot.waitUntil(lambda: "1 image marked as reviewed" in panel.findings.headline.text(), timeout=PATIENCE)
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    assert stored(folder) == ({("red1.png", "red thing"): "yes"}, {"red0.png"})
    settle(qtbot, window)


@pytest.mark.slow
def test_what_the_file_does_not_say_is_no_if_the_person_says_so(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0], "red1.png": []}))
    assert panel.start.text() == "Import 1 label" and panel.findings.complete.isVisible()
    qtbot.mouseClick(panel.findings.complete, LEFT, pos=QPoint(8, panel.findings.complete.height() // 2))
    qtbot.waitUntil(lambda: "2 images marked as reviewed" in panel.findings.headline.text(), timeout=PATIENCE)
    settle(qtbot, window)


def test_an_unknown_file_is_refused_in_a_sentence_and_another_one_can_be_chosen(
    qtbot, opened, folder, tmp_path, monkeypatch
):
    window = opened()
    (tmp_path / "notes.txt").write_text("nothing of this kind")
    choose(monkeypatch, tmp_path / "notes.txt")
    panel = open_panel(qtbot, window)
    qtbot.mouseClick(panel.choose_file, LEFT)
    qtbot.waitUntil(panel.problem.isVisible, timeout=PATIENCE)
    assert panel.problem.text() and not panel.start.isEnabled() and not panel.findings.isVisible()
    choose(monkeypatch, tmp_path / "gone.json")
    qtbot.mouseClick(panel.choose_file, LEFT)
    qtbot.waitUntil(lambda: "does not exist" in panel.problem.text(), timeout=PATIENCE)
    choose(monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0]}))
    qtbot.mouseClick(panel.choose_file, LEFT)
    tried(qtbot, panel)
    assert not panel.problem.isVisible() and panel.start.isEnabled()
    settle(qtbot, window)


@pytest.mark.slow
def test_a_wrong_format_is_told_and_the_choice_can_be_taken_back(qtbot, opened, tmp_path, monkeypatch):
    window = opened()
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0]}))
    assert panel.format.currentText().startswith("Automatic: COCO")
    panel.format.setCurrentIndex(panel.format.findData("megadetector"))
    qtbot.waitUntil(panel.problem.isVisible, timeout=PATIENCE)
    assert "COCO" in panel.problem.text() and not panel.start.isEnabled()
    panel.format.setCurrentIndex(0)
    tried(qtbot, panel)
    assert panel.start.text() == "Import 1 label"
    settle(qtbot, window)


@pytest.mark.slow
def test_the_report_is_saved_with_all_its_entries(qtbot, opened, tmp_path, monkeypatch):
    window = opened()
    labels = {f"gone{number}.png": [0] for number in range(30)} | {"red0.png": [0]}
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", labels))
    for name in ("report.txt", "report.json"):
        monkeypatch.setattr(panel_module, "ask_report", lambda *_, name=name: tmp_path / name)
        with qtbot.waitSignal(window.exchange.files.report_saved, timeout=PATIENCE):
            qtbot.mouseClick(panel.save, LEFT)
        assert panel.busy.text() == f"Report saved to {name}."
    text = (tmp_path / "report.txt").read_text()
    assert all(f"gone{number}.png" in text for number in range(30))
    assert len(json.loads((tmp_path / "report.json").read_text())["unmatched"]) == 30
    monkeypatch.setattr(panel_module, "ask_report", lambda *_: tmp_path / "no" / "report.txt")
    with qtbot.waitSignal(window.exchange.files.report_failed, timeout=PATIENCE):
        qtbot.mouseClick(panel.save, LEFT)
    assert "does not exist" in panel.problem.text()
    settle(qtbot, window)


@pytest.mark.slow
def test_closing_the_panel_ends_the_dry_run_and_opening_it_asks_again(
    qtbot, opened, folder, tmp_path, monkeypatch
):
    window = opened()
    reading, go_on = threading.Event(), threading.Event()
    merge = importing.merge

    def slow(*arguments, **options):
        reading.set()
        assert go_on.wait(20)
        return merge(*arguments, **options)

    monkeypatch.setattr(importing, "merge", slow)
    choose(monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0]}))
    panel = open_panel(qtbot, window)
    qtbot.mouseClick(panel.choose_file, LEFT)
    qtbot.waitUntil(reading.is_set, timeout=PATIENCE)
    assert panel.busy.text() == "Reading a.json… Nothing is changed yet."
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not panel.isVisible() and not window.exchange.files._trials.busy
    go_on.set()
    open_panel(qtbot, window)
    tried(qtbot, panel)
    assert panel.start.text() == "Import 1 label"
    settle(qtbot, window)


def test_an_answer_during_an_import_is_kept_and_saved(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0], "red1.png": [0]}))
    writing, go_on = threading.Event(), threading.Event()
    write = Step._write

    def slow(step):
        if step.source is Source.IMPORT:
            writing.set()
            assert go_on.wait(20)
        write(step)

    monkeypatch.setattr(Step, "_write", slow)
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(writing.is_set, timeout=PATIENCE)
    assert panel.busy.text() == "Importing… You can close this and continue to label."
    assert not panel.start.isEnabled()
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)
    banner = window.workspace.unsaved
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    assert banner.text().startswith("1 change is not saved yet: Yes: serval on blue0.png.")
    with qtbot.waitSignal(window.exchange.files.imported, timeout=PATIENCE):
        go_on.set()
    settle(qtbot, window)
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=PATIENCE)
    assert stored(folder)[0] == {
        ("red0.png", "red thing"): "yes",
        ("red1.png", "red thing"): "yes",
        ("blue0.png", "serval"): "yes",
    }
    assert notices(window)[-1].startswith("Imported 2 labels on 2 images.")


@pytest.mark.slow
def test_a_running_import_is_a_job_that_closing_asks_about(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0]}))
    reading, go_on = threading.Event(), threading.Event()
    merge = importing.merge

    def slow(*arguments, **options):
        reading.set()
        assert go_on.wait(20)
        return merge(*arguments, **options)

    monkeypatch.setattr(importing, "merge", slow)
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(reading.is_set, timeout=PATIENCE)
    window.close()
    question = window.closing.question
    qtbot.waitUntil(question.isVisible, timeout=PATIENCE)
    words = question.explanation.text()
    assert words.startswith("Importing labels: a.json: either all of it is imported, or nothing.")
    go_on.set()
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=PATIENCE)
    qtbot.mouseClick(question.stay_button, LEFT)
    assert stored(folder)[0] == {("red0.png", "red thing"): "yes"}
    settle(qtbot, window)


@pytest.mark.slow
def test_an_import_that_fails_says_so_and_can_be_tried_again(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    path = coco(tmp_path / "a.json", {"red0.png": [0]})
    panel = begin(qtbot, window, monkeypatch, path)
    path.write_text("{")
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(panel.problem.isVisible, timeout=PATIENCE)
    assert "a.json" in panel.problem.text() and stored(folder)[0] == {}
    coco(path, {"red0.png": [0]})
    assert panel.start.isEnabled()
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    assert stored(folder)[0] == {("red0.png", "red thing"): "yes"}
    settle(qtbot, window)


def drop(widget, path):
    """As the system does: entering first; returns the drop."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), both, data, buttons, keys)
    QApplication.sendEvent(widget, enter)
    event = QDropEvent(QPointF(9, 9), both, data, buttons, keys)
    event.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(widget, event)
    return enter, event


def test_a_dropped_file_is_copied_never_moved_and_opens_its_dry_run(qtbot, opened, tmp_path, monkeypatch):
    window = opened()
    path = coco(tmp_path / "a.json", {"red0.png": [0]})
    hint, told = window.exchange.drop_hint, []
    monkeypatch.setattr(hint, "tell", told.append)
    enter, event = drop(window, path)
    assert told == ["Drop to look for labels in a.json; nothing is imported yet", ""]
    assert enter.isAccepted() and event.isAccepted()
    assert event.dropAction() is Qt.DropAction.CopyAction
    panel = window.exchange.import_panel
    tried(qtbot, panel)
    assert panel.name.text() == "a.json" and panel.start.text() == "Import 1 label"
    drop(window, coco(tmp_path / "b.json", {"red0.png": [0], "red1.png": [1]}))
    qtbot.waitUntil(lambda: panel.start.text() == "Import 2 labels", timeout=PATIENCE)
    assert panel.name.text() == "b.json" and path.exists()
    settle(qtbot, window)


@pytest.mark.slow
def test_nothing_can_be_imported_into_a_read_only_project_but_it_is_tried(
    qtbot, opened, folder, tmp_path, monkeypatch
):
    window = opened()
    window.session._info = dataclasses.replace(window.session.info, read_only="its disk is read-only")
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0]}))
    assert panel.findings.headline.text() == "1 label on 1 image" and not panel.start.isEnabled()
    settle(qtbot, window)


@pytest.mark.slow
def test_what_a_model_found_is_imported_as_suggestions(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    path = tmp_path / "detections.json"
    detections = [{"category": "1", "conf": 0.93, "bbox": [0.1, 0.1, 0.5, 0.5]}]
    content = {
        "info": {"detector": "md_v5a.0.0.pt", "format_version": "1.3"},
        "detection_categories": {"1": "animal"},
        "images": [{"file": "red0.png", "detections": detections}, {"file": "red1.png", "detections": []}],
    }
    path.write_text(json.dumps(content))
    panel = begin(qtbot, window, monkeypatch, path)
    assert panel.findings.headline.text().startswith("1 suggestion to review")
    assert panel.start.text() == "Import 1 suggestion" and not panel.findings.complete.isVisible()
    panel.options.fields["confidence"].setValue(95)
    qtbot.waitUntil(lambda: panel.start.text() == "Import" and not panel.busy.text(), timeout=PATIENCE)
    assert not panel.start.isEnabled()
    panel.options.fields["confidence"].setValue(50)
    qtbot.waitUntil(panel.start.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    assert stored(folder)[0] == {}
    assert "1 suggestion to review" in notices(window)[-1]
    settle(qtbot, window)


@pytest.mark.slow
def test_an_import_ends_after_its_project_was_closed_and_says_which_it_was(
    qtbot, opened, folder, tmp_path, monkeypatch
):
    window = opened()
    panel = begin(qtbot, window, monkeypatch, coco(tmp_path / "a.json", {"red0.png": [0]}))
    reading, go_on = threading.Event(), threading.Event()
    merge = importing.merge

    def slow(*arguments, **options):
        reading.set()
        assert go_on.wait(20)
        return merge(*arguments, **options)

    monkeypatch.setattr(importing, "merge", slow)
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(reading.is_set, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_W, CTRL)
    qtbot.waitUntil(lambda: window.session.info is None, timeout=PATIENCE)
    go_on.set()
    qtbot.waitUntil(lambda: bool(notices(window)), timeout=PATIENCE)
    assert notices(window)[-1] == f"{folder}: Imported 1 label on 1 image."
    assert stored(folder)[0] == {("red0.png", "red thing"): "yes"}
