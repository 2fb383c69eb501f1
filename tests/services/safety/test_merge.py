"""Two people work on copies of one project; a merge is the three-way comparison of what they said."""

import csv
import shutil
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.category_properties import CategoryEdit
from app.domain.errors import BadInputError, NotFoundError, ProjectError, VersionError
from app.domain.labels import Decision, LabelState, Source
from app.domain.merging import Choice, merged
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, label_states, redo, review, undo
from app.services.labelling.steps import step as one_step
from app.services.project import categories as service
from app.services.project.backups import back_up
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.services.safety.check import check
from app.services.safety.conflict_file import read_decisions, write_conflicts
from app.services.safety.merge import merge
from app.storage import categories, images, labels, ledger

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def states(project):
    """The effective state by (image, category), and the reviewed images, all by name."""
    table = label_states(project)
    with project.db.read() as s:
        names = images.names(s)
        known = {one.id: one.name for one in categories.all_categories(s)}
    matrix = table.matrix()
    found = {
        (names[image], known[category]): {1: YES, 0: NO}[int(matrix[row, column])]
        for row, image in enumerate(table.image_ids)
        for column, category in enumerate(table.category_ids)
        if matrix[row, column] >= 0
    }
    return found, {names[image] for image, seen in zip(table.image_ids, table.reviewed, strict=True) if seen}


def expected(base, mine, theirs):
    """The oracle, on dicts."""
    keys = base[0].keys() | mine[0].keys() | theirs[0].keys()
    sides = [{key: one[0].get(key, UNKNOWN) for key in keys} for one in (base, mine, theirs)]
    found = {key: merged(*(side[key] for side in sides))[0] for key in keys}
    names = base[1] | mine[1] | theirs[1]
    reviewed = {name for name in names if merged(*(name in one[1] for one in (base, mine, theirs)))[0]}
    return {key: state for key, state in found.items() if state is not UNKNOWN}, reviewed


def label(project, image, category, state=YES):
    return decide(project, [Decision(image, category, state)])


@pytest.fixture
def copies(project, tmp_path):
    """My project, open, and the folder of a copy; both have two labels and a review."""
    label(project, 1, 1)
    label(project, 2, 2, NO)
    review(project, [1])
    project.close()
    shutil.copytree(project.folder, tmp_path / "copy")
    with open_project(project.folder) as opened:
        yield opened, tmp_path / "copy"


@pytest.fixture
def mine(copies):
    return copies[0]


@pytest.fixture
def copy(copies):
    return copies[1]


@pytest.fixture
def theirs(copy):
    with open_project(copy) as opened:
        yield opened


# --- states


def test_what_only_they_changed_is_taken_over_as_one_step(mine, theirs, copy):
    label(theirs, 3, 3)
    label(theirs, 2, 2, YES)
    review(theirs, [4])
    label(mine, 5, 1)
    before = states(mine)
    report = merge(mine, copy)
    assert (report.applied, report.common_steps, report.their_steps) == (True, 4, 3)
    assert (report.labels, report.reviews, report.conflicts) == (2, 1, [])
    matrix = label_states(mine).matrix()
    assert (matrix[1:4, 1].tolist(), matrix[2, 2], matrix[3].tolist()) == ([1, -1, 0], 1, [0, 0, 0])
    assert report.backup.name.endswith("-before-merge.db")
    change = undo(mine)
    assert (change.source, change.description) == (Source.IMPORT, "Merge copy")
    assert states(mine) == before


def test_suggestions_that_they_imported_are_counted_and_not_merged(mine, theirs, copy):
    for project, model in ((theirs, "shared"), (theirs, "theirs"), (theirs, "undone"), (mine, "shared")):
        with one_step(project, source=Source.IMPORT, description=model) as one:
            one.predict(model, {3: {1: 0.5, 2: 0.75}, 4: {}})
        if model == "undone":
            undo(project)
    report = merge(mine, copy)
    assert (report.applied, report.suggestions) == (False, {"theirs": 2})


def test_merging_twice_changes_nothing_the_second_time(mine, theirs, copy):
    label(theirs, 3, 3)
    review(theirs, [4])
    add_categories(theirs, ["newt"])
    assert merge(mine, copy).applied
    before = states(mine)
    again = merge(mine, copy)
    assert (again.applied, again.labels, again.reviews, again.categories_created) == (False, 0, 0, [])
    assert states(mine) == before


