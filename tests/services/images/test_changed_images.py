"""A file that holds another picture than before: labels stay, a review does not count until looked at."""

import pytest

from app.domain.labels import Decision, LabelState, Source
from app.services.images.scan import ChangedImage, scan
from app.services.insights import stats
from app.services.labelling.decisions import decide, image_states, label_states, redo, review, undo
from app.services.query.find import build_context, refresh, run_query, select
from app.storage import changed_images, images

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
CAT, DOG, BIRD = 1, 2, 3


@pytest.fixture
def number(project):
    """``number("one.png")``"""

    def find(name):
        with project.db.read() as s:
            return images.find(s, name).id

    return find


@pytest.fixture
def replace(project, images_folder, make_image):
    """``replace("one.png")`` writes another picture there and scans; a second width gives a third picture."""

    def write(name, width=30):
        make_image(images_folder / name, size=(width, 20))
        return scan(project)

    return write


def changed(project):
    with project.db.read() as s:
        found = changed_images.changed_ids(s)
        return sorted(images.get(s, one).name for one in found)


def reviewed(project):
    with project.db.read() as s:
        return sorted(images.get(s, one).name for one in run_query(project, "is:reviewed"))


def say(project, image_id, category_id, state=YES):
    return decide(project, [Decision(image_id, category_id, state)])


def test_the_no_implied_by_a_review_ends_when_the_picture_is_replaced(project, number, replace):
    one = number("one.png")
    say(project, one, CAT)
    review(project, [one, number("two.png")])
    replace("one.png")
    assert image_states(project, one) == {CAT: YES, DOG: UNKNOWN, BIRD: UNKNOWN}
    assert reviewed(project) == ["two.png"]
    table = label_states(project)
    assert table.matrix()[table.image_ids.index(one)].tolist() == [1, -1, -1]
    numbers = stats(project)
    assert (numbers.images.reviewed, numbers.images.changed) == (1, 1)
    assert [row.no for row in numbers.categories] == [1, 1, 1]
    with project.db.read() as s:
        assert images.get(s, one).reviewed_at is None


def test_a_scan_lists_what_carries_labels_or_a_review_until_somebody_has_looked(project, number, replace):
    one, two, three = number("one.png"), number("two.png"), number("three.png")
    say(project, one, CAT)
    say(project, one, DOG, NO)
    review(project, [two])
    say(project, three, BIRD)
    for name in ("one.png", "two.png", "four.png"):
        report = replace(name)
    assert report.changed_labelled == [
        ChangedImage("one.png", 1, 1, reviewed=False),
        ChangedImage("two.png", 0, 0, reviewed=True),
    ]
    review(project, [one])
    assert [image.name for image in scan(project).changed_labelled] == ["two.png"]


def test_changed_images_are_found_by_a_query(project, number, replace):
    one, two = number("one.png"), number("two.png")
    say(project, one, CAT)
    review(project, [two])
    context = build_context(project)
    assert select(context, "is:changed") == []
    replace("one.png")
    replace("two.png")
    assert run_query(project, "is:changed") == [one, two]
    assert run_query(project, "is:changed cat") == [one]
    assert one not in run_query(project, "-is:changed")
    context = build_context(project)
    assert select(context, "is:changed") == [one, two]
    context = refresh(project, context, review(project, [one]))
    assert select(context, "is:changed") == [two]
    context = refresh(project, context, undo(project))
    assert select(context, "is:changed") == [one, two]


def test_reviewing_the_new_picture_ends_it_and_undo_brings_it_back_exactly(project, number, replace):
    one = number("one.png")
    say(project, one, CAT)
    review(project, [one])
    replace("one.png")
    change = review(project, [one])
    assert [(entry.before, entry.after) for entry in change.reviews] == [(False, True)]
    assert (changed(project), reviewed(project)) == ([], ["one.png"])
    back = undo(project)
    assert [(entry.before, entry.after) for entry in back.reviews] == [(True, False)]
    assert (changed(project), reviewed(project)) == (["one.png"], [])
    redo(project)
    assert (changed(project), reviewed(project)) == ([], ["one.png"])


