"""What the window is told of a selection of images."""

from app.services.selection import LabelCount, SelectionDetail

__all__ = ["LabelCount", "SelectionDetail"]
