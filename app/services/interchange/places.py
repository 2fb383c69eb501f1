"""Where an export must not be written."""

from collections.abc import Iterable
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.images.file_walk import is_hidden
from app.services.project.project import Project
from app.storage import images


def check_places(project: Project, targets: Iterable[Path], *, with_images: bool) -> None:
    """Raises KnownError for a place that belongs to the project, and, for an export ``with_images``, for one
    in its image folders: the next scan would take the copies for new images. ``targets`` are real paths.
    """
    with project.db.read() as s:
        roots = [path.resolve() for path in images.roots(s).values()]
    own = project.folder.resolve()
    for target in targets:
        if target.is_relative_to(own):
            if target.relative_to(own).parts[:1] in {(name,) for name in project.layout.own_folders}:
                raise KnownError(
                    translate(
                        "Interchange",
                        "{target} is in a folder that Tailspotter keeps for itself; choose another one.",
                    ).format(target=target)
                )
        elif with_images:
            for root in roots:
                if target.is_relative_to(root) and not any(map(is_hidden, target.relative_to(root).parts)):
                    raise KnownError(
                        translate(
                            "Interchange",
                            "{target} is in the image folder {root}, where a scan would take the exported "
                            "images for new ones; choose a folder outside it.",
                        ).format(target=target, root=root)
                    )
