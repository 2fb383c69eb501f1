# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The Train place in the window, with real keys and clicks, and a worker that tunes as a script says."""

import pytest
from clipping import clipped
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from training_fixtures import (
    LEFT,
    PATIENCE,
    folder,
    make,
    model_in_use,
    open_with,
    opened,
    patchy,
    press,
    settle,
    show_train,
    tell,
    train,
    tuned,
    tuned_base,
    worker,
)
from tuning_projects import patchy_project, patchy_runner
from window_fixtures import open_in

from app.domain.labels import LabelState
from app.domain.training import Basis, NeedKind
from app.gui.theme import Mode, theme
from app.gui.training.category_table import Column
from app.services.features.indexing import ensure_text_features
from app.services.project.project import open_project
from app.services.training import speed
from app.services.versions.versions import activate, versions
from cprfl_core.tuning.facts import RunFacts

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def names(folder):
    """The versions, newest first, and the one in use."""
    with open_project(folder) as project:
        found = versions(project)
    return [one.name for one in found], next((one.name for one in found if one.active), None)


def wait_for(qtbot, condition):
    qtbot.waitUntil(condition, timeout=PATIENCE)


def wait_for_points(qtbot, window, count):
    wait_for(qtbot, lambda: window.training.run is not None and len(window.training.run.points) >= count)


# A run


def test_a_run_grows_its_curves_and_a_better_version_is_used_without_a_restart(qtbot, opened, folder):
    window = opened(seconds=0.03)
    place = show_train(qtbot, window)
    assert place.setup.needs.values[NeedKind.IMAGES].text() == "60 of 40"
    assert place.setup.needs.marks[NeedKind.IMAGES].accessibleName() == "enough"
    assert not place.setup.details.body.isVisible()
    assert place.setup.counts["tail"].text() == "58 yes"
    assert place.setup.facts["reviewed"].text() == "60"
    assert "prompts alone" in place.setup.learns.text()
    assert "About" in place.setup.time.text()
    qtbot.mouseClick(place.setup.start, LEFT)
    assert place.tabs.hasFocus()
    wait_for_points(qtbot, window, 5)
    assert len(place.run.loss.points()) == len(window.training.run.points)
    assert "testing on images kept aside" in place.run.phase.text()
    assert "%" in place.run.pace.text()
    assert not place.run.details.body.isVisible()
    assert window.workspace.top.pill.text().startswith("1 job")
    assert not place.run.stop.isEnabled()
    assert "possible in step 6" in place.run.keep.text()
    assert not place.setup.start.isEnabled()
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        pass
    assert place.run.verdict.title.text() == "v1 is in use now"
    assert "rose from" in place.run.verdict.reason.text()
    wait_for(qtbot, place.run.quality.isVisible)
    assert place.run.legend.words()[0].startswith("All 0.")
    wait_for(qtbot, lambda: model_in_use(window) == "v1")
    wait_for(qtbot, lambda: place.versions.names() == ["v1", "none"])
    assert place.versions.card("v1").mark.isVisible()
    settle(qtbot, window)


def test_the_estimate_of_another_device_is_withdrawn_when_training_would_use_this_one(qtbot, opened):
    facts = RunFacts(100, 10, 5, 3, "", "", "cuda:0", "float32", seconds=205.0)
    speed.remember(facts)
    try:
        window = opened()
        show_train(qtbot, window)
        wait_for(qtbot, lambda: window.training.overview is not None)
        window.preferences.set(device="cpu")
        wait_for(qtbot, lambda: window.training.overview.basis is Basis.GUESS)
        window.preferences.set(device="cuda")
        wait_for(qtbot, lambda: window.training.overview.basis is Basis.COMPUTER)
    finally:
        speed.speed_path().unlink()
    settle(qtbot, window)


@pytest.mark.slow
def test_labelling_continues_during_a_run_and_what_is_decided_counts_as_new(qtbot, opened):
    window = opened(seconds=0.1)
    place = show_train(qtbot, window)
    qtbot.mouseClick(place.setup.start, LEFT)
    wait_for_points(qtbot, window, 1)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.decide([80], "thing a", LabelState.YES)
    assert window.training.running
    tell(window.preferences.folder.parent, seconds=0.0)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        pass
    wait_for(qtbot, lambda: window.training.overview.newest == "v1")
    wait_for(qtbot, lambda: place.setup.facts["answers"].text() == "1")
    settle(qtbot, window)


