import json

import pytest
from labelled_projects import category_ids, image_ids, make_project, mark, say

from app.domain.auto_accept import AUTO_ACCEPT
from app.domain.errors import BadInputError, KnownError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.services.images.scan import scan
from app.services.interchange.exporting import export_labels
from app.services.interchange.splitting import parse_split
from app.services.labelling.decisions import decide
from app.services.project.creation import create_project


@pytest.fixture
def project(tmp_path):
    with make_project(tmp_path, [f"{at}.jpg" for at in range(8)], ["cat", "dog"]) as project:
        say(project, "0.jpg", cat="yes", dog="no")
        images, names = image_ids(project), category_ids(project)

        def bulk(paths, name, source, origin=None, score=None):
            answers = [Decision(images[path], names[name], LabelState.YES, score, "m") for path in paths]
            decide(project, answers, source=source, **({"origin": origin} if origin else {}))

        bulk(["1.jpg", "2.jpg"], "dog", Source.IMPORT)
        bulk(["3.jpg"], "cat", Source.BULK, Origin(AUTO_ACCEPT), 0.9)
        bulk(["4.jpg"], "cat", Source.BULK, Origin(AUTO_ACCEPT), 0.75)
        mark(project, "5.jpg")
        yield project


def test_the_card_counts_answers_by_source_and_what_is_expected_to_be_wrong(project, tmp_path):
    report = export_labels(
        project,
        "csv",
        tmp_path / "l.csv",
        card_path=tmp_path / "card.json",
        answered=True,
        query="is:labelled",
    )
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert (report.images, report.unanswered, report.card) == (6, 2, tmp_path / "card.json")
    assert card["answers"] == {"yes": 5, "no": 3, "unknown": 4}
    assert card["sources"] == {
        "human": {"yes": 1, "no": 1},
        "auto-accept": {"yes": 2, "no": 0},
        "import": {"yes": 2, "no": 0},
        "review": {"yes": 0, "no": 2},
    }
    assert card["auto_accepted"] == {"labels": 2, "expected_errors": 0.35, "without_probability": 0}
    assert card["bands"]["tail"] == {"categories": 2, "yes": 5}
    assert card["query"] == "is:labelled"
    by_name = {one["name"]: one for one in card["categories"]}
    assert (by_name["cat"]["yes"], by_name["cat"]["expected_errors"]) == (3, 0.35)


def test_only_what_is_exported_counts(project, tmp_path):
    ids = image_ids(project)
    export_labels(
        project,
        "csv",
        tmp_path / "l.csv",
        card_path=tmp_path / "card.json",
        image_ids=[ids["3.jpg"], ids["1.jpg"]],
    )
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert card["sources"] == {"auto-accept": {"yes": 1, "no": 0}, "import": {"yes": 1, "no": 0}}
    assert card["auto_accepted"]["expected_errors"] == 0.1


def test_the_card_as_text_names_the_split_and_escapes_markup(tmp_path):
    with make_project(tmp_path, [f"{at}.jpg" for at in range(9)], ["a|b *c*"]) as project:
        say(project, "0.jpg", **{"a|b *c*": "yes"})
        export_labels(
            project, "csv", tmp_path / "l.csv", card_path=tmp_path / "card.md", split=parse_split("1/1/1", 7)
        )
        text = (tmp_path / "card.md").read_text("utf-8")
    assert "l-train.csv, l-val.csv, l-test.csv" in text
    assert "train 3, val 3, test 3 images, by iterative stratification, seed 7" in text
    assert r"a\|b \*c\* (1 yes) is not in" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace(r"\|", "").count("|") > 3 for line in rows)
    assert rows[-1].startswith(r"| a\|b \*c\* | tail | 1 |")


def test_a_card_that_cannot_be_written_leaves_no_labels_behind(project, tmp_path):
    for card, error, words in (
        ("card.pdf", BadInputError, ".md or .json"),
        ("no/card.md", KnownError, "does not exist"),
        ("out.json", KnownError, "choose two names"),
    ):
        with pytest.raises(error, match=words):
            export_labels(project, "coco", tmp_path / "out.json", card_path=tmp_path / card)
        assert not list(tmp_path.glob("out*"))


def test_a_project_inside_its_image_folder_is_called_by_that_folder(tmp_path, make_image):
    make_image(tmp_path / "birds" / "0.png", size=(20, 10))
    with create_project(tmp_path / "birds" / ".tailspotter", [tmp_path / "birds"], ["cat"]) as project:
        scan(project)
        export_labels(project, "csv", tmp_path / "l.csv", card_path=tmp_path / "card.md")
    assert (tmp_path / "card.md").read_text("utf-8").startswith("# birds: data card\n")
