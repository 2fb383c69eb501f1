"""Images for the single view, decoded at about the size that is needed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image as Pillow

from app.domain.errors import KnownError
from app.domain.images import Image, ImageState
from app.domain.language import translate
from app.services.project.project import Project
from app.storage import images
from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image

MAX_SHOWN_PIXELS: Final = 64_000_000
"""The most pixels of one image that are held in memory; a larger image is shown reduced."""


class PictureError(KnownError):
    """An image that cannot be shown; the text is the reason and follows a file name."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """An upright image, 8-bit RGB, row-major without padding: ``len(rgb) == 3 * width * height``.

    ``full_width`` and ``full_height`` are the size of the image in the file, which may be larger.
    """

    width: int
    height: int
    rgb: bytes
    full_width: int
    full_height: int


def picture(project: Project, image_id: int, long_side: int) -> Pixels:
    """An image with ``long_side`` pixels or more on its longer side, but less than twice as many.

    Fewer where the file has fewer, or to stay within MAX_SHOWN_PIXELS. Raises PictureError with the reason,
    NotFoundError.
    """
    with project.db.read() as s:
        image = images.get(s, image_id)
        path = images.absolute(s, image)
    draft = draft_size(image.width or long_side, image.height or long_side, long_side)
    decoded = open_picture(image, path, draft)
    full = (image.width or decoded.width, image.height or decoded.height)
    factor = _factor(decoded.size, long_side)
    shown = decoded.reduce(factor) if factor > 1 else decoded
    return Pixels(shown.width, shown.height, shown.tobytes(), *full)


def draft_size(width: int, height: int, long_side: int) -> tuple[int, int]:
    """The image's size scaled to ``long_side`` on its longer side, at least one pixel each way."""
    scale = long_side / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _factor(size: tuple[int, int], long_side: int) -> int:
    """The integer by which an image is reduced: a box filter of integer size is exact and fast."""
    factor = max(1, max(size) // max(1, long_side))
    while (size[0] // factor) * (size[1] // factor) > MAX_SHOWN_PIXELS:
        factor += 1
    return factor


def open_picture(image: Image, path: Path, draft: tuple[int, int]) -> Pillow.Image:
    """Decode a file in RGB; a JPEG no larger than needed to fill the box ``draft``. Raises PictureError."""
    if image.state is ImageState.UNREADABLE:
        raise PictureError(image.problem or translate("Images", "cannot be read"))
    try:
        return open_image(path, draft=draft, cut=image.state is ImageState.OK)  # a scan has decided
    except ImageError as error:
        if image.state is ImageState.MISSING or not path.exists():
            raise PictureError(
                translate("Images", "the file is missing ({path})").format(path=path)
            ) from error
        raise PictureError(error.reason) from error
