import json

import pytest
from labelled_projects import category_ids, import_coco, make_project, mark, reviewed, say, states

from app.domain import language
from app.domain.labels import LabelState
from app.services.labelling.decisions import next_undo, redo, undo


def coco(tmp_path, images, categories, yes, name="labels.json"):
    """``images``: file names or (file name, extra fields); ``yes``: {file name: [category]}."""
    entries = [image if isinstance(image, tuple) else (image, {}) for image in images]
    image_id = {file_name: number for number, (file_name, _) in enumerate(entries, 10)}
    category_id = {category: number for number, category in enumerate(categories, 1)}
    pairs = [(image_id[image], category_id[one]) for image, names in yes.items() for one in names]

    def numbers(extra):
        return {
            key: [category_id[one] for one in value] if key.endswith("_ids") else value
            for key, value in extra.items()
        }

    document = {
        "images": [{"id": image_id[one], "file_name": one} | numbers(extra) for one, extra in entries],
        "categories": [{"id": number, "name": one} for one, number in category_id.items()],
        "annotations": [
            {"id": number, "image_id": image, "category_id": category}
            for number, (image, category) in enumerate(pairs)
        ],
    }
    path = tmp_path / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path):
    with make_project(tmp_path / "p", ["a.jpg", "sub/b.jpg", "c.jpg"]) as opened:
        yield opened


def test_yes_labels_arrive_and_what_the_file_does_not_say_stays_unknown(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["cat", "dog"], {"a.jpg": ["cat"], "b.jpg": ["cat", "dog"]})
    report = import_coco(project, path)
    assert states(project) == {
        "a.jpg": {"cat": "yes"},
        "sub/b.jpg": {"cat": "yes", "dog": "yes"},
        "c.jpg": {},
    }
    assert (report.images, report.matched, report.outside) == (2, 2, 1)
    assert (report.yes, report.no, report.reviewed, report.unchanged) == (3, 0, 0, 0)
    assert report.created == ["cat", "dog"]
    assert reviewed(project) == set()


def test_the_whole_import_is_one_step_of_undo(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["cat", "dog"], {"a.jpg": ["cat"]})
    import_coco(project, path, complete=True)
    after = states(project)
    assert next_undo(project) == "Import labels.json"
    undo(project)
    assert states(project) == {"a.jpg": {}, "sub/b.jpg": {}, "c.jpg": {}}
    assert category_ids(project) == {}
    assert reviewed(project) == set()
    redo(project)
    assert states(project) == after


def test_images_the_project_does_not_have_are_listed(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "gone.jpg"], ["cat"], {"gone.jpg": ["cat"]})
    report = import_coco(project, path)
    assert report.unmatched == ["gone.jpg"]
    assert (report.images, report.matched, report.yes) == (2, 1, 0)


def test_a_second_import_of_the_same_file_changes_nothing(project, tmp_path):
    path = coco(tmp_path, ["a.jpg"], ["cat", "dog"], {"a.jpg": ["cat"]})
    import_coco(project, path, complete=True)
    before = states(project)
    report = import_coco(project, path, complete=True)
    assert (report.yes, report.no, report.reviewed, report.created) == (0, 0, 0, [])
    assert not report.change
    assert states(project) == before


def test_a_dry_run_reports_the_same_and_changes_nothing(project, tmp_path):
    say(project, "a.jpg", dog="no")
    before = (states(project), category_ids(project), reviewed(project), next_undo(project))
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["cat", "dog"], {"a.jpg": ["cat", "dog"]})
    dry = import_coco(project, path, complete=True, dry_run=True)
    assert (states(project), category_ids(project), reviewed(project), next_undo(project)) == before
    real = import_coco(project, path, complete=True)
    ours, theirs = dry.to_json(), real.to_json()
    assert (ours.pop("dry_run"), theirs.pop("dry_run")) == (True, False)
    assert ours == theirs
    assert real.yes == 1


