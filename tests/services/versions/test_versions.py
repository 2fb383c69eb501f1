"""Versions: compared, looked into, activated, rolled back, deleted, and checked before they are used."""

import shutil

import numpy as np
import pytest
import torch
from tuning_projects import label, patchy_project, patchy_runner, truth_of

from app.domain.errors import BadInputError, NotFoundError
from app.services.features.indexing import feature_store
from app.services.labelling.decisions import label_states
from app.services.project.project import open_project
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training import comparison
from app.services.training.training import train
from app.services.versions import versions as models
from app.services.versions.files import VersionDamagedError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # heads are really tuned


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory):
    """v1 and v2 over the same labels, v2 tuned for one epoch more; nothing but v1 may be active."""
    folder = tmp_path_factory.mktemp("versions")
    with patchy_project(folder, count=90, reviewed=70) as made:
        train(made, patchy_runner(), epochs=2)
        models.activate(made, "v1")
        label(made, truth_of(90), range(70, 75))
        train(made, patchy_runner(), epochs=1)
        models.activate(made, "v1")
    return folder / "project"


@pytest.fixture
def project(two_versions, tmp_path):
    shutil.copytree(two_versions, tmp_path / "copy")
    with open_project(tmp_path / "copy") as opened:
        yield opened


def test_versions_are_listed_newest_first_with_their_cards(project):
    found = models.versions(project)
    assert [(one.name, one.active) for one in found] == [("v2", False), ("v1", True)]
    assert found[0].card.parent == "v1"
    assert found[0].created_at >= found[1].created_at
    assert found[0].reason
    assert len(found[0].card.by_category) == 8


def test_two_versions_are_compared_by_band_and_category_on_the_present_labels(project):
    found = comparison.compare(project, patchy_runner(), "none", "v1")
    assert found.bands[0].band == "total"
    assert found.bands[0].b > found.bands[0].a
    assert found.bands[0].low <= found.bands[0].b - found.bands[0].a <= found.bands[0].high
    measured = [one for one in found.categories if one.a is not None]
    assert len(measured) >= 3
    assert found.bands[0].b == pytest.approx(np.mean([one.b for one in measured]))
    same = comparison.compare(project, patchy_runner(), "v1", "v1")
    assert same.bands[0].a == same.bands[0].b
    assert not same.b_is_better


def test_what_changed_lists_undecided_images_whose_suggestion_flips(project):
    flips = comparison.what_changed(project, patchy_runner(), "none", "v1", limit=30)
    assert flips
    sizes = [abs(one.after - one.before) for one in flips]
    assert sizes == sorted(sizes, reverse=True)
    table = label_states(project)
    states = table.matrix()
    live = LiveSuggestions.load(project, patchy_runner())
    for flip in flips:
        row, column = table.image_ids.index(flip.image_id), table.category_ids.index(flip.category_id)
        assert states[row, column] == -1
        at = int(np.flatnonzero(live.image_ids == flip.image_id)[0])
        assert flip.after == pytest.approx(float(live.for_category(flip.category_id)[at]))
        border = live.threshold(flip.category_id)
        if border is not None:
            assert (flip.after >= border) != (flip.before >= border) or flip.before != flip.after
    assert len(comparison.what_changed(project, patchy_runner(), "none", "v1", limit=1)) == 1
    assert comparison.what_changed(project, patchy_runner(), "v1", "v1") == []


def test_activating_and_rolling_back_change_the_version_in_use(project):
    assert models.activate(project, "v2").name == "v2"
    assert LiveSuggestions.load(project, patchy_runner()).model == "v2"
    assert models.roll_back(project).name == "v1"
    assert models.roll_back(project) is None
    assert LiveSuggestions.load(project, patchy_runner()).model is None
    with pytest.raises(BadInputError, match="nothing to roll back"):
        models.roll_back(project)
    assert models.activate(project, "none") is None
    with pytest.raises(NotFoundError, match="v1, v2"):
        models.activate(project, "v9")


