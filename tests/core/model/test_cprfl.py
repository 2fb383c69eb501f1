import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_layers import plain_scores

from cprfl_core.common.errors import InputError
from cprfl_core.model.cprfl import CATEGORY_BLOCK, CPRFL
from cprfl_core.model.interaction import cheapest_order

SIZES = {"backbone_dim": 12, "text_dim": 10, "dim": 16, "heads": 2, "dim_head": 6, "mlp_dim": 20}
VARIANTS = [{"interaction": i, "residual": r} for i in ("joint", "cross") for r in (False, True)]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def make(seed=0, **options):
    torch.manual_seed(seed)
    return CPRFL(**SIZES, **options).eval()


def features(images=3, patches=5, categories=7, seed=1):
    torch.manual_seed(seed)
    return torch.randn(images, patches, 12), torch.randn(categories, 10)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@settings(max_examples=15, deadline=None)
@given(st.tuples(*(st.integers(1, most) for most in (4, 9, 40, 3, 5))))
def test_scores_and_attention_equal_the_plain_layer(variant, sizes):
    images, patches, categories, heads, dim_head = sizes
    torch.manual_seed(categories)
    model = CPRFL(12, 10, 16, heads, dim_head, 20, **variant).double().eval()
    inputs = torch.randn(images, patches, 12).double(), torch.randn(categories, 10).double()
    delta = torch.randn(categories, 16).double()
    logits, attention = plain_scores(model, *inputs, delta)
    torch.testing.assert_close(model(*inputs, delta), logits)
    torch.testing.assert_close(model.attention(*inputs, delta), attention)


@pytest.mark.parametrize("paths", list(itertools.product([True, False], repeat=2)), ids=str)
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_training_gradients_equal_the_plain_layer_detached_by_hand(variant, paths):
    switches = dict(zip(("attention_gradient", "classifier_gradient"), paths, strict=True))
    model = make(dropout=0.0, **switches, **variant).train()
    patches, text = features()
    pulls, delta = torch.randn(3, 7), torch.randn(7, 16, requires_grad=True)
    learning = [*model.parameters(), delta]

    def gradients(logits):
        return torch.autograd.grad((logits * pulls).sum(), learning, materialize_grads=True)

    found = gradients(model(patches, text, delta))
    expected = gradients(plain_scores(model, patches, text, delta)[0])
    assert bool(found[-1].any()) == any(paths)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5 * float(other.abs().max()) + 1e-8)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_scores_do_not_depend_on_batch_order_batch_size_or_category_order(variant):
    model = make(**variant)
    patches, text = features(images=6)
    logits = model(patches, text)
    torch.testing.assert_close(model(patches.flip(0), text), logits.flip(0))
    torch.testing.assert_close(torch.cat([model(image, text) for image in patches.split(1)]), logits)
    order = torch.randperm(7)
    torch.testing.assert_close(model(patches, text[order]), logits[:, order])


def test_scores_do_not_depend_on_the_order_of_the_patches():
    patches, text = features()
    model = make()
    torch.testing.assert_close(model(patches[:, torch.randperm(5)], text), model(patches, text))


def test_in_cross_mode_another_category_leaves_every_bit_of_the_others():
    model = make(interaction="cross")
    patches, text = features(categories=2 * CATEGORY_BLOCK + 3)
    everything, shown = model(patches, text), model.attention(patches, text)
    for count in (1, 2, 31, 32, 33, 40, 64, 65, 66):
        assert torch.equal(model(patches, text[:count]), everything[:, :count])
    assert torch.equal(model.attention(patches, text[:5]), shown[:, :5])


def test_in_joint_mode_another_category_changes_the_others():
    model = make()
    patches, text = features()
    assert not torch.allclose(model(patches, text[:6]), model(patches, text)[:, :6])


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_one_category_and_a_batch_of_one_keep_their_dimensions(variant):
    patches, text = features(images=1, categories=1)
    model = make(**variant)
    assert model(patches, text).shape == (1, 1)
    assert model.attention(patches, text).shape == (1, 1, 5)
    assert model.prompts(text).shape == (1, 16)
    assert model(patches[:0], text).shape == (0, 1)


def test_attention_sums_to_one_across_patches_in_cross_mode_and_to_less_in_joint():
    patches, text = features()
    torch.testing.assert_close(make(interaction="cross").attention(patches, text).sum(-1), torch.ones(3, 7))
    assert (make().attention(patches, text).sum(-1) < 0.99).all()


@pytest.mark.parametrize(
    ("through_attention", "as_classifier"), list(itertools.product([True, False], repeat=2))
)
def test_each_gradient_path_can_be_cut_and_the_paths_add_up(through_attention, as_classifier):
    patches, text = features()
    gradients = {}
    for switches in {(through_attention, as_classifier), (True, False), (False, True)}:
        model = make(attention_gradient=switches[0], classifier_gradient=switches[1])
        prompt_delta = torch.zeros(7, 16, requires_grad=True)
        logits = model(patches, text, prompt_delta)
        torch.testing.assert_close(logits, make()(patches, text))
        logits.square().sum().backward()
        gradients[switches] = prompt_delta.grad if prompt_delta.grad is not None else torch.zeros(7, 16)
        assert model.visual.weight.grad.any()
    expected = through_attention * gradients[True, False] + as_classifier * gradients[False, True]
    torch.testing.assert_close(gradients[through_attention, as_classifier], expected)
    assert gradients[True, False].any()
    assert gradients[False, True].any()


