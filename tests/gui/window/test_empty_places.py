# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Where there is nothing yet, the window says what to do first and offers the button that does it."""

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, stored, type_text

from app.services.images.scan import scan
from app.services.project.creation import create_project

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def project(tmp_path, categories=(), *, scanned=True):
    (tmp_path / "photos").mkdir(exist_ok=True)
    with create_project(tmp_path / "project", [tmp_path / "photos"], categories) as created:
        if scanned:
            scan(created)
        return created.folder


def open_empty(qtbot, window, folder):
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.open_project(folder)
    settle(qtbot, window)


def test_a_project_without_images_offers_to_scan_and_shows_what_was_found(qtbot, make, tmp_path, make_image):
    window = make()
    open_empty(qtbot, window, project(tmp_path))
    library = window.workspace.library
    empty = library.gallery.empty_state()
    assert empty.isVisible()
    assert empty.accessibleName() == "There are no images in this project yet"
    make_image(tmp_path / "photos" / "new.png")
    qtbot.mouseClick(empty.button(), LEFT)
    qtbot.waitUntil(lambda: library.gallery.count() == 1, timeout=PATIENCE)
    assert not empty.isVisible()
    said = [toast.notice.words() for toast in window.toasts.toasts()]
    assert any("1 new" in words for words in said), said
    settle(qtbot, window)


def test_a_project_over_files_that_are_not_supported_says_so(qtbot, make, tmp_path):
    (tmp_path / "photos").mkdir()
    for number in range(3):
        (tmp_path / "photos" / f"{number}.nef").write_bytes(b"MM")
    window = make()
    open_empty(qtbot, window, project(tmp_path))
    empty = window.workspace.library.gallery.empty_state()
    assert "3 .nef (camera raw, not supported yet)" in empty.accessibleDescription()
    qtbot.mouseClick(empty.button(), LEFT)
    qtbot.waitUntil(lambda: bool(window.toasts.toasts()), timeout=PATIENCE)
    assert "3 .nef (camera raw, not supported yet)" in window.toasts.toasts()[-1].notice.words()
    settle(qtbot, window)


@pytest.mark.slow
def test_a_scan_that_is_under_way_cannot_be_asked_for_twice_and_finds_moved_files(qtbot, opened, folder):
    window = opened()
    photos = folder.parent / "photos"
    (photos / "red0.png").rename(photos / "moved.png")
    press(qtbot, window, Qt.Key.Key_S, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert [job.kind for job in window.jobs.running()] == ["scan"]
    assert not window.commands.frame.action("scan").isEnabled()
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=PATIENCE)
    assert window.commands.frame.action("scan").isEnabled()
    assert "1 moved" in window.toasts.toasts()[-1].notice.words()
    settle(qtbot, window)


def test_a_project_without_categories_offers_the_first_one(qtbot, make, tmp_path, make_image):
    make_image(tmp_path / "photos" / "one.png")
    folder = project(tmp_path)
    window = make()
    open_in(qtbot, window, folder)
    inspector = window.workspace.library.inspector
    assert "no categories yet" in inspector.no_suggestions.text()
    qtbot.mouseClick(inspector.offer, LEFT)
    assert inspector.tags.line.hasFocus()
    type_text(window, "barn owl")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: "Compute" in inspector.offer.text(), timeout=PATIENCE)
    settle(qtbot, window)
    window.close()
    assert stored(folder)[0] == {("one.png", "barn owl"): "yes"}


@pytest.mark.slow
def test_an_image_without_features_offers_to_compute_them_and_says_the_size_first(qtbot, opened):
    window = opened(0.05)
    inspector = window.workspace.library.inspector
    qtbot.waitUntil(inspector.offer.isVisible, timeout=PATIENCE)
    assert "features of 12 images" in inspector.no_suggestions.text()
    assert "about 177 KB" in inspector.no_suggestions.text()
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        qtbot.mouseClick(inspector.offer, LEFT)
        assert "being prepared" in inspector.no_suggestions.text()
        assert not inspector.offer.isVisible()
    library = window.workspace.library
    qtbot.waitUntil(lambda: library.controller.sheet.scored, timeout=PATIENCE)
    assert not inspector.no_suggestions.isVisible()
    settle(qtbot, window)


def test_nothing_is_offered_before_it_is_known_whether_there_are_suggestions(qtbot, opened):
    window = opened(0.05)
    inspector, session = window.workspace.library.inspector, window.session
    qtbot.waitUntil(inspector.offer.isVisible, timeout=PATIENCE)
    session.opened.emit(session.info)
    assert not inspector.offer.isVisible()
    assert inspector.no_suggestions.text() == "Loading the suggestions…"
    session.suggestions_missing.emit("Compute them.")
    assert inspector.offer.isVisible()
    assert "features of 12 images" in inspector.no_suggestions.text()
    settle(qtbot, window)


@pytest.mark.slow
def test_a_query_without_matches_is_cleared_by_the_button(qtbot, opened):
    window = opened()
    library = window.workspace.library
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.session.set_query("is:missing")
    empty = library.gallery.empty_state()
    assert empty.accessibleName() == "No images match this query"
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        qtbot.mouseClick(empty.button(), LEFT)
    assert library.gallery.count() == 12
    settle(qtbot, window)


@pytest.mark.slow
def test_missing_images_are_reported_in_a_banner_whose_button_checks_again(qtbot, make, folder):
    photos = folder.parent / "photos"
    photos.rename(photos.with_name("elsewhere"))
    window = make()
    open_in(qtbot, window, folder)
    banner = window.workspace.warning
    assert banner.isVisible()
    assert "is not there: every label is kept" in banner.text()
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    photos.with_name("elsewhere").rename(photos)
    qtbot.mouseClick(banner.button, LEFT)
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=PATIENCE)
    loader, first = window.workspace.library.loader, window.workspace.library.gallery.current_id()
    qtbot.waitUntil(lambda: loader.picture(first) is not None, timeout=PATIENCE)
    settle(qtbot, window)