@pytest.mark.slow
def test_stopping_in_the_last_part_keeps_what_was_learned(qtbot, opened, folder):
    window = opened(last=0.3)
    place = show_train(qtbot, window)
    qtbot.mouseClick(place.setup.start, LEFT)
    wait_for(qtbot, place.run.stop.isEnabled)
    assert "keeps what has been learned" in place.run.keep.text()
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE) as ended:
        qtbot.mouseClick(place.run.stop, LEFT)
    assert ended.args[0].stopped
    assert "stopped early" in place.run.verdict.more.text()
    settle(qtbot, window)
    assert names(folder)[0] == ["v1"]


@pytest.mark.slow
def test_cancelling_in_the_last_part_keeps_nothing(qtbot, opened, folder):
    window = opened(last=0.3)
    place = show_train(qtbot, window)
    qtbot.mouseClick(place.setup.start, LEFT)
    wait_for(qtbot, place.run.stop.isEnabled)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        qtbot.mouseClick(place.run.discard, LEFT)
    assert place.run.verdict.title.text() == "Training was stopped"
    settle(qtbot, window)
    assert names(folder) == ([], None)
    assert place.setup.start.text() == "Start training"


@pytest.mark.slow
def test_a_worse_version_is_kept_aside_and_the_sentence_says_why(qtbot, opened, folder):
    window = opened(gain=-2.0)
    place = train(qtbot, window)
    assert place.run.verdict.title.text() == "v1 was trained but not activated"
    assert "0.4" in place.run.verdict.reason.text()
    wait_for(qtbot, lambda: "v1" in place.versions.names())
    card = place.versions.card("v1")
    wait_for(qtbot, card.use.isVisible)
    assert not card.mark.isVisible()
    assert place.versions.card("none").mark.isVisible()
    settle(qtbot, window)
    assert names(folder) == (["v1"], None)


@pytest.mark.slow
def test_a_worker_that_dies_leaves_the_version_in_use_and_the_run_is_resumed(qtbot, tuned, tmp_path):
    window = tuned(dies=2)
    place = train(qtbot, window)
    assert place.run.verdict.title.text() == "Training stopped unexpectedly"
    assert "Your labels are safe" in place.run.verdict.reason.text()
    wait_for(qtbot, lambda: place.setup.start.text() == "Resume the run")
    qtbot.mouseClick(place.run.details.button, LEFT)
    assert place.run.log.isVisible()
    assert "the script says that it dies here" in place.run.log.toPlainText()
    assert window.training.version("v1").active
    earlier = len(window.training.run.points)
    assert earlier
    tell(tmp_path)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE) as ended:
        qtbot.mouseClick(place.setup.start, LEFT)
    assert ended.args[0].version == "v3"
    settle(qtbot, window)


@pytest.mark.slow
def test_a_run_that_is_paused_in_the_list_of_jobs_is_resumed_in_its_place(qtbot, opened, tmp_path):
    window = opened(seconds=0.2)
    place = show_train(qtbot, window)
    qtbot.mouseClick(place.setup.start, LEFT)
    wait_for_points(qtbot, window, 1)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        window.jobs.pause(window.training.run.job.id)
    assert place.run.verdict.title.text() == "Training was interrupted"
    wait_for(qtbot, lambda: place.setup.start.text() == "Resume the run")
    tell(tmp_path)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE) as ended:
        qtbot.mouseClick(place.setup.start, LEFT)
    assert ended.args[0].version == "v1"
    settle(qtbot, window)


@pytest.mark.slow
def test_a_run_resumes_when_its_project_is_opened_again(qtbot, opened, folder, tmp_path):
    window = opened(seconds=0.2)
    place = show_train(qtbot, window)
    qtbot.mouseClick(place.setup.start, LEFT)
    wait_for_points(qtbot, window, 1)
    window.close_project()
    wait_for(qtbot, lambda: not window.jobs.running())
    assert window.training.run is None
    tell(tmp_path)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        window.open_project(folder)
        wait_for(qtbot, lambda: window.training.run is not None)
        show_train(qtbot, window)
    assert place.run.verdict.title.text() == "v1 is in use now"
    wait_for(qtbot, lambda: model_in_use(window) == "v1")
    settle(qtbot, window)


