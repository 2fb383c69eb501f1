"""What the benchmark refuses, each in one sentence, before it trains or writes."""

import shutil

import pytest
import torch
from miniature import arguments, write_miniature, write_text_features

from cprfl_core.benchmark.command import main


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small only wait for each other on many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("miniature")
    write_miniature(folder)
    write_text_features(folder / "text.safetensors")
    return folder


def refused(source, out, capsys, *more):
    """The sentence with which a run is refused; nothing but that is told on stderr, and nothing reported."""
    assert main(arguments(source, out, *more)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert not (out / "report.json").exists()
    return captured.err.splitlines()[-1]


def test_a_folder_that_is_in_use_is_left_alone(source, tmp_path, capsys):
    assert main(arguments(source, tmp_path / "a", "--epochs", "1")) == 0
    capsys.readouterr()
    before = (tmp_path / "a" / "report.json").read_bytes()
    assert main(arguments(source, tmp_path / "a", "--epochs", "1")) == 1
    assert "contains a run; give --resume" in capsys.readouterr().err
    assert main(arguments(source, tmp_path / "a", "--epochs", "2", "--resume")) == 1
    assert "contains a run with epochs 1, but this one has 2" in capsys.readouterr().err
    other = write_text_features(tmp_path / "other.safetensors", width=9)
    assert main(arguments(source, tmp_path / "a", "--epochs", "1", "--resume", "--text", str(other))) == 1
    assert "contains a run with text " in capsys.readouterr().err
    assert (tmp_path / "a" / "report.json").read_bytes() == before
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.tex").write_text("x")
    assert "contains other files" in refused(source, tmp_path / "b", capsys)
    assert "is a file; give a folder" in refused(source, tmp_path / "b" / "thesis.tex", capsys)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: (s / "lists/voc_lt_test.txt").unlink(), "lacks voc_lt_test.txt"),
        (lambda s: (s / "lists/voc_lt_train.txt").write_text("a.jpg 7"), "voc_lt_train.txt, line 1: field 2"),
        (
            lambda s: (s / "lists/voc_labels.txt").write_text("cat"),
            "voc_labels.txt, line 1: 'cat' is not a name",
        ),
        (lambda s: shutil.rmtree(s / "images/VOCdevkit/VOC2007"), "None of the 12 images"),
        (
            lambda s: next(s.glob("images/*/VOC2012/*/*_000003.jpg")).unlink(),
            "1 of 41 listed images are missing",
        ),
        (
            lambda s: next(s.glob("images/*/VOC2012/*/*_000003.jpg")).write_bytes(b"x"),
            "1 of 41 images cannot",
        ),
        (lambda s: write_text_features(s / "text.safetensors", categories=4), "for each of the 3 categories"),
        (lambda s: (s / "text.safetensors").write_bytes(b"\0" * 9), "text.safetensors cannot be read"),
        (lambda s: (s / "text.safetensors").unlink(), "text.safetensors cannot be read"),
    ],
)
def test_bad_input_is_one_sentence_before_anything_is_trained_or_written(
    source, tmp_path, capsys, change, told
):
    copy = tmp_path / "copy"
    shutil.copytree(source, copy)
    change(copy)
    assert told in refused(copy, tmp_path / "out", capsys)
    assert not (tmp_path / "out").exists()


def test_an_image_that_breaks_off_in_the_middle_is_named(source, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(source, copy)
    file = next(copy.glob("images/*/VOC2012/*/*_000003.jpg"))
    file.write_bytes(file.read_bytes()[:-400])
    sentence = refused(copy, tmp_path / "out", capsys)
    assert str(file) in sentence
    assert "truncated" in sentence


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--weights", "nowhere.pth", "--backbone", "resnet18"], "nowhere.pth does not exist"),
        (["--weights", "nowhere.pth"], "The tiny trunk has no weights"),
        (["--epochs", "5", "--schedule-epochs", "4"], "5 epochs are not possible in a schedule of 4"),
        (["--folds", "1"], "1 folds are too few"),
        (["--seeds", "1", "1"], "The seeds are [1, 1]"),
        (["--learning-rate", "-1"], "The training option learning_rate is -1.0"),
        (["--device", "cuda:99"], "cuda:99"),
        (["--dim", "15"], "15"),
    ],
)
def test_options_that_do_not_fit_are_one_sentence(source, tmp_path, capsys, more, told):
    assert told in refused(source, tmp_path / "out", capsys, *more)


def test_a_backbone_without_text_encoder_asks_for_text(source, tmp_path, capsys):
    given = arguments(source, tmp_path / "out")
    at = given.index("--text")
    assert main(given[:at] + given[at + 2 :]) == 1
    assert "tiny has no text encoder; give --text" in capsys.readouterr().err
