"""The ground truth of a collection, from a file, for a simulated annotator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category, NameIndex, clean_name
from app.domain.errors import BadInputError
from app.services.interchange.formats.coco_file import read_coco
from app.services.interchange.matching import ImageMatcher
from app.services.interchange.resolution import Contradiction, combine
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.project.project import Project
from app.services.text_files import read_json
from app.storage import categories as category_store
from app.storage import images as image_store


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """``truth`` bool [N, C] of the images ``image_ids`` [N], ascending, and the categories ``category_ids``.

    ``left_out`` counts images of the project that are not in the file, ``unmatched`` the reverse.
    """

    image_ids: NDArray[np.int64]
    category_ids: tuple[int, ...]
    truth: NDArray[np.bool_]
    left_out: int
    unmatched: int


def read_truth(project: Project, path: Path) -> KnownTruth:
    """Read a COCO file or the demo's ``truth.json``; categories that are not given are absent.

    Raises BadInputError for any other file, and if no image or no category is in the project.
    """
    document = read_json(path)
    labels = _demo_truth(path, document) if _is_demo(document) else read_coco(path)
    with project.db.read() as s:
        matcher = ImageMatcher(image_store.all_images(s), image_store.roots(s))
        present = category_store.all_categories(s)
        total = image_store.counts(s).total
    found = [match.image_id for match in matcher.match_all([image.file_name for image in labels.images])]
    entries: dict[int, list[ImageStatement]] = {}
    for image_id, image in zip(found, labels.images, strict=True):
        if image_id is not None:
            entries.setdefault(image_id, []).append(image)
    index = NameIndex(present)
    columns = {one.id: at for at, one in enumerate(present)}
    categories = [None if one is None else columns[one.id] for one in map(index.find, labels.categories)]
    if not entries:
        raise BadInputError(f"None of the images in {path} is in this project; is it the right file?")
    if all(column is None for column in categories):
        raise BadInputError(f"None of the categories in {path} is in this project; add them first.")
    rows: dict[int, NDArray[np.bool_]] = {}
    for image_id, some in entries.items():
        answers, contradictions = combine(some, labels, categories, path)
        if contradictions:
            raise BadInputError(_contradiction(path, contradictions[0], present))
        rows[image_id] = np.zeros(len(present), np.bool_)
        rows[image_id][sorted(answers.yes)] = True
    ids = sorted(rows)
    return KnownTruth(
        image_ids=np.array(ids, np.int64),
        category_ids=tuple(one.id for one in present),
        truth=np.stack([rows[i] for i in ids]),
        left_out=total - len(ids),
        unmatched=sum(one is None for one in found),
    )


def _contradiction(path: Path, found: Contradiction, present: Sequence[Category]) -> str:
    answers = " and ".join(f'{state} in {one.place} "{one.file_name}"' for one, state in found.answers)
    return f"{path}: {present[found.category_id].name!r} is {answers}, which are one image of this project."


def _is_demo(document: Any) -> bool:
    return isinstance(document, dict) and "annotations" not in document


def _demo_truth(path: Path, document: dict[str, Any]) -> LabelFile:
    """``{"categories": [name], "images": [{"path", "categories": [name]}]}``."""
    names, images = document.get("categories"), document.get("images")
    if not _all_texts(names) or not isinstance(images, list):
        raise BadInputError(f'{path} is neither a COCO file nor a truth file with "categories" and "images".')
    for at, name in enumerate(names):
        try:
            clean_name(name)
        except BadInputError as error:
            raise BadInputError(f"{path}: categories[{at}]: {error.sentence}") from None
    position = {name: at for at, name in enumerate(names)}
    statements = []
    for at, image in enumerate(images):
        place = f"images[{at}]"
        if not isinstance(image, dict) or not isinstance(image.get("path"), str):
            raise BadInputError(f"{path}: {place} has no path.")
        if not _all_texts(image.get("categories")):
            raise BadInputError(f"{path}: {place}.categories must be a list of names.")
        unknown = [name for name in image["categories"] if name not in position]
        if unknown:
            raise BadInputError(f'{path}: {place} names "{unknown[0]}", which is not in "categories".')
        yes = {position[name] for name in image["categories"]}
        statements.append(ImageStatement(place, image["path"], reviewed=True, yes=yes))
    return LabelFile(names, [f"categories[{at}]" for at in range(len(names))], statements)


def _all_texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