def test_prompt_deltas_are_added_to_the_prompts():
    patches, text = features()
    model = make()
    delta = torch.randn(7, 16)
    torch.testing.assert_close(model.prompts(text, delta), model.prompts(text) + delta)
    assert not torch.allclose(model(patches, text, delta), model(patches, text))


def test_dropout_acts_in_training_only_and_keeps_the_expected_score():
    patches, text = features(images=1)
    model = make(dropout=0.1)
    assert torch.equal(model(patches, text), model(patches, text))
    model.train()
    torch.manual_seed(3)
    many = model(patches.expand(400, -1, -1), text)
    assert many.std(0).min() > 0.01  # each image draws its own mask
    error = many.std(0) / 400**0.5
    # Dropout before a LayerNorm and a GELU shifts the mean a little; ten standard errors leave room for that.
    assert ((many.mean(0) - model.eval()(patches, text)).abs() < 10 * error).all()


def test_half_precision_features_are_computed_in_the_type_of_the_weights():
    patches, text = features()
    logits = make()(patches.half(), text.half())
    assert logits.dtype == torch.float32
    torch.testing.assert_close(logits, make()(patches.half().float(), text.half().float()))


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_autocast_and_bfloat16_weights_stay_near_the_full_precision(variant):
    patches, text = features()
    exact = make(**variant)(patches, text)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = make(**variant)(patches, text)
    rounded = make(**variant).bfloat16()(patches, text).float()
    for logits in (mixed.float(), rounded):
        assert (logits - exact).abs().max() < 0.05 * exact.abs().max()


def test_the_arguments_make_the_same_model_again():
    model = make(interaction="cross", residual=True, dropout=0.3, classifier_gradient=False)
    again = CPRFL(**model.arguments).eval()
    again.load_state_dict(model.state_dict())
    assert torch.equal(again(*features()), model(*features()))
    assert again.arguments == model.arguments


@pytest.mark.parametrize(
    ("categories", "fold_keys", "values"),
    [(20, True, "pool"), (80, True, "pool"), (200, True, "project"), (1000, False, "output")],
)
def test_the_order_of_multiplication_follows_the_number_of_categories(categories, fold_keys, values):
    order = cheapest_order(
        batch=8, patches=196, categories=categories, dim=2048, heads=8, dim_head=512, joint=True, folded=True
    )
    assert order == (fold_keys, values)


@pytest.mark.parametrize(
    ("patches", "text", "told"),
    [
        (torch.zeros(5, 12), torch.zeros(7, 10), r"patch features have shape \[5, 12\]"),
        (torch.zeros(3, 5, 11), torch.zeros(7, 10), r"give \[images, patches, 12\]"),
        (torch.zeros(3, 0, 12), torch.zeros(7, 10), "at least one patch"),
        (torch.zeros(3, 5, 12, dtype=torch.int8), torch.zeros(7, 10), "torch.int8"),
        (torch.zeros(3, 5, 12), torch.zeros(0, 10), "There are no categories"),
        (torch.zeros(3, 5, 12), torch.zeros(7, 9), r"\[7, 9\]; give \[categories, 10\]"),
        (torch.zeros(3, 5, 12), torch.zeros(10), r"shape \[10\]"),
        (torch.zeros(3, 5, 12), torch.zeros(7, 10, dtype=torch.long), "torch.int64"),
    ],
)
@pytest.mark.parametrize("interaction", ["joint", "cross"])
def test_features_that_do_not_fit_are_named(patches, text, told, interaction):
    model = make(interaction=interaction)
    for call in (model, model.attention):
        with pytest.raises(InputError, match=told):
            call(patches, text)


@pytest.mark.parametrize("interaction", ["joint", "cross"])
@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_features_that_are_not_finite_are_named_with_their_row(interaction, bad):
    model = make(interaction=interaction)
    patches, text = features()
    delta = torch.zeros(7, 16)
    for name, tensor in (("patches", patches), ("text_features", text), ("prompt_delta", delta)):
        broken = {"patches": patches, "text_features": text, "prompt_delta": delta, name: tensor.clone()}
        broken[name][2, 3] = bad
        for call in (model, model.attention, model.train()):
            with pytest.raises(
                InputError, match=f"numbers in {name} are NaN or infinite, the first in row 2"
            ):
                call(**broken)


def test_prompt_deltas_of_another_shape_are_named():
    with pytest.raises(InputError, match=r"\[6, 16\].*each of the 7 categories"):
        make()(*features(), torch.zeros(6, 16))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"heads": 0}, "heads is 0"),
        ({"mlp_dim": 20.0}, "mlp_dim is 20.0"),
        ({"text_dim": -3}, "text_dim is -3"),
        ({"dropout": float("nan")}, "dropout is nan"),
        ({"dim": 15}, "dim is 15"),
        ({"dropout": 1.0}, "dropout is 1.0"),
        ({"interaction": "both"}, 'interaction is "both"'),
    ],
)
def test_arguments_out_of_range_are_named(change, told):
    with pytest.raises(InputError, match=told):
        CPRFL(**{**SIZES, **change})
