"""How patch tokens are made small: pooled to at most 7 x 7, projected on principal components, kept in int8.

Shapes: P tokens of a tower's grid, p pooled ones, W its width, R the width that is kept. NumPy only.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.array_files import Array, DamagedFileError, read_arrays, write_arrays
from cprfl_core.errors import FeatureStoreError, InputError

Int8 = NDArray[np.int8]
Float16 = NDArray[np.float16]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Grid = tuple[int, int]

PatchChoice = Literal["pooled", "full"]
""" "pooled": at most 7 x 7 tokens of at most 256 values; "full": every token as the tower gives it."""

POOLED: Final = 7
WIDTH: Final = 256
SAMPLE: Final = 256
"""Images that a basis is fitted on: 12,544 tokens of a 7 x 7 grid."""
BASIS_FILE: Final = "tokens.safetensors"
_LEVELS: Final = 127


def pooled_grid(grid: Grid, most: int | None = POOLED) -> Grid:
    """Rows and columns that are kept of a tower's grid; None keeps them all."""
    return grid if most is None else (min(grid[0], most), min(grid[1], most))


def pooling(grid: Grid, kept: Grid) -> Float32:
    """Weights [p,P] of the mean of each kept cell over the area that it covers, fractions of cells included.

    So cell i of n covers exactly i/n to (i+1)/n of the image, whatever the tower's grid.
    """
    return np.kron(_overlap(grid[0], kept[0]), _overlap(grid[1], kept[1])).astype(np.float32)


