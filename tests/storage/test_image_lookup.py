"""Finding the image that a person means, and counting."""

import unicodedata

import pytest

from app.domain.errors import NotFoundError
from app.domain.images import ImageState
from app.storage import images


@pytest.fixture
def s(tmp_path, project):
    """A session over images without files: only their paths matter here."""
    paths = [
        "a/cat.jpg",
        "a/dog.jpg",
        "b/dog.jpg",
        "b/un été.jpg",
        "b/100%_sure.jpg",
        "x.y.png",
        "b/\udcff.jpg",
    ]
    row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
    with project.db.write() as session:
        images.add_many(session, [{**row, "path": path} for path in paths])
    with project.db.read() as session:
        yield session


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("a/cat.jpg", "a/cat.jpg"),
        ("cat.jpg", "a/cat.jpg"),
        ("cat", "a/cat.jpg"),
        ("a/dog.jpg", "a/dog.jpg"),
        ("one", "one.png"),
        ("un été.jpg", "b/un été.jpg"),
        (unicodedata.normalize("NFD", "un été"), "b/un été.jpg"),
        (unicodedata.normalize("NFD", "b/un été.jpg"), "b/un été.jpg"),
        ("100%_sure", "b/100%_sure.jpg"),
        ("x.y", "x.y.png"),
        ("\udcff.jpg", "b/\udcff.jpg"),
        ("./a/cat.jpg", "a/cat.jpg"),
        ("./cat.jpg", "a/cat.jpg"),
        ("a//cat.jpg", "a/cat.jpg"),
        ("b/../a/./cat.jpg", "a/cat.jpg"),
        ("a\\cat.jpg", "a/cat.jpg"),
    ],
)
def test_an_image_is_found_by_path_name_or_stem_however_it_is_written(s, reference, path):
    assert images.find(s, reference).path == path


@pytest.mark.parametrize("ending", ["", ".jpg"])
def test_the_very_spelling_decides_between_composed_and_decomposed_names(project, ending):
    row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
    composed, decomposed = "\u00e9t\u00e9", "e\u0301te\u0301"
    with project.db.write() as session:
        rows = [{**row, "path": f"sub/{name}.jpg"} for name in (composed, decomposed)]
        images.add_many(session, rows)
    with project.db.read() as session:
        for name in (composed, decomposed):
            assert images.find(session, name + ending).path == f"sub/{name}.jpg"


def test_an_image_is_found_by_its_absolute_path(s, images_folder):
    assert images.find(s, str(images_folder / "one.png")).path == "one.png"


def test_an_image_is_found_through_a_link_to_its_folder(s, images_folder, tmp_path):
    (tmp_path / "link").symlink_to(images_folder)
    assert images.find(s, str(tmp_path / "link" / "one.png")).path == "one.png"


def test_a_name_that_fits_several_images_is_refused_with_the_candidates(s):
    with pytest.raises(
        NotFoundError, match=r"'dog' fits 2 images \('a/dog.jpg', 'b/dog.jpg'\); give the path"
    ):
        images.find(s, "dog")


def test_of_two_images_of_one_name_the_one_that_is_there_is_meant(project, s):
    with project.db.write() as w:
        images.set_missing(w, [images.find(w, "a/dog.jpg").id])
    with project.db.read() as r:
        assert images.find(r, "dog").path == "b/dog.jpg"


def test_an_unknown_image_is_refused_with_near_ones(s):
    with pytest.raises(
        NotFoundError, match=r"no image 'catt.jpg' in this project; similar names: 'a/cat.jpg'"
    ):
        images.find(s, "catt.jpg")


@pytest.mark.parametrize("reference", ["", "%", "_ne.png", "/", "/etc/passwd", "../one.png"])
def test_wild_references_find_nothing(s, reference):
    with pytest.raises(NotFoundError):
        images.find(s, reference)


def test_counts_add_up(project):
    with project.db.write() as w:
        images.set_missing(w, [1])
        images.set_unreadable(w, 2, "damaged")
    with project.db.read() as r:
        assert images.counts(r) == images.ImageCounts(total=5, ok=3, unreadable=1, missing=1, reviewed=0)
        assert [image.id for image in images.all_images(r, ImageState.UNREADABLE)] == [2]
        assert images.get(r, 2).problem == "damaged"


def test_a_root_beside_the_project_moves_with_it(project, tmp_path):
    with project.db.write() as w:
        inner = images.add_root(w, project.folder / "inside")
        assert images.add_root(w, project.folder / "inside") == inner
    with project.db.read() as r:
        assert images.roots(r) == {1: tmp_path / "images", inner: project.folder / "inside"}
        r.info["folder"] = tmp_path / "elsewhere"
        assert images.roots(r) == {1: tmp_path / "images", inner: tmp_path / "elsewhere" / "inside"}
