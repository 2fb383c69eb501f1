# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The start page: recent projects, the assistant, what is wrong with a folder."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, type_text

from app.gui.start.recent_list import ProjectRow
from app.jobs.settings.recent_projects import ProjectCard, plain_card
from app.jobs.work.tasks import NewProject


@pytest.fixture(autouse=True)
def no_wait_for_typing(monkeypatch):
    monkeypatch.setattr("app.gui.start.folder_list._TYPING_MS", 0)


def creatable(qtbot, form):
    """Wait until the folders are known to be usable."""
    qtbot.waitUntil(form.create_button.isEnabled, timeout=PATIENCE)


def path_field(form):
    return form.folders.rows[0].field


def test_assistant_makes_a_project_from_what_was_typed_and_prepares_it(qtbot, make, images_folder):
    window = make()
    start = window.start
    qtbot.mouseClick(start.new_button, Qt.MouseButton.LeftButton)
    form = start.form
    assert path_field(form).hasFocus()
    assert not form.create_button.isEnabled()
    form.models.offered["bundled"].setChecked(True)
    type_text(window, str(images_folder))
    form.categories.edit.setFocus()
    type_text(window, "owl, barn owl")
    creatable(qtbot, form)
    qtbot.waitUntil(lambda: form.folders.rows[0].words.text() == "5 images", timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(form.folders.strip.pictures()) == 5, timeout=PATIENCE)
    with qtbot.waitSignal(window.session.opened, timeout=PATIENCE) as opened:
        qtbot.mouseClick(form.create_button, Qt.MouseButton.LeftButton)
    info = opened.args[0]
    assert info.folder == images_folder / ".tailspotter"
    assert [one.name for one in info.categories] == ["owl", "barn owl"]
    assert info.backbone == "bundled"
    assert window.workspace.isVisible()
    inspector = window.workspace.library.inspector
    qtbot.waitUntil(lambda: bool(inspector.suggestions.rows()), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.session.info.indexed == 5, timeout=PATIENCE)
    assert path_field(form).text() == ""
    assert form.categories.edit.toPlainText() == ""
    settle(qtbot, window)


def test_assistant_offers_models_with_a_reason_and_takes_another_one_by_name(make, images_folder):
    form = make().start.form
    first = next(button for button in form.models.offered.values() if button.isEnabled())
    assert first.isChecked()
    assert first.accessibleDescription()
    form.models.named.setChecked(True)
    assert "name of a model" in form.models.obstacle()
    form.models.name.setText("ViT-B-32")
    assert "names no weights. Write ViT-B-32@FILE" in form.models.obstacle()
    form.models.name.setText("ViT-B-32@openai")
    assert form.models.obstacle() == ""
    assert form.models.chosen() == "ViT-B-32@openai"


def test_categories_are_counted_while_they_are_typed_and_what_is_repeated_is_said(make):
    entry = make().start.form.categories
    assert entry.words.text() == "No categories yet"
    entry.edit.setPlainText("CO2, owl\nCO\u2082, owl\n\nFox\nfox\n")
    assert entry.words.text() == (
        "3 categories · repeated: owl · same category: “CO2”, “CO\u2082”; “Fox”, “fox” · 1 empty line skipped"
    )
    assert entry.names() == ["CO2", "owl", "Fox"]
    entry.edit.setPlainText("owl, \u200d, fox")
    assert entry.words.text() == "Category 2: A category needs a name; the given one is empty."
    assert entry.obstacle() == entry.words.text()


def test_categories_come_from_a_file_and_a_bad_one_is_a_sentence(qtbot, make, tmp_path, monkeypatch):
    entry = make().start.form.categories
    entry.edit.setPlainText("owl")
    (tmp_path / "names.txt").write_text("fox\nbarn owl\n", encoding="utf-8")
    (tmp_path / "odd.txt").write_bytes(b"caf\xe9")
    files = iter([tmp_path / "names.txt", tmp_path / "odd.txt"])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(next(files)), ""))
    entry.from_file.click()
    qtbot.waitUntil(lambda: entry.names() == ["owl", "fox", "barn owl"], timeout=PATIENCE)
    entry.from_file.click()
    qtbot.waitUntil(lambda: "not UTF-8 text" in entry.words.text(), timeout=PATIENCE)
    assert entry.names() == ["owl", "fox", "barn owl"]