def test_complete_marks_images_reviewed_where_the_file_knows_every_category(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["cat", "dog"], {"a.jpg": ["cat"]})
    report = import_coco(project, path, complete=True)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}
    assert states(project)["sub/b.jpg"] == {"cat": "no", "dog": "no"}
    assert states(project)["c.jpg"] == {}
    assert reviewed(project) == {"a.jpg", "sub/b.jpg"}
    assert (report.no, report.reviewed) == (0, 2)


def test_complete_says_nothing_about_categories_the_file_has_never_heard_of(project, tmp_path):
    say(project, "c.jpg", bird="yes")
    path = coco(tmp_path, ["a.jpg"], ["cat", "dog"], {"a.jpg": ["cat"]})
    report = import_coco(project, path, complete=True)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}
    assert reviewed(project) == set()
    assert (report.no, report.reviewed) == (1, 0)


def test_lvis_negatives_become_no_and_open_categories_stay_unknown(project, tmp_path):
    extra = {"neg_category_ids": ["dog"], "not_exhaustive_category_ids": ["bird"]}
    path = coco(tmp_path, [("a.jpg", extra)], ["cat", "dog", "bird"], {"a.jpg": ["cat"]})
    import_coco(project, path)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}
    import_coco(project, path, complete=True)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}
    assert reviewed(project) == {"a.jpg"}


def test_a_conflict_is_listed_and_the_person_is_right(project, tmp_path):
    say(project, "a.jpg", cat="no", dog="yes")
    path = coco(tmp_path, [("a.jpg", {"neg_category_ids": ["dog"]})], ["cat", "dog"], {"a.jpg": ["cat"]})
    report = import_coco(project, path)
    assert states(project)["a.jpg"] == {"cat": "no", "dog": "yes"}
    listed = {(one.image, one.category, one.project, one.file) for one in report.conflicts}
    assert listed == {
        ("a.jpg", "cat", LabelState.NO, LabelState.YES),
        ("a.jpg", "dog", LabelState.YES, LabelState.NO),
    }
    assert report.yes == 0


def test_a_no_that_a_review_implies_is_the_persons_too(project, tmp_path):
    say(project, "c.jpg", cat="yes")
    mark(project, "a.jpg")
    path = coco(tmp_path, ["a.jpg"], ["cat"], {"a.jpg": ["cat"]})
    report = import_coco(project, path)
    assert [one.file for one in report.conflicts] == [LabelState.YES]
    assert states(project)["a.jpg"] == {"cat": "no"}


def test_overwrite_takes_the_files_answers_and_still_lists_them(project, tmp_path):
    say(project, "a.jpg", cat="no", dog="yes")
    path = coco(tmp_path, ["a.jpg"], ["cat", "dog"], {"a.jpg": ["cat"]})
    report = import_coco(project, path, complete=True, overwrite=True)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}
    assert len(report.conflicts) == 2
    undo(project)
    assert states(project)["a.jpg"] == {"cat": "no", "dog": "yes"}


def test_an_unknown_that_was_said_on_purpose_gives_way_to_an_answer(project, tmp_path):
    say(project, "c.jpg", cat="yes", dog="yes")
    mark(project, "a.jpg")
    say(project, "a.jpg", cat="unknown", dog="unknown")
    path = coco(tmp_path, ["a.jpg"], ["cat", "dog"], {"a.jpg": ["cat"]})
    import_coco(project, path, complete=True)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}


def test_categories_match_by_name_and_alias_whatever_their_case(project, tmp_path):
    from app.services.project.categories import set_aliases

    say(project, "c.jpg", Cat="yes")
    set_aliases(project, category_ids(project)["Cat"], ["kitty"])
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["CAT", "Kitty"], {"a.jpg": ["CAT"], "b.jpg": ["Kitty"]})
    report = import_coco(project, path)
    assert report.created == []
    assert states(project)["a.jpg"] == states(project)["sub/b.jpg"] == {"Cat": "yes"}


