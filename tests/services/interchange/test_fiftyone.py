import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_projects import make_project, mark, say, states

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ReadOptions
from app.services.interchange.importing import import_labels
from app.services.interchange.registry import FORMATS, detect

READ = FORMATS["fiftyone"].read


def read(path, **options):
    return READ(path, ReadOptions(**options))


def write(folder, name, document):
    folder.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder


def yes(file):
    return {image.file_name: {file.categories[one] for one in image.yes} for image in file.images}


def test_class_numbers_names_and_lists_of_labels_are_yes(tmp_path):
    labels = {
        "a": 0,
        "sub/b": "deer",
        "c": {"label": 1},
        "d": [{"label": 0}, {"label": "owl"}],
        "e": None,
        "f": [],
    }
    folder = write(tmp_path / "d", "labels.json", {"classes": ["fox", "deer"], "labels": labels})
    file = read(folder)
    assert yes(file) == {
        "a": {"fox"},
        "sub/b": {"deer"},
        "c": {"deer"},
        "d": {"fox", "owl"},
        "e": set(),
        "f": set(),
    }
    assert [image.answered for image in file.images] == [True, True, True, True, False, True]
    assert all(image.without_suffix for image in file.images)
    assert yes(read(folder / "labels.json")) == yes(file)
    assert detect(folder).name == detect(folder / "labels.json").name == "fiftyone"


def test_names_are_those_of_the_files_in_the_data_folder_or_the_manifest(tmp_path):
    labels = {"classes": None, "labels": {"a": "fox", "sub/b": "fox", "c": "fox"}}
    folder = write(tmp_path / "one", "labels.json", labels)
    (folder / "data" / "sub").mkdir(parents=True)
    for name in ("a.jpg", "sub/b.png", "c.jpg", "c.png"):
        (folder / "data" / name).touch()
    assert list(yes(read(folder))) == ["a.jpg", "sub/b.png", "c"]
    other = write(tmp_path / "two", "labels.json", labels)
    write(other, "data.json", {"a": "/photos/a.jpg", "sub/b": "x/b.jpg"})
    assert list(yes(read(other))) == ["/photos/a.jpg", "x/b.jpg", "c"]


def test_the_samples_of_a_dataset_are_read(tmp_path):
    def one(label, confidence=None):
        return {"_cls": "Classification", "label": label, "confidence": confidence}

    samples = [
        {
            "filepath": "data/a.jpg",
            "tags": ["train"],
            "ground_truth": {"_cls": "Classifications", "classifications": [one("fox"), one("owl")]},
            "weather": one("sunny"),
            "model": {"_cls": "Classifications", "classifications": [one("deer", 0.8), one("hare", 0.1)]},
        },
        {"filepath": "data/b.jpg", "boxes": {"_cls": "Detections", "detections": [one("fox")]}},
        {"filepath": "data/c.jpg", "model": one("deer", 0.9)},
        {"tags": []},
    ]
    folder = write(tmp_path / "d", "samples.json", {"samples": samples})
    file = read(folder, confidence=0.5)
    assert yes(file) == {"data/a.jpg": {"fox", "owl", "sunny"}, "data/b.jpg": {"fox"}, "data/c.jpg": set()}
    suggested = [{file.categories[at]: score for at, score in one.suggested.items()} for one in file.images]
    assert suggested == [{"deer": 0.8}, {}, {"deer": 0.9}]
    assert [image.answered for image in file.images] == [True, True, False]
    assert [str(one) for one in file.left_out] == ["samples[3]: it has no filepath"]
    assert detect(folder).name == "fiftyone"


def test_single_labels_that_cannot_be_used_are_left_out(tmp_path):
    document = {"classes": ["fox"], "labels": {"a": [0, 7, {"label": None}], "": 0}}
    file = read(write(tmp_path / "d", "labels.json", document))
    assert yes(file) == {"a": {"fox"}}
    assert [one.place for one in file.left_out] == ['labels["a"]', 'labels["a"]', 'labels[""]']


def test_an_export_has_what_fiftyone_reads_and_all_three_states(tmp_path):
    paths = ["a.jpg", "a.png", "sub/a.jpg", "b.c.jpg"]
    with make_project(tmp_path / "p", paths) as project:
        say(project, "a.jpg", fox="yes", owl="yes")
        say(project, "a.png", fox="no")
        mark(project, "sub/a.jpg")
        report = export_labels(project, "fiftyone", tmp_path / "out")
        before = states(project)
    labels = json.loads((tmp_path / "out" / "labels.json").read_text("utf-8"))
    files = json.loads((tmp_path / "out" / "data.json").read_text("utf-8"))
    assert labels["classes"] == ["fox", "owl"]
    assert labels["labels"] == {
        "a": [{"label": 0}, {"label": 1}],
        "a-2": None,
        "b_c": None,
        "sub/a": [],
    }
    assert {key: Path(one).name for key, one in files.items()} == {
        "a": "a.jpg",
        "a-2": "a.png",
        "b_c": "b.c.jpg",
        "sub/a": "a.jpg",
    }
    assert all(Path(one).is_absolute() for one in files.values())
    assert not report.losses
    with make_project(tmp_path / "q", paths) as other:
        import_labels(other, "fiftyone", tmp_path / "out", match_names=True)
        assert before["sub/a.jpg"] == {"fox": "no", "owl": "no"}
        assert states(other)["a.png"] == {"fox": "no"}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["label", "confidence", "_cls", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(
    document=st.dictionaries(
        st.sampled_from(["classes", "labels", "no", "reviewed", "unknown", "samples"]), values, max_size=5
    )
)
def test_any_json_is_read_or_refused_with_a_sentence(tmp_path_factory, document):
    folder = write(tmp_path_factory.getbasetemp() / "wild", "labels.json", document)
    try:
        read(folder)
    except BadInputError as error:
        assert error.sentence.endswith(".")
