# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The start page: recent projects, the assistant, what is wrong with a folder."""

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, type_text

from app.jobs.job_works import NewProject


def test_assistant_makes_a_project_from_what_was_typed(qtbot, make, images_folder):
    window = make()
    start = window.start
    qtbot.mouseClick(start.new_button, Qt.MouseButton.LeftButton)
    form = start.form
    assert form.images.hasFocus()
    assert not form.create.isEnabled()
    type_text(window, str(images_folder))
    form.categories.setFocus()
    type_text(window, "owl, barn owl")
    assert form.create.isEnabled()
    with qtbot.waitSignal(window.session.opened, timeout=PATIENCE) as opened:
        qtbot.mouseClick(form.create, Qt.MouseButton.LeftButton)
    info = opened.args[0]
    assert info.folder == images_folder / ".tailspotter"
    assert (info.images, [one.name for one in info.categories]) == (5, ["owl", "barn owl"])
    assert info.backbone == "bundled"
    assert window.current_page() is window.workspace
    settle(qtbot, window)


def test_assistant_takes_another_model_by_name(qtbot, make, images_folder):
    form = make().start.form
    form.images.setText(str(images_folder))
    form.named.setChecked(True)
    assert not form.create.isEnabled()
    form.backbone.setText("ViT-B-32")
    assert form.create.isEnabled()
    assert form.wanted().backbone == "ViT-B-32"


def test_assistant_tells_which_names_are_one_category(qtbot, make, images_folder):
    form = make().start.form
    form.images.setText(str(images_folder))
    form.categories.setPlainText("CO2, owl\nCO\u2082, owl, Fox\nfox")
    assert form.why.text() == "“CO2” and “CO\u2082” are one category. “Fox” and “fox” are one category"
    assert form.create.isEnabled()
    assert form.wanted().categories == ("CO2", "owl", "Fox")


def test_assistant_says_which_category_cannot_be_used(qtbot, make, images_folder):
    form = make().start.form
    form.images.setText(str(images_folder))
    form.categories.setPlainText("owl, \u200d, fox")
    assert form.why.text() == "Category 2: A category needs a name: the one given is empty."
    assert not form.create.isEnabled()


def test_assistant_refuses_a_model_that_cannot_be_and_keeps_what_was_typed(qtbot, make, images_folder):
    window = make()
    qtbot.mouseClick(window.start.new_button, Qt.MouseButton.LeftButton)
    form = window.start.form
    form.images.setText(str(images_folder))
    form.backbone.setFocus()
    type_text(window, "local-dir:")
    assert form.named.isChecked()
    with qtbot.waitSignal(window.jobs.failed, timeout=PATIENCE) as failed:
        qtbot.mouseClick(form.create, Qt.MouseButton.LeftButton)
    assert "names no folder" in failed.args[0].message
    assert window.start.form_shown
    assert form.backbone.text() == "local-dir:"
    assert not (images_folder / ".tailspotter").exists()


def test_assistant_takes_a_home_of_nobody_for_a_folder_that_is_not_there(make):
    form = make().start.form
    for odd in ("~nosuchperson/photos", "x" * 5000, "a\0b"):
        form.images.setText(odd)
        assert form.why.text() == "There is no such image folder."


def test_assistant_says_why_a_folder_cannot_be_used(qtbot, make, tmp_path):
    form = make().start.form
    form.images.setText(str(tmp_path / "nowhere"))
    assert form.why.text() == "There is no such image folder."
    assert not form.create.isEnabled()


def test_failure_to_make_a_project_is_a_sentence_on_the_page(qtbot, make, folder):
    window = make()
    window.start.show_form()
    window.start.form.images.setText(str(folder.parent / "photos"))
    window.start.form.folder.setText(str(folder))
    with qtbot.waitSignal(window.jobs.failed, timeout=PATIENCE):
        qtbot.mouseClick(window.start.form.create, Qt.MouseButton.LeftButton)
    assert "There is a project" in window.start.problem.text()
    assert window.start.problem.isVisible()


def test_recent_project_is_opened_with_enter(qtbot, make, opened, folder):
    window = opened()
    window.session.close()
    assert window.current_page() is window.start
    assert len(window.start.recent.rows()) == 1
    assert window.start.recent.rows()[0].hasFocus()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    assert window.session.info.folder == folder
    settle(qtbot, window)


def test_recent_project_that_is_gone_is_told_in_words_and_taken_off_the_list(qtbot, make, opened, folder):
    window = opened()
    window.session.close()
    folder.rename(folder.with_name("moved"))
    window.desk.refresh()
    qtbot.waitUntil(lambda: not window.start.recent.rows()[0].card.there, timeout=PATIENCE)
    row = window.start.recent.rows()[0]
    assert "Not there now" in row.words()
    row.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert "attach its disk" in window.start.problem.text()
    press(qtbot, window, Qt.Key.Key_Delete)
    assert window.start.recent.rows() == []
    assert window.preferences.recent() == []
    assert window.start.new_button.hasFocus()