def test_two_names_of_one_category_with_opposite_answers_in_one_entry_contradict_each_other(
    project, tmp_path
):
    from app.services.project.categories import set_aliases

    say(project, "c.jpg", cat="yes")
    set_aliases(project, category_ids(project)["cat"], ["kitty"])
    extra = {"neg_category_ids": ["kitty"]}
    said = {"a.jpg": ["cat"], "sub/b.jpg": ["cat"]}
    path = coco(tmp_path, [("a.jpg", extra), "sub/b.jpg"], ["cat", "kitty"], said)
    report = import_coco(project, path)
    assert report.to_json()["contradictions"] == [
        {
            "image": "a.jpg",
            "category": "cat",
            "answers": [
                {"entry": "images[0]", "file_name": "a.jpg", "state": "yes"},
                {"entry": "images[0]", "file_name": "a.jpg", "state": "no"},
            ],
        }
    ]
    assert (states(project)["a.jpg"], states(project)["sub/b.jpg"]) == ({}, {"cat": "yes"})


def test_an_image_in_another_folder_is_listed_with_its_entry_and_taken_only_when_asked(project, tmp_path):
    path = coco(tmp_path, ["cam2/b.jpg"], ["cat"], {"cam2/b.jpg": ["cat"]})
    report = import_coco(project, path)
    assert report.to_json()["unmatched_entries"] == [
        {
            "entry": "images[0]",
            "file_name": "cam2/b.jpg",
            "reason": "other folder",
            "candidates": ["sub/b.jpg"],
        }
    ]
    assert (report.matched, report.created, states(project)["sub/b.jpg"]) == (0, [], {})
    report = import_coco(project, path, match_names=True)
    assert report.to_json()["by_file_name"] == [
        {"entry": "images[0]", "file_name": "cam2/b.jpg", "image": "sub/b.jpg", "how": "file name"}
    ]
    assert states(project)["sub/b.jpg"] == {"cat": "yes"}


def test_entries_of_one_image_that_agree_are_united_and_listed(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "./a.jpg"], ["cat", "dog"], {"a.jpg": ["cat"], "./a.jpg": ["cat", "dog"]})
    report = import_coco(project, path)
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "yes"}
    assert [str(entry) for entry in report.united[0].entries] == ['images[0] "a.jpg"', 'images[1] "./a.jpg"']
    assert (report.matched, report.outside, report.contradictions) == (2, 2, [])


@pytest.mark.parametrize(
    "other", ["./sub/b.jpg", "sub\\b.jpg", "sub//b.jpg", "photos/sub/b.jpg", "sub/b.jpg "]
)
def test_two_spellings_of_one_image_that_disagree_are_told_and_neither_is_taken(tmp_path, other):
    if other.endswith(" "):  # the absolute path, which is known only here
        other = str(tmp_path / "p" / "photos" / "sub" / "b.jpg")
    with make_project(tmp_path / "p", ["sub/b.jpg"]) as project:
        extra = {"neg_category_ids": ["cat"]}
        path = coco(tmp_path, ["sub/b.jpg", (other, extra)], ["cat", "dog"], {"sub/b.jpg": ["cat", "dog"]})
        report = import_coco(project, path, overwrite=True)
        assert states(project)["sub/b.jpg"] == {"dog": "yes"}
        assert report.to_json()["contradictions"] == [
            {
                "image": "sub/b.jpg",
                "category": "cat",
                "answers": [
                    {"entry": "images[0]", "file_name": "sub/b.jpg", "state": "yes"},
                    {"entry": "images[1]", "file_name": other, "state": "no"},
                ],
            }
        ]


