"""Heat maps: the parts of an image that are evidence for a category, in pixels of the upright image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cprfl_core.common.errors import InputError
from cprfl_core.images.preprocessing import Preprocessing
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.folded_scorer import FoldedScorer

Float32 = NDArray[np.float32]
Kind = Literal["evidence", "attention", "without"]


@dataclass(frozen=True, slots=True)
class HeatGrid:
    """Heat on the patch grid of one image; scaled to `rectangle` and cropped to the image it is the heat map.

    `values` float32 [rows, columns] in 0 to 1; cells outside the image repeat the nearest cell inside, so
    that interpolation does not fade at the border. `raw` float32, of the same shape: the values before
    scaling (see `heat_grid`), which can be compared between categories and images. `rectangle`: left, top,
    right, bottom of the grid in image pixels. In mode "pad" it extends beyond the image, so left and top may
    be negative.
    """

    values: Float32
    raw: Float32
    rectangle: tuple[float, float, float, float]


def heat_grid(  # noqa: PLR0917 (the natural order)
    model: CPRFL | FoldedScorer,
    patches: Tensor | NDArray[np.floating[Any]],
    category: int,
    grid: tuple[int, int],
    preprocessing: Preprocessing,
    image_size: tuple[int, int],
    *,
    kind: Kind = "evidence",
    text_features: Tensor | None = None,
    prompt_delta: Tensor | None = None,
) -> HeatGrid:
    """Return the heat of one category on the patch grid of one image.

    Shapes: P patches, W backbone channels, C categories, T text width, D joint width.

    Args:
        model: a folded scorer; or a CPRFL, which is folded first and needs `text_features` [C, T] and
            optionally `prompt_delta` [C, D]. For many maps, fold once.
        patches: [P, W] in row-major order; a global token (see cprfl_core.model.text_init) may follow, which
            is not part of the map.
        category: its index, 0 to C - 1.
        grid: rows and columns of the patches, which divide the model's input evenly. Pooled tokens have the
            pooled grid.
        preprocessing: the preprocessing of the image.
        image_size: width and height of the upright image in pixels.
        kind: the meaning of `raw`. "evidence", which localises best: the category's attention to a patch
            (averaged over heads), times the sigmoid of its logit with only that patch visible. "attention":
            the attention alone. "without": the decrease of the logit when the patch is hidden, which is
            negative for patches that are evidence against the category.

    Raises:
        InputError: a shape is wrong, there is no such category, or a feature is not finite.
    """
    scorer = _folded(model, text_features, prompt_delta)
    features = torch.as_tensor(patches).to(scorer.visual.weight.device)
    rows, columns = grid
    if features.ndim != 2 or min(grid) < 1 or len(features) - rows * columns not in (0, 1):
        raise InputError(
            f"The patch features have shape {list(features.shape)} and the grid is {rows} x {columns}; "
            "give one row of features for each cell."
        )
    if min(image_size) < 1:
        raise InputError(f"The image is {image_size[0]} x {image_size[1]} pixels; give a positive size.")
    raw = _raw(scorer, features, rows * columns, category, kind).float().cpu().numpy().reshape(grid)
    x0, y0, x1, y1 = np.moveaxis(preprocessing.grid_to_image(grid, image_size), -1, 0)
    inside = (x1 > x0) & (y1 > y0)
    values = _normalised(raw, inside, from_zero=kind == "without")
    return HeatGrid(values, raw, _rectangle(preprocessing, image_size))


def heat_map(  # noqa: PLR0917 (as heat_grid)
    model: CPRFL | FoldedScorer,
    patches: Tensor | NDArray[np.floating[Any]],
    category: int,
    grid: tuple[int, int],
    preprocessing: Preprocessing,
    image_size: tuple[int, int],
    *,
    kind: Kind = "evidence",
    text_features: Tensor | None = None,
    prompt_delta: Tensor | None = None,
    output_size: tuple[int, int] | None = None,
    smooth: bool = True,
) -> Float32:
    """Return the heat of one category on the pixels of an image, float32 [h, w] in 0 to 1.

    Args:
        patches: [P, W], or [B, P, W] of B images of the same size, which gives [B, h, w].
        output_size: width and height of the map; default those of the image.
        smooth: interpolate between the centres of cells; otherwise each cell is a uniform rectangle.
        Others: as for `heat_grid`.

    Raises:
        InputError: as `heat_grid`.
    """
    scorer = _folded(model, text_features, prompt_delta)
    features = torch.as_tensor(patches)
    maps = [
        paint(
            heat_grid(scorer, one, category, grid, preprocessing, image_size, kind=kind),
            image_size,
            output_size=output_size,
            smooth=smooth,
        )
        for one in (features if features.ndim == 3 else features[None])
    ]
    if features.ndim == 3 and not maps:
        width, height = output_size or image_size
        return np.zeros((0, height, width), dtype=np.float32)
    return np.stack(maps) if features.ndim == 3 else maps[0]


def paint(
    heat: HeatGrid,
    image_size: tuple[int, int],
    *,
    output_size: tuple[int, int] | None = None,
    smooth: bool = True,
) -> Float32:
    """Resample a grid to its image: float32 [h, w] of the image's size or `output_size` (width, height)."""
    width, height = output_size or image_size
    left, top, right, bottom = heat.rectangle
    rows, columns = heat.values.shape
    across = ((np.arange(width) + 0.5) * image_size[0] / width - left) / (right - left) * columns  # in cells
    down = ((np.arange(height) + 0.5) * image_size[1] / height - top) / (bottom - top) * rows
    if not smooth:
        here = np.ix_(_cell(down, rows), _cell(across, columns))
        return np.ascontiguousarray(heat.values[here])
    weights_down, weights_across = _between(down, rows), _between(across, columns)
    painted = weights_down @ heat.values @ weights_across.T  # [h, rows] [rows, columns] [columns, w]
    bounded: Float32 = np.clip(painted, 0.0, 1.0)
    return bounded


