"""A missing image is offered the new file that shows its picture; labels, reviews and history go with it."""

import io

import numpy as np
import pytest
from PIL import Image

from app.domain.errors import BadInputError, CancelledError, NotFoundError
from app.domain.labels import Decision, LabelState, Source
from app.domain.relinking import Likeness
from app.services.images import relinking
from app.services.images.scan import scan
from app.services.images.thumbnail_run import make_all
from app.services.labelling.decisions import decide, image_states, review, undo
from app.services.labelling.steps import step
from app.services.project.creation import create_project
from app.storage import changed_images, images, predictions

YES = LabelState.YES


def scene(seed, size=(160, 120)):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def write(path, seed, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    scene(seed, options.pop("size", (160, 120))).save(path, **options)


def tag(source, target, words=b"fox"):
    """Rewrite a JPEG with a comment under another name."""
    data = source.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + data[2:])
    source.unlink()


@pytest.fixture
def photos(tmp_path):
    for seed in range(4):
        write(tmp_path / "photos" / f"{seed}.jpg", seed, quality=92)
    return tmp_path / "photos"


@pytest.fixture
def library(tmp_path, photos):
    with create_project(tmp_path / "p", [photos], ["fox", "owl"]) as project:
        scan(project)
        yield project


def number(project, name):
    with project.db.read() as s:
        return images.find(s, name).id


def names(project):
    with project.db.read() as s:
        return {one.id: (one.name, one.state.value) for one in images.all_images(s)}


def suggested(project):
    with project.db.read() as s:
        return predictions.of_images(s, names(project))


def pairs(found):
    return {(one.missing.name, one.new.name): one.likeness for one in found}


def label(project, name, category=1):
    decide(project, [Decision(number(project, name), category, YES)])


def test_a_tagged_and_moved_file_is_offered_and_never_linked_by_itself(library, photos):
    label(library, "0.jpg")
    tag(photos / "0.jpg", photos / "tidy" / "fox.jpg")
    report = scan(library)
    assert (report.added, report.missing) == (1, 1)
    (one,) = report.relinkable
    assert (one.missing.name, one.new.name, one.value, one.answered) == ("0.jpg", "tidy/fox.jpg", 1.0, True)
    assert one.likeness is Likeness.SAME_PICTURE
    assert image_states(library, number(library, "tidy/fox.jpg"))[1] is LabelState.UNKNOWN


def test_linking_moves_labels_review_and_history_and_doubles_nothing(library, photos):
    old = number(library, "0.jpg")
    label(library, "0.jpg")
    review(library, [old])
    tag(photos / "0.jpg", photos / "tidy" / "fox.jpg")
    (one,) = scan(library).relinkable
    done = relinking.relink(library, [(one.missing.id, one.new.id)])
    assert (done.linked, done.answered) == (1, 1)
    assert names(library)[old] == ("tidy/fox.jpg", "ok")
    assert len(names(library)) == 4
    assert image_states(library, old) == {1: YES, 2: LabelState.NO}  # the review counts: the same picture
    undo(library)
    assert image_states(library, old)[2] is LabelState.UNKNOWN
    again = scan(library)
    assert (again.unchanged, again.missing, again.relinkable) == (4, 0, ())
    assert relinking.candidates(library) == []


def test_undo_gives_the_image_its_former_place_and_the_file_a_row_of_its_own(library, photos):
    old = number(library, "0.jpg")
    label(library, "0.jpg")
    tag(photos / "0.jpg", photos / "fox.jpg")
    (one,) = scan(library).relinkable
    relinking.relink(library, [(one.missing.id, one.new.id)])
    assert relinking.undo_relink(library) == 1
    assert names(library)[old] == ("0.jpg", "missing")
    assert sorted(names(library).values())[-1] == ("fox.jpg", "ok")
    assert image_states(library, old)[1] is YES
    assert pairs(relinking.candidates(library)) == {("0.jpg", "fox.jpg"): Likeness.SAME_PICTURE}
    with pytest.raises(BadInputError, match="nothing to undo"):
        relinking.undo_relink(library)
    scan(library)
    assert len(names(library)) == 5


