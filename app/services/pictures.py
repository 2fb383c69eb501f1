"""Images for the single view, decoded in about the size that is needed."""

from pathlib import Path
from typing import Final

from PIL import Image as Pillow

from app.domain.errors import KnownError
from app.domain.images import Image, ImageState
from app.services.project import Project
from app.services.thumbnails import Pixels
from app.storage import images
from cprfl_core.errors import ImageError
from cprfl_core.images import open_image

MAX_SHOWN_PIXELS: Final = 64_000_000
"""More of one image is not held in the memory; a larger one is shown reduced."""


class PictureError(KnownError):
    """An image that cannot be shown; the text is the reason and follows a file name."""


def picture(project: Project, image_id: int, long_side: int) -> Pixels:
    """An image with ``long_side`` pixels or more on its longer side, but less than twice as many.

    Fewer where the file has fewer or where MAX_SHOWN_PIXELS would be passed. A JPEG is decoded no larger than
    needed. Raises PictureError with the reason, NotFoundError for an image that the project does not have.
    """
    with project.db.read() as s:
        image = images.get(s, image_id)
        path = images.absolute(s, image)
    decoded = _open(image, path, long_side)
    full = (image.width or decoded.width, image.height or decoded.height)
    factor = _factor(decoded.size, long_side)
    shown = decoded.reduce(factor) if factor > 1 else decoded
    return Pixels(shown.width, shown.height, shown.tobytes(), *full)


def draft_size(width: int, height: int, long_side: int) -> tuple[int, int]:
    """The box with the image's own shape whose longer side is ``long_side``, at least one pixel each way."""
    scale = long_side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _factor(size: tuple[int, int], long_side: int) -> int:
    """The whole number by which an image is reduced; the box filter of a whole number is exact and fast."""
    factor = max(1, max(size) // max(1, long_side))
    while (size[0] // factor) * (size[1] // factor) > MAX_SHOWN_PIXELS:
        factor += 1
    return factor


def _open(image: Image, path: Path, long_side: int) -> Pillow.Image:
    if image.state is ImageState.UNREADABLE:
        raise PictureError(image.problem or "it cannot be read")
    width, height = image.width or long_side, image.height or long_side
    try:
        return open_image(path, draft=draft_size(width, height, long_side))
    except ImageError as error:
        if image.state is ImageState.MISSING or not path.exists():
            raise PictureError(f"the file is missing ({path})") from error
        raise PictureError(error.reason) from error