def test_assistant_refuses_a_model_that_cannot_be_and_keeps_what_was_typed(qtbot, make, images_folder):
    window = make()
    qtbot.mouseClick(window.start.new_button, Qt.MouseButton.LeftButton)
    form = window.start.form
    form.add_folders([images_folder])
    form.models.name.setFocus()
    type_text(window, "local-dir:")
    assert form.models.named.isChecked()
    creatable(qtbot, form)
    with qtbot.waitSignal(window.jobs.failed, timeout=PATIENCE) as failed:
        qtbot.mouseClick(form.create_button, Qt.MouseButton.LeftButton)
    assert "names no folder" in failed.args[0].message
    assert window.start.form_shown
    assert form.models.name.text() == "local-dir:"
    assert not (images_folder / ".tailspotter").exists()


def test_assistant_says_why_a_folder_cannot_be_used(qtbot, make, images_folder, folder, tmp_path):
    form = make().start.form
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.md").write_text("nothing", encoding="utf-8")
    row = form.folders.rows[0]
    for path, words in (
        (tmp_path / "nowhere", "does not exist"),
        ("~nosuchperson/photos", "does not exist"),
        ("x" * 5000, "does not exist"),
        ("a\0b", "does not exist"),
        (images_folder / "one.png", "This is a file"),
    ):
        row.field.setText(str(path))
        qtbot.waitUntil(lambda words=words: words in row.words.text(), timeout=PATIENCE)
        assert words in form.why.text()
        assert not form.create_button.isEnabled()
    row.field.setText(str(tmp_path / "empty"))
    qtbot.waitUntil(
        lambda: "no images in this folder. Skipped: 1 other" in row.words.text(), timeout=PATIENCE
    )
    row.field.setText(str(folder))
    qtbot.waitUntil(lambda: "already a project" in form.why.text(), timeout=PATIENCE)
    with qtbot.waitSignal(form.open_wanted, timeout=PATIENCE) as opening:
        row.open_button.click()
    assert opening.args == [folder]
    form.folder.setText(str(tmp_path / "other"))
    assert form.create_button.isEnabled()


def test_several_folders_and_those_that_overlap(qtbot, make, images_folder, tmp_path, make_image):
    window = make()
    window.start.show_form()
    form = window.start.form
    make_image(tmp_path / "more" / "deep" / "a.png")
    form.add_folders([images_folder])
    qtbot.mouseClick(form.folders.add_button, Qt.MouseButton.LeftButton)
    type_text(window, str(tmp_path / "more"))
    creatable(qtbot, form)
    assert form.wanted().images == (images_folder, tmp_path / "more")
    form.add_folders([tmp_path / "more" / "deep", images_folder])
    assert len(form.folders.rows) == 3
    qtbot.waitUntil(lambda: "is inside" in form.why.text(), timeout=PATIENCE)
    qtbot.mouseClick(form.folders.rows[2].remove, Qt.MouseButton.LeftButton)
    creatable(qtbot, form)
    assert form.folders.paths() == [images_folder, tmp_path / "more"]


def test_enter_in_any_line_of_the_form_creates_the_project(qtbot, make, images_folder):
    form = make().start.form
    form.add_folders([images_folder])
    creatable(qtbot, form)
    form.accepted.disconnect()
    for line in (path_field(form), form.models.name, form.folder):
        with qtbot.waitSignal(form.accepted, timeout=PATIENCE):
            qtbot.keyClick(line, Qt.Key.Key_Return)


def test_typing_in_a_path_that_was_filled_in_replaces_it(qtbot, make, images_folder):
    window = make()
    form = window.start.form
    form.add_folders([images_folder])
    qtbot.mouseClick(window.start.new_button, Qt.MouseButton.LeftButton)
    type_text(window, "/srv")
    assert path_field(form).text() == "/srv"


def test_a_failure_to_create_a_project_is_explained_on_the_page(qtbot, make, folder):
    window = make()
    form = window.start.form
    window.start.show_form(folder.parent / "photos")
    form.folder.setText(str(folder))
    form.models.offered["bundled"].setChecked(True)
    creatable(qtbot, form)
    with qtbot.waitSignal(window.jobs.failed, timeout=PATIENCE):
        qtbot.mouseClick(form.create_button, Qt.MouseButton.LeftButton)
    assert "There is already a project" in window.start.problem.text()
    assert window.start.problem.isVisible()


@pytest.mark.slow
def test_recent_project_is_opened_with_enter(qtbot, make, opened, folder):
    window = opened()
    window.session.close()
    assert window.start.isVisible()
    assert len(window.start.recent.rows()) == 1
    assert window.start.recent.rows()[0].hasFocus()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    assert window.session.info.folder == folder
    settle(qtbot, window)