def test_accents_in_two_forms_are_one_image_unless_both_are_on_the_disk(tmp_path):
    composed, decomposed = "\u00e9t\u00e9.jpg", "e\u0301te\u0301.jpg"
    names = [composed, (decomposed, {"neg_category_ids": ["cat"]})]
    with make_project(tmp_path / "p", [decomposed]) as project:
        report = import_coco(project, coco(tmp_path, names, ["cat"], {composed: ["cat"]}))
        assert len(report.contradictions) == 1
        assert states(project) == {decomposed: {}}
    with make_project(tmp_path / "q", [composed, decomposed]) as project:
        report = import_coco(project, coco(tmp_path, names, ["cat"], {composed: ["cat"]}))
        assert not report.contradictions
        assert states(project) == {composed: {"cat": "yes"}, decomposed: {"cat": "no"}}


def test_a_no_that_a_review_implies_contradicts_a_yes_of_another_entry(project, tmp_path):
    images = [("a.jpg", {"reviewed": True}), "./a.jpg"]
    path = coco(tmp_path, images, ["cat", "dog", "owl"], {"a.jpg": ["dog"], "./a.jpg": ["cat"]})
    report = import_coco(project, path)
    assert [(one.category, [state for _, state in one.answers]) for one in report.contradictions] == [
        ("cat", ["no", "yes"])
    ]
    assert states(project)["a.jpg"] == {"dog": "yes", "owl": "no"}
    assert reviewed(project) == {"a.jpg"}


def test_complete_takes_all_entries_of_an_image_together(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "./a.jpg"], ["cat", "dog", "owl"], {"a.jpg": ["cat"], "./a.jpg": ["dog"]})
    report = import_coco(project, path, complete=True)
    assert not report.contradictions
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "yes", "owl": "no"}


def test_joined_categories_contradict_too(project, tmp_path):
    images = ["a.jpg", ("./a.jpg", {"neg_category_ids": ["CO2"]})]
    path = coco(tmp_path, images, ["CO\u2082", "CO2"], {"a.jpg": ["CO\u2082"]})
    report = import_coco(project, path)
    assert len(report.contradictions) == 1
    assert states(project)["a.jpg"] == {}


def test_spellings_of_one_category_are_joined_and_listed_with_their_places(project, tmp_path):
    categories = ["Fox", " fox", "FOX", "badger"]
    path = coco(tmp_path, ["a.jpg", "b.jpg"], categories, {"a.jpg": ["Fox", "badger"], "b.jpg": ["FOX"]})
    report = import_coco(project, path)
    assert states(project)["a.jpg"] == {"Fox": "yes", "badger": "yes"}
    assert states(project)["sub/b.jpg"] == {"Fox": "yes"}
    assert [one.to_json() for one in report.joined] == [
        {
            "category": "Fox",
            "names": ["Fox", "fox", "FOX"],
            "places": ["categories[0]", "categories[1]", "categories[2]"],
        }
    ]


def test_a_category_that_the_project_spells_otherwise_is_reported(project, tmp_path):
    say(project, "c.jpg", **{"stra\u00dfe": "yes"})
    report = import_coco(project, coco(tmp_path, ["a.jpg"], ["Strasse"], {"a.jpg": ["Strasse"]}))
    assert [(one.category, one.names) for one in report.joined] == [("stra\u00dfe", ("Strasse",))]
    assert report.created == []


def test_only_categories_that_are_used_are_created(project, tmp_path):
    say(project, "c.jpg", cat="yes")
    images = [("a.jpg", {"neg_category_ids": ["owl"]}), "gone.jpg"]
    categories = ["cat", "dog", "owl", "project-name", "wolf"]
    path = coco(tmp_path, images, categories, {"a.jpg": ["dog"], "gone.jpg": ["wolf"]})
    report = import_coco(project, path)
    assert (report.created, report.unused) == (["dog", "owl"], ["project-name", "wolf"])
    assert list(category_ids(project)) == ["cat", "dog", "owl"]


def test_an_import_that_matches_nothing_changes_nothing(project, tmp_path):
    path = coco(tmp_path, ["gone.jpg"], ["cat"], {"gone.jpg": ["cat"]})
    report = import_coco(project, path, complete=True)
    assert (report.matched, report.created, report.unused) == (0, [], ["cat"])
    assert category_ids(project) == {}
    assert next_undo(project) is None


