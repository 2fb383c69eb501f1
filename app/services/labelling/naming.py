"""Images and categories by the names that a person gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.categories import Category, JoinedNames, join_names
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.images import Image
from app.domain.labels import Decision, LabelState
from app.domain.language import translate
from app.services.labelling.decisions import decide
from app.services.project.project import Project
from app.services.text_files import decode_text
from app.storage import categories, images
from cprfl_core.backbone.names import expanded


@dataclass(frozen=True, slots=True)
class NamedDecision:
    """``names`` gives the category of each id in ``change``."""

    image: Image
    names: Mapping[int, str]
    change: ChangeSet


def find_images(project: Project, references: Iterable[str]) -> list[Image]:
    """The images that ``references`` refer to, each once. Raises NotFoundError with near matches."""
    with project.db.read() as session:
        found = [images.find(session, reference) for reference in references]
    return list({image.id: image for image in found}.values())


def find_category(project: Project, name: str) -> Category:
    """The category with this name or alias. Raises NotFoundError with a near match."""
    with project.db.read() as session:
        return categories.find(session, name)


def image_names(project: Project) -> dict[int, str]:
    """The name of every image by id."""
    with project.db.read() as session:
        return images.names(session)


def decide_by_name(
    project: Project, reference: str, answers: Mapping[LabelState, Sequence[str]]
) -> NamedDecision:
    """Record labels of one image as one step of undo. Unknown is kept open by later reviews.

    Raises NotFoundError, with near matches, for an unknown image or category, and BadInputError for two
    answers about one category; then nothing is changed.
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
                translate(
                    "Labelling", "{category} is given as {states} and as {state}; give only one."
                ).format(category=repr(category.name), states=states[category.id], state=state)
            )
    decisions = [
        Decision(image.id, category_id, state, kept_open=state is LabelState.UNKNOWN)
        for category_id, state in states.items()
    ]
    change = decide(project, decisions)
    return NamedDecision(image, {category.id: category.name for category, _ in given}, change)


def read_names(given: str) -> tuple[list[str], list[JoinedNames]]:
    """Category names from a text file, one per line, or from ``given`` itself, separated by commas.

    Different spellings of one category are joined under the first, and listed. Raises BadInputError naming
    the line.
    """
    path = expanded(given)
    if _is_file(path):
        return names_in_file(path)
    if "," not in given and (path.suffix.lower() in {".txt", ".csv"} or len(path.parts) > 1):
        raise BadInputError(
            translate("Labelling", "There is no file {given} with category names.").format(given=given)
        )
    try:
        return join_names(_filled("name", given.split(",")))
    except BadInputError as error:
        raise BadInputError(
            translate("Labelling", "The list of categories, {reason}").format(reason=error.sentence)
        ) from None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a long list is not a valid file name
        return False


def names_in_file(path: Path) -> tuple[list[str], list[JoinedNames]]:
    """As :func:`read_names`, from a file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            translate("Labelling", "{path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror
            )
        ) from None
    text = decode_text(path, data).replace("\r\n", "\n").replace("\r", "\n")
    try:
        return join_names(_filled("line", text.split("\n")))
    except BadInputError as error:
        raise BadInputError(f"{path} {error.sentence}") from None


def _filled(kind: str, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"{kind} {number}", name) for number, name in enumerate(names, 1) if name.strip()]
