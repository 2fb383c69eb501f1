"""Splits an export into training, validation and test parts in which every category keeps its share."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.reports import Scarce, SplitReport
from app.services.interchange.table import ExportRow, ExportTable

PARTS = ("train", "val", "test")
_MOST_SEED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Split:
    """``shares``: of train, val and test, together 1; a part with 0 is not made."""

    shares: tuple[float, ...]
    seed: int = 0


def parse_split(text: str, seed: int = 0) -> Split:
    """The split written as "80/10/10" (train/val/test) or "80/20" (train/val). Raises BadInputError."""
    numbers = [float(part) for part in text.split("/") if re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*", part)]
    if len(numbers) not in (2, 3) or len(numbers) != text.count("/") + 1 or sum(map(bool, numbers)) < 2:
        raise BadInputError(
            translate(
                "Interchange",
                "{text} is not a split; write the shares of train, val and test, such as 80/10/10 or 80/20.",
            ).format(text=repr(text))
        )
    if not 0 <= seed <= _MOST_SEED:
        raise BadInputError(
            translate("Interchange", "The seed {seed} is out of range; give 0 to {most_seed}.").format(
                seed=seed, most_seed=_MOST_SEED
            )
        )
    return Split(tuple(number / sum(numbers) for number in numbers), seed)


def divided(table: ExportTable, split: Split) -> tuple[ExportTable, SplitReport]:
    """The table with the part of each row, and a report.

    Iterative stratification (Sechidis et al., 2011) by the yes labels, rarest category first. Then every
    category that has enough images gets at least one in each part. Images with equal files stay in one part.
    The same table, shares and seed always give the same parts.
    """
    from iterstrat.ml_stratifiers import IterativeStratification  # loads scikit-learn, which takes seconds

    parts = [name for name, share in zip(PARTS, split.shares, strict=False) if share > 0]
    shares = np.array([share for share in split.shares if share > 0])
    groups = _groups(table.rows)
    yes = _yes_of_groups(table, groups)
    assigned = IterativeStratification(yes, shares, np.random.RandomState(split.seed))
    _spread_rare(assigned, yes, shares)
    chosen = assigned[groups]
    rows = [replace(row, split=parts[part]) for row, part in zip(table.rows, chosen.tolist(), strict=True)]
    sizes = np.bincount(chosen, minlength=len(parts)).tolist() if rows else [0] * len(parts)
    report = SplitReport(
        split.seed,
        dict(zip(parts, sizes, strict=True)),
        _scarce(table, chosen, parts),
        len(rows) - len(yes),
    )
    return replace(table, rows=rows), report


def _groups(rows: Sequence[ExportRow]) -> NDArray[np.int64]:
    """[rows]: the group of each, from 0; equal files are one group."""
    known: dict[str, int] = {}
    # A file that was never read has no content to compare.
    keys = (row.image.content_hash or f"row {at}" for at, row in enumerate(rows))
    return np.array([known.setdefault(key, len(known)) for key in keys], np.int64)


def _yes_of_groups(table: ExportTable, groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """[groups, C]: whether an image of the group has yes."""
    yes = np.zeros((int(groups.max(initial=-1)) + 1, len(table.categories)), np.bool_)
    for group, row in zip(groups.tolist(), table.rows, strict=True):
        yes[group] |= row.states == 1
    return yes


def _spread_rare(assigned: NDArray[np.int64], yes: NDArray[np.bool_], shares: NDArray[np.float64]) -> None:
    """Move images into parts that lack a category which has at least as many images as there are parts:
    stratification alone gives nothing to a part that should get less than half an image of it. No move takes
    another category's last image from a part. Afterwards the sizes are restored as far as possible.
    """
    parts = len(shares)
    counts = np.stack([yes[assigned == part].sum(axis=0) for part in range(parts)])
    total = yes.sum(axis=0)

    def move(image: int, part: int) -> None:
        counts[assigned[image]] -= yes[image]
        counts[part] += yes[image]
        assigned[image] = part

    def can_leave(image: int) -> bool:
        return not yes[image].any() or int(counts[assigned[image]][yes[image]].min()) > 1

    for category in np.argsort(total, kind="stable").tolist():
        holders = np.flatnonzero(yes[:, category])
        for part in range(parts) if total[category] >= parts else ():
            if counts[part, category]:
                continue
            # The image that brings most of what the part lacks, so that few have to move.
            lacking = (counts[part] == 0) & (total >= parts)
            gain = yes[holders][:, lacking].sum(axis=1) * len(total) - yes[holders].sum(axis=1)
            order = holders[np.argsort(-gain, kind="stable")].tolist()
            chosen = next((image for image in order if can_leave(image)), None)
            if chosen is not None:
                move(chosen, part)
    _restore_sizes(assigned, yes, shares, move, can_leave)


def _restore_sizes(
    assigned: NDArray[np.int64],
    yes: NDArray[np.bool_],
    shares: NDArray[np.float64],
    move: Callable[[int, int], None],
    can_leave: Callable[[int], bool],
) -> None:
    """Move images from parts that are too large to the one that lacks most, those with few labels first."""
    missing = np.rint(shares * len(assigned)).astype(int) - np.bincount(assigned, minlength=len(shares))
    labels = yes.sum(axis=1)
    for part in np.flatnonzero(missing < 0).tolist():
        members = np.flatnonzero(assigned == part)
        for image in members[np.argsort(labels[members], kind="stable")].tolist():
            if missing[part] >= 0 or missing.max() <= 0:
                break
            if can_leave(image):
                target = int(missing.argmax())
                move(image, target)
                missing[part] += 1
                missing[target] -= 1


def _scarce(table: ExportTable, chosen: NDArray[np.int64], parts: Sequence[str]) -> list[Scarce]:
    counts = np.zeros((len(parts), len(table.categories)), np.int64)
    for part, row in zip(chosen.tolist(), table.rows, strict=True):
        counts[part] += row.states == 1
    return [
        Scarce(
            category.name,
            int(found.sum()),
            tuple(name for name, number in zip(parts, found, strict=True) if not number),
        )
        for category, found in zip(table.categories, counts.T, strict=True)
        if found.any() and not found.all()
    ]