def test_a_change_of_mind_after_a_merge_is_not_undone_by_the_next(mine, theirs, copy):
    label(theirs, 3, 3)
    review(theirs, [4])
    merge(mine, copy)
    label(mine, 3, 3, UNKNOWN)
    label(mine, 4, 1, UNKNOWN)
    review(mine, [4], False)
    label(theirs, 5, 3)
    before = states(mine)
    report = merge(mine, copy)
    assert (report.labels, report.reviews, report.conflicts) == (1, 0, [])
    with mine.db.read() as s:
        five = images.get(s, 5).name
    assert states(mine) == (before[0] | {(five, "bird"): YES}, before[1])


def test_a_merge_that_was_undone_can_be_made_again(mine, theirs, copy):
    label(theirs, 3, 3)
    merge(mine, copy)
    after = states(mine)
    undo(mine)
    assert merge(mine, copy).applied
    assert states(mine) == after


def test_a_conflict_is_listed_and_mine_is_kept(mine, theirs, copy):
    label(theirs, 3, 3)
    label(mine, 3, 3, NO)
    label(theirs, 4, 3)
    report = merge(mine, copy)
    (one,) = report.conflicts
    assert (one.key.category, one.base, one.mine, one.theirs) == ("bird", "unknown", "no", "yes")
    assert (one.decided, report.labels) == (Choice.MINE, 1)
    assert label_states(mine).matrix()[2:4, 2].tolist() == [0, 1]
    assert len(merge(mine, copy).conflicts) == 1  # it can still be decided


def test_their_answers_count_where_asked_for(mine, theirs, copy):
    label(theirs, 3, 3)
    label(mine, 3, 3, NO)
    assert merge(mine, copy, default=Choice.THEIRS).applied
    assert label_states(mine).matrix()[2, 2] == 1
    assert merge(mine, copy).conflicts == []


def test_my_yes_against_their_review_without_it_is_a_conflict(mine, theirs, copy):
    review(theirs, [3])
    label(mine, 3, 3)
    (one,) = merge(mine, copy).conflicts
    assert (one.mine, one.theirs) == ("yes", "no")
    assert label_states(mine).matrix()[2].tolist() == [0, 0, 1]


def test_their_review_says_nothing_about_a_category_that_only_i_have(mine, theirs, copy):
    add_categories(mine, ["newt"])
    review(theirs, [3])
    merge(mine, copy)
    assert label_states(mine).matrix()[2].tolist() == [0, 0, 0, -1]
    undo(mine)
    assert label_states(mine).matrix()[2].tolist() == [-1, -1, -1, -1]


def test_my_review_says_nothing_about_a_category_that_only_they_have(mine, theirs, copy):
    add_categories(theirs, ["newt"])
    label(theirs, 1, 4)
    review(theirs, [2])
    review(mine, [3])
    merge(mine, copy)
    matrix = label_states(mine).matrix()
    assert matrix[:3, 3].tolist() == [1, 0, -1]


def test_nothing_is_changed_in_a_dry_run_or_in_the_copy(mine, theirs, copy):
    label(theirs, 3, 3)
    before, there = states(mine), states(theirs)
    report = merge(mine, copy, dry_run=True)
    assert (report.labels, report.applied, report.backup) == (1, False, None)
    assert states(mine) == before
    merge(mine, copy)
    assert states(theirs) == there


def test_how_an_image_was_selected_is_taken_over(mine, theirs, copy):
    from app.domain.labels import Origin

    decide(theirs, [Decision(3, 3, YES)], origin=Origin("random", 0.25))
    merge(mine, copy)
    with mine.db.read() as s:
        entry = labels.current(s, [3], [3])[3, 3].entry_id
        (found,) = [one for one in ledger.tail(s, entry - 1) if one.id == entry]
    assert (found.queue, found.inclusion) == ("random", 0.25)


# --- images


def test_images_are_matched_by_content_where_numbers_and_paths_differ(
    mine, theirs, copy, images_folder, make_image
):
    make_image(images_folder / "mine.png", colour=(1, 2, 3))
    scan(mine)
    (images_folder / "mine.png").unlink()
    make_image(images_folder / "theirs.png", colour=(7, 8, 9))
    scan(theirs)
    (images_folder / "theirs.png").rename(images_folder / "renamed.png")
    scan(mine)
    label(theirs, 6, 1)
    merge(mine, copy)
    found = states(mine)[0]
    assert found["renamed.png", "cat"] is YES
    assert ("mine.png", "cat") not in found


