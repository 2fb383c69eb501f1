"""Position of an image in its view: fit, zoom and pan as plain numbers, no Qt."""

from dataclasses import dataclass, replace
from typing import Final

STEP: Final = 1.25
"""Factor of one step of zoom."""
MAX_MAGNIFICATION: Final = 32.0
"""Device pixels per pixel of the image."""
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ZoomTransform:
    """``width`` and ``height`` in pixels of the image, ``view_*`` in logical pixels of the screen.

    ``zoom``: logical pixels per pixel of the image, None while fitted to the view;
    ``x``, ``y``: the point of the image in the middle of the view.
    """

    width: float
    height: float
    view_width: float
    view_height: float
    ratio: float = 1.0
    zoom: float | None = None
    x: float = 0.0
    y: float = 0.0

    @property
    def fit_scale(self) -> float:
        """Scale at which the whole image just fits, within MAX_MAGNIFICATION."""
        fitting = min(self.view_width / self.width, self.view_height / self.height)
        return min(fitting, MAX_MAGNIFICATION / self.ratio)

    @property
    def actual_scale(self) -> float:
        """One pixel of the image is one pixel of the screen."""
        return 1.0 / self.ratio

    @property
    def smallest_scale(self) -> float:
        return min(self.fit_scale, self.actual_scale)

    @property
    def largest_scale(self) -> float:
        return MAX_MAGNIFICATION / self.ratio

    @property
    def scale(self) -> float:
        return self.fit_scale if self.zoom is None else self.zoom

    @property
    def fitted(self) -> bool:
        return self.zoom is None

    def rect(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the whole image in coordinates of the view."""
        x, y = self._middle()
        left = self.view_width / 2 - x * self.scale
        top = self.view_height / 2 - y * self.scale
        return left, top, self.width * self.scale, self.height * self.scale

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """The point of the image under a point of the view."""
        left, top, _, _ = self.rect()
        return (x - left) / self.scale, (y - top) / self.scale

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        left, top, _, _ = self.rect()
        return left + x * self.scale, top + y * self.scale

    def fit(self) -> "ZoomTransform":
        return replace(self, zoom=None)

    def zoomed(self, factor: float, x: float, y: float) -> "ZoomTransform":
        """Scaled by a factor around the point (x, y) of the view, as far as the limits allow."""
        return self.scaled(self.scale * factor, x, y)

    def scaled(self, scale: float, x: float, y: float) -> "ZoomTransform":
        """At a scale, clamped to the limits, around the point (x, y) of the view."""
        scale = min(max(scale, self.smallest_scale), self.largest_scale)
        if abs(scale - self.fit_scale) <= _SAME * scale:
            return self.fit()
        at_x, at_y = self.to_image(x, y)
        middle_x = at_x + (self.view_width / 2 - x) / scale
        middle_y = at_y + (self.view_height / 2 - y) / scale
        return replace(self, zoom=scale, x=middle_x, y=middle_y)._clamped()

    def actual(self, x: float, y: float) -> "ZoomTransform":
        return self.scaled(self.actual_scale, x, y)

    def panned(self, dx: float, dy: float) -> "ZoomTransform":
        """Moved by (dx, dy) logical pixels, without gaps at the edges of the view."""
        if self.zoom is None:
            return self
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale)._clamped()

    def resized(self, view_width: float, view_height: float, ratio: float) -> "ZoomTransform":
        """In a view of another size: a fitted image stays fitted, others keep scale and middle."""
        moved = replace(self, view_width=max(1.0, view_width), view_height=max(1.0, view_height), ratio=ratio)
        if moved.zoom is None:
            return moved
        return moved.scaled(moved.zoom, moved.view_width / 2, moved.view_height / 2)

    def needed_side(self) -> float:
        """Device pixels of the longer side of the image at this scale."""
        return max(self.width, self.height) * self.scale * self.ratio

    def _middle(self) -> tuple[float, float]:
        if self.zoom is None:
            return self.width / 2, self.height / 2
        return self.x, self.y

    def _clamped(self) -> "ZoomTransform":
        """With the middle clamped so that the image leaves no avoidable gap at a side of the view."""
        return replace(
            self,
            x=_clamp(self.x, self.width, self.view_width / self.scale),
            y=_clamp(self.y, self.height, self.view_height / self.scale),
        )


def _clamp(middle: float, length: float, visible: float) -> float:
    if visible >= length:
        return length / 2
    return min(max(middle, visible / 2), length - visible / 2)
