import pytest
import torch
from plain_layers import plain_scores

from cprfl_core.common.errors import InputError
from cprfl_core.model.cprfl import CATEGORY_BLOCK, CPRFL

VARIANTS = [{"interaction": i, "residual": r} for i in ("joint", "cross") for r in (False, True)]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def make(**options):
    torch.manual_seed(0)
    return CPRFL(12, 10, 16, 2, 6, 20, **options).eval()


def features(images=3, patches=5, categories=70):
    torch.manual_seed(1)
    return torch.randn(images, patches, 12), torch.randn(categories, 10)


def small_steps(monkeypatch):
    monkeypatch.setattr("cprfl_core.model.folded_scorer.WORKING_NUMBERS", 1500)


@pytest.mark.parametrize("categories", [1, 7, 70])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_folded_scores_equal_the_model_and_the_plain_layer(variant, categories):
    model = make(**variant)
    patches, text = features(categories=categories)
    delta = torch.randn(categories, 16)
    scorer = model.fold(text, delta, patches=5)
    expected, attention = plain_scores(model, patches, text, delta)
    torch.testing.assert_close(scorer(patches), expected, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(scorer(patches), model(patches, text, delta), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(scorer.from_tokens(scorer.tokens(patches)), scorer(patches))
    torch.testing.assert_close(scorer.attention(patches), attention)


@pytest.mark.parametrize("expected", [1, 5, 4000])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_scores_do_not_depend_on_the_expected_number_of_patches(variant, expected):
    model = make(**variant)
    patches, text = features()
    torch.testing.assert_close(model.fold(text, patches=expected)(patches), model(patches, text))


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_many_images_and_categories_go_through_in_small_steps_with_equal_scores(variant, monkeypatch):
    model = make(**variant)
    patches, text = features(images=9, categories=150)
    whole = model.fold(text, patches=5)
    expected = whole(patches), whole.attention(patches)
    small_steps(monkeypatch)
    stepped = model.fold(text, patches=5)
    torch.testing.assert_close((stepped(patches), stepped.attention(patches)), expected)
    # Each step stays near the bound: the largest product has few rows.
    assert max(len(getattr(stepped, f"classifier_{index}")) for index in range(3)) <= CATEGORY_BLOCK


def test_a_step_holds_no_more_than_the_working_memory(monkeypatch):
    model = make()
    patches, text = features(images=20, categories=150)
    sizes = []
    small_steps(monkeypatch)
    scorer = model.fold(text, patches=5)
    softmax = torch.Tensor.softmax
    monkeypatch.setattr(torch.Tensor, "softmax", lambda x, dim: sizes.append(x.numel()) or softmax(x, dim))
    scorer(patches)
    assert len(sizes) > 1
    assert max(sizes) <= 1500


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_scores_do_not_depend_on_batch_order_batch_size_or_category_order(variant):
    model = make(**variant)
    patches, text = features()
    scorer = model.fold(text)
    logits = scorer(patches)
    torch.testing.assert_close(scorer(patches.flip(0)), logits.flip(0))
    torch.testing.assert_close(torch.cat([scorer(image) for image in patches.split(1)]), logits)
    order = torch.randperm(len(text))
    torch.testing.assert_close(model.fold(text[order])(patches), logits[:, order])


@pytest.mark.parametrize("residual", [False, True])
def test_in_cross_mode_another_category_leaves_every_bit_of_the_others(residual, monkeypatch):
    model = make(interaction="cross", residual=residual)
    patches, text = features(categories=2 * CATEGORY_BLOCK + 2)
    everything = model.fold(text)(patches)
    for count in (1, 2, 31, 32, 33, 40, 64, 65):
        assert torch.equal(model.fold(text[:count])(patches), everything[:, :count])
    small_steps(monkeypatch)
    stepped = model.fold(text)(patches)
    assert torch.equal(model.fold(text[:3])(patches), stepped[:, :3])


@pytest.mark.slow
def test_in_cross_mode_bits_stay_at_the_size_of_a_real_head():
    torch.set_num_threads(2)
    torch.manual_seed(0)
    model = CPRFL(384, 256, 256, 4, 64, 512, interaction="cross").eval()
    patches, text = torch.randn(4, 49, 384), torch.randn(97, 256)
    everything = model.fold(text, patches=49)(patches)
    for count in (1, 31, 32, 33, 64, 96):
        assert torch.equal(model.fold(text[:count], patches=49)(patches), everything[:, :count])
    torch.set_num_threads(1)


def test_no_image_gives_no_scores_and_one_image_keeps_its_dimension():
    patches, text = features()
    scorer = make().fold(text)
    assert scorer(patches[:0]).shape == (0, 70)
    assert scorer(patches[:1]).shape == (1, 70)


@pytest.mark.parametrize("interaction", ["joint", "cross"])
def test_scorer_is_a_snapshot(interaction):
    model = make(interaction=interaction).train()
    patches, text = features()
    scorer = model.fold(text)
    before = scorer(patches)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(1)
    assert torch.equal(scorer(patches), before)
    assert model.training
    assert all(weight.requires_grad for weight in model.parameters())


def test_scorer_never_trains_and_gives_no_gradient():
    patches, text = features()
    scorer = make(dropout=0.5).fold(text).train()
    assert not any(part.training for part in scorer.modules())
    assert torch.equal(scorer(patches), scorer(patches))
    assert not scorer(patches.requires_grad_()).requires_grad


def test_scorer_moves_to_another_type_with_its_constants():
    patches, text = features()
    scorer = make().fold(text)
    exact = scorer(patches)
    moved = scorer.double()(patches)
    assert moved.dtype == torch.float64
    torch.testing.assert_close(moved.float(), exact)


@pytest.mark.slow
@pytest.mark.parametrize("interaction", ["joint", "cross"])
def test_scorer_can_be_exported_as_a_graph(interaction):
    patches, text = features(images=2, categories=3)
    scorer = make(interaction=interaction).fold(text, patches=5)
    graph = torch.export.export(scorer, (patches,)).module()
    torch.testing.assert_close(graph(patches.flip(0)), scorer(patches.flip(0)))


def test_half_precision_features_are_computed_in_the_type_of_the_weights():
    patches, text = features()
    scorer = make().fold(text)
    assert torch.equal(scorer(patches.half()), scorer(patches.half().float()))


@pytest.mark.parametrize(
    ("patches", "told"),
    [
        (torch.zeros(3, 5, 16), r"patch features have shape \[3, 5, 16\]"),
        (torch.zeros(5, 12), r"\[5, 12\]"),
        (torch.zeros(3, 0, 12), "at least one patch"),
        (torch.zeros(3, 5, 12, dtype=torch.uint8), "torch.uint8"),
        (torch.full((3, 5, 12), torch.nan), "180 of the 180 numbers in patches"),
    ],
)
def test_features_that_do_not_fit_are_named(patches, told):
    scorer = make().fold(features()[1])
    for call in (scorer, scorer.attention, scorer.tokens):
        with pytest.raises(InputError, match=told):
            call(patches)


def test_tokens_and_texts_that_do_not_fit_are_named():
    model = make()
    with pytest.raises(InputError, match=r"visual tokens have shape \[3, 5, 12\]"):
        model.fold(features()[1]).from_tokens(torch.zeros(3, 5, 12))
    with pytest.raises(InputError, match="numbers in tokens are NaN"):
        model.fold(features()[1]).from_tokens(torch.full((3, 5, 16), torch.inf))
    with pytest.raises(InputError, match="There are no categories"):
        model.fold(torch.zeros(0, 10))
    with pytest.raises(InputError, match="numbers in text_features are NaN or infinite, the first in row 4"):
        model.fold(features()[1].index_fill(0, torch.tensor([4]), torch.nan))
