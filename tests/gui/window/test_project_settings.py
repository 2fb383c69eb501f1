# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The settings of a project in the real window: image folders and backups, with real clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, stored, type_text

from app.domain.categories import Band, BandCuts
from app.domain.labels import Decision, LabelState
from app.domain.project_settings import ProjectSettings, ThresholdAim
from app.services.labelling.decisions import decide
from app.services.project.backups import back_up, backups
from app.services.project.project import open_project
from app.services.project.project_settings import change_settings
from app.storage import images

LEFT = Qt.MouseButton.LeftButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def answer(folder, name):
    with open_project(folder) as project:
        with project.db.read() as s:
            number = images.find(s, name).id
        decide(project, [Decision(number, 1, LabelState.YES)])


def open_panel(qtbot, window):
    press(qtbot, window, Qt.Key.Key_P, CTRL_SHIFT)
    panel = window.project_settings.panel
    qtbot.waitUntil(lambda: bool(panel.folders), timeout=PATIENCE)
    return panel


def manual(panel):
    return [row for row in panel.backups if row.backup.reason == "manual"]


@pytest.mark.slow
def test_the_image_folders_are_listed_and_another_one_is_added_and_scanned(
    qtbot, opened, folder, monkeypatch, make_image
):
    window = opened()
    panel = open_panel(qtbot, window)
    assert [row.words.text() for row in panel.folders] == ["12 images"]
    make_image(folder.parent / "more" / "green.png", size=(60, 40))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder.parent / "photos"))
    qtbot.mouseClick(panel.add, LEFT)  # known already: nothing is added
    settle(qtbot, window)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder.parent))
    qtbot.waitUntil(lambda: not window.project_settings.keeping.busy, timeout=PATIENCE)
    qtbot.mouseClick(panel.add, LEFT)
    qtbot.waitUntil(lambda: "is inside" in panel.problem.text(), timeout=PATIENCE)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder.parent / "more"))
    qtbot.mouseClick(panel.add, LEFT)
    qtbot.waitUntil(lambda: window.session.info.images == 13, timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(panel.folders) == 2, timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: {row.words.text() for row in panel.folders} == {"12 images", "1 image"}, timeout=PATIENCE
    )
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=PATIENCE)
    settle(qtbot, window)


def test_a_backup_is_made_and_listed_with_what_it_holds(qtbot, opened, folder):
    answer(folder, "red0.png")
    window = opened()
    panel = open_panel(qtbot, window)
    qtbot.mouseClick(panel.back_up, LEFT)
    qtbot.waitUntil(lambda: len(manual(panel)) == 1, timeout=PATIENCE)
    assert manual(panel)[0].words.text().startswith("12 images, 0 reviewed, 1 yes, 0 no; ")
    assert panel.problem.text().startswith("Backed up (")
    settle(qtbot, window)


def test_restoring_shows_what_would_change_asks_and_opens_the_project_again(qtbot, opened, folder):
    answer(folder, "red0.png")
    with open_project(folder) as project:
        back_up(project)
    answer(folder, "red1.png")
    window = opened()
    panel = open_panel(qtbot, window)
    qtbot.waitUntil(lambda: len(manual(panel)) == 1, timeout=PATIENCE)
    row = manual(panel)[0]
    qtbot.mouseClick(row.restore, LEFT)
    qtbot.waitUntil(row.sure.isVisible, timeout=PATIENCE)
    assert row.preview.text().startswith("1 label would disappear\n1 step would disappear from the history")
    qtbot.mouseClick(row.keep, LEFT)
    assert row.restore.isVisible() and not row.preview.isVisible()
    qtbot.mouseClick(row.restore, LEFT)
    qtbot.waitUntil(row.sure.isVisible, timeout=PATIENCE)
    with qtbot.waitSignal(window.session.opened, timeout=PATIENCE):
        qtbot.mouseClick(row.sure, LEFT)
    assert window.commands.panels.shown() is None
    assert stored(folder)[0] == {("red0.png", "red thing"): "yes"}
    assert any(one.backup.reason == "before-restore" for one in backups(folder))
    words = [toast.notice.words() for toast in window.toasts.toasts()]
    assert any(one.startswith("Restored the backup of ") for one in words)
    gallery = window.workspace.library.gallery
    qtbot.waitUntil(lambda: gallery.count() == 12, timeout=PATIENCE)
    settle(qtbot, window)


