import pytest

from cprfl_core.backbone.names import absolute_name, split_name
from cprfl_core.common.errors import BackboneError


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("bundled", "bundled"),
        ("ViT-B-32", "ViT-B-32"),
        ("ViT-B-32@openai", "ViT-B-32@openai"),
        ("ViT-B-32@laion2b_s34b_b79k", "ViT-B-32@laion2b_s34b_b79k"),
        ("ViT-B-32@w.safetensors", "ViT-B-32@{here}/w.safetensors"),
        ("ViT-B-32@./w@2.PT", "ViT-B-32@{here}/w@2.PT"),
        ("ViT-B-32@sub/../openai/", "ViT-B-32@{here}/openai"),
        ("ViT-B-32@~/w.bin", "ViT-B-32@{home}/w.bin"),
        ("bundled@w.safetensors", "bundled@{here}/w.safetensors"),
        ("local-dir:model", "local-dir:{here}/model"),
        ("local-dir:.", "local-dir:{here}"),
        ("local-dir:~/a@b", "local-dir:{home}/a@b"),
        ("local-dir:~nosuchperson/m", "local-dir:{here}/~nosuchperson/m"),
        ("local-dir:/m/a\u00a0b", "local-dir:/m/a\u00a0b"),
    ],
)
def test_files_and_folders_become_absolute_and_tags_stay(name, stored, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    wanted = stored.format(here=tmp_path, home="/home/somebody")
    assert absolute_name(name) == wanted
    assert absolute_name(wanted) == wanted


@pytest.mark.parametrize("name", ["", "  ", "local-dir:", "ViT-B-32@a\0b.pt", "local-dir:/caf\udce9"])
def test_a_name_that_cannot_be_kept_is_refused(name):
    with pytest.raises(BackboneError):
        absolute_name(name)


def test_a_deleted_current_folder_is_reported(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(BackboneError, match=r"give w\.pt as an absolute path"):
        absolute_name("ViT-B-32@w.pt")
    assert absolute_name("ViT-B-32@/w.pt") == "ViT-B-32@/w.pt"


def test_the_weights_follow_the_first_at_sign():
    assert split_name("A@b@c") == ("A", "b@c")
    assert split_name("A@") == ("A", "")
    assert split_name("A") == ("A", None)
    assert split_name("local-dir:/a@b") == ("local-dir:/a@b", None)
