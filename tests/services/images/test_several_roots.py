"""Several image folders with equal names inside, and folders that nobody may write to."""

import os
import stat

import pytest
from PIL import Image

from app.domain.labels import Decision, LabelState
from app.services.images import relinking
from app.services.images.duplicates import find_duplicates
from app.services.images.scan import scan
from app.services.images.thumbnail_run import make_all
from app.services.labelling.decisions import decide, image_states
from app.services.project.creation import create_project
from app.storage import images

YES = LabelState.YES


@pytest.fixture
def roots(tmp_path):
    """Two folders with the same three names and other pictures."""
    for place, name in enumerate(("north", "south")):
        for number in range(3):
            path = tmp_path / name / "cam1" / f"IMG_{number}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.effect_noise((64, 48), 30 + 40 * place + 10 * number).save(path)
    return tmp_path / "north", tmp_path / "south"


@pytest.fixture
def library(tmp_path, roots):
    with create_project(tmp_path / "p", roots, ["fox"]) as project:
        scan(project)
        yield project


def label(project, name):
    with project.db.read() as s:
        number = images.find(s, name).id
    decide(project, [Decision(number, 1, YES)])
    return number


def labelled(project):
    with project.db.read() as s:
        found = images.all_images(s)
    return {(one.name, one.state.value) for one in found if image_states(project, one.id)[1] is YES}


def test_equal_names_in_two_folders_stay_two_images(library, roots):
    label(library, "north/cam1/IMG_0.jpg")
    assert labelled(library) == {("north/cam1/IMG_0.jpg", "ok")}
    (roots[1] / "cam1" / "IMG_0.jpg").unlink()
    assert scan(library).lost == [("south/cam1/IMG_0.jpg", "the file is gone")]
    assert labelled(library) == {("north/cam1/IMG_0.jpg", "ok")}


def test_files_that_change_places_between_the_folders_take_their_labels_along(library, roots):
    label(library, "north/cam1/IMG_0.jpg")
    one, other = (root / "cam1" / "IMG_0.jpg" for root in roots)
    aside = roots[0].parent / "aside.jpg"
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    assert scan(library).moved == 2
    assert labelled(library) == {("south/cam1/IMG_0.jpg", "ok")}


def test_a_tagged_file_that_went_to_the_other_folder_is_offered(library, roots):
    number = label(library, "north/cam1/IMG_0.jpg")
    source = roots[0] / "cam1" / "IMG_0.jpg"
    data = source.read_bytes()
    (roots[1] / "cam2").mkdir()
    (roots[1] / "cam2" / "IMG_0.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x05fox" + data[2:])
    source.unlink()
    (pair,) = scan(library).relinkable
    assert (pair.missing.name, pair.new.name) == ("north/cam1/IMG_0.jpg", "south/cam2/IMG_0.jpg")
    relinking.relink(library, [(pair.missing.id, pair.new.id)])
    assert labelled(library) == {("south/cam2/IMG_0.jpg", "ok")}
    assert relinking.undo_relink(library) == 1
    with library.db.read() as s:
        assert images.get(s, number).name == "north/cam1/IMG_0.jpg"


def contents(folder):
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in (folder, *folder.rglob("*"))
    }


def test_nothing_is_ever_written_into_an_image_folder(library, roots):
    before = [contents(root) for root in roots]
    modes = {}
    for root in roots:
        for path in (root, *root.rglob("*")):
            modes[path] = stat.S_IMODE(os.stat(path).st_mode)  # noqa: PTH116
            path.chmod(modes[path] & ~0o222)
    try:
        label(library, "north/cam1/IMG_0.jpg")
        scan(library)
        make_all(library)
        find_duplicates(library, near=True)
        relinking.candidates(library)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert [contents(root) for root in roots] == before
