import pytest
import torch
import torch.nn.functional as F

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.metrics import average_precision, mean_average_precision
from cprfl_core.model.text_init import GlobalTokens, aligned_start, fit_projection, with_global
from cprfl_core.training.training import TrainingOptions, train_on_patches

IMAGES, PATCHES, WIDTH, JOINT, CATEGORIES = 240, 9, 14, 24, 11


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def world():
    """An aligned backbone: objects, one a patch, on noise; a tower that averages and projects its patches.

    patches [N, P, W], embeddings [N, n], text features [C, n] of different lengths, labels [N, C].
    """
    draw = torch.Generator().manual_seed(0)

    def normal(*shape):
        return torch.randn(*shape, generator=draw)

    names = normal(CATEGORIES, WIDTH)
    labels = (torch.rand(IMAGES, CATEGORIES, generator=draw) < 0.15).long()
    patches = 0.6 * normal(IMAGES, PATCHES, WIDTH) + 0.8 * normal(WIDTH)
    places = torch.randint(PATCHES, (IMAGES, CATEGORIES), generator=draw)
    for image, category in labels.nonzero().tolist():
        patches[image, places[image, category]] += names[category]
    weight, bias = normal(JOINT, WIDTH) / WIDTH**0.5, 0.3 * normal(JOINT)
    embeddings = F.normalize(patches.mean(1) @ weight.T + bias, dim=1)
    texts = names @ weight.T + 0.8 * normal(CATEGORIES, JOINT)  # a text knows its thing only roughly
    texts = texts * torch.linspace(0.7, 1.4, CATEGORIES)[:, None]
    return patches, embeddings, texts, labels, (weight, bias)


def text_score(patches, embeddings, text, projection, *, best=0.0, temperature=20.0):
    """cos(m, t) [N, C], written plainly."""
    weight, bias = projection
    seen = F.normalize(patches @ weight.T + bias, dim=2)  # [N, P, n]
    text = F.normalize(text, dim=1)
    shares = (temperature * seen @ text.T).softmax(1)  # [N, P, C]
    mixed = (1 - best) * F.normalize(embeddings, dim=1)[:, None] + best * shares.transpose(1, 2) @ seen
    return (F.normalize(mixed, dim=2) * text).sum(2)


def correlations(one, other):
    """Pearson's correlation of each column of [N, C]."""
    return torch.corrcoef(torch.cat([one.T, other.T]))[: one.shape[1], one.shape[1] :].diagonal()


def rank_correlations(one, other):
    return correlations(one.argsort(0).argsort(0).double(), other.argsort(0).argsort(0).double())


def test_with_the_global_token_each_category_is_a_growing_line_of_its_text_score(world):
    patches, embeddings, texts, labels, projection = world
    model = aligned_start(patches, embeddings, texts)
    logits = model(with_global(patches, embeddings), texts).detach()
    score = text_score(patches, embeddings, texts, projection)
    assert (1 - correlations(logits.double(), score.double())).max() < 1e-8
    assert rank_correlations(logits, score).min() > 0.9999
    assert mean_average_precision(logits, labels) == mean_average_precision(score, labels)


@pytest.mark.parametrize(("best", "temperature"), [(0.3, 20.0), (1.0, 5.0), (1.0, 60.0)])
def test_the_best_patches_take_their_share(world, best, temperature):
    patches, embeddings, texts, labels, projection = world
    model = aligned_start(patches, embeddings, texts, best=best, temperature=temperature)
    logits = model(with_global(patches, embeddings), texts).detach()
    score = text_score(patches, embeddings, texts, projection, best=best, temperature=temperature)
    assert rank_correlations(logits, score).min() > 0.999
    assert mean_average_precision(logits, labels) == pytest.approx(
        mean_average_precision(score, labels), abs=2e-3
    )


def test_without_the_global_token_a_tower_that_averages_is_met_from_its_patches_alone(world):
    patches, embeddings, texts, labels, projection = world
    model = aligned_start(patches, embeddings, texts, global_token=False)
    logits = model(patches, texts).detach()
    score = text_score(patches, embeddings, texts, projection)
    assert rank_correlations(logits, score).min() > 0.99
    assert (1 - correlations(logits, score)).max() < 1e-3
    assert mean_average_precision(logits, labels) == pytest.approx(
        mean_average_precision(score, labels), abs=5e-3
    )


@pytest.mark.parametrize("global_token", [True, False])
def test_a_new_category_scores_as_its_text_at_once(world, global_token):
    patches, embeddings, texts, _, projection = world
    model = aligned_start(patches, embeddings, texts[:6], global_token=global_token)
    tokens = with_global(patches, embeddings) if global_token else patches
    logits = model.fold(texts)(tokens)
    score = text_score(patches, embeddings, texts, projection)
    assert rank_correlations(logits, score)[6:].min() > 0.99