@pytest.mark.slow
def test_an_interrupted_run_can_be_left_for_a_new_one(qtbot, opened, tmp_path):
    window = opened(dies=1)
    place = train(qtbot, window)
    wait_for(qtbot, place.setup.restart.isVisible)
    tell(tmp_path)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        qtbot.mouseClick(place.setup.restart, LEFT)
    wait_for(qtbot, lambda: not place.setup.restart.isVisible())
    assert place.run.verdict.title.text() == "v1 is in use now"
    settle(qtbot, window)


@pytest.mark.slow
def test_another_programs_job_is_named_in_the_sentence(qtbot, opened, folder):
    window = opened()
    with open_project(folder) as other, other.job_lock("indexing"):
        place = train(qtbot, window)
        assert place.run.verdict.title.text() == "Training failed"
        assert "indexing" in place.run.verdict.reason.text()
    settle(qtbot, window)
    assert names(folder) == ([], None)


@pytest.mark.slow
def test_keys_lead_to_the_place_and_start_a_run_from_anywhere(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_M)
    assert window.workspace.place == "train"
    press(qtbot, window, Qt.Key.Key_G)
    assert window.workspace.place == "library"
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_T, CTRL | SHIFT)
        assert window.workspace.place == "train"
        press(qtbot, window, Qt.Key.Key_G)
    toast = window.toasts.toasts()[-1]
    assert toast.notice.what == "v1 is in use now."
    qtbot.mouseClick(toast.action_button(), LEFT)
    assert window.workspace.place == "train"
    settle(qtbot, window)


# Versions


@pytest.mark.slow
def test_two_versions_are_compared_side_by_side_and_sorted_by_a_click(qtbot, tuned):
    window = tuned()
    place = show_train(qtbot, window)
    assert place.run.verdict.title.text() == "v2 is not in use"
    for name in ("v2", "v1"):
        qtbot.mouseClick(place.versions.card(name).compare, LEFT)
    wait_for(qtbot, lambda: place.compare.shows_comparison)
    assert place.tabs.currentIndex() == 1
    assert place.compare.title.text() == "v1 → v2"
    assert place.compare.verdict.text().startswith("v2 is not better. Quality in tail categories fell from ")
    header = place.compare.table.horizontalHeader()
    x = header.sectionViewportPosition(Column.NAME) + 20
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))
    assert place.compare.model.names() == sorted(place.compare.model.names())
    qtbot.mouseClick(place.versions.card("none").compare, LEFT)
    assert place.versions.pair() == ("none", "v1")
    wait_for(qtbot, lambda: place.compare.title.text() == "Untrained model → v1")
    assert place.compare.verdict.text().startswith("v1 is better. Quality ")
    settle(qtbot, window)


@pytest.mark.slow
def test_what_changed_shows_images_whose_suggestions_changed_and_enter_opens_one(qtbot, tuned):
    window = tuned()
    place = show_train(qtbot, window)
    place.versions.choose(["v1", "v2"])
    wait_for(qtbot, lambda: place.changed.grid.count() > 0)
    place.tabs.setCurrentIndex(2)
    assert "suggestions change" in place.changed.counts.text()
    grid = place.changed.grid
    qtbot.mouseClick(grid.viewport(), LEFT, pos=grid.card_rect(1).center())
    grid.setFocus()
    press(qtbot, window, Qt.Key.Key_Left)
    wanted = grid.current
    assert f"{wanted.before:.2f} with v1" in grid.accessibleDescription()
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.workspace.place == "library"
    assert window.workspace.library.controller.current == wanted.image_id
    assert window.workspace.library.single_shown
    settle(qtbot, window)


@pytest.mark.slow
def test_a_version_is_used_and_rolled_back_with_its_buttons(qtbot, tuned):
    window = tuned()
    place = show_train(qtbot, window)
    assert model_in_use(window) == "v1"
    for button, wanted in (
        (lambda: place.versions.card("v2").use, "v2"),
        (lambda: place.versions.card("v2").back, "v1"),
        (lambda: place.versions.card("none").use, None),
    ):
        with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
            qtbot.mouseClick(button(), LEFT)
        settle(qtbot, window)
        assert model_in_use(window) == wanted
        in_use = "none" if wanted is None else wanted
        wait_for(qtbot, place.versions.card(in_use).mark.isVisible)
    assert window.workspace.message.text() == "No trained version is in use now."