def test_an_archived_category_stays_archived_and_the_rest_is_imported(project, tmp_path):
    from app.services.project.categories import archive

    say(project, "c.jpg", cat="yes")
    archive(project, category_ids(project)["cat"])
    path = coco(tmp_path, ["a.jpg"], ["dog", "cat"], {"a.jpg": ["dog", "cat"]})
    report = import_coco(project, path)
    assert (report.yes, report.created, report.unused) == (1, ["dog"], [])
    (left,) = report.left_out
    assert left.place == "categories[1]"
    assert "'cat' is archived, so its 1 answer" in left.reason
    assert list(category_ids(project)) == ["dog"]


def test_a_category_that_means_nothing_is_here_becomes_a_review_and_is_never_created(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["empty", "cat"], {"a.jpg": ["empty"], "b.jpg": ["cat"]})
    assert import_coco(project, path, dry_run=True).advice == [
        'The category "empty" looks like "nothing is here"; read it so with --nothing "empty".'
    ]
    report = import_coco(project, path, nothing=["Empty"])
    assert (report.created, report.notes) == (["cat"], [])
    assert states(project) == {"a.jpg": {"cat": "no"}, "sub/b.jpg": {"cat": "yes"}, "c.jpg": {}}
    assert reviewed(project) == {"a.jpg"}


def test_an_image_with_a_category_and_nothing_is_listed_and_not_reviewed(project, tmp_path):
    path = coco(tmp_path, ["a.jpg"], ["empty", "cat", "dog"], {"a.jpg": ["empty", "cat"]})
    report = import_coco(project, path, nothing=["empty"])
    assert [one.place for one in report.left_out] == ["images[0]"]
    assert states(project)["a.jpg"] == {"cat": "yes"}
    assert reviewed(project) == set()


def test_complete_says_nothing_about_a_category_that_only_groups_others(project, tmp_path):
    path = coco(tmp_path, ["a.jpg"], ["animals", "cat", "dog"], {"a.jpg": ["cat"]})
    document = json.loads(path.read_text("utf-8"))
    for one in document["categories"]:
        one["supercategory"] = "none" if one["name"] == "animals" else "animals"
    path.write_text(json.dumps(document), encoding="utf-8")
    report = import_coco(project, path, complete=True)
    assert (report.created, report.unused) == (["cat", "dog"], ["animals"])
    assert states(project)["a.jpg"] == {"cat": "yes", "dog": "no"}


def test_complete_invents_no_answer_where_an_annotation_was_left_out(project, tmp_path):
    path = coco(tmp_path, ["a.jpg", "b.jpg"], ["cat", "dog"], {"a.jpg": ["cat"], "b.jpg": ["dog"]})
    document = json.loads(path.read_text("utf-8"))
    document["annotations"].append({"id": 99, "image_id": document["images"][0]["id"], "category_id": None})
    path.write_text(json.dumps(document), encoding="utf-8")
    import_coco(project, path, complete=True)
    assert states(project)["a.jpg"] == {"cat": "yes"}
    assert states(project)["sub/b.jpg"] == {"dog": "yes", "cat": "no"}


def test_repeated_annotations_are_told_in_every_language(tmp_path):
    """What is counted is a key, not a text: it was translated once, and the note went missing."""
    with make_project(tmp_path / "p", ["a.jpg"]) as project:
        path = coco(tmp_path, ["a.jpg"], ["cat"], {"a.jpg": ["cat"]})
        data = json.loads(path.read_text())
        data["annotations"] += [dict(data["annotations"][0])]
        path.write_text(json.dumps(data))
        english = import_coco(project, path, dry_run=True).notes
        language.install(lambda _context, text: f"[{text}]")
        try:
            other = import_coco(project, path, dry_run=True).notes
        finally:
            language.install(None)
    assert len(english) == len(other) >= 1