def test_recent_project_tells_what_was_in_it_and_shows_its_pictures(qtbot, make, opened, folder):
    window = opened()
    gallery, loader = window.workspace.library.gallery, window.workspace.library.loader
    qtbot.waitUntil(lambda: loader.picture(gallery.ids()[3]) is not None, timeout=PATIENCE)
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: window.session.info.reviewed == 1, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() is window.start
    qtbot.waitUntil(lambda: window.start.recent.rows()[0].card.images == 12, timeout=PATIENCE)
    row = window.start.recent.rows()[0]
    assert row.words() == "12 images · 1 reviewed · 2 categories · open just now"
    assert row.hasFocus()
    strip = QImage.fromData(row.card.strip)
    first = strip.pixelColor(20, 40)  # a blue one, by name the first
    assert (strip.height(), first.blue() > 180, first.red() < 60) == (90, True, True)
    window.close()
    again = make()
    qtbot.waitUntil(lambda: again.start.recent.rows()[0].card.reviewed == 1, timeout=PATIENCE)


def test_rows_are_walked_with_the_arrow_keys_and_taken_off_with_the_cross(qtbot, make, tmp_path):
    window = make()
    for name in ("one", "two", "three"):
        window.preferences.remember_project(tmp_path / name)
    window.desk.refresh()
    rows = window.start.recent.rows
    qtbot.waitUntil(lambda: not any(row.card.there for row in rows()), timeout=PATIENCE)
    rows()[0].setFocus()
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Up)
    assert rows()[1].hasFocus()
    qtbot.mouseClick(rows()[1].remove, Qt.MouseButton.LeftButton)
    assert [row.card.name for row in rows()] == ["three", "one"]
    assert window.preferences.recent() == [tmp_path / "three", tmp_path / "one"]


def drop(window, path):
    """What the desktop sends when a file or folder is dragged onto the page and let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(40, 40), copy, data, left, none)
    QApplication.sendEvent(window.start, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window.start, QDropEvent(QPoint(40, 40), copy, data, left, none))


def test_dropped_project_is_opened(qtbot, make, folder):
    window = make()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        drop(window, folder)
    assert window.session.info.folder == folder
    settle(qtbot, window)


def test_a_project_that_cannot_be_created_is_told_once(qtbot, make, tmp_path):
    window = make()
    window.start.create_wanted.emit(NewProject(tmp_path / "new", tmp_path / "gone"))
    qtbot.waitUntil(lambda: str(tmp_path / "gone") in window.start.problem.text(), timeout=PATIENCE)
    assert window.jobs.jobs() == []
    assert not window.start.jobs.isVisible()


def test_dropped_folder_of_images_begins_a_new_project_and_a_file_is_told_apart(qtbot, make, images_folder):
    window = make()
    drop(window, images_folder / "one.png")
    qtbot.waitUntil(lambda: "is no folder" in window.start.problem.text(), timeout=PATIENCE)
    drop(window, images_folder)
    qtbot.waitUntil(lambda: window.start.form_shown, timeout=PATIENCE)
    assert window.start.form.images.text() == str(images_folder)
    assert window.start.form.create.isEnabled()
    assert window.start.problem.text() == ""


def test_first_start_says_how_it_goes(make):
    window = make()
    assert window.start.steps.isVisible()
    assert not window.start.recent_title.isVisible()
    assert window.start.new_button.hasFocus()


def test_new_project_is_begun_by_key_from_an_open_one(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() is window.start
    assert window.start.form.images.hasFocus()


def test_folder_that_is_no_project_is_a_sentence_on_the_page(qtbot, make, tmp_path, monkeypatch):
    window = make()
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    with qtbot.waitSignal(window.session.open_failed, timeout=PATIENCE):
        qtbot.mouseClick(window.start.open_button, Qt.MouseButton.LeftButton)
    assert "not a Tailspotter project" in window.start.problem.text()


def test_project_of_a_newer_version_is_a_sentence_on_the_page(qtbot, make, folder):
    from app.storage import settings
    from app.storage.database import Database
    from app.storage.layout import ProjectLayout

    db = Database(ProjectLayout(folder).database)
    with db.write() as s:
        settings.set(s, "schema_major", 99)
    db.close()
    window = make()
    with qtbot.waitSignal(window.session.open_failed, timeout=PATIENCE):
        window.open_project(folder)
    assert "newer" in window.start.problem.text()
    assert window.current_page() is window.start