def test_a_missing_recent_project_is_explained_and_removed_from_the_list(qtbot, make, opened, folder):
    window = opened()
    window.session.close()
    folder.rename(folder.with_name("moved"))
    window.start_controller.refresh()
    qtbot.waitUntil(lambda: not window.start.recent.rows()[0].card.there, timeout=PATIENCE)
    row = window.start.recent.rows()[0]
    assert "Not found" in row.words()
    row.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert "Connect its disk" in window.start.problem.text()
    press(qtbot, window, Qt.Key.Key_Delete)
    assert window.start.recent.rows() == []
    assert window.preferences.recent() == []
    assert window.start.new_button.hasFocus()


@pytest.mark.slow
def test_a_recent_project_shows_its_counts_and_pictures(qtbot, make, opened, folder):
    window = opened()
    gallery, loader = window.workspace.library.gallery, window.workspace.library.loader
    qtbot.waitUntil(lambda: loader.picture(gallery.ids()[3]) is not None, timeout=PATIENCE)
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: window.session.info.reviewed == 1, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert window.start.isVisible()
    qtbot.waitUntil(lambda: window.start.recent.rows()[0].card.images == 12, timeout=PATIENCE)
    row = window.start.recent.rows()[0]
    assert row.words() == "11 unreviewed, continue · 12 images · 2 categories · opened just now"
    assert row.hasFocus()
    strip = QImage.fromData(row.card.strip)
    first = strip.pixelColor(20, 40)  # a blue one, by name the first
    assert (strip.height(), first.blue() > 180, first.red() < 60) == (90, True, True)
    window.close()
    again = make()
    qtbot.waitUntil(lambda: again.start.recent.rows()[0].card.reviewed == 1, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("images", "reviewed", "words"),
    [
        (1204, 1108, "96 unreviewed, continue · 1,204 images"),
        (1204, 0, "1,204 images · none reviewed yet"),
        (12, 12, "12 images · all reviewed"),
        (1, None, "1 image"),
        (0, 0, "0 images"),
        (None, None, ""),
    ],
)
def test_a_project_says_what_is_left_to_do_in_it(qtbot, tmp_path, images, reviewed, words):
    row = ProjectRow(ProjectCard(tmp_path / "savanna", "savanna", images, reviewed))
    qtbot.addWidget(row)
    assert row.words() == words
    assert row.accessibleName() == f"savanna: {words}"


def test_the_latest_project_keeps_the_focus_in_a_window_that_is_not_active_yet(qtbot, make, tmp_path):
    window = make()
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    start = window.start
    start.set_cards([plain_card(tmp_path / "one"), plain_card(tmp_path / "two")])
    start.focus_first()
    start.set_cards([replace(plain_card(tmp_path / "one"), images=3), plain_card(tmp_path / "two")])
    assert window.focusWidget() is start.recent.rows()[0]


def test_arrow_keys_move_between_rows_and_the_cross_removes_one(qtbot, make, tmp_path):
    window = make()
    for name in ("one", "two", "three"):
        window.preferences.remember_project(tmp_path / name)
    window.start_controller.refresh()
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


