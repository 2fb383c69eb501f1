"""The settings of a project: when a category counts as rare, and what thresholds aim at."""

import pytest

from app.domain.categories import Band, BandCuts
from app.domain.errors import BadInputError
from app.domain.project_settings import ProjectSettings, ThresholdAim
from app.services.project.project import open_project
from app.services.project.project_settings import change_settings, settings_changed
from app.storage import settings


def test_what_is_not_given_stays_and_both_are_kept(project):
    change_settings(project, medium=3)
    change_settings(project, head=7, aim=ThresholdAim.RECALL)
    wanted = ProjectSettings(BandCuts(3, 7), ThresholdAim.RECALL)
    assert project.settings == wanted and project.cuts.band(3) is Band.MEDIUM
    with open_project(project.folder) as again:
        assert again.settings == wanted


def test_another_program_s_change_is_taken_over_once(project):
    assert not settings_changed(project)
    with open_project(project.folder) as other:
        change_settings(other, medium=1, head=2)
    assert settings_changed(project) and project.cuts == BandCuts(1, 2)
    assert not settings_changed(project)


@pytest.mark.parametrize("medium, head", [(0, 5), (5, 5), (200, None), (1, 10**9)])
def test_impossible_bands_are_refused_and_change_nothing(project, medium, head):
    with pytest.raises(BadInputError, match="Medium from"):
        change_settings(project, medium=medium, head=head)
    assert project.settings == ProjectSettings()


@pytest.mark.parametrize("cuts", [3, {"medium": "x", "head": 2}, {"medium": 9, "head": 2}, {"low": 1}])
def test_settings_that_are_unknown_here_have_their_defaults(project, cuts):
    with project.db.write() as s:
        settings.set(s, "band_cuts", cuts)
        settings.set(s, "threshold_aim", "of a later release")
    with open_project(project.folder) as again:
        assert again.settings == ProjectSettings()