def _raw(scorer: FoldedScorer, patches: Tensor, cells: int, category: int, kind: Kind) -> Tensor:
    """Raw values [cells] of a map of this kind, from patches [P, W]."""
    one_each = torch.eye(cells, len(patches), dtype=torch.bool, device=patches.device)
    match kind:
        case "attention":
            return scorer.attention_of(patches[None], category)[0, :cells]
        case "evidence":
            alone = scorer.masked_logits(patches, category, one_each)
            return scorer.attention_of(patches[None], category)[0, :cells] * alone.sigmoid()
        case "without":
            if len(patches) == 1:  # no patch would be left
                return patches.new_zeros(1)
            everything = scorer.masked_logits(patches, category, torch.ones_like(one_each[:1]))
            fall = everything - scorer.masked_logits(patches, category, ~one_each)
            return torch.where(
                fall.abs() > 1e-5 * everything.abs().clamp(min=1), fall, 0.0
            )  # smaller differences are rounding
        case _:
            raise InputError(f'There is no heat map "{kind}"; give "evidence", "attention" or "without".')


def _normalised(raw: Float32, inside: NDArray[np.bool_], *, from_zero: bool) -> Float32:
    """Scale minimum and maximum inside the image to 0 and 1; uniform heat becomes 0."""
    lowest, highest = (0.0 if from_zero else float(raw[inside].min())), float(raw[inside].max())
    extent = highest - lowest
    if extent <= 1e-6 * max(abs(lowest), abs(highest)):
        return np.zeros_like(raw)
    rows, columns = _nearest(np.any(inside, axis=1)), _nearest(np.any(inside, axis=0))
    values: Float32 = np.clip((raw[np.ix_(rows, columns)] - lowest) / extent, 0.0, 1.0).astype(np.float32)
    return values


def _rectangle(
    preprocessing: Preprocessing, image_size: tuple[int, int]
) -> tuple[float, float, float, float]:
    """The model's input in pixels of the image: left, top, right, bottom."""
    left, top, width, height = preprocessing.content(image_size)
    across, down = image_size[0] / width, image_size[1] / height
    return (
        -left * across,
        -top * down,
        (preprocessing.width - left) * across,
        (preprocessing.height - top) * down,
    )


def _nearest(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each position along one side of the grid the nearest one inside the image."""
    within = np.flatnonzero(inside)
    return np.clip(np.arange(len(inside)), within[0], within[-1])


def _cell(places: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    return np.clip(np.floor(places).astype(np.int64), 0, count - 1)


def _between(places: NDArray[np.float64], count: int) -> Float32:
    """Weights [places, cells] of linear interpolation between cell centres; constant beyond the outermost."""
    at = np.clip(places - 0.5, 0, count - 1)
    weights: NDArray[np.float64] = np.maximum(0.0, 1.0 - np.abs(at[:, None] - np.arange(count)))
    return weights.astype(np.float32)


def _folded(model: CPRFL | FoldedScorer, text: Tensor | None, delta: Tensor | None) -> FoldedScorer:
    if isinstance(model, FoldedScorer):
        return model
    if text is None:
        raise InputError("A CPRFL needs text_features for a heat map; give them, or a folded scorer.")
    return model.fold(text, delta)
