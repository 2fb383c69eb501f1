"""Reading the embeddings of a project: those of present pictures, once, and many of them into a file."""

import numpy as np
import pytest

from app.jobs.project.suggestion_loading import load_suggestions
from app.services.features.indexing import (
    NotIndexedError,
    embeddings,
    embeddings_to_learn_from,
    indexed_ids,
)
from app.services.runner.runner import NoRunner
from app.storage import images, settings
from app.storage.image_models import KEY_SETTING
from cprfl_core.common.mapped_arrays import is_mapped
from cprfl_core.features import store as feature_store
from cprfl_core.features.store import FeatureStore

WIDTH = 6


@pytest.fixture
def vectors(project):
    """Embeddings [5, WIDTH] of the five images, in two shards."""
    with project.db.read() as s:
        stamps = [int(image.content_hash[:16], 16) for image in images.all_images(s)]
    found = np.random.default_rng(0).normal(size=(5, WIDTH)).astype(np.float16)
    store = FeatureStore(project.layout.features("k"), key="k", embed_dim=WIDTH)
    store.append([4, 1, 5], np.array(stamps, np.uint64)[[3, 0, 4]], found[[3, 0, 4]])
    store.append([2, 3], np.array(stamps, np.uint64)[[1, 2]], found[[1, 2]])
    with project.db.write() as s:
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": "k"})
    return found


def replace_picture(project, image_id):
    with project.db.write() as s:
        images.update_many(s, [{"id": image_id, "content_hash": "0" * 32}])


@pytest.mark.parametrize("outdated", [(), (3,)])
def test_embeddings_in_a_file_are_those_in_memory(project, vectors, monkeypatch, outdated):
    for image_id in outdated:
        replace_picture(project, image_id)
    kept = [at for at in range(5) if at + 1 not in outdated]
    ids, rows = embeddings(project)
    monkeypatch.setattr(feature_store, "LARGE_NUMBERS", 1)
    again, mapped = embeddings_to_learn_from(project, mapped=True)
    assert is_mapped(mapped) and not is_mapped(rows)
    assert ids.tolist() == again.tolist() == indexed_ids(project).tolist() == [at + 1 for at in kept]
    np.testing.assert_array_equal(rows, vectors[kept])
    np.testing.assert_array_equal(mapped, vectors[kept])


def test_without_current_features_nothing_is_indexed(project, vectors):
    for image_id in range(1, 6):
        replace_picture(project, image_id)
    for read in (embeddings, embeddings_to_learn_from, indexed_ids):
        with pytest.raises(NotIndexedError, match="have no features yet"):
            read(project)


def test_without_readable_images_the_reason_is_given(project, vectors):
    with project.db.write() as s:
        images.set_missing(s, range(1, 6))
    assert embeddings(project)[1].shape == (0, WIDTH)
    for read in (embeddings_to_learn_from, indexed_ids):
        with pytest.raises(NotIndexedError, match="5 missing"):
            read(project)


def test_loading_the_suggestions_reads_the_embeddings_once(project, vectors, monkeypatch):
    reads, ordinary = [], FeatureStore.embeddings

    def counted(self, *arguments, **options):
        reads.append(self)
        return ordinary(self, *arguments, **options)

    monkeypatch.setattr(FeatureStore, "embeddings", counted)
    _, live, _ = load_suggestions(project, NoRunner())
    assert live.image_ids.tolist() == [1, 2, 3, 4, 5]
    assert len(reads) == 1
