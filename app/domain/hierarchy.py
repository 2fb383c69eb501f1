"""Categories and their parents: a yes for a category is a yes for every category above it.

Only the links are here; app/services/labelling/derivation.py applies them to labels.
"""

from collections.abc import Iterable

from app.domain.categories import Category
from app.domain.language import translate


class Hierarchy:
    """Give it archived categories too: they pass a yes on from below, and give none of their own.

    A parent that does not exist counts as none, and a circle ends where it began.
    """

    def __init__(self, categories: Iterable[Category]) -> None:
        self._known = {one.id: one for one in categories}
        self._below: dict[int, list[int]] = {}
        for one in self._known.values():
            if one.archived_at is None:
                for above in self.above(one.id):
                    self._below.setdefault(above, []).append(one.id)
        self.parents = {
            number: below for number, below in self._below.items() if self._known[number].archived_at is None
        }
        """Each active category that has others below, with those."""

    def above(self, category_id: int) -> list[int]:
        """The parent, its parent and so on."""
        found: list[int] = []
        one = self._known.get(category_id)
        while one is not None and one.parent in self._known:
            if one.parent == category_id or one.parent in found:
                break
            found.append(one.parent)
            one = self._known[one.parent]
        return found

    def below(self, category_id: int) -> list[int]:
        """Every active category from which a yes is derived."""
        return self._below.get(category_id, [])

    def problem(self, category_id: int, parent_id: int) -> str:
        """Why a category cannot be the parent of another; empty if it can. Both exist."""
        name, parent = self._known[category_id].name, self._known[parent_id].name
        if category_id == parent_id:
            return translate("Project", "The category {category} cannot be its own parent.").format(
                category=repr(name)
            )
        if category_id in self.above(parent_id):
            return translate(
                "Project",
                "{parent} is already below {category}, so it cannot be its parent; "
                "change the parent of {parent} first.",
            ).format(parent=repr(parent), category=repr(name))
        return ""


def in_order(categories: Iterable[Category]) -> list[Category]:
    """In the person's order; new categories come last."""
    return sorted(categories, key=lambda one: one.place)
