"""The log names files and reasons, never what is in an image or in an import file."""

import json

import pytest
from PIL import Image, PngImagePlugin

from app.bootstrap import run_command_line

SECRET = "the-child-in-the-garden"


@pytest.fixture
def pictures(tmp_path):
    """Images with a text inside, one of them truncated."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    exif = Image.Exif()
    exif[270] = SECRET
    for number in range(3):
        picture = Image.new("RGB", (40, 30), (60 * number, 90, 20))
        picture.save(folder / f"{number}.png", pnginfo=text)
        picture.save(folder / f"{number}.jpg", exif=exif)
    for name in ("0.png", "1.jpg"):
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) - 30])
    return folder


def import_files(folder):
    """Files whose faults are where the secret is."""
    whole = {"images": [{"id": 1, "file_name": "2.png"}], "categories": [{"id": 1, "name": "cat"}]}
    documents = {
        "value": {**whole, "annotations": [{"id": 1, "image_id": SECRET, "category_id": 1}]},
        "name": {**whole, "images": [{"id": 1, "file_name": f"{SECRET}.png"}], "annotations": []},
        "kind": {"info": SECRET, "images": SECRET},
        "list": [SECRET],
        "field": {**whole, "annotations": [], SECRET: [SECRET]},
    }
    texts = {name: json.dumps(document) for name, document in documents.items()}
    texts |= {"broken": f'{{"images": [{{"id": 1, "file_name": "{SECRET}', "plain": SECRET}
    for name, text in texts.items():
        path = folder / f"{name}.json"
        path.write_text(text)
        yield path


@pytest.mark.slow
def test_the_log_has_nothing_of_the_content_of_files(tmp_path, pictures, capfd):
    project = tmp_path / "project"
    logs = project / "logs"

    def call(*arguments, codes=(0,)):
        assert run_command_line([str(word) for word in arguments]) in codes
        return capfd.readouterr().err

    call("new", project, "--images", pictures, "--categories", "cat,dog", "--backbone", "bundled")
    call("--verbose", "index", project)
    call("--verbose", "suggest", project)
    for path in import_files(tmp_path):
        call("import", project, "coco", path, codes=(0, 1))
    call("label", project, "2.png", "--yes", "cat")
    call("export", project, "coco", tmp_path / "out.json")
    written = [path.read_text("utf-8") for path in logs.glob("*")]
    assert written
    assert any("speed" in text or "features" in text for text in written)
    assert [text for text in written if SECRET in text] == []