def test_images_that_are_not_here_are_listed(mine, theirs, copy, images_folder, make_image):
    make_image(images_folder / "theirs.png", colour=(7, 8, 9))
    scan(theirs)
    label(theirs, 6, 1)
    report = merge(mine, copy)
    assert (report.unmatched, report.applied) == (["theirs.png"], False)
    scan(mine)
    assert merge(mine, copy).labels == 1


# --- categories


def test_new_categories_of_one_name_are_one(mine, theirs, copy):
    add_categories(mine, ["frog"])
    add_categories(mine, ["newt"])
    add_categories(theirs, ["Newt", "toad"])
    label(theirs, 3, 4)
    label(theirs, 3, 5)
    report = merge(mine, copy)
    assert report.categories_created == ["toad"]
    assert label_states(mine).matrix()[2].tolist() == [-1, -1, -1, -1, 1, 1]


def test_properties_are_merged_field_by_field(mine, theirs, copy):
    service.rename(theirs, 1, "feline")
    service.set_description(theirs, 2, "their words")
    service.set_description(mine, 2, "my words")
    service.set_aliases(mine, 1, ["kitty"])
    service.archive(theirs, 3)
    report = merge(mine, copy)
    (one,) = report.conflicts
    assert (one.key.field, one.mine, one.theirs) == ("description", "my words", "their words")
    with mine.db.read() as s:
        cat, dog, bird = categories.all_categories(s, archived=True)
    assert (cat.name, cat.aliases, dog.description) == ("feline", ("kitty",), "my words")
    assert bird.archived_at is not None
    assert sorted(report.categories_changed) == ["bird", "cat"]
    assert not merge(mine, copy).applied
    undo(mine)
    with mine.db.read() as s:
        assert [one.name for one in categories.all_categories(s)] == ["cat", "dog", "bird"]


def test_keys_that_changed_places_do_so_here_and_none_belongs_to_two_categories(project, tmp_path):
    for number, key in ((1, "1"), (2, "2"), (3, "3")):
        set_key(project, number, key)
    project.close()
    shutil.copytree(project.folder, tmp_path / "copy")
    with open_project(tmp_path / "copy") as theirs:
        for number, key in ((1, None), (2, "1"), (1, "2"), (3, "4")):
            set_key(theirs, number, key)
    with open_project(project.folder) as mine:
        assert merge(mine, tmp_path / "copy").categories_changed == ["cat", "dog", "bird"]
        assert keys(mine) == {"cat": "2", "dog": "1", "bird": "4"}
        undo(mine)
        (newt,) = add_categories(mine, ["newt"]).categories
        set_key(mine, newt, "4")
        assert merge(mine, tmp_path / "copy").categories_changed == ["cat", "dog"]
        assert keys(mine) == {"cat": "2", "dog": "1", "bird": "3", "newt": "4"}
    assert check(project.folder).ok


def test_a_category_that_returns_from_the_archive_gives_up_a_key_that_is_taken(project, tmp_path):
    set_key(project, 3, "3")
    service.archive(project, 3)
    project.close()
    shutil.copytree(project.folder, tmp_path / "copy")
    with open_project(tmp_path / "copy") as theirs:
        service.restore(theirs, 3)
    with open_project(project.folder) as mine:
        set_key(mine, 1, "3")
        merge(mine, tmp_path / "copy")
        assert keys(mine) == {"cat": "3", "dog": "2", "bird": None}


def set_key(project, number, key):
    service.edit_category(project, number, CategoryEdit(shortcut=key or ""))


def keys(project):
    with project.db.read() as s:
        return {one.name: one.shortcut for one in categories.all_categories(s)}


def test_names_that_are_taken_here_stay_different(mine, theirs, copy):
    service.rename(mine, 1, "feline")
    add_categories(theirs, ["feline"])
    service.rename(theirs, 2, "wolf")
    add_categories(mine, ["wolf"])
    label(theirs, 3, 4)
    report = merge(mine, copy)
    with mine.db.read() as s:
        names = [one.name for one in categories.all_categories(s)]
    assert names == ["feline", "dog", "bird", "wolf", "feline (2)"]
    assert [(one.key.field, one.theirs) for one in report.conflicts] == [("name", "wolf")]
    assert states(mine)[0][next(key for key in states(mine)[0] if key[1] == "feline (2)")] is YES