def choose(qtbot, card, words):
    """An item of the menu of a card, which its button opens."""
    qtbot.mouseClick(card.more, LEFT)
    menu = QApplication.activePopupWidget()
    item = next(one for one in menu.actions() if one.text().startswith(words))
    assert item.isEnabled(), words
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(item).center())
    wait_for(qtbot, lambda: QApplication.activePopupWidget() is None)


def test_a_version_is_deleted_only_after_confirmation(qtbot, tuned, tmp_path):
    window = tuned()
    place = show_train(qtbot, window)
    card = place.versions.card("v2")
    place.versions.card("v1").setFocus()
    press(qtbot, window, Qt.Key.Key_Delete)
    assert not place.versions.card("v1").sure.isVisible()  # in use
    choose(qtbot, card, "Delete…")
    assert card.keep.hasFocus()
    assert "B and cannot be undone" in card.question.text()
    press(qtbot, window, Qt.Key.Key_Return)
    assert not card.sure.isVisible()
    assert card.hasFocus()
    press(qtbot, window, Qt.Key.Key_Delete)
    assert card.keep.hasFocus()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not card.sure.isVisible()
    assert window.workspace.place == "train"
    press(qtbot, window, Qt.Key.Key_Delete)
    qtbot.mouseClick(card.sure, LEFT)
    wait_for(qtbot, lambda: place.versions.names() == ["v1", "none"])
    settle(qtbot, window)
    assert "was deleted, freeing" in window.workspace.message.text()
    assert not (tmp_path / "tuned" / "project" / "models" / "2").exists()


@pytest.mark.slow
def test_a_note_is_written_on_a_card_and_kept(qtbot, tuned, tmp_path):
    window = tuned()
    place = show_train(qtbot, window)
    card = place.versions.card("v2")
    card.setFocus()
    press(qtbot, window, Qt.Key.Key_F2)
    assert card.note_field.hasFocus()
    qtbot.keyClicks(card.note_field, "before serval")
    with qtbot.waitSignal(window.training.versions_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert card.note.isVisible()
    assert card.note.text() == "before serval"
    assert card.hasFocus()
    press(qtbot, window, Qt.Key.Key_F2)
    qtbot.keyClicks(card.note_field, "other")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert card.note.text() == "before serval"
    with open_project(tmp_path / "tuned" / "project") as project:
        assert [one.note for one in versions(project)] == ["before serval", ""]


@pytest.mark.slow
def test_cards_are_moved_between_used_and_compared_by_keys(qtbot, tuned):
    window = tuned()
    place = show_train(qtbot, window)
    place.versions.card("v2").setFocus()
    press(qtbot, window, Qt.Key.Key_Down)
    assert place.versions.card("v1").hasFocus()
    press(qtbot, window, Qt.Key.Key_Up)
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert model_in_use(window) == "v2"
    press(qtbot, window, Qt.Key.Key_Space)
    press(qtbot, window, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.training.compared, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Space)
    assert place.compare.shows_comparison
    settle(qtbot, window)


@pytest.mark.slow
def test_too_few_labels_to_judge_leave_a_second_button_and_never_an_announcement(qtbot, make, tmp_path):
    with patchy_project(tmp_path / "small", count=40, reviewed=20) as project:
        ensure_text_features(project, patchy_runner())
    window = open_with(qtbot, make(), tmp_path / "small" / "project")
    place = show_train(qtbot, window)
    assert place.setup.needs.values[NeedKind.IMAGES].text() == "20 of 40"
    assert place.setup.needs.marks[NeedKind.IMAGES].accessibleName() == "not enough yet"
    assert not place.setup.start.isVisible()
    assert place.setup.anyway.hasFocus()
    assert window.training.hint.proposal is None
    press(qtbot, window, Qt.Key.Key_T, CTRL | SHIFT)
    assert window.training.run is None
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE) as ended:
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert not ended.args[0].activated
    assert place.run.verdict.reason.text() == "There are too few labels to tell whether it is better."


@pytest.mark.slow
def test_the_curves_of_an_earlier_version_are_shown_again(qtbot, tuned):
    window = tuned()
    place = show_train(qtbot, window)
    choose(qtbot, place.versions.card("v1"), "Show how it was trained")
    qtbot.mouseClick(place.run.details.button, LEFT)
    assert place.run.verdict.title.text() == "v1 is in use"
    assert len(place.run.precision.points()) == 18
    assert "Part 6 of 6" in place.run.precision.accessibleDescription()
    settle(qtbot, window)


