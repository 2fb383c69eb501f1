"""What holds for heads and collections of any size."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cprfl_core.model.cprfl import CPRFL

VARIANTS = [{"interaction": i, "residual": r} for i in ("joint", "cross") for r in (False, True)]
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}

counts = st.integers(1, 40)
small = st.integers(1, 12)
sizes = st.fixed_dictionaries(
    {
        "backbone_dim": counts,
        "text_dim": counts,
        "dim": st.integers(1, 20).map(lambda half: 2 * half),
        "heads": st.integers(1, 4),
        "dim_head": small,
        "mlp_dim": counts,
    }
)
loads = st.tuples(st.integers(1, 5), st.integers(1, 20), st.integers(1, 90))  # images, patches, categories
precisions = st.sampled_from([torch.float16, torch.bfloat16, torch.float32, torch.float64])
wild = settings(max_examples=12, deadline=None)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def world(size, load, variant, seed=0):
    """A head, patches [B, P, W], text features [C, T] and prompt deltas [C, D]."""
    images, patches, categories = load
    torch.manual_seed(seed)
    model = CPRFL(**size, **variant).eval()
    return (
        model,
        torch.randn(images, patches, size["backbone_dim"]),
        torch.randn(categories, size["text_dim"]),
        torch.randn(categories, size["dim"]),
    )


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@wild
@given(sizes, loads, precisions, st.integers(1, 400))
def test_the_fold_equals_the_model_for_any_sizes_and_types_of_features(variant, size, load, dtype, planned):
    model, patches, text, delta = world(size, load, variant)
    given_patches, given_text = patches.to(dtype), text.to(dtype)
    expected = model(given_patches, given_text, delta)
    scorer = model.fold(given_text, delta, patches=planned)
    assert expected.dtype == torch.float32
    torch.testing.assert_close(scorer(given_patches), expected, **TOLERANCE)
    torch.testing.assert_close(
        scorer.attention(given_patches), model.attention(given_patches, given_text, delta), **TOLERANCE
    )


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@wild
@given(sizes, loads, st.randoms(use_true_random=False))
def test_scores_follow_their_image_and_their_category_in_any_order_and_batch(variant, size, load, random):
    model, patches, text, delta = world(size, load, variant)
    logits = model(patches, text, delta)
    images, categories = list(range(len(patches))), list(range(len(text)))
    random.shuffle(images)
    random.shuffle(categories)
    moved = model(patches[images], text[categories], delta[categories])
    torch.testing.assert_close(moved, logits[images][:, categories], **TOLERANCE)
    cut = random.randint(1, len(patches))
    parts = [model(part, text, delta) for part in torch.split(patches, cut)]
    torch.testing.assert_close(torch.cat(parts), logits, **TOLERANCE)


@pytest.mark.parametrize("residual", [False, True])
@wild
@given(sizes, loads, st.integers(1, 90))
def test_in_cross_mode_categories_added_at_the_end_leave_every_bit_of_the_others(residual, size, load, more):
    model, patches, text, delta = world(size, load, {"interaction": "cross", "residual": residual})
    new_text = torch.cat([text, torch.randn(more, size["text_dim"])])
    new_delta = torch.cat([delta, torch.randn(more, size["dim"])])
    count = len(text)
    assert torch.equal(model(patches, new_text, new_delta)[:, :count], model(patches, text, delta))
    before, after = model.fold(text, delta), model.fold(new_text, new_delta)
    assert torch.equal(after(patches)[:, :count], before(patches))
    assert torch.equal(after.attention(patches)[:, :count], before.attention(patches))


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@wild
@given(sizes, loads)
def test_a_delta_equals_a_prompt_network_that_gives_its_sum(variant, size, load):
    model, patches, text, _ = world(size, load, variant)
    shift = torch.randn(size["dim"])
    expected = model(patches, text, shift.expand(len(text), -1))
    with torch.no_grad():
        model.prompt_init[2].bias += shift
    torch.testing.assert_close(model(patches, text), expected, **TOLERANCE)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@wild
@given(sizes, loads, st.randoms(use_true_random=False))
def test_a_category_that_sees_some_patches_scores_as_on_an_image_of_these_patches(
    variant, size, load, random
):
    model, patches, text, delta = world(size, load, variant)
    scorer = model.fold(text, delta)
    category, count = random.randrange(len(text)), patches.shape[1]
    masks = torch.rand(4, count) < 0.5
    masks[torch.arange(4), torch.randint(count, (4,))] = True  # none without a patch
    found = scorer.masked_logits(patches[0], category, masks)
    expected = [model(patches[:1, mask], text, delta)[0, category] for mask in masks]
    torch.testing.assert_close(found, torch.stack(expected), **TOLERANCE)
    torch.testing.assert_close(
        scorer.attention_of(patches, category), scorer.attention(patches)[:, category], **TOLERANCE
    )