def drop(window, *paths, possible=Qt.DropAction.MoveAction | Qt.DropAction.CopyAction):
    """What the desktop sends when files or folders are dragged onto the page and let go; whether it may."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(40, 40), possible, data, left, none)
    QApplication.sendEvent(window.start, enter)
    dropped = QDropEvent(QPoint(40, 40), possible, data, left, none)
    if enter.isAccepted():
        assert enter.dropAction() in {Qt.DropAction.CopyAction, Qt.DropAction.LinkAction}
        QApplication.sendEvent(window.start, dropped)
        assert dropped.dropAction() in {Qt.DropAction.CopyAction, Qt.DropAction.LinkAction}
    return enter.isAccepted()


def test_dropped_project_is_opened(qtbot, make, folder):
    window = make()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        drop(window, folder)
    assert window.session.info.folder == folder
    settle(qtbot, window)


@pytest.mark.slow
def test_a_project_that_cannot_be_created_is_reported_once(qtbot, make, tmp_path):
    window = make()
    window.start.create_wanted.emit(NewProject(tmp_path / "new", [tmp_path / "gone"]))
    qtbot.waitUntil(lambda: str(tmp_path / "gone") in window.start.problem.text(), timeout=PATIENCE)
    assert window.jobs.jobs() == []
    assert not window.start.jobs.isVisible()


def test_a_dropped_folder_of_images_starts_a_new_project_and_a_file_is_refused(qtbot, make, images_folder):
    window = make()
    drop(window, images_folder / "one.png")
    qtbot.waitUntil(lambda: "is not a folder" in window.start.problem.text(), timeout=PATIENCE)
    drop(window, images_folder)
    qtbot.waitUntil(lambda: window.start.form_shown, timeout=PATIENCE)
    form = window.start.form
    assert form.folders.paths() == [images_folder]
    creatable(qtbot, form)
    assert window.start.problem.text() == ""
    (images_folder.parent / "names.txt").write_text("owl\nfox", encoding="utf-8")
    (images_folder.parent / "second").mkdir()
    drop(window, images_folder.parent / "names.txt", images_folder.parent / "second")
    qtbot.waitUntil(lambda: len(form.folders.paths()) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: form.categories.names() == ["owl", "fox"], timeout=PATIENCE)


def test_a_drop_that_would_move_the_files_is_refused(make, images_folder):
    assert not drop(make(), images_folder, possible=Qt.DropAction.MoveAction)


def test_what_a_dragged_folder_would_do_is_said_before_it_is_dropped(qtbot, make, opened, images_folder):
    window = make()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(images_folder))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(40, 40), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(window.start, enter)
    assert "open the project, or to start a new one" in window.start.drop_hint.words()
    QApplication.sendEvent(window.start, QDragLeaveEvent())
    assert window.start.drop_hint.words() == ""
    window.start.show_form()
    QApplication.sendEvent(window.start, enter)
    assert "add this folder" in window.start.drop_hint.words()
    QApplication.sendEvent(window.start, QDragLeaveEvent())


def test_a_form_that_is_left_is_empty_the_next_time_and_typing_does_not_append(qtbot, make, images_folder):
    window = make()
    form = window.start.form
    qtbot.mouseClick(window.start.new_button, Qt.MouseButton.LeftButton)
    type_text(window, str(images_folder))
    form.categories.edit.setPlainText("owl")
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.mouseClick(window.start.new_button, Qt.MouseButton.LeftButton)
    type_text(window, "/srv")
    assert path_field(form).text() == "/srv"
    assert form.categories.edit.toPlainText() == ""


def test_the_form_does_not_move_when_a_folder_is_known_and_its_pictures_arrive(qtbot, make, images_folder):
    window = make()
    form = window.start.form
    qtbot.mouseClick(window.start.new_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.models.entries()) > 10, timeout=PATIENCE)
    qtbot.wait(20)
    parts = (form.models, form.categories.edit, form.folder)
    before = [part.mapTo(window, QPoint(0, 0)).y() for part in parts]
    type_text(window, str(images_folder))
    creatable(qtbot, form)
    qtbot.waitUntil(lambda: bool(form.folders.strip.pictures()), timeout=PATIENCE)
    qtbot.wait(20)
    assert form.folders.strip.isVisible()
    assert [part.mapTo(window, QPoint(0, 0)).y() for part in parts] == before


def test_the_first_start_shows_how_it_works(make):
    window = make()
    assert window.start.steps.isVisible()
    assert not window.start.recent_title.isVisible()
    assert window.start.new_button.hasFocus()


def test_a_new_project_is_started_by_key_and_the_open_one_stays_open(qtbot, opened, folder):
    window = opened()
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form = window.start.form
    assert path_field(form).hasFocus()
    assert window.session.info.folder == folder
    assert not window.commands.frame.action("query").isEnabled()
    qtbot.mouseClick(form.back, Qt.MouseButton.LeftButton)
    assert window.workspace.isVisible()
    assert window.commands.frame.action("query").isEnabled()


@pytest.mark.slow
def test_the_open_project_gives_way_when_the_new_one_is_created(qtbot, opened, images_folder):
    window = opened()
    form = window.start.form
    press(qtbot, window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    form.models.offered["bundled"].setChecked(True)
    form.add_folders([images_folder])
    creatable(qtbot, form)
    with qtbot.waitSignal(window.session.opened, timeout=PATIENCE) as opening:
        qtbot.mouseClick(form.create_button, Qt.MouseButton.LeftButton)
    assert opening.args[0].folder == images_folder / ".tailspotter"
    qtbot.waitUntil(lambda: window.session.info.indexed == 5, timeout=PATIENCE)
    settle(qtbot, window)


def test_a_folder_that_is_not_a_project_is_explained_on_the_page(qtbot, make, tmp_path, monkeypatch):
    window = make()
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    with qtbot.waitSignal(window.session.open_failed, timeout=PATIENCE):
        qtbot.mouseClick(window.start.open_button, Qt.MouseButton.LeftButton)
    assert "not a Tailspotter project" in window.start.problem.text()


def test_a_project_of_a_newer_version_is_explained_on_the_page(qtbot, make, folder):
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
    assert window.start.isVisible()