@pytest.mark.slow
def test_a_restore_that_fails_changes_nothing_and_opens_the_project_again(qtbot, opened, folder):
    answer(folder, "red0.png")
    with open_project(folder) as project:
        made = back_up(project)
    window = opened()
    panel = open_panel(qtbot, window)
    qtbot.waitUntil(lambda: len(manual(panel)) == 1, timeout=PATIENCE)
    row = manual(panel)[0]
    qtbot.mouseClick(row.restore, LEFT)
    qtbot.waitUntil(row.sure.isVisible, timeout=PATIENCE)
    made.path.unlink()
    with qtbot.waitSignal(window.session.opened, timeout=PATIENCE):
        qtbot.mouseClick(row.sure, LEFT)
    words = [toast.notice.words() for toast in window.toasts.toasts()]
    assert any("There is no backup" in one and "Nothing was changed." in one for one in words)
    assert stored(folder)[0] == {("red0.png", "red thing"): "yes"}
    gallery = window.workspace.library.gallery
    qtbot.waitUntil(lambda: gallery.count() == 12, timeout=PATIENCE)
    settle(qtbot, window)


def test_bands_and_the_aim_of_suggestions_are_changed_and_followed(qtbot, opened, folder):
    answer(folder, "red0.png")
    window = opened()
    panel = open_panel(qtbot, window)
    form = panel.form
    assert (form.medium.value(), form.head.value()) == (20, 100)
    assert panel.model.text() == "Demo model"
    form.medium.setFocus()
    form.medium.selectAll()
    type_text(window, "1")
    qtbot.keyClick(form.medium, Qt.Key.Key_Tab)
    band = window.session.info.categories[0].band
    qtbot.waitUntil(lambda: window.session.info.categories[0].band is not band, timeout=PATIENCE)
    assert form.head.minimum() == 2
    form.aim.setFocus()
    qtbot.keyClick(form.aim, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.session.info.settings.aim is ThresholdAim.RECALL, timeout=PATIENCE)
    with open_project(folder) as project:
        assert project.settings == ProjectSettings(BandCuts(1, 100), ThresholdAim.RECALL)
    settle(qtbot, window)


def test_settings_changed_on_the_command_line_are_followed(qtbot, opened, folder):
    answer(folder, "red0.png")
    window = opened()
    panel = open_panel(qtbot, window)
    with open_project(folder) as project:
        change_settings(project, medium=1, head=2)
    qtbot.waitUntil(lambda: panel.form.medium.value() == 1, timeout=PATIENCE)
    assert window.session.info.categories[0].band is Band.MEDIUM
    settle(qtbot, window)


def test_the_way_to_the_image_models(qtbot, opened):
    window = opened()
    panel = open_panel(qtbot, window)
    qtbot.mouseClick(panel.choose_model, LEFT)
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "image_model", timeout=PATIENCE)
    settle(qtbot, window)


def typed(qtbot, window, field, number):
    field.setFocus()
    field.selectAll()
    type_text(window, number)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "cuts"),
    [("medium", BandCuts(500, 501)), ("head", BandCuts(11, 12)), ("head", BandCuts(1, 2))],
)
def test_a_limit_typed_beyond_the_other_one_is_taken_as_typed_and_moves_that(qtbot, opened, field, cuts):
    window = opened()
    form = open_panel(qtbot, window).form
    typed(qtbot, window, getattr(form, field), str(getattr(cuts, field)))
    qtbot.waitUntil(lambda: window.session.info.settings.cuts == cuts, timeout=PATIENCE)
    assert BandCuts(form.medium.value(), form.head.value()) == cuts
    settle(qtbot, window)


@pytest.mark.slow
def test_a_number_being_typed_stays_while_another_program_labels(qtbot, opened, folder):
    window = opened()
    form = open_panel(qtbot, window).form
    form.head.setFocus()
    form.head.selectAll()
    type_text(window, "25")
    with qtbot.waitSignal(window.session.info_changed, timeout=PATIENCE):
        answer(folder, "red0.png")
    assert form.head.text() == "25"
    qtbot.keyClick(form.head, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: window.session.info.settings.cuts == BandCuts(20, 25), timeout=PATIENCE)
    settle(qtbot, window)


def test_two_limits_changed_at_once_are_both_stored(qtbot, opened, folder):
    window = opened()
    form = open_panel(qtbot, window).form
    typed(qtbot, window, form.medium, "5")
    typed(qtbot, window, form.head, "8")
    qtbot.waitUntil(lambda: window.session.info.settings.cuts == BandCuts(5, 8), timeout=PATIENCE)
    settle(qtbot, window)
    assert (form.medium.value(), form.head.value()) == (5, 8)
    with open_project(folder) as project:
        assert project.settings.cuts == BandCuts(5, 8)


def test_escape_gives_up_a_number_that_is_being_typed_and_then_closes(qtbot, opened, folder):
    window = opened()
    panel = open_panel(qtbot, window)
    form = panel.form
    form.head.setFocus()
    form.head.selectAll()
    type_text(window, "7")
    qtbot.keyClick(form.head, Qt.Key.Key_Escape)
    assert form.head.text() == "100" and panel.isVisible()
    qtbot.keyClick(form.head, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    settle(qtbot, window)
    with open_project(folder) as project:
        assert project.settings.cuts == BandCuts(20, 100)
