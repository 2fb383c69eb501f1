"""What a person calls things: images and categories by the names that they write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.categories import Category, JoinedNames, join_names
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.images import Image
from app.domain.labels import Decision, LabelState
from app.services.interchange.files import decode_text
from app.services.labelling import decide
from app.services.project import Project
from app.storage import categories, images
from cprfl_core.backbone_names import expanded


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
    """The name of every image, as it is shown, by its number."""
    with project.db.read() as session:
        return images.names(session)


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


def read_names(given: str) -> tuple[list[str], list[JoinedNames]]:
    """Category names from a text file with one a line, or from ``given`` itself with commas between them.

    Names of one category are joined under their first spelling, and listed. Raises BadInputError naming the
    line.
    """
    path = expanded(given)
    if _is_file(path):
        return _from_file(path)
    if "," not in given and (path.suffix.lower() in {".txt", ".csv"} or len(path.parts) > 1):
        raise BadInputError(f"There is no file {given} with category names.")
    try:
        return join_names(_filled("name", given.split(",")))
    except BadInputError as error:
        raise BadInputError(f"The list of categories, {error.sentence}") from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a long list is no possible file name
        return False


def _from_file(path: Path) -> tuple[list[str], list[JoinedNames]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from None
    text = decode_text(path, data).replace("\r\n", "\n").replace("\r", "\n")
    try:
        return join_names(_filled("line", text.split("\n")))
    except BadInputError as error:
        raise BadInputError(f"{path} {error.sentence}") from None


def _filled(kind: str, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{kind} {number}", name) for number, name in enumerate(names, 1) if name.strip()]