def test_imported_suggestions_of_the_new_file_go_to_the_image_that_takes_it(library, photos):
    old = number(library, "0.jpg")
    tag(photos / "0.jpg", photos / "fox.jpg")
    (one,) = scan(library).relinkable
    with step(library, source=Source.IMPORT, description="first") as first:
        first.predict("detector", {old: {1: 0.4}, one.new.id: {1: 0.7, 2: 0.6}})
    with step(library, source=Source.IMPORT, description="other") as other:
        other.predict("other", {one.new.id: {2: 0.9}})
    relinking.relink(library, [(old, one.new.id)])
    found = {(each.image_id, each.category_id, each.score) for each in suggested(library)}
    assert found == {(old, 1, 0.7), (old, 2, 0.9)}
    undo(library)
    assert {(each.category_id, each.score) for each in suggested(library)} == {(1, 0.7), (2, 0.6)}
    assert relinking.undo_relink(library) == 1
    assert {each.image_id for each in suggested(library)} == {old}


def test_undo_leaves_an_image_whose_file_has_changed_since(library, photos):
    tag(photos / "0.jpg", photos / "fox.jpg")
    (one,) = scan(library).relinkable
    relinking.relink(library, [(one.missing.id, one.new.id)])
    write(photos / "fox.jpg", 77)
    scan(library)
    assert relinking.undo_relink(library) == 0
    assert names(library)[one.missing.id] == ("fox.jpg", "ok")


def test_a_file_of_lower_quality_is_recognised_by_its_thumbnail(library, photos):
    """The missing file was seen before, so a thumbnail of it was kept."""
    old = number(library, "0.jpg")
    review(library, [old])
    make_all(library)
    (photos / "0.jpg").unlink()
    write(photos / "web.jpg", 0, quality=40, size=(120, 90))
    (one,) = scan(library).relinkable
    assert (one.likeness, one.new.name) == (Likeness.SIMILAR, "web.jpg")
    assert 0.85 < one.value < 1
    relinking.relink(library, [(one.missing.id, one.new.id)])
    # the picture is not the very same, so its review waits for a second look
    with library.db.read() as s:
        assert changed_images.changed_ids(s) == {old}
    relinking.undo_relink(library)
    with library.db.read() as s:
        assert images.get(s, old).reviewed_at is not None


def test_without_thumbnail_look_or_features_only_the_encoded_picture_is_compared(library, photos):
    (photos / "0.jpg").unlink()
    write(photos / "web.jpg", 0, quality=40)
    assert scan(library).relinkable == []


def test_features_find_what_no_thumbnail_shows(library, photos):
    from app.services.features.indexing import feature_store
    from app.storage import image_models

    gone = number(library, "0.jpg")
    (photos / "0.jpg").unlink()
    write(photos / "web.jpg", 0, quality=30)
    scan(library)
    new = number(library, "web.jpg")
    with library.db.write() as s:
        image_models.set_key(s, library.backbone, "key-1")
    store = feature_store(library, "key-1")
    rng = np.random.default_rng(0)
    vector = rng.standard_normal(64)
    rows = np.stack([vector, vector + 0.05 * rng.standard_normal(64), rng.standard_normal(64)])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    store.append([gone, new, number(library, "1.jpg")], [1, 2, 3], rows.astype(np.float32))
    (one,) = relinking.candidates(library)
    assert (one.new.name, one.likeness) == ("web.jpg", Likeness.FEATURES)


def test_each_new_file_is_offered_once_and_images_with_answers_first(library, photos):
    (photos / "copy.jpg").write_bytes((photos / "0.jpg").read_bytes())
    scan(library)
    label(library, "copy.jpg")
    (photos / "copy.jpg").unlink()
    tag(photos / "0.jpg", photos / "fox.jpg")
    found = scan(library).relinkable
    assert pairs(found) == {("copy.jpg", "fox.jpg"): Likeness.SAME_PICTURE}


def test_a_refused_pair_is_not_offered_again(library, photos):
    tag(photos / "0.jpg", photos / "fox.jpg")
    (one,) = scan(library).relinkable
    relinking.refuse(library, [(one.missing.id, one.new.id)])
    assert relinking.candidates(library) == []
    assert scan(library).relinkable == []


