"""Looking images up: one with its labels, several by number, those whose picture was replaced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.categories import Category
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState, Source
from app.services.labelling.decisions import image_states
from app.services.project.project import Project
from app.storage import categories as category_store
from app.storage import changed_images, images, labels, pictures


@dataclass(frozen=True, slots=True)
class ImageLabel:
    """``source`` and ``when`` are None for a *no* that only a review implies, and for a derived yes.

    ``below``: a category below with a yes, from which this yes is derived, or which contradicts this *no*.
    """

    category: Category
    state: LabelState
    source: Source | None
    when: datetime | None
    below: str = ""


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """``labels``: the explicit ones, newest first, then those that follow from others or a review, by name.

    ``changed``: the picture was replaced since the image was labelled. ``note``: what is odd about its file.
    """

    image: Image
    path: Path
    labels: Sequence[ImageLabel]
    changed: bool
    note: str | None = None


def labelled_image(project: Project, image_id: int, categories: Sequence[Category]) -> LabelledImage:
    """One image, with its labels for ``categories``. Raises NotFoundError."""
    known = {category.id: category for category in categories}
    with project.db.read() as s:
        image = images.get(s, image_id)
        path = images.absolute(s, image)
        changed = bool(changed_images.changed_ids(s, [image_id]))
        known_picture = pictures.get_many(s, [image.content_hash]).get(image.content_hash or "")
        explicit = [one for one in labels.explicit_of(s, image_id) if one.category_id in known]
        hierarchy = category_store.hierarchy(s)
    states = image_states(project, image_id)
    yes = {one.category_id for one in explicit if one.state is LabelState.YES}

    def below(category_id: int) -> str:
        return next((known[one].name for one in hierarchy.below(category_id) if one in yes), "")

    explicit = [  # an explicit unknown gives way to a derived yes
        one
        for one in explicit
        if one.state is not LabelState.UNKNOWN or states.get(one.category_id) is not LabelState.YES
    ]
    given = [
        ImageLabel(
            known[one.category_id],
            one.state,
            one.source,
            one.decided_at,
            below(one.category_id) if one.state is LabelState.NO else "",
        )
        for one in explicit
    ]
    labelled = {one.category_id for one in explicit}
    implied = [
        ImageLabel(known[number], state, None, None, below(number) if state is LabelState.YES else "")
        for number, state in states.items()
        if number in known and number not in labelled and state is not LabelState.UNKNOWN
    ]
    implied.sort(key=lambda label: label.category.name.casefold())
    note = known_picture.note if known_picture is not None and image.state is ImageState.OK else None
    return LabelledImage(image, path, [*given, *implied], changed, note)


def images_by_id(project: Project, image_ids: Sequence[int]) -> dict[int, Image]:
    """Those of the images that exist."""
    with project.db.read() as s:
        return images.get_many(s, image_ids)


def files_by_id(project: Project, image_ids: Sequence[int]) -> list[Path]:
    """The full paths of those of the images that exist, in the order given."""
    with project.db.read() as s:
        found = images.get_many(s, image_ids)
        folders = images.roots(s)
        return [folders[found[one].root_id] / found[one].path for one in image_ids if one in found]


def yes_labels(
    project: Project, image_ids: Sequence[int], categories: Sequence[Category]
) -> dict[int, list[Category]]:
    """The categories with a yes, in the order of ``categories``; images without any are left out."""
    place = {category.id: at for at, category in enumerate(categories)}
    with project.db.read() as s:
        found = labels.yes_of(s, image_ids)
    known = {number: sorted(place[one] for one in said if one in place) for number, said in found.items()}
    return {number: [categories[at] for at in places] for number, places in known.items() if places}


def replaced_names(project: Project, image_ids: Iterable[int]) -> list[str]:
    """The names of those images whose picture was ever replaced, sorted."""
    with project.db.read() as s:
        return sorted(
            one.name for one in images.get_many(s, changed_images.replaced_ids(s, image_ids)).values()
        )