def _overlap(cells: int, kept: int) -> NDArray[np.float64]:
    """Share of each of ``cells`` equal parts of a line in each of its ``kept`` equal parts; rows sum to 1."""
    starts = np.arange(kept)[:, None] * cells / kept
    ends = starts + cells / kept
    at = np.arange(cells)[None, :]
    shared = np.clip(np.minimum(ends, at + 1) - np.maximum(starts, at), 0.0, None)
    return np.asarray(shared / shared.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class TokenBasis:
    """From a tower's tokens [...,P,W] to kept ones [...,p,R], and back as far as they were kept.

    ``mean`` [W] and ``components`` [W,R] (orthonormal columns) are None where the width is kept as it is.
    ``explained`` is the share of the variance of the sample that the components carry, ``sampled`` how many
    images there were for it; 1 and 0 where nothing was fitted.
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
        """(p, R): tokens an image and their width."""
        rank = self.width if self.components is None else self.components.shape[1]
        return self.kept[0] * self.kept[1], rank

    @cached_property
    def key(self) -> str:
        """Twelve hex digits: tokens of one key, from one backbone, may be mixed."""
        digest = hashlib.blake2b(repr((self.grid, self.kept, self.width)).encode(), digest_size=6)
        for part in (self.mean, self.components):
            if part is not None:
                digest.update(np.ascontiguousarray(part, dtype="<f4").data)
        return digest.hexdigest()

    def answers(self, choice: PatchChoice) -> bool:
        """Whether tokens in this basis are what was chosen."""
        plain = plain_basis(self.grid, self.width, choice)
        return self.kept == plain.kept and (self.components is not None) == needs_fit(plain, choice)

    def outgrown(self, images: int) -> bool:
        """Whether it was fitted on few images and there are now at least twice as many."""
        return self.components is not None and self.sampled < SAMPLE and images >= 2 * self.sampled

    @cached_property
    def pooling(self) -> Float32 | None:
        """Weights [p,P]; None where every cell is kept."""
        return None if self.grid == self.kept else pooling(self.grid, self.kept)

    def pool(self, tokens: Float32) -> Float32:
        """Tokens [...,P,W] to [...,p,W]."""
        return tokens if self.pooling is None else np.asarray(self.pooling @ tokens, dtype=np.float32)

    def project(self, pooled: Float32) -> Float32:
        """Pooled tokens [...,p,W] to [...,p,R]."""
        if self.mean is None or self.components is None:
            return pooled
        return np.asarray((pooled - self.mean) @ self.components, dtype=np.float32)

    def reduce(self, tokens: Float32) -> Float32:
        """Tokens [...,P,W] as the tower gives them to [...,p,R]."""
        return self.project(self.pool(tokens))

    def restore(self, reduced: Float32) -> Float32:
        """Kept tokens [...,p,R] to the nearest ones of the tower's width [...,p,W]."""
        if self.mean is None or self.components is None:
            return reduced
        return np.asarray(reduced @ self.components.T + self.mean, dtype=np.float32)


def plain_basis(grid: Grid, width: int, choice: PatchChoice = "pooled") -> TokenBasis:
    """A basis that keeps the width."""
    return TokenBasis(grid, pooled_grid(grid, POOLED if choice == "pooled" else None), width)


def needs_fit(plain: TokenBasis, choice: PatchChoice) -> bool:
    """Whether tokens that are only pooled are too wide to be kept like that."""
    return choice == "pooled" and plain.width > WIDTH


def kept_shape(grid: Grid, width: int, choice: PatchChoice) -> tuple[int, int]:
    """(p, R) that will be kept of a tower's tokens, for telling sizes before there is a basis."""
    plain = plain_basis(grid, width, choice)
    return plain.shape[0], WIDTH if needs_fit(plain, choice) else width


def fit_basis(plain: TokenBasis, samples: Iterable[ArrayLike], *, width: int | None = None) -> TokenBasis:
    """``width`` principal components of pooled tokens: each sample is [p,W] of one image; one is needed.

    With fewer tokens than ``width`` the rest of the basis is an arbitrary orthonormal complement, so that the
    shape does not depend on the sample. Deterministic for given numbers. Raises InputError without a token.
    """
    width = width or WIDTH
    mean, covariance, images = _moments(plain.width, samples)
    values, vectors = np.linalg.eigh(covariance)
    components = vectors[:, ::-1][:, :width]
    # The sign of an eigenvector is arbitrary: the largest entry decides, so that equal samples give one key.
    largest = np.take_along_axis(components, np.abs(components).argmax(axis=0)[None], axis=0)
    components = components * np.where(largest < 0, -1.0, 1.0)
    values = np.clip(values[::-1], 0.0, None)
    spread = float(values.sum())
    explained = float(values[:width].sum()) / spread if spread > 0 else 1.0
    return TokenBasis(
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
    for sample in samples:
        tokens = np.asarray(sample, dtype=np.float32).reshape(-1, width)
        if not len(tokens):
            continue
        if not images:
            # Near the mean float32 suffices for squares: towers have channels that are large for every token.
            shift = tokens.mean(axis=0)
        tokens = tokens - shift
        count, images = count + len(tokens), images + 1
        total += tokens.sum(axis=0, dtype=np.float64)
        products += tokens.T @ tokens
    if not count:
        raise InputError("There are no patch tokens to fit a basis to; give those of at least one image.")
    apart = total / count
    return shift + apart, products / count - np.outer(apart, apart), images


def quantise(tokens: ArrayLike) -> tuple[Int8, Float16]:
    """Tokens [...,R] to int8 [...,R] and one scale a token, float16 [...]: value = int8 * scale.

    The error of a value is at most half of its token's scale. Values must be finite and below 8 million.
    """
    values = np.asarray(tokens, dtype=np.float32)
    exact = np.abs(values).max(axis=-1, initial=0.0) / np.float32(_LEVELS)
    scales = exact.astype(np.float16)
    # Rounded up, never down: a value that did not fit into the levels would be cut off.
    short = scales.astype(np.float32) < exact
    scales[short] = np.nextafter(scales[short], np.float16(np.inf))
    divisor = np.where(scales > 0, scales, 1).astype(np.float32)
    return np.rint(values / divisor[..., None]).astype(np.int8), scales


def dequantise(values: Int8, scales: Float16) -> Float32:
    """int8 [...,R] and scales [...] to float32 [...,R]."""
    return values.astype(np.float32) * scales.astype(np.float32)[..., None]


def save_basis(folder: Path, basis: TokenBasis) -> None:
    """Write the basis of a feature folder, in place of the one before. Raises FeatureStoreError."""
    tensors: dict[str, Array] = {"shape": np.array([*basis.grid, *basis.kept, basis.width], dtype=np.int64)}
    if basis.mean is not None and basis.components is not None:
        tensors |= {"mean": basis.mean, "components": basis.components}
    facts = {"key": basis.key, "explained": repr(basis.explained), "sampled": str(basis.sampled)}
    write_arrays(folder / BASIS_FILE, tensors, facts)


def saved_key(folder: Path) -> str | None:
    """Key of the basis in this folder, without reading it; None where there is none that can be read."""
    try:
        return read_arrays(folder / BASIS_FILE, ())[1].get("key")
    except (OSError, DamagedFileError):
        return None


def load_basis(folder: Path) -> TokenBasis | None:
    """The basis of this folder; a damaged one is set aside and counts as absent.

    Raises FeatureStoreError where the file cannot be read at all.
    """
    path = folder / BASIS_FILE
    try:
        tensors, facts = read_arrays(path, ("shape", "mean", "components"))
        rows, columns, kept_rows, kept_columns, width = (int(number) for number in tensors["shape"])
        basis = TokenBasis(
            (rows, columns),
            (kept_rows, kept_columns),
            width,
            tensors.get("mean"),
            tensors.get("components"),
            float(facts["explained"]),
            int(facts["sampled"]),
        )
        if basis.key != facts["key"]:
            raise DamagedFileError("its key is not that of its numbers")
    except FileNotFoundError:
        return None
    except (DamagedFileError, KeyError, ValueError):
        with suppress(OSError):
            path.replace(path.with_name(path.name + ".damaged"))
        return None
    except OSError as error:
        raise FeatureStoreError(f"{path} cannot be read ({error.strerror or error}).") from error
    return basis
