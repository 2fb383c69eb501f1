"""Which format a folder is certainly of, by the names of its files and the beginnings of a few.

One function decides, so that no folder is certainly of two formats.
"""

import re
from pathlib import PurePosixPath

from app.domain.errors import BadInputError
from app.services.interchange.folder_files import SPLITS, split_suffix
from app.services.interchange.sample import Sample

_LIST_LINE = re.compile(r"\S.*\.[A-Za-z0-9]{2,5}(\s+\d+)*\s*$")
_LABEL_LINE = re.compile(r"\S.* \d+\s*$")
_BOX_LINE = re.compile(r"\d+(\s+[-+.0-9eE]+){4,}\s*$")


def certain(sample: Sample, name: str) -> bool:
    """Whether a folder is certainly of the format ``name``."""
    return sample.is_folder and _markers(sample) == {name}


def is_data_yaml(text: str) -> bool:
    """Whether a text looks like the data.yaml of a YOLO data set."""
    return bool(re.search(r"^names\s*:", text, re.MULTILINE)) and bool(
        re.search(r"^(train|val|nc|path)\s*:", text, re.MULTILINE)
    )


def is_annotation_xml(text: str) -> bool:
    return "<annotation" in text[:2000]


def _markers(sample: Sample) -> set[str]:
    found: set[str] = set()
    names = sample.names
    visible = [one for one in names if not any(part.startswith(".") for part in one.parts)]
    by_suffix: dict[str, list[PurePosixPath]] = {}
    for one in visible:
        by_suffix.setdefault(one.suffix.lower(), []).append(one)
    if _is_voc(sample, visible, by_suffix.get(".xml", [])):
        found.add("voc")
    if any(one.name in ("metadata.jsonl", "metadata.csv", "metadata.parquet") for one in visible):
        found.add("imagefolder")
    if by_suffix.get(".xmp"):
        found.add("xmp")
    yamls = [one for suffix in (".yaml", ".yml") for one in by_suffix.get(suffix, []) if len(one.parts) == 1]
    if any(is_data_yaml(_text(sample, one)) for one in yamls):
        found.add("yolo")
    texts = by_suffix.get(".txt", [])
    if _is_lists(sample, [one for one in texts if len(one.parts) == 1]):
        found.add("lists")
    if _has_tags(sample, visible, texts):
        found.add("txt")
    if not found and _is_class_folders(visible):
        found.add("folders")
    return found


def _text(sample: Sample, name: PurePosixPath) -> str:
    try:
        return Sample(sample.path / name).text
    except BadInputError:  # it is told when the folder is read
        return ""


def _is_voc(sample: Sample, names: list[PurePosixPath], xml: list[PurePosixPath]) -> bool:
    if any(one.parts[-3:-1] == ("ImageSets", "Main") and one.suffix == ".txt" for one in names):
        return True
    return bool(xml) and is_annotation_xml(_text(sample, xml[0]))


def _is_lists(sample: Sample, texts: list[PurePosixPath]) -> bool:
    labels = [one for one in texts if one.stem == "labels" or one.stem.endswith("_labels")]
    return any(_first(sample, one, _LABEL_LINE) for one in labels) and any(
        _first(sample, one, _LIST_LINE) for one in texts if one not in labels
    )


def _has_tags(sample: Sample, names: list[PurePosixPath], texts: list[PurePosixPath]) -> bool:
    images = {stem for one in names for stem, suffix in (split_suffix(one.as_posix()),) if suffix}
    beside = [one for one in texts if one.with_suffix("").as_posix() in images]
    return bool(beside) and not any(_first(sample, one, _BOX_LINE) for one in beside[:5])


def _first(sample: Sample, name: PurePosixPath, pattern: re.Pattern[str]) -> bool:
    line = _text(sample, name).lstrip("\ufeff").partition("\n")[0]
    return len(line) < 2000 and pattern.match(line) is not None


def _is_class_folders(names: list[PurePosixPath]) -> bool:
    """Folders of categories inside those of the parts; anything less may be any folder of photographs."""
    tops = {one.parts[0] for one in names}
    if not tops or not all(top.lower() in SPLITS for top in tops):
        return False
    images = all(split_suffix(one.name)[1] and len(one.parts) > 2 for one in names)
    return images and len({one.parts[1] for one in names}) > 1
