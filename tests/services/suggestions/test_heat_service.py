"""Heat maps of a project: where a thing was planted, and a sentence where there can be none."""

import numpy as np
import pytest
from tuning_projects import patchy_project, patchy_runner

from app.domain.errors import NotFoundError
from app.protocol.messages import ShowHeat
from app.services.features.indexing import NotIndexedError, ensure_text_features
from app.services.runner.runner import WorkerFailedError
from app.services.suggestions.heat import heat_of
from app.storage import settings
from app.storage.image_models import KEY_SETTING
from app.worker.heat_job import HeatJob
from app.worker.inprocess import InProcessRunner

COUNT = 60


@pytest.fixture(scope="module")
def patchy(tmp_path_factory):
    with patchy_project(tmp_path_factory.mktemp("heat"), count=COUNT, reviewed=0) as project:
        ensure_text_features(project, patchy_runner())
        yield project


@pytest.fixture(scope="module")
def runner():
    return InProcessRunner({ShowHeat: HeatJob().show})


def test_the_map_is_told_with_what_it_is_of(patchy, runner):
    heat = heat_of(patchy, runner, 3, 2)
    assert (heat.image_id, heat.category_id, heat.category, heat.tuned) == (3, 2, "thing b", False)
    assert np.shape(heat.rows) == (3, 3)
    assert (np.min(heat.rows), np.max(heat.rows)) == (0.0, 1.0)
    assert heat.rectangle == (0.0, 0.0, 4.0, 4.0)


def test_an_image_without_tokens_is_a_sentence(project, runner):
    with project.db.write() as s:
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": "patchy-1"})
    with pytest.raises(WorkerFailedError, match="no patch tokens of it are stored"):
        heat_of(project, runner, 1, 1)


def test_what_is_not_there_and_what_is_not_indexed_is_told(patchy, runner, project):
    with pytest.raises(NotFoundError):
        heat_of(patchy, runner, 1, 999)
    with pytest.raises(NotIndexedError, match="need the features"):
        heat_of(project, runner, 1, 1)
