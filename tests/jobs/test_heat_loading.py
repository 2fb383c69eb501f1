"""Heat maps for the window: the newest wish is answered, others are dropped, what is known comes at once."""

import gc
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest

from app.domain.errors import KnownError
from app.jobs.heat_loading import HeatLoading
from app.jobs.model_queue import ModelQueue
from app.jobs.worker_process import WorkerProcess
from app.services.indexing import ensure_text_features, index
from app.services.subprocess_runner import SubprocessRunner
from cprfl_core.errors import CoreError

WORKER = [sys.executable, str(Path(__file__).with_name("colour_worker.py"))]
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
    models = ModelQueue(WorkerProcess(WORKER))
    made = HeatLoading(models, known_errors=(KnownError, CoreError))
    made.maps = []
    made.came.connect(made.maps.append)
    made.bug.connect(pytest.fail)
    yield made
    models.close()
    del made
    gc.collect()


def test_only_the_newest_of_many_wishes_is_answered(qtbot, loading, folder):
    for image in (1, 2, 3, 4, 5):
        loading.want(folder, image, 1)
    qtbot.waitUntil(lambda: any(heat.image_id == 5 for heat in loading.maps), timeout=PATIENCE)
    assert len(loading.maps) <= 2
    heat = loading.maps[-1]
    np.testing.assert_allclose(heat.rows, [[0.0, 0.5, 0.8], [0.2, 0.6, 1.0]], rtol=1e-6)
    assert (heat.category, heat.tuned, heat.rectangle) == ("cat", False, (0.0, 0.0, 8.0, 6.0))


def test_a_known_map_comes_at_once_until_it_is_forgotten(qtbot, loading, folder):
    with qtbot.waitSignal(loading.came, timeout=PATIENCE):
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


def test_a_map_that_is_forgotten_on_its_way_is_not_told(qtbot, loading, folder):
    loading.want(folder, 1, 1)
    loading.forget()
    loading.want(folder, 2, 1)
    qtbot.waitUntil(lambda: bool(loading.maps), timeout=PATIENCE)
    assert [heat.image_id for heat in loading.maps] == [2]
