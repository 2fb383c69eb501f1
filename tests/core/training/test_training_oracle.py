"""A whole run against the same run written plainly with torch's own parts."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel
from training_parts import (
    CATEGORIES,
    FAST,
    data,
    head,
    one_thread,  # noqa: F401 (it acts by itself)
)

from cprfl_core.model.reference import PlainCPRFL, to_reference_names
from cprfl_core.training.training import TrainingOptions, train_on_patches

EPOCHS = 12


def plain_asymmetric(logits, targets, gamma_neg, clip):
    """The authors' code: clamped probabilities, focusing weights held constant."""
    yes = logits.sigmoid()
    no = (1 - yes + clip).clamp(max=1)
    loss = targets * yes.clamp(min=1e-8).log() + (1 - targets) * no.clamp(min=1e-8).log()
    with torch.no_grad():
        weight = (1 - yes * targets - no * (1 - targets)).pow(gamma_neg * (1 - targets))
    return -(loss * weight).mean()


def plain_run(model, patches, labels, text, *, loss, clip_norm):
    """One batch an epoch; the paper's head with all rows through the layer."""
    plain = PlainCPRFL(12, 10, 16, 2, 6, 20).double()
    plain.load_state_dict(to_reference_names(model.state_dict()))
    decayed = [weight for weight in plain.parameters() if weight.ndim > 1]
    bare = [weight for weight in plain.parameters() if weight.ndim == 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": bare, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=1e-2)
    schedule = OneCycleLR(optimiser, max_lr=1e-2, total_steps=EPOCHS, pct_start=0.25)

    def averaged(mean, value, count):
        decay = min(0.6, float(count) / (9 + float(count)))
        return decay * mean + (1 - decay) * value

    average = AveragedModel(plain, avg_fn=averaged)
    average.n_averaged += 1  # not to begin with a copy
    losses = []
    for epoch in range(EPOCHS):
        optimiser.zero_grad()
        value = loss(plain(patches, text), labels)
        value.backward()
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(plain.parameters(), clip_norm)
        optimiser.step()
        average.update_parameters(plain)
        losses.append(value.item())
        if epoch < EPOCHS - 1:
            schedule.step()
    return plain, average.module, losses


@pytest.mark.parametrize(
    ("options", "loss", "clip_norm"),
    [
        ({}, lambda x, y: plain_asymmetric(x, y, 4.0, 0.05), 1.0),
        ({"gamma_neg": 2.0, "clip": 0.1}, lambda x, y: plain_asymmetric(x, y, 2.0, 0.1), 0.01),
        ({"loss": "bce"}, F.binary_cross_entropy_with_logits, None),
    ],
    ids=["asymmetric", "clipped hard", "bce"],
)
def test_a_run_equals_the_same_run_written_with_torchs_own_parts(options, loss, clip_norm):
    patches, labels, text = (torch.from_numpy(part).double() for part in data(images=6))
    model = head(dropout=0.0).double()
    chosen = TrainingOptions(
        epochs=EPOCHS,
        batch_size=6,
        learning_rate=1e-2,
        weight_decay=0.1,
        ema=0.6,
        warmup=0.25,
        clip_norm=clip_norm,
        **options,
    )
    result = train_on_patches(model, patches, labels, text, options=chosen, device="cpu")
    plain, averaged, losses = plain_run(model, patches, labels, text, loss=loss, clip_norm=clip_norm)
    assert [record.loss for record in result.history] == pytest.approx(losses, rel=1e-6)
    for trained, oracle in ((result.raw_model, plain), (result.model, averaged)):
        found = to_reference_names(trained.state_dict())
        for name, value in oracle.state_dict().items():
            torch.testing.assert_close(found[name], value, rtol=1e-6, atol=1e-8)


def test_parts_of_a_batch_give_the_gradient_of_the_whole_with_unknown_entries():
    """Halving for memory must not move the optimum: parts with few labels count by their labels."""
    patches, labels, text = data()
    labels[:4, : CATEGORIES - 1] = -1
    model = head(dropout=0.0).double()
    options = TrainingOptions(**(FAST | {"epochs": 2, "batch_size": 40}))

    class Narrow(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(1).double())

        def forward(self, images):
            if len(images) > 11:
                raise torch.OutOfMemoryError("too many")
            return images * self.scale

    from cprfl_core.training.training import train_end_to_end

    wide, narrow = nn.Identity(), Narrow()
    narrow.requires_grad_(False)
    images = [(torch.from_numpy(p).double(), y) for p, y in zip(patches, labels, strict=True)]
    whole = train_end_to_end(wide, model, images, text, options=options, device="cpu")
    parts = train_end_to_end(narrow, model, images, text, options=options, device="cpu")
    assert (whole.batch_size, parts.batch_size) == (40, 10)
    for name, value in whole.raw_model.state_dict().items():
        torch.testing.assert_close(parts.raw_model.state_dict()[name], value, rtol=1e-6, atol=1e-9)
