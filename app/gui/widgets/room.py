"""Room in a layout."""

from PySide6.QtWidgets import QWidget


def keep_room(widget: QWidget) -> None:
    """Let the widget keep its room while it is hidden, so that its neighbours do not move."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