def test_logits_have_the_spread_and_the_mean_that_were_asked_for(world):
    patches, embeddings, texts, _, _ = world
    tokens = with_global(patches, embeddings)
    logits = aligned_start(patches, embeddings, texts, best=0.4, spread=1.7, offset=-2.0)(tokens, texts)
    assert logits.mean().item() == pytest.approx(-2.0, abs=1e-3)
    assert logits.var(0).mean().sqrt().item() == pytest.approx(1.7, rel=1e-3)


def test_the_projection_is_found_up_to_its_length(world):
    patches, embeddings, _, _, (weight, bias) = world
    found, found_bias = fit_projection(patches, embeddings)
    mine, theirs = patches @ found.T + found_bias, patches @ weight.T + bias
    assert F.cosine_similarity(mine, theirs, dim=2).min() > 0.9999


def test_the_start_attends_to_the_patch_that_holds_the_object(world):
    patches, embeddings, texts, _, _ = world
    held = patches[:50].clone()
    weight, bias = fit_projection(patches, embeddings)
    wanted = F.normalize(held @ weight.T + bias, dim=2) @ F.normalize(texts, dim=1).T  # [50, P, C]
    scorer = aligned_start(patches, embeddings, texts, best=1.0).fold(texts)
    attention = scorer.attention(with_global(held, embeddings[:50]))[..., :PATCHES]  # [50, C, P]
    assert torch.equal(attention.argmax(2), wanted.argmax(1))


@pytest.mark.slow
def test_every_weight_can_learn_and_tuning_goes_beyond_text_and_beyond_a_random_start(world):
    patches, embeddings, texts, labels, _ = world
    start = aligned_start(patches, embeddings, texts, best=0.3)
    tokens = GlobalTokens(patches[:160], embeddings[:160])
    options = TrainingOptions(epochs=8, batch_size=32, learning_rate=2e-3)
    tuned = train_on_patches(start, tokens, labels[:160], texts, options=options, device="cpu").model
    changed = {
        name: not torch.equal(weight, tuned.state_dict()[name]) for name, weight in start.state_dict().items()
    }
    assert all(changed.values()), changed
    torch.manual_seed(0)
    random = type(start)(**start.arguments)
    other = train_on_patches(random, tokens, labels[:160], texts, options=options, device="cpu").model
    judged = with_global(patches[160:], embeddings[160:])
    ap = [
        average_precision(model.fold(texts)(judged), labels[160:]).mean() for model in (start, tuned, other)
    ]
    assert ap[1] > ap[0] + 0.02
    assert ap[1] > ap[2] + 0.02


def test_tokens_come_in_batches_with_the_embedding_marked(world):
    patches, embeddings, _, _, _ = world
    whole = with_global(patches, 3 * embeddings)
    assert whole.shape == (IMAGES, PATCHES + 1, WIDTH + JOINT + 1)
    torch.testing.assert_close(whole[:, -1, WIDTH:-1], embeddings)
    assert torch.equal(whole[..., -1].sum(1), torch.ones(IMAGES))
    lazy = GlobalTokens(patches.numpy(), embeddings.numpy())
    assert lazy.shape == whole.shape
    rows = torch.tensor([5, 0, 5]).numpy()
    torch.testing.assert_close(lazy.batch(rows), whole[rows])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"patches": torch.zeros(3, 4)}, r"patch features have shape \[3, 4\]"),
        ({"embeddings": torch.zeros(7, JOINT)}, r"embeddings have shape \[7, 24\]"),
        ({"text_features": torch.zeros(0, JOINT)}, "no categories"),
        ({"text_features": torch.zeros(3, 9)}, r"\[3, 9\]; give \[categories, 24\]"),
        ({"text_features": torch.zeros(3, JOINT)}, "text_features are all 0"),
        ({"embeddings": torch.ones(IMAGES, JOINT)}, "equal text scores"),
        ({"embeddings": torch.full((IMAGES, JOINT), torch.nan)}, "numbers in embeddings are NaN"),
        ({"best": 1.5}, "best=1.5"),
        ({"temperature": 0.0}, "temperature=0.0"),
        ({"spread": float("nan")}, "spread=nan"),
    ],
)
def test_what_cannot_be_aligned_is_named(world, change, told):
    patches, embeddings, texts, _, _ = world
    given = {"patches": patches, "embeddings": embeddings, "text_features": texts} | change
    with pytest.raises(InputError, match=told):
        aligned_start(**given)
    if "embeddings" in change and len(change["embeddings"]) != len(patches):
        for make in (with_global, GlobalTokens):
            with pytest.raises(InputError, match="do not match"):
                make(patches, change["embeddings"])