def test_a_category_that_i_removed_stays_removed_unless_they_use_it(project, tmp_path):
    newt, olm = add_categories(project, ["newt", "olm"]).categories
    project.close()
    shutil.copytree(project.folder, tmp_path / "copy")
    with open_project(tmp_path / "copy") as theirs:
        label(theirs, 3, olm)
    with open_project(project.folder) as mine:
        undo(mine)
        merge(mine, tmp_path / "copy")
        with mine.db.read() as s:
            names = [one.name for one in categories.all_categories(s)]
    assert (newt, names) == (4, ["cat", "dog", "bird", "olm"])
    assert check(project.folder).ok


# --- the other project


def test_a_database_file_or_an_old_version_can_be_merged(mine, theirs, copy):
    from app.storage import migrate

    label(theirs, 3, 3)
    made = back_up(theirs)
    migrate.downgrade(made.path, "0001")
    before = made.path.read_bytes()
    assert merge(mine, made.path).labels == 1
    assert made.path.read_bytes() == before


def test_what_is_no_copy_is_refused(mine, theirs, copy, tmp_path):
    (tmp_path / "pictures").mkdir()
    create_project(tmp_path / "stranger", [tmp_path / "pictures"]).close()
    (tmp_path / "text.db").write_text("hello" * 1000)
    damaged = tmp_path / "pictures" / "project.db"
    damaged.write_text("hello" * 1000)
    before = states(mine)
    for other, kind, words in (
        (mine.folder, BadInputError, "is this project itself"),
        (tmp_path / "stranger", BadInputError, "is not a copy of this project"),
        (tmp_path / "nowhere", NotFoundError, "There is no folder"),
        (tmp_path / "text.db", BadInputError, "use 'tailspotter import'"),
        (damaged, ProjectError, "is damaged"),
        (tmp_path, ProjectError, "is not a Tailspotter project"),
    ):
        with pytest.raises(kind, match=words):
            merge(mine, other)
    theirs.close()
    with closing(sqlite3.connect(copy / "project.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(VersionError, match="newer version"):
        merge(mine, copy)
    assert states(mine) == before


# --- deciding conflicts


def test_a_person_decides_conflicts_in_a_file(mine, theirs, copy, tmp_path):
    for image in (3, 4, 5):
        label(theirs, image, 3)
        label(mine, image, 3, NO)
    report = merge(mine, copy, dry_run=True)
    file = write_conflicts(tmp_path / "conflicts.csv", report.conflicts)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 3
    for row, decision in zip(rows, ("theirs", "mine", ""), strict=True):
        row["decision"] = decision
    with file.open("w", newline="", encoding="utf-8-sig") as stream:  # as a spreadsheet saves it
        writer = csv.DictWriter(stream, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    done = merge(mine, copy, decisions=read_decisions(file))
    assert [one.decided for one in done.conflicts] == [Choice.THEIRS, Choice.MINE, Choice.MINE]
    found = states(mine)[0]
    assert [found[row["image"], "bird"] for row in rows] == [YES, NO, NO]
    assert [key.image for key in merge(mine, copy, decisions=read_decisions(file)).unused] == [
        rows[0]["image"]
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no column 'kind'"),
        ("kind,image\n", "has no column 'category'"),
        (
            "kind,image,category,field,before,mine,theirs,decision\nlabel,a,b,,,,,perhaps\n",
            "line 2: .*'perhaps'",
        ),
    ],
)
def test_a_file_of_decisions_that_cannot_be_used_is_a_sentence(tmp_path, text, words):
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(BadInputError, match=words):
        read_decisions(tmp_path / "c.csv")
    with pytest.raises(BadInputError, match="There is no file"):
        read_decisions(tmp_path / "d.csv")


# --- anything at all

STEP = st.one_of(
    st.tuples(st.just("label"), st.integers(1, 4), st.integers(0, 4), st.sampled_from([YES, NO, UNKNOWN])),
    st.tuples(st.just("review"), st.integers(1, 4), st.booleans()),
    st.tuples(st.just("add"), st.sampled_from(["newt", "frog", "toad"])),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


def carry_out(project, steps):
    """Undo and redo stay within these steps."""
    done = undone = 0
    for step in steps:
        if step[0] == "undo" and done:
            undo(project)
            done, undone = done - 1, undone + 1
        elif step[0] == "redo" and undone:
            redo(project)
            done, undone = done + 1, undone - 1
        elif step[0] in {"label", "review", "add"} and apply(project, step):
            done, undone = done + 1, 0


def apply(project, step):
    if step[0] == "review":
        return review(project, [step[1]], step[2])
    if step[0] == "add":
        return add_categories(project, [step[1]])
    with project.db.read() as s:
        known = categories.all_categories(s)
    return label(project, step[1], known[step[2] % len(known)].id, step[3])


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    base = tmp_path_factory.mktemp("template")
    (base / "images").mkdir()
    with create_project(base / "project", [base / "images"], ["cat", "dog"]) as project:
        with project.db.write() as s:
            row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
            images.add_many(s, [{**row, "path": f"{n}.png", "content_hash": f"{n:032}"} for n in range(4)])
        carry_out(
            project, [("label", 1, 0, YES), ("review", 2, True), ("review", 1, True), ("label", 3, 1, NO)]
        )
    return base / "project"


def compare(template, place, my_steps, their_steps):
    for name in ("mine", "theirs"):
        shutil.copytree(template, place / name)
    with open_project(template) as opened:
        base = states(opened)
    with open_project(place / "mine") as mine, open_project(place / "theirs") as theirs:
        carry_out(mine, my_steps)
        carry_out(theirs, their_steps)
        before, there = states(mine), states(theirs)
        report = merge(mine, place / "theirs")
        assert states(mine) == expected(base, before, there)
        assert not merge(mine, place / "theirs").applied
        assert states(mine) == expected(base, before, there)
        if report.applied:
            undo(mine)
            assert states(mine) == before
            redo(mine)
        assert [one for one in check(place / "mine").findings if one.kind != "image_folder_missing"] == []


EXAMPLES = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@settings(max_examples=5, derandomize=True, **EXAMPLES)
@given(st.lists(STEP, max_size=6), st.lists(STEP, max_size=6))
def test_a_merge_is_the_comparison_of_both_with_what_they_had_in_common(
    template, tmp_path_factory, my_steps, their_steps
):
    compare(template, tmp_path_factory.mktemp("copies"), my_steps, their_steps)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=60, **EXAMPLES)
@given(st.lists(STEP, max_size=12), st.lists(STEP, max_size=12))
def test_the_same_for_many_histories(template, tmp_path_factory, my_steps, their_steps):
    compare(template, tmp_path_factory.mktemp("copies"), my_steps, their_steps)


def set_parent(project, number, parent):
    service.edit_category(project, number, CategoryEdit(parent=parent))


def parents(project):
    with project.db.read() as s:
        every = categories.all_categories(s, archived=True)
    names = {one.id: one.name for one in every}
    return {one.name: names.get(one.parent) for one in every}


def test_parents_are_merged_by_the_category_they_name(mine, theirs, copy):
    set_parent(mine, 2, 1)
    add_categories(mine, ["elk"])  # takes the number that their category has
    add_categories(theirs, ["animal", "beast"])
    set_parent(theirs, 4, 5)
    set_parent(theirs, 3, 4)
    report = merge(mine, copy)
    assert parents(mine) == {
        "cat": None,
        "dog": "cat",
        "bird": "animal",
        "elk": None,
        "animal": "beast",
        "beast": None,
    }
    assert report.conflicts == []
    assert not merge(mine, copy).applied
    assert check(mine.folder).ok
    undo(mine)
    assert parents(mine) == {"cat": None, "dog": "cat", "bird": None, "elk": None}


def test_two_parents_are_a_conflict_and_a_circle_is_not_taken_over(mine, theirs, copy):
    set_parent(mine, 1, 2)
    set_parent(mine, 3, 1)
    set_parent(theirs, 2, 1)
    set_parent(theirs, 3, 2)
    report = merge(mine, copy)
    assert [(one.key.field, one.mine, one.theirs) for one in report.conflicts] == [("parent", "cat", "dog")]
    assert parents(mine) == {"cat": "dog", "dog": None, "bird": "cat"}
