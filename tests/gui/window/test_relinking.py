# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Missing images in new files, a new place of a folder, and watched folders, in the window."""

import threading

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, stored

from app.domain.labels import Decision, LabelState
from app.services.images.scan import scan
from app.services.labelling.decisions import decide
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import images

LEFT = Qt.MouseButton.LeftButton


def notices(window):
    return [toast.notice for toast in window.toasts.toasts()]


def picture(path, seed, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.effect_noise((96, 64), 60 + seed).convert("RGB").resize((192, 128))
    image.paste((20 * seed, 90, 200 - 20 * seed), (10 * seed, 10, 60 + 10 * seed, 100))
    image.save(path, quality=90, **options)
    return image


def tag_and_move(source, target):
    """As a tagger and a tidy person do: other metadata, another name; the encoded picture stays."""
    data = source.read_bytes()
    comment = b"\xff\xfe\x00\x0dtagged here"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data[:2] + comment + data[2:])
    source.unlink()


@pytest.fixture
def tagged(tmp_path):
    """A project with three labelled photographs, two of which were tagged and moved since."""
    photos = tmp_path / "photos"
    for seed in range(3):
        picture(photos / f"a{seed}.jpg", seed)
    with create_project(tmp_path / "p", [photos], ["fox"]) as project:
        scan(project)
        with project.db.read() as s:
            ids = [one.id for one in images.all_images(s)]
        decide(project, [Decision(one, 1, LabelState.YES) for one in ids])
    for seed in range(2):
        tag_and_move(photos / f"a{seed}.jpg", photos / "tidy" / f"b{seed}.jpg")
    return project.folder


def panel_of(qtbot, window):
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "relink", timeout=PATIENCE)
    return window.folders.relink_panel


def scanned(qtbot, window):
    window.jobs.start_scan()
    qtbot.waitUntil(lambda: any(one.action for one in notices(window)), timeout=PATIENCE)
    return next(one for one in notices(window) if one.action)


def test_a_scan_offers_moved_and_changed_files_and_a_person_decides(qtbot, make, tagged):
    window = make()
    open_in(qtbot, window, tagged)
    told = scanned(qtbot, window)
    assert told.what == "2 missing images seem to have been moved and changed."
    told.action.run()
    panel = panel_of(qtbot, window)
    assert panel.title.text() == "2 missing images may be in new files"
    assert (panel.before.name.text(), panel.after.name.text()) == ("a0.jpg", "tidy/b0.jpg")
    assert panel.after.picture.image() is not None
    qtbot.mouseClick(panel.same, LEFT)
    qtbot.waitUntil(lambda: panel.before.name.text() == "a1.jpg" and panel.same.isEnabled(), timeout=PATIENCE)
    qtbot.mouseClick(panel.different, LEFT)
    qtbot.waitUntil(
        lambda: panel.title.text() == "No missing image was found in a new file", timeout=PATIENCE
    )
    settle(qtbot, window)
    assert set(stored(tagged)[0]) == {("tidy/b0.jpg", "fox"), ("a1.jpg", "fox"), ("a2.jpg", "fox")}
    # a refused pair is not offered again, and the link can be undone
    qtbot.mouseClick(panel.undo, LEFT)
    qtbot.waitUntil(
        lambda: panel.before.name.text() == "a0.jpg" and len(panel.pairs()) == 1, timeout=PATIENCE
    )
    settle(qtbot, window)
    assert ("a0.jpg", "fox") in stored(tagged)[0]


def test_all_pairs_can_be_linked_at_once(qtbot, make, tagged):
    window = make()
    open_in(qtbot, window, tagged)
    scanned(qtbot, window).action.run()
    panel = panel_of(qtbot, window)
    assert panel.all.text() == "All 2 are the same"
    qtbot.mouseClick(panel.all, LEFT)
    qtbot.waitUntil(lambda: not panel.pairs() and not panel.same.isVisible(), timeout=PATIENCE)
    settle(qtbot, window)
    names = {name for name, _ in stored(tagged)[0]}
    assert names == {"a2.jpg", "tidy/b0.jpg", "tidy/b1.jpg"}
    qtbot.waitUntil(lambda: window.workspace.library.gallery.count() == 3, timeout=PATIENCE)