def test_no_undo_or_redo_makes_a_review_of_the_old_picture_count(project, number, replace):
    one = number("one.png")
    say(project, one, CAT)
    review(project, [one])
    replace("one.png")
    for step in (undo, undo, redo, redo, undo, redo):
        step(project)
        assert reviewed(project) == []
        assert image_states(project, one)[DOG] is UNKNOWN
    assert changed(project) == ["one.png"]


def test_taking_back_the_review_that_is_set_aside_leaves_the_labels_to_check(project, number, replace):
    one, two = number("one.png"), number("two.png")
    say(project, one, CAT)
    review(project, [one, two])
    replace("one.png")
    replace("two.png")
    review(project, [one, two], reviewed=False)
    assert changed(project) == ["one.png"]
    undo(project)
    assert changed(project) == ["one.png", "two.png"]


def test_labels_are_checked_once_each_was_answered_again(project, number, replace):
    one = number("one.png")
    say(project, one, CAT)
    say(project, one, DOG, NO)
    replace("one.png")
    say(project, one, BIRD)
    assert changed(project) == ["one.png"]
    say(project, one, CAT)  # the same answer, about the new picture
    assert changed(project) == ["one.png"]
    say(project, one, DOG, UNKNOWN)
    assert changed(project) == []
    undo(project)
    assert changed(project) == ["one.png"]


def test_a_picture_that_is_put_back_brings_its_review_back(project, images_folder, number, replace):
    original = (images_folder / "one.png").read_bytes()
    one = number("one.png")
    review(project, [one])
    for width in (30, 40):
        replace("one.png", width)
    assert changed(project) == ["one.png"]
    (images_folder / "one.png").write_bytes(original)
    scan(project)
    assert (changed(project), reviewed(project)) == ([], ["one.png"])
    assert image_states(project, one)[DOG] is NO


def test_a_picture_that_is_put_back_under_new_answers_is_to_be_looked_at(
    project, images_folder, number, replace
):
    original = (images_folder / "one.png").read_bytes()
    one = number("one.png")
    say(project, one, CAT)
    replace("one.png")
    review(project, [one])
    (images_folder / "one.png").write_bytes(original)
    scan(project)
    assert (changed(project), reviewed(project)) == (["one.png"], [])


def test_a_file_that_was_damaged_for_a_while_has_not_changed(project, images_folder, number):
    original = (images_folder / "one.png").read_bytes()
    review(project, [number("one.png")])
    (images_folder / "one.png").write_bytes(original[:20])
    scan(project)
    (images_folder / "one.png").write_bytes(original)
    scan(project)
    assert (changed(project), reviewed(project)) == ([], ["one.png"])


def test_a_damaged_file_in_between_hides_no_replacement(project, images_folder, number, replace):
    review(project, [number("one.png")])
    (images_folder / "one.png").write_bytes(b"half a file")
    scan(project)
    replace("one.png")
    assert (changed(project), reviewed(project)) == (["one.png"], [])


def test_another_picture_at_the_place_of_a_missing_one_is_a_replacement(
    project, images_folder, number, replace
):
    review(project, [number("one.png")])
    (images_folder / "one.png").unlink()
    scan(project)
    replace("one.png")
    assert (changed(project), reviewed(project)) == (["one.png"], [])


def test_moved_and_exchanged_files_have_not_changed(project, images_folder, number):
    review(project, [number("one.png"), number("two.png"), number("three.png")])
    (images_folder / "one.png").rename(images_folder / "tmp.png")
    (images_folder / "two.png").rename(images_folder / "one.png")
    (images_folder / "tmp.png").rename(images_folder / "two.png")
    (images_folder / "three.png").rename(images_folder / "six.png")
    report = scan(project)
    assert (report.changed, report.changed_labelled, changed(project)) == (0, [], [])
    assert reviewed(project) == ["one.png", "six.png", "two.png"]


def test_an_old_answer_that_a_redo_brings_back_is_to_be_looked_at(project, number, replace):
    one = number("one.png")
    say(project, one, CAT)
    undo(project)
    replace("one.png")
    assert changed(project) == []
    redo(project)
    assert changed(project) == ["one.png"]


def test_what_an_import_says_again_is_no_look_at_the_new_picture(project, number, replace):
    one = number("one.png")
    say(project, one, CAT)
    replace("one.png")
    decide(project, [Decision(one, CAT, YES)], source=Source.IMPORT)
    assert changed(project) == ["one.png"]
