"""Known truth from a file, and the replay of an annotator under different queues."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from fake_backbone import DIM, FakeBackbone

from app.domain.errors import BadInputError, CancelledError
from app.services.features.indexing import NotIndexedError
from app.services.labelling.decisions import label_states
from app.services.simulation import replay as replay_module
from app.services.simulation.replay import Order, order_named, replay
from app.services.simulation.replay_plot import write_plot
from app.services.simulation.truth import KnownTruth, read_truth
from app.services.suggestions.text_scores import PromptTexts

IMAGES, RARE = 400, 16


def demo_file(path, images, categories=("cat", "dog")):
    entries = [{"path": name, "categories": list(names)} for name, names in images.items()]
    path.write_text(json.dumps({"categories": list(categories), "images": entries}), "utf-8")
    return path


def test_truth_is_matched_by_path_and_by_name_of_category(project, tmp_path):
    path = demo_file(tmp_path / "truth.json", {"two.png": ["Dog"], "one.png": [], "gone.png": []}, ["Dog"])
    known = read_truth(project, path)
    with project.db.read() as s:
        from app.storage import images

        ids = {image.path: image.id for image in images.all_images(s)}
    assert known.image_ids.tolist() == sorted([ids["one.png"], ids["two.png"]])
    assert known.category_ids == (1, 2, 3)
    row = known.image_ids.tolist().index(ids["two.png"])
    assert known.truth[row].tolist() == [False, True, False]
    assert (known.left_out, known.unmatched) == (3, 1)


def test_a_coco_file_is_truth_too(project, tmp_path):
    path = tmp_path / "truth.json"
    path.write_text(
        json.dumps(
            {
                "images": [{"id": 1, "file_name": "one.png"}],
                "categories": [{"id": 4, "name": "bird"}],
                "annotations": [{"id": 1, "image_id": 1, "category_id": 4}],
            }
        )
    )
    assert read_truth(project, path).truth.tolist() == [[False, False, True]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "list"),
        ('{"x": 1}', "neither"),
        ('{"categories": ["cat"], "images": [{"categories": []}]}', r"images\[0\] has no path"),
        ('{"categories": ["cat"], "images": [{"path": "one.png", "categories": ["owl"]}]}', '"owl"'),
        ('{"categories": ["cat"], "images": [{"path": "one.png", "categories": 3}]}', "list of names"),
        ('{"categories": ["cat"], "images": [{"path": "x.png", "categories": []}]}', "None of the images"),
        ('{"categories": ["owl"], "images": [{"path": "one.png", "categories": []}]}', "categories"),
    ],
)
def test_a_truth_file_of_another_form_is_refused_in_a_sentence(project, tmp_path, content, words):
    path = tmp_path / "truth.json"
    path.write_text(content)
    with pytest.raises(BadInputError, match=words):
        read_truth(project, path)


@pytest.fixture
def collection(monkeypatch):
    """400 images in memory: one frequent and one rare category, each with a direction of its own."""
    rng = np.random.default_rng(0)
    truth = np.zeros((IMAGES, 2), bool)
    truth[rng.permutation(IMAGES)[:150], 0] = True
    truth[rng.permutation(IMAGES)[:RARE], 1] = True
    vectors = rng.standard_normal((IMAGES, 16)) * 0.25
    vectors[:, 0] += truth[:, 0]
    vectors[:, 1] += truth[:, 1]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = np.arange(1, IMAGES + 1)
    text = np.eye(16, dtype=np.float32)[:2] + 2 * np.eye(16, dtype=np.float32)[2:4]
    monkeypatch.setattr(replay_module, "embeddings_to_learn_from", lambda project: (ids, vectors))
    monkeypatch.setattr(replay_module, "_texts", lambda *_: PromptTexts(text))
    return KnownTruth(ids, (1, 2), truth, 0, 0)


@pytest.mark.slow
def test_the_queue_finds_rare_positives_long_before_a_random_order(project, collection):
    report = replay(project, collection, None, until=0.2)
    assert (report.rare_categories, report.rare_positives) == (1, RARE)
    found = {name: points[-1].rare_found for name, points in report.queues.items()}
    assert found["rare"] >= 0.8 * RARE
    assert found["rare"] > 2 * found["random"]
    shares = [point.share for point in report.queues["rare"]]
    assert shares == [0.0, 0.05, 0.1, 0.15, 0.2]


def test_suggestions_get_better_with_the_images_reviewed(project, collection):
    points = replay(project, collection, None, orders=[Order.RANDOM], until=0.4).queues["random"]
    assert points[-1].total > points[0].total
    assert points[0].rare_found == 0


@pytest.mark.slow
def test_at_the_end_of_the_collection_everything_is_found(project, collection):
    few = replace(collection, image_ids=collection.image_ids[:40], truth=collection.truth[:40])
    report = replay(project, few, None, orders=[Order.RARE, Order.UNCERTAINTY], until=1.0, page=7)
    for points in report.queues.values():
        assert points[-1].reviewed == 40
        assert points[-1].rare_found == report.rare_positives


def test_the_same_seed_gives_the_same_replay_and_the_project_stays_as_it_is(project, collection):
    before = label_states(project).matrix().copy()
    first = replay(project, collection, None, until=0.1, seed=3).queues
    assert first == replay(project, collection, None, until=0.1, seed=3).queues
    assert (label_states(project).matrix() == before).all()


def test_a_replay_can_be_stopped_and_tells_its_progress(project, collection):
    seen = []
    replay(project, collection, None, orders=[Order.RANDOM], until=0.1, on_progress=seen.append)
    assert seen[-1].done == seen[-1].total == 40
    with pytest.raises(CancelledError, match="the project is unchanged"):
        replay(project, collection, None, should_stop=lambda: True)


def test_a_share_out_of_range_and_an_unknown_order_are_refused(project, collection):
    with pytest.raises(BadInputError, match=r"1\.5"):
        replay(project, collection, None, until=1.5)
    with pytest.raises(BadInputError, match="rare, uncertainty, random"):
        order_named("best")


def test_without_features_there_is_a_sentence(project, collection, monkeypatch):
    nothing = (np.empty(0, np.int64), np.empty((0, DIM)))
    monkeypatch.setattr(replay_module, "embeddings_to_learn_from", lambda project: nothing)
    with pytest.raises(NotIndexedError, match="index"):
        replay(project, collection, FakeBackbone().runner())


def test_the_plot_is_an_svg_with_a_curve_for_each_queue(project, collection, tmp_path):
    report = replay(project, collection, None, until=0.1)
    write_plot(report, tmp_path / "plot.svg")
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    words = "".join(root.itertext())
    assert all(name in words for name in ("rare", "uncertainty", "random"))
    assert f"{RARE} in 1 categories" in words