def test_an_open_learner_follows_the_activation(project):
    live = LiveSuggestions.load(project, patchy_runner())
    before = live.for_category(live.category_ids[0]).copy()
    models.activate(project, "none")
    live.use_active_version()
    assert live.model is None
    assert np.abs(live.for_category(live.category_ids[0]) - before).max() > 1e-4


def test_the_active_version_is_not_deleted_and_another_one_is_deleted_permanently(project):
    with pytest.raises(BadInputError, match="is in use"):
        models.delete(project, "v1")
    models.delete(project, "v2")
    assert [one.name for one in models.versions(project)] == ["v1"]
    assert not (project.layout.models / "2").exists()
    assert not (project.layout.scores / "2.npy").exists()
    with pytest.raises(NotFoundError):
        models.delete(project, "v2")
    with pytest.raises(BadInputError):
        models.delete(project, "none")
    report = train(project, patchy_runner(), epochs=1)
    assert report.model == "v3", "a name is never used again"


@pytest.mark.parametrize("harm", ["tampered", "truncated", "deleted", "added", "scores"])
def test_a_damaged_version_is_reported_and_suggestions_continue_without_it(project, harm):
    place = project.layout.models / "1"
    weights = next(place.glob("model-*.safetensors"))
    match harm:
        case "tampered":
            data = bytearray(weights.read_bytes())
            data[-1] ^= 1
            weights.write_bytes(data)
        case "truncated":
            weights.write_bytes(weights.read_bytes()[:100])
        case "deleted":
            shutil.rmtree(place)
        case "added":
            (place / "weights.pt").write_bytes(b"a pickle")
        case "scores":
            (project.layout.scores / "1.npy").write_bytes(b"nothing")
    live = LiveSuggestions.load(project, patchy_runner())
    assert live.model is None
    assert live.model_problem.endswith("Suggestions continue without it.")
    models.activate(project, "none")
    plain = LiveSuggestions.load(project, patchy_runner())
    for category_id in plain.category_ids:
        np.testing.assert_array_equal(live.for_category(category_id), plain.for_category(category_id))
    with pytest.raises(VersionDamagedError):
        models.activate(project, "v1")
    assert models.active_version(project) is None


def test_a_damaged_active_version_does_not_stop_the_next_tuning(project):
    shutil.rmtree(project.layout.models / "1")
    report = train(project, patchy_runner(), epochs=1)
    assert report.facts.start == "the text score of the backbone"
    assert any("is gone" in warning for warning in report.warnings)


def test_new_images_are_scored_by_the_active_version(project):
    runner = patchy_runner()
    assert comparison.ensure_scores(project, runner) == 0
    store = feature_store(project, models.active_version(project).backbone)
    tokens = store.patch_tokens(np.array([1, 2]))
    values, scales = tokens.raw(np.arange(2))
    store.append([501, 502], [1, 2], store.embeddings(np.array([1, 2])), values, scales)
    assert comparison.ensure_scores(project, runner) == 2
    version = models.active_version(project)
    scores = comparison.score_with(project, runner, version, np.array([1, 2]))
    kept = np.load(project.layout.scores / "1.npy")
    np.testing.assert_allclose(kept[:, -2:].astype(float), scores.values.astype(float), atol=2e-2)
    assert comparison.ensure_scores(project, runner) == 0


def test_features_of_another_backbone_leave_the_version_aside(project):
    from app.storage import settings
    from app.storage.image_models import KEY_SETTING

    other = project.layout.features("patchy-2")
    shutil.copytree(project.layout.features("patchy-1"), other)
    meta = other / "meta.json"
    meta.write_text(meta.read_text("utf-8").replace("patchy-1", "patchy-2"), "utf-8")
    with project.db.write() as s:
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": "patchy-2"})
    live = LiveSuggestions.load(project, patchy_runner())
    assert live.model is None
    assert "another backbone" in live.model_problem
    with pytest.raises(BadInputError, match="train again"):
        models.activate(project, "v1")
