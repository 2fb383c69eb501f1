"""Compresses patch tokens: pooling to at most 7 x 7, projection on principal components, int8 quantisation.

Shapes: P tokens of a tower's grid, p pooled ones, W the tower's width, R the reduced width. No torch.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.array_files import Array, DamagedFileError, read_arrays, write_arrays
from cprfl_core.common.errors import FeatureStoreError, InputError

Int8 = NDArray[np.int8]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Grid = tuple[int, int]

PatchChoice = Literal["pooled", "full"]
""" "pooled": at most 7 x 7 tokens of at most 256 values; "full": the tower's tokens unchanged."""

POOLED: Final = 7
WIDTH: Final = 256
SAMPLE: Final = 256
"""Number of images that a basis is fitted on: 12,544 tokens of a 7 x 7 grid."""
BASIS_FILE: Final = "tokens.safetensors"
_LEVELS: Final = 127
# Adding a product of W x W values for each image would take four times as long.
_SAMPLES_AT_ONCE: Final = 32


def pooled_grid(grid: Grid, most: int | None = POOLED) -> Grid:
    """Rows and columns of the pooled grid; None keeps all."""
    return grid if most is None else (min(grid[0], most), min(grid[1], most))


def pooling(grid: Grid, kept: Grid) -> Float32:
    """Weights [p,P] that average the tower's cells over the area of each pooled cell, with fractions.

    Cell i of n covers exactly i/n to (i+1)/n of the image, whatever the tower's grid.
    """
    return np.kron(_overlap(grid[0], kept[0]), _overlap(grid[1], kept[1])).astype(np.float32)


def _overlap(cells: int, kept: int) -> NDArray[np.float64]:
    """Overlap of each of ``kept`` equal parts of a line with each of ``cells`` equal parts; rows sum to 1."""
    starts = np.arange(kept)[:, None] * cells / kept
    ends = starts + cells / kept
    at = np.arange(cells)[None, :]
    shared = np.clip(np.minimum(ends, at + 1) - np.maximum(starts, at), 0.0, None)
    return np.asarray(shared / shared.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class TokenCompression:
    """From a tower's tokens [...,P,W] to reduced ones [...,p,R], and approximately back.

    ``mean`` [W] and ``components`` [W,R] (orthonormal columns) are None if the width is not reduced.
    ``explained`` is the share of the sample's variance that the components explain, ``sampled`` the number of
    images in the sample; 1 and 0 if nothing was fitted.
    """

    grid: Grid
    kept: Grid
    width: int
    mean: Float32 | None = None
    components: Float32 | None = None
    explained: float = 1.0
    sampled: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """(p, R): tokens per image and their width."""
        rank = self.width if self.components is None else self.components.shape[1]
        return self.kept[0] * self.kept[1], rank

    @cached_property
    def key(self) -> str:
        """Twelve hex digits: tokens of one backbone with the same key may be mixed."""
        digest = hashlib.blake2b(repr((self.grid, self.kept, self.width)).encode(), digest_size=6)
        for part in (self.mean, self.components):
            if part is not None:
                digest.update(np.ascontiguousarray(part, dtype="<f4").data)
        return digest.hexdigest()

    def matches(self, choice: PatchChoice) -> bool:
        """True if tokens in this basis are of the chosen kind."""
        plain = plain_basis(self.grid, self.width, choice)
        return self.kept == plain.kept and (self.components is not None) == needs_fit(plain, choice)

    def outgrown(self, images: int) -> bool:
        """True if it was fitted on few images and there are now at least twice as many."""
        return self.components is not None and self.sampled < SAMPLE and images >= 2 * self.sampled

    @cached_property
    def pooling(self) -> Float32 | None:
        """Weights [p,P]; None if every cell is kept."""
        return None if self.grid == self.kept else pooling(self.grid, self.kept)

    def pool(self, tokens: Float32) -> Float32:
        """Tokens [...,P,W] to [...,p,W]."""
        return tokens if self.pooling is None else np.asarray(self.pooling @ tokens, dtype=np.float32)

    def project(self, pooled: Float32) -> Float32:
        """Pooled tokens [...,p,W] to [...,p,R]."""
        if self.mean is None or self.components is None:
            return pooled
        # As one matrix: NumPy multiplies a stack of small ones in turn, which takes more than twice as long.
        rows = (pooled.reshape(-1, self.width) - self.mean) @ self.components
        return np.asarray(rows.reshape(*pooled.shape[:-1], -1), dtype=np.float32)

    def reduce(self, tokens: Float32) -> Float32:
        """Pool and project the tower's tokens [...,P,W] to [...,p,R]."""
        return self.project(self.pool(tokens))

    def restore(self, reduced: Float32) -> Float32:
        """Expand reduced tokens [...,p,R] to the tower's width [...,p,W] (least squares)."""
        if self.mean is None or self.components is None:
            return reduced
        return np.asarray(reduced @ self.components.T + self.mean, dtype=np.float32)


def plain_basis(grid: Grid, width: int, choice: PatchChoice = "pooled") -> TokenCompression:
    """A basis that does not reduce the width."""
    return TokenCompression(grid, pooled_grid(grid, POOLED if choice == "pooled" else None), width)


def needs_fit(plain: TokenCompression, choice: PatchChoice) -> bool:
    """True if pooled tokens are too wide and have to be projected."""
    return choice == "pooled" and plain.width > WIDTH


def kept_shape(grid: Grid, width: int, choice: PatchChoice) -> tuple[int, int]:
    """(p, R) of a tower's reduced tokens, for size estimates before there is a basis."""
    plain = plain_basis(grid, width, choice)
    return plain.shape[0], WIDTH if needs_fit(plain, choice) else width


def fit_basis(
    plain: TokenCompression, samples: Iterable[ArrayLike], *, width: int | None = None
) -> TokenCompression:
    """Fit ``width`` principal components to pooled tokens; each sample is [p,W] of one image.

    With fewer tokens than ``width`` the rest of the basis is an arbitrary orthonormal complement, so that the
    shape does not depend on the sample. Deterministic. Raises InputError without any token.
    """
    width = width or WIDTH
    mean, covariance, images = _moments(plain.width, samples)
    # Only the largest ones, and in float32, which suffices for them: a quarter of the time at 1,280 values.
    first = max(0, len(covariance) - width)
    values, vectors = scipy.linalg.eigh(
        covariance.astype(np.float32), subset_by_index=(first, len(covariance) - 1), driver="evr"
    )
    components = vectors[:, ::-1]
    # The sign of an eigenvector is arbitrary; make the largest entry positive, so that the key is unique.
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=0)[None], axis=0)
    components = components * np.where(largest < 0, -1.0, 1.0)
    spread = float(np.trace(covariance))
    explained = float(np.clip(values, 0.0, None).sum()) / spread if spread > 0 else 1.0
    return TokenCompression(
        plain.grid,
        plain.kept,
        plain.width,
        mean.astype(np.float32),
        np.ascontiguousarray(components, dtype=np.float32),
        min(1.0, explained),
        images,
    )


