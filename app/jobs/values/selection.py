"""The labels of a selection of images, for the window."""

from app.services.labelling.selection import LabelCount, SelectionDetail

__all__ = ["LabelCount", "SelectionDetail"]
