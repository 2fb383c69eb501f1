"""Heat maps for the window: the newest request is answered, others dropped, cached maps ready immediately."""

import gc
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest

from app.jobs.pictures.heat_loading import HeatLoading
from app.jobs.threads.model_queue import ModelQueue
from app.services.features.indexing import ensure_text_features, index
from app.services.runner.subprocess_runner import SubprocessRunner

WORKER = [sys.executable, str(Path(__file__).parents[1].joinpath("colour_worker.py"))]
PATIENCE = 20_000


@pytest.fixture
def folder(project):
    runner = SubprocessRunner(WORKER)
    index(project, runner)
    ensure_text_features(project, runner)
    runner.close()
    project.close()
    return project.folder


@pytest.fixture
def loading(qtbot):
    models = ModelQueue(SubprocessRunner(WORKER))
    made = HeatLoading(models)
    made.maps = []
    made.ready.connect(made.maps.append)
    made.bug.connect(pytest.fail)
    yield made
    models.close()
    del made
    gc.collect()


@pytest.mark.slow
def test_only_the_newest_of_many_requests_is_answered(qtbot, loading, folder):
    for image in (1, 2, 3, 4, 5):
        loading.want(folder, image, 1)
    qtbot.waitUntil(lambda: any(heat.image_id == 5 for heat in loading.maps), timeout=PATIENCE)
    assert len(loading.maps) <= 2
    heat = loading.maps[-1]
    np.testing.assert_allclose(heat.rows, [[0.0, 0.5, 0.8], [0.2, 0.6, 1.0]], rtol=1e-6)
    assert (heat.category, heat.tuned, heat.rectangle) == ("cat", False, (0.0, 0.0, 8.0, 6.0))


@pytest.mark.slow
def test_a_cached_map_is_ready_immediately_until_the_cache_is_cleared(qtbot, loading, folder):
    with qtbot.waitSignal(loading.ready, timeout=PATIENCE):
        loading.want(folder, 1, 1)
    loading.want(folder, 1, 1)
    assert len(loading.maps) == 2
    loading.forget()
    loading.want(folder, 1, 1)
    assert len(loading.maps) == 2
    qtbot.waitUntil(lambda: len(loading.maps) == 3, timeout=PATIENCE)


def test_what_cannot_be_shown_is_a_sentence(qtbot, loading, folder):
    with qtbot.waitSignal(loading.failed, timeout=PATIENCE) as told:
        loading.want(folder, 99, 1)
    assert told.args[:2] == [99, 1]
    assert told.args[2].endswith(".")


@pytest.mark.slow
def test_a_map_forgotten_while_it_is_computed_is_not_reported(qtbot, loading, folder):
    loading.want(folder, 1, 1)
    loading.forget()
    loading.want(folder, 2, 1)
    qtbot.waitUntil(lambda: bool(loading.maps), timeout=PATIENCE)
    assert [heat.image_id for heat in loading.maps] == [2]
