"""What a person calls things: images and categories by the names that they write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.categories import Category, clean_name
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.images import Image
from app.domain.labels import Decision, LabelState
from app.services.labelling import decide
from app.services.project import Project
from app.storage import categories, images


@dataclass(frozen=True, slots=True)
class NamedDecision:
    """``names`` gives the category of each id in ``change``."""

    image: Image
    names: Mapping[int, str]
    change: ChangeSet


def find_images(project: Project, references: Iterable[str]) -> list[Image]:
    """The images that ``references`` name, each once. Raises NotFoundError with near matches."""
    with project.db.read() as session:
        found = [images.find(session, reference) for reference in references]
    return list({image.id: image for image in found}.values())


def find_category(project: Project, name: str) -> Category:
    """The category of this name or alias. Raises NotFoundError with a near match."""
    with project.db.read() as session:
        return categories.find(session, name)


def image_paths(project: Project) -> dict[int, str]:
    """The relative path of every image by its number."""
    with project.db.read() as session:
        return {image.id: image.path for image in images.all_images(session)}


def decide_by_name(
    project: Project, reference: str, answers: Mapping[LabelState, Sequence[str]]
) -> NamedDecision:
    """Record answers about one image as one step of undo.

    Raises NotFoundError for an image or category that does not exist, with near matches, and BadInputError
    for two answers about one category; nothing is changed then.
    """
    with project.db.read() as session:
        image = images.find(session, reference)
        given = [
            (categories.find(session, name), state) for state, names in answers.items() for name in names
        ]
    states: dict[int, LabelState] = {}
    for category, state in given:
        if states.setdefault(category.id, state) is not state:
            raise BadInputError(
                f"{category.name!r} is given as {states[category.id]} and as {state}; decide for one."
            )
    change = decide(
        project, [Decision(image.id, category_id, state) for category_id, state in states.items()]
    )
    return NamedDecision(image, {category.id: category.name for category, _ in given}, change)


def read_names(given: str) -> list[str]:
    """Category names from a text file with one a line, or from ``given`` itself with commas between them.

    Names that differ only in case are one. Raises BadInputError naming the line.
    """
    path = Path(given).expanduser()
    if _is_file(path):
        return _unique((f"{given} line {number}", line) for number, line in enumerate(_lines(path), 1))
    if "," not in given and (path.suffix.lower() in {".txt", ".csv"} or len(path.parts) > 1):
        raise BadInputError(f"There is no file {given} with category names.")
    return _unique(("the list of categories", name) for name in given.split(","))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a long list is no possible file name
        return False


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadInputError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from None


def _unique(names: Iterable[tuple[str, str]]) -> list[str]:
    found: dict[str, str] = {}
    for place, name in names:
        if name.strip():
            try:
                cleaned = clean_name(name)
            except BadInputError as error:
                raise BadInputError(f"{place}: {error.sentence}") from None
            found.setdefault(cleaned.casefold(), cleaned)
    return list(found.values())
