import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.decomposition import PCA

from cprfl_core.common.errors import FeatureStoreError
from cprfl_core.features import token_compression as token_basis
from cprfl_core.features.token_compression import (
    TokenCompression,
    dequantise,
    fit_basis,
    load_basis,
    plain_basis,
    pooling,
    quantise,
    save_basis,
    saved_key,
)


def test_pooling_averages_the_exact_area_of_each_cell():
    # A grid drawn so finely that every border falls on a line: the mean over the fine cells is the oracle.
    rng = np.random.default_rng(0)
    for grid, kept in [((9, 9), (7, 7)), ((10, 16), (7, 7)), ((3, 8), (3, 7)), ((14, 14), (7, 7))]:
        tokens = rng.normal(size=(*grid, 5))
        fine = tokens.repeat(kept[0], axis=0).repeat(kept[1], axis=1)
        expected = fine.reshape(kept[0], grid[0], kept[1], grid[1], 5).mean(axis=(1, 3))
        pooled = pooling(grid, kept) @ tokens.reshape(-1, 5)
        np.testing.assert_allclose(pooled, expected.reshape(-1, 5), atol=1e-6)


def test_pooling_by_whole_factors_is_the_adaptive_average_of_torch():
    tokens = torch.randn(2, 3, 14, 21, generator=torch.Generator().manual_seed(0))
    expected = torch.nn.functional.adaptive_avg_pool2d(tokens, (7, 7)).flatten(2).transpose(1, 2)
    pooled = TokenCompression((14, 21), (7, 7), 3).pool(tokens.flatten(2).transpose(1, 2).numpy())
    np.testing.assert_allclose(pooled, expected.numpy(), atol=1e-6)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_a_pooled_grid_never_grows_and_every_cell_is_a_mean(rows, columns, most):
    kept = token_basis.pooled_grid((rows, columns), most)
    assert kept == (min(rows, most), min(columns, most))
    weights = pooling((rows, columns), kept)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(weights.sum(axis=0), kept[0] * kept[1] / (rows * columns), atol=1e-5)
    assert weights.min() >= 0


def test_small_grids_and_full_tokens_are_kept_cell_by_cell():
    tokens = np.random.default_rng(0).normal(size=(2, 20, 3)).astype(np.float32)
    assert (plain_basis((4, 5), 3).pool(tokens) == tokens).all()
    full = plain_basis((14, 14), 768, "full")
    assert (full.kept, full.shape, full.pooling) == ((14, 14), (196, 768), None)
    assert plain_basis((14, 14), 768).shape == (49, 768)


def samples(count: int = 30, *, width: int = 40, rank: int = 6) -> list[np.ndarray]:
    """Tokens [4,width] that vary in ``rank`` directions and a little in all others."""
    rng = np.random.default_rng(1)
    directions = rng.normal(size=(rank, width))
    return [
        rng.normal(size=(4, rank)) @ directions + 0.01 * rng.normal(size=(4, width)) + 3 for _ in range(count)
    ]


def test_the_basis_is_that_of_principal_component_analysis():
    sample = samples()
    basis = fit_basis(plain_basis((2, 2), 40), sample, width=8)
    oracle = PCA(8, svd_solver="full").fit(np.concatenate(sample))
    tokens = np.stack(sample).astype(np.float32)
    assert (basis.shape, basis.sampled) == ((4, 8), 30)
    assert basis.explained == pytest.approx(oracle.explained_variance_ratio_.sum(), abs=1e-6)
    np.testing.assert_allclose(
        basis.restore(basis.reduce(tokens)).reshape(-1, 40),
        oracle.inverse_transform(oracle.transform(tokens.reshape(-1, 40))),
        atol=1e-3,  # two components are noise of 0.01, and the eigenvectors are float32
    )
    assert basis.key == fit_basis(plain_basis((2, 2), 40), sample, width=8).key
    assert basis.key != fit_basis(plain_basis((2, 2), 40), sample[1:], width=8).key


def test_a_channel_that_is_always_large_does_not_hide_the_others():
    sample = samples()
    for tokens in sample:
        tokens[:, 3] += 1000
    basis = fit_basis(plain_basis((2, 2), 40), sample, width=8)
    oracle = PCA(8, svd_solver="full").fit(np.concatenate(sample))
    assert basis.explained == pytest.approx(oracle.explained_variance_ratio_.sum(), abs=1e-5)
    np.testing.assert_allclose(basis.mean, oracle.mean_, rtol=1e-5)


def test_the_width_does_not_depend_on_how_few_tokens_there_are():
    basis = fit_basis(plain_basis((2, 2), 40), samples(1), width=16)
    assert basis.shape == (4, 16)
    np.testing.assert_allclose(basis.components.T @ basis.components, np.eye(16), atol=1e-5)
    assert fit_basis(plain_basis((1, 1), 3), [np.ones((1, 3))], width=2).explained == 1.0


finite = st.floats(-1e5, 1e5, width=32)


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=finite))
@settings(max_examples=60, deadline=None)
def test_quantised_tokens_are_off_by_at_most_half_a_step(tokens):
    values, scales = quantise(tokens)
    assert values.dtype == np.int8 and scales.dtype == np.float16 and np.isfinite(scales).all()
    step = scales.astype(np.float64)[:, None]
    assert (np.abs(dequantise(values, scales) - tokens) <= step * 0.5001 + 1e-40).all()
    # A step is what the largest value of the token needs, or the smallest number there is.
    assert (step[:, 0] <= np.abs(tokens).max(axis=1) / 127 * 1.001 + 6e-8).all()


def test_quantising_costs_about_a_hundredth_of_a_tokens_length():
    tokens = np.random.default_rng(0).normal(size=(500, 256)).astype(np.float32)
    error = np.linalg.norm(dequantise(*quantise(tokens)) - tokens, axis=1) / np.linalg.norm(tokens, axis=1)
    assert error.mean() < 0.01 and error.max() < 0.015


def test_a_basis_comes_back_from_its_folder(tmp_path):
    assert load_basis(tmp_path / "none") is None and saved_key(tmp_path / "none") is None
    for basis in (fit_basis(plain_basis((2, 2), 40), samples(), width=8), plain_basis((9, 9), 256)):
        save_basis(tmp_path, basis)
        found = load_basis(tmp_path)
        assert saved_key(tmp_path) == basis.key == found.key
        assert (found.grid, found.kept, found.width) == (basis.grid, basis.kept, basis.width)
        assert (found.explained, found.sampled) == (basis.explained, basis.sampled)


def test_a_damaged_basis_is_set_aside_and_counts_as_absent(tmp_path):
    save_basis(tmp_path, fit_basis(plain_basis((2, 2), 40), samples(), width=8))
    path = tmp_path / "tokens.safetensors"
    content = bytearray(path.read_bytes())
    content[-10] ^= 255
    path.write_bytes(content)
    assert load_basis(tmp_path) is None
    assert not path.exists() and path.with_name("tokens.safetensors.damaged").exists()


def test_a_basis_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FeatureStoreError, match="cannot be written"):
        save_basis(tmp_path / "file", plain_basis((2, 2), 4))
