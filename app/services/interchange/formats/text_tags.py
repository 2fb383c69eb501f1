"""A text file with tags beside each image, as trainers of image generators and taggers use them."""

import re
from pathlib import Path

from app.domain.categories import MAX_NAME_LENGTH
from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, number, translate
from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import (
    FolderFiles,
    UnusableError,
    list_folder,
    safe_path,
    split_suffix,
)
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.formats.sidecars import sidecars
from app.services.interchange.markers import certain
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportTable

_MOST_WORDS, _LONGEST = 7, 80
"""Of a tag; more is taken for a sentence."""
_SENTENCE = re.compile(r"\w+(\W+\w+){3,}\W*[.!?]\s*$")
_WEIGHT = re.compile(r"\(+([^()]+):\d+(?:\.\d+)?\)+")


def _read(path: Path, options: ReadOptions) -> LabelFile:
    found = list_folder(path, "txt")
    collector = LabelCollector(folder=found.base)
    beside = sidecars(found, ".txt", collector)
    if found.files and not beside and not collector.left_out:
        raise BadInputError(
            translate("Interchange", "{path} has no .txt files beside images.").format(path=path)
        )
    weights = 0
    for one in beside:
        try:
            text = found.text(one.path, options.encoding)
            tags = _tags(text, options.separator)
        except UnusableError as error:
            collector.leave_out(one.path, str(error))
            continue
        weights += any(_WEIGHT.fullmatch(tag) for tag in tags)
        yes = collector.categories([_plain(tag, options.separator or ",") for tag in tags], one.path)
        collector.add(ImageStatement(one.path, one.image, yes=yes, without_suffix=one.without_suffix))
    if weights:
        collector.notes.append(
            translate("Interchange", "Weights such as (tag:1.2) were taken off in {files}.").format(
                files=count(weights, "file")
            )
        )
    _tell(found, collector)
    return collector.file()


def _tell(found: FolderFiles, collector: LabelCollector) -> None:
    found.tell(collector, [path for path in found.files if path.lower().endswith(".txt")])


def _tags(text: str, separator: str | None) -> list[str]:
    """The tags of a file, by lines and ``separator``. Raises UnusableError for text that is no list of tags;
    with a separator that the person gave, only for tags that are too long to be one."""
    # A backslash takes the special meaning from the next character.
    piece = re.compile(rf"(?:\\.|(?!{re.escape(separator or ',')}).)+")
    tags = [tag for line in text.splitlines() for one in piece.findall(line) if (tag := one.strip())]
    limit = MAX_NAME_LENGTH if separator else _LONGEST
    long = next((tag for tag in tags if len(tag) > limit), None)
    if separator is None:
        long = long or next((tag for tag in tags if _is_sentence(tag)), None)
    if long is not None:
        raise UnusableError(
            translate("Interchange", 'looks like a description, not a list of tags: "{strip}..."').format(
                strip=text.strip()[:40]
            )
        )
    return tags


def _is_sentence(tag: str) -> bool:
    return len(tag.split()) > _MOST_WORDS or _SENTENCE.match(tag) is not None


def _plain(tag: str, mark: str) -> str:
    """Without weight and backslashes: "(fox:1.2)" is fox, "\\(cosplay\\)" is (cosplay)."""
    match = _WEIGHT.fullmatch(tag)
    return re.sub(rf"\\([\\()]|{re.escape(mark)})", r"\1", match[1].strip() if match else tag)


def _write(table: ExportTable, folder: Path, options: WriteOptions) -> list[str]:
    """A file for each image with a yes. ``a.jpg`` has ``a.txt``; if another image has that name too, the
    suffix stays: ``a.jpg.txt``."""
    mark = options.separator or ","
    texts = [_written(one.name, mark) for one in table.categories]
    stems: dict[str, int] = {}
    for row in table.rows:
        stem = split_suffix(safe_path(row.name))[0]
        stems[stem] = stems.get(stem, 0) + 1
    for row in table.rows:
        tags = [texts[at] for at in (row.states == 1).nonzero()[0].tolist()]
        if not tags:
            continue
        name = safe_path(row.name)
        stem = split_suffix(name)[0]
        # A name that still ends like an image's would be taken for the whole name.
        target = folder / ((name if stems[stem] > 1 or split_suffix(stem)[1] else stem) + ".txt")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"{mark} ".join(tags) + "\n", encoding="utf-8", newline="\n")
    return _told(table, texts, stems, mark)


def _written(name: str, mark: str) -> str:
    text = name.replace("\\", "\\\\").replace(mark, "\\" + mark)
    return "\\" + text if _WEIGHT.fullmatch(text) else text


def _told(table: ExportTable, texts: list[str], stems: dict[str, int], mark: str) -> list[str]:
    told = []
    escaped = [one.name for one, text in zip(table.categories, texts, strict=True) if "\\" + mark in text]
    if escaped:
        told.append(
            translate(
                "Interchange",
                '{names}: the "{mark}" in these names is written as "\\{mark}", which other programs '
                "may take for two tags",
            ).format(names=", ".join(escaped[:5]), mark=mark)
        )
    long = [one.name for one in table.categories if _is_sentence(one.name) or len(one.name) > _LONGEST]
    if long:
        told.append(
            translate(
                "Interchange", '{names}: names as long as these are read back with --separator "{mark}" only'
            ).format(names=", ".join(long[:5]), mark=mark)
        )
    several = sum(count for count in stems.values() if count > 1)
    if several:
        told.append(
            translate(
                "Interchange",
                "{several} images share a name but for the suffix; their files are named a.jpg.txt",
            ).format(several=number(several))
        )
    return told


TXT = Format(
    name="txt",
    title=QT_TRANSLATE_NOOP("Interchange", "Text files with tags beside the images"),
    suffixes=(),
    holds=Holds(no=False, reviews=Reviews.NONE),
    recognise=lambda sample: certain(sample, "txt"),
    read=_read,
    write_folder=_write,
    options=frozenset({"encoding", "separator"}),
)