def test_a_new_place_shows_how_many_images_are_there_before_it_is_used(qtbot, make, folder, monkeypatch):
    photos = folder.parent / "photos"
    moved = folder.parent / "disk" / "photos"
    moved.parent.mkdir()
    photos.rename(moved)
    (moved / "red0.png").rename(moved / "first.png")
    window = make()
    open_in(qtbot, window, folder)
    # the folder above the right one is chosen
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(moved.parent))
    window.commands.frame.action("relocate").trigger()
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "locate", timeout=PATIENCE)
    panel = window.folders.locate_panel
    assert panel.new.text() == f"Now: {moved}"
    assert panel.result.text() == "11 of 12 images are there."
    assert "near the folder that you chose" in panel.rest.text()
    assert "for example red0.png" in panel.rest.text()
    with open_project(folder) as project, project.db.read() as s:
        assert set(images.roots(s).values()) == {photos}  # nothing is recorded yet
    qtbot.mouseClick(panel.use, LEFT)
    qtbot.waitUntil(lambda: not window.workspace.warning.isVisible(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=PATIENCE)
    settle(qtbot, window)
    with open_project(folder) as project, project.db.read() as s:
        assert set(images.roots(s).values()) == {moved}
        assert images.counts(s).missing == 0


def test_the_command_for_duplicates_shows_copies(qtbot, opened, folder):
    photos = folder.parent / "photos"
    (photos / "copy.png").write_bytes((photos / "red0.png").read_bytes())
    window = opened()
    window.jobs.start_scan()
    qtbot.waitUntil(lambda: window.workspace.library.gallery.count() == 13, timeout=PATIENCE)
    window.commands.frame.action("duplicates").trigger()
    qtbot.waitUntil(lambda: window.workspace.library.gallery.count() == 2, timeout=PATIENCE)
    assert window.session.query == "is:duplicate"
    settle(qtbot, window)


def watchers():
    return [one.name for one in threading.enumerate() if "folder-watch" in one.name or "Inotify" in one.name]


def test_new_images_appear_while_folders_are_watched_and_nothing_is_left_running(
    qtbot, opened, folder, monkeypatch, make_image
):
    from app.services.images import watching

    monkeypatch.setattr(
        watching.FolderWatch.__init__,
        "__kwdefaults__",
        {
            **watching.FolderWatch.__init__.__kwdefaults__,
            "quiet_seconds": 0.3,
        },
    )
    window = opened()
    assert not window.watching.watching
    window.preferences.set(watch_folders=True)
    qtbot.waitUntil(lambda: window.watching.watching, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.watching._watch.wait_until_ready(0), timeout=PATIENCE)
    make_image(folder.parent / "photos" / "sub" / "new.png", size=(33, 22))
    qtbot.waitUntil(lambda: window.workspace.library.gallery.count() == 13, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=PATIENCE)
    settle(qtbot, window)
    window.preferences.set(watch_folders=False)
    assert not window.watching.watching
    assert watchers() == []


def test_pictures_that_look_alike_are_shown_in_groups_and_found_in_the_library(qtbot, make, tmp_path):
    photos = tmp_path / "photos"
    for seed in range(2):
        picture(photos / f"[a] {seed}*.jpg", seed).resize((96, 64)).save(photos / f"small {seed}.jpg")
    with create_project(tmp_path / "p", [photos], ["fox"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    window.commands.frame.action("near_duplicates").trigger()
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "duplicates", timeout=PATIENCE)
    panel = window.folders.duplicates_panel
    assert panel.title.text() == "2 groups of duplicates"
    assert panel.kind.text() == "Group 1: pictures that look alike"
    assert [name.text() for name in panel.names] == ["[a] 0*.jpg", "small 0.jpg", "", ""]
    qtbot.mouseClick(panel.next, LEFT)
    assert not panel.next.isEnabled()
    qtbot.mouseClick(panel.show_button, LEFT)
    qtbot.waitUntil(lambda: window.workspace.library.gallery.count() == 2, timeout=PATIENCE)
    assert window.commands.panels.shown() is None
    settle(qtbot, window)