def _moments(width: int, samples: Iterable[ArrayLike]) -> tuple[Float64, Float64, int]:
    """Mean [W] and covariance [W,W] of all tokens, and the number of samples."""
    count, images = 0, 0
    shift, total, products = np.zeros(width, np.float32), np.zeros(width), np.zeros((width, width))
    every = (np.asarray(sample, dtype=np.float32).reshape(-1, width) for sample in samples)
    filled = (tokens for tokens in every if len(tokens))
    while several := list(islice(filled, _SAMPLES_AT_ONCE)):
        tokens = np.concatenate(several)
        if not images:
            # Centred first, because some channels are large for every token; float32 then suffices for
            # squares.
            shift = tokens.mean(axis=0)
        tokens = tokens - shift
        count, images = count + len(tokens), images + len(several)
        total += tokens.sum(axis=0, dtype=np.float64)
        products += tokens.T @ tokens
    if not count:
        raise InputError("There are no patch tokens to fit a basis; give those of at least one image.")
    apart = total / count
    return shift + apart, products / count - np.outer(apart, apart), images


def quantise(tokens: ArrayLike) -> tuple[Int8, Float16]:
    """Quantise tokens [...,R] to int8 [...,R] with one float16 scale per token, [...]: value = int8 * scale.

    The error of a value is at most half of its token's scale. Values must be finite and below 8 million.
    """
    values = np.asarray(tokens, dtype=np.float32)
    exact = np.abs(values).max(axis=-1, initial=0.0) / np.float32(_LEVELS)
    scales = exact.astype(np.float16)
    # Rounded up, so that no value is clipped.
    short = scales.astype(np.float32) < exact
    scales[short] = np.nextafter(scales[short], np.float16(np.inf))
    divisor = np.where(scales > 0, scales, 1).astype(np.float32)
    return np.rint(values / divisor[..., None]).astype(np.int8), scales


def dequantise(values: Int8, scales: Float16) -> Float32:
    """From int8 [...,R] and scales [...] to float32 [...,R]."""
    return values.astype(np.float32) * scales.astype(np.float32)[..., None]


def save_basis(folder: Path, basis: TokenCompression) -> None:
    """Write or replace the basis of a feature folder. Raises FeatureStoreError."""
    tensors: dict[str, Array] = {"shape": np.array([*basis.grid, *basis.kept, basis.width], dtype=np.int64)}
    if basis.mean is not None and basis.components is not None:
        tensors |= {"mean": basis.mean, "components": basis.components}
    facts = {"key": basis.key, "explained": repr(basis.explained), "sampled": str(basis.sampled)}
    write_arrays(folder / BASIS_FILE, tensors, facts)


def saved_key(folder: Path) -> str | None:
    """Key of the basis in this folder, from the file header; None if it is missing or unreadable."""
    try:
        return read_arrays(folder / BASIS_FILE, ())[1].get("key")
    except (OSError, DamagedFileError):
        return None


def load_basis(folder: Path) -> TokenCompression | None:
    """The basis of this folder, None if missing; a damaged one is set aside.

    Raises FeatureStoreError if the file cannot be read.
    """
    path = folder / BASIS_FILE
    try:
        tensors, facts = read_arrays(path, ("shape", "mean", "components"))
        rows, columns, kept_rows, kept_columns, width = (int(number) for number in tensors["shape"])
        basis = TokenCompression(
            (rows, columns),
            (kept_rows, kept_columns),
            width,
            tensors.get("mean"),
            tensors.get("components"),
            float(facts["explained"]),
            int(facts["sampled"]),
        )
        if basis.key != facts["key"]:
            raise DamagedFileError("its key does not match its content")
    except FileNotFoundError:
        return None
    except (DamagedFileError, KeyError, ValueError):
        with suppress(OSError):
            path.replace(path.with_name(path.name + ".damaged"))
        return None
    except OSError as error:
        raise FeatureStoreError(f"{path} cannot be read ({error.strerror or error}).") from error
    return basis
