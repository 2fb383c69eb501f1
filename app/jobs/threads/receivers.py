"""Methods of QObjects that are called later, if their object still lives."""

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod

import shiboken6
from PySide6.QtCore import QObject


class Receiver:
    """A bound method of a QObject, held weakly."""

    def __init__(self, method: Callable[..., Any]) -> None:
        if not isinstance(getattr(method, "__self__", None), QObject) or not hasattr(method, "__func__"):
            raise TypeError("results are delivered to methods of QObjects only")
        self._method: WeakMethod[Any] = WeakMethod(method)

    @classmethod
    def of(cls, method: Callable[..., Any] | None) -> "Receiver | None":
        return None if method is None else cls(method)

    def call(self, *values: Any) -> bool:
        """Whether a living receiver was called."""
        bound = self._method()
        if bound is None or not shiboken6.isValid(bound.__self__):
            return False
        bound(*values)
        return True