@pytest.mark.slow
def test_a_version_that_another_program_activates_is_followed(qtbot, tuned, tmp_path):
    window = tuned()
    place = show_train(qtbot, window)
    with (
        qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE),
        open_project(tmp_path / "tuned" / "project") as other,
    ):
        activate(other, "v2")
    assert model_in_use(window) == "v2"
    wait_for(qtbot, place.versions.card("v2").mark.isVisible)
    settle(qtbot, window)


@pytest.mark.slow
def test_a_damaged_version_in_use_is_reported_and_suggestions_continue_without_it(qtbot, tuned, tmp_path):
    (tmp_path / "tuned" / "project" / "models" / "1" / "model.json").write_text("{}", "utf-8")
    window = tuned()
    place = show_train(qtbot, window)
    wait_for(qtbot, place.problem.isVisible)
    assert "model.json" in place.problem.text()
    assert model_in_use(window) is None
    qtbot.mouseClick(place.versions.card("v2").use, LEFT)
    wait_for(qtbot, lambda: not place.problem.isVisible())
    settle(qtbot, window)


# The hint, and empty places


@pytest.mark.slow
def test_enough_new_answers_bring_a_quiet_hint_that_leads_to_the_place(qtbot, tuned):
    window = tuned()
    window.preferences.set(train_hint_after=30)
    rail = window.workspace.rail.button("train")
    assert rail.note == ""
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.decide(list(range(61, 91)), "thing a", LabelState.YES)
    wait_for(qtbot, lambda: rail.note != "")
    assert "new since v2" in rail.note
    toast = window.toasts.toasts()[-1]
    assert "You can train a new version" in toast.notice.what
    qtbot.mouseClick(toast.action_button(), LEFT)
    assert window.workspace.place == "train"
    window.preferences.set(train_hint_after=0)
    assert rail.note == ""
    settle(qtbot, window)


@pytest.mark.slow
def test_without_features_the_place_offers_to_compute_them(qtbot, make, tmp_path, make_image):
    from app.services.images.scan import scan
    from app.services.project.creation import create_project

    make_image(tmp_path / "photos" / "one.png", size=(40, 30))
    with create_project(tmp_path / "bare", [tmp_path / "photos"], ["cat"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, tmp_path / "bare")
    place = show_train(qtbot, window)
    assert not place.setup.start.isEnabled()
    assert "no features yet" in place.setup.trouble.text()
    assert place.empty.button().text() == "Compute features"
    asked = []
    place.patches_wanted.connect(lambda: asked.append(True))
    qtbot.mouseClick(place.setup.remedy, LEFT)
    assert asked == [True]
    assert [job.kind for job in window.jobs.jobs()] == ["index"]
    wait_for(qtbot, lambda: not window.jobs.running())
    settle(qtbot, window)


@pytest.mark.slow
def test_without_labels_the_place_leads_to_the_library(qtbot, make, tmp_path):
    patchy_project(tmp_path / "fresh", count=8, reviewed=0).close()
    window = open_with(qtbot, make(), tmp_path / "fresh" / "project")
    place = show_train(qtbot, window)
    assert place.setup.trouble.text() == "Nothing is labelled yet. Review some images first."
    assert place.setup.start.toolTip() == place.setup.trouble.text()
    press(qtbot, window, Qt.Key.Key_T, CTRL | SHIFT)
    assert window.workspace.message.text() == place.setup.trouble.text()
    assert window.jobs.jobs() == []
    qtbot.mouseClick(place.empty.button(), LEFT)
    assert window.workspace.place == "library"
    settle(qtbot, window)


@pytest.mark.slow
def test_nothing_is_cut_off_in_a_small_window_with_twice_the_font(qtbot, tuned, large_font):
    window = tuned()
    window.resize(900, 600)
    place = show_train(qtbot, window)
    place.versions.choose(["v1", "v2"])
    wait_for(qtbot, lambda: place.compare.shows_comparison)
    for mode in (Mode.LIGHT, Mode.DARK):
        theme().set_mode(mode)
        for column, tab in ((0, 0), (1, 0), (1, 1), (1, 2), (2, 0)):
            qtbot.mouseClick(place.columns.switches[column], LEFT)
            place.tabs.setCurrentIndex(tab)
            qtbot.wait(10)
            assert clipped(window) == [], (mode, column, tab)
    window.resize(1900, 1000)
    qtbot.wait(30)
    assert clipped(window) == []
    settle(qtbot, window)
