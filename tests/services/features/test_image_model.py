from pathlib import Path

import pytest

from app.domain.errors import CancelledError
from app.protocol import messages as m
from app.services.features.image_model import checked_model
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.services.runner.runner import WorkerFailedError
from cprfl_core.common.errors import BackboneError

DONE = m.BackboneResult(key="k-1", embed_dim=3, patch_width=3, grid=(1, 1), device="cpu", precision="float32")


class Answering:
    """A runner that ends every job in one way, and keeps the commands."""

    def __init__(self, answer):
        self.answer, self.commands = answer, []

    def run(self, command, on_event, should_stop=None):
        self.commands.append(command)
        return self.answer(command.job)


def test_a_model_is_loaded_before_it_is_taken_and_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = Answering(lambda job: m.Completed(job=job, result=DONE))
    stages = []
    assert checked_model("ViT-B-32@w.pt", runner, stages.append) == f"ViT-B-32@{tmp_path}/w.pt"
    assert [command.backbone for command in runner.commands] == [f"ViT-B-32@{tmp_path}/w.pt"]
    assert not runner.commands[0].allow_download
    assert [one.stage for one in stages] == ["Loading the image model"]


def test_the_bundled_model_is_not_loaded():
    assert checked_model("bundled", Answering(None)) == "bundled"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda job: m.Failed(job=job, known=True, message="There is no backbone."), WorkerFailedError),
        (lambda job: m.Cancelled(job=job), CancelledError),
    ],
)
def test_a_model_that_is_refused_leaves_no_project(tmp_path, images_folder, answer, error):
    runner = Answering(answer)
    with pytest.raises(error):
        create_project(
            tmp_path / "deep" / "p",
            [images_folder],
            backbone="ViT-B-32@w.pt",
            check_model=lambda name: checked_model(name, runner),
        )
    assert len(runner.commands) == 1
    assert not (tmp_path / "deep").exists()


def test_errors_that_need_no_model_are_reported_first(tmp_path):
    runner = Answering(None)
    with pytest.raises(Exception, match="no image folder"):
        create_project(
            tmp_path / "p",
            [tmp_path / "nowhere"],
            backbone="ViT-B-32@w.pt",
            check_model=lambda name: checked_model(name, runner),
        )
    assert not runner.commands


def test_even_unchecked_a_path_is_stored_in_full(tmp_path, images_folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with create_project(tmp_path / "p", [images_folder], backbone="local-dir:model") as made:
        assert made.backbone == f"local-dir:{tmp_path}/model"
    with open_project(tmp_path / "p") as opened:
        assert opened.backbone == f"local-dir:{tmp_path}/model"
    with pytest.raises(BackboneError, match="names no folder"):
        create_project(tmp_path / "q", [images_folder], backbone="local-dir:")
    assert not (tmp_path / "q").exists()


@pytest.mark.skipif("os.name == 'nt'", reason="such names are possible there")
def test_a_home_of_nobody_is_a_name_like_any_other(tmp_path, images_folder, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception, match="no image folder"):
        create_project(tmp_path / "p", [Path("~nosuchperson/images")])
    with create_project(Path("~nosuchperson"), [images_folder]) as made:
        assert made.folder == tmp_path / "~nosuchperson"