def test_what_cannot_be_linked_is_refused_and_nothing_is_changed(library, photos):
    tag(photos / "0.jpg", photos / "fox.jpg")
    tag(photos / "1.jpg", photos / "owl.jpg")
    scan(library)
    gone, also, new = number(library, "0.jpg"), number(library, "1.jpg"), number(library, "fox.jpg")
    other = number(library, "2.jpg")
    before = names(library)
    for wrong, words in (
        ([(gone, new), (also, new)], "no longer there"),
        ([(gone, 999)], "no longer there"),
        ([(other, new)], "is not missing"),
        ([(gone, also)], "cannot be read"),
    ):
        with pytest.raises(BadInputError, match=words):
            relinking.relink(library, wrong)
    label(library, "fox.jpg", 2)
    with pytest.raises(BadInputError, match="labels or a history of its own"):
        relinking.relink(library, [(gone, new)])
    assert names(library) == before
    with pytest.raises(NotFoundError, match=r"no missing image '2\.jpg'"):
        relinking.find_pair(library, "2.jpg", "fox.jpg")
    assert relinking.find_pair(library, "0.jpg", "fox.jpg") == (gone, new)


def test_images_on_an_unplugged_disk_are_not_offered_other_files(tmp_path, photos):
    other = tmp_path / "other"
    for seed in range(4):
        tag(photos / f"{seed}.jpg", other / f"{seed}.jpg")
    for seed in range(4):
        write(photos / f"{seed}.jpg", seed, quality=92)
    with create_project(tmp_path / "p", [photos, other]) as project:
        (other / "0.jpg").rename(tmp_path / "aside.jpg")
        scan(project)
        (tmp_path / "aside.jpg").rename(other / "0.jpg")
        photos.rename(tmp_path / "unplugged")
        assert scan(project).relinkable == []


def test_a_stop_changes_nothing(library, photos):
    make_all(library)
    (photos / "0.jpg").unlink()
    write(photos / "web.jpg", 0, quality=40)
    scan(library)
    with library.db.write() as s:
        from app.storage.models import PICTURE

        s.execute(PICTURE.update().values(look=None))
    with pytest.raises(CancelledError):
        relinking.candidates(library, should_stop=lambda: True)


def test_a_picture_that_only_got_other_metadata_is_not_a_changed_one(library, photos):
    one = number(library, "0.jpg")
    label(library, "0.jpg")
    review(library, [one])
    data = (photos / "0.jpg").read_bytes()
    (photos / "0.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x05fox" + data[2:])
    report = scan(library)
    assert (report.changed, report.changed_labelled) == (1, [])
    assert image_states(library, one) == {1: YES, 2: LabelState.NO}
    stream = io.BytesIO()
    scene(9).save(stream, "JPEG")
    (photos / "0.jpg").write_bytes(stream.getvalue())
    assert [changed.name for changed in scan(library).changed_labelled] == ["0.jpg"]


def test_a_project_of_an_earlier_version_learns_its_pictures_at_a_scan_labelled_ones_first(
    library, photos, monkeypatch
):
    from app.services.images import known_pictures
    from app.storage import pictures
    from app.storage.models import PICTURE

    label(library, "2.jpg")
    with library.db.write() as s:
        s.execute(PICTURE.delete())
    monkeypatch.setattr(known_pictures, "_BATCH", 1)
    monkeypatch.setattr(known_pictures, "SECONDS", 0.0)
    times = iter([0.0, 0.0, 1.0])
    monkeypatch.setattr(known_pictures, "monotonic", lambda: next(times))
    scan(library)
    with library.db.read() as s:
        (known,) = pictures.get_many(s, [one.content_hash for one in images.all_images(s)])
        assert known == images.find(s, "2.jpg").content_hash
    monkeypatch.undo()
    assert scan(library).unchanged == 4
    tag(photos / "2.jpg", photos / "fox.jpg")
    assert [one.new.name for one in scan(library).relinkable] == ["fox.jpg"]
