"""How a head is tuned: from how many labels, which weights, and at which learning rate."""

from typing import Final

import numpy as np

from cprfl_core.common.errors import InputError
from cprfl_core.training.options import TrainingOptions, Tune
from cprfl_core.tuning.limits import LEAST_IMAGES, LEAST_YES, interaction_suffices, tuned_words
from cprfl_core.tuning.snapshot import TuningSnapshot
from cprfl_core.tuning.start import Start

_BATCH: Final = 32


def demand_enough(snapshot: TuningSnapshot) -> None:
    """Raise InputError where there are too few labels to tune on."""
    yes, folds = int((snapshot.labels == 1).sum()), len(snapshot.fold_numbers)
    images = len(snapshot.image_ids)
    if images < LEAST_IMAGES or yes < LEAST_YES or folds < 2:
        raise InputError(
            f"There are labels on {images} images with {yes} yes in {folds} folds; tuning takes at least "
            f"{LEAST_IMAGES} images, {LEAST_YES} yes and 2 folds. Review some more images first."
        )
    if not np.isfinite(snapshot.text).all():
        raise InputError("The texts of the categories contain NaN or infinity; index again.")


def what_is_tuned(snapshot: TuningSnapshot, start: Start) -> tuple[Tune, str]:
    """Which weights are tuned, and why, in words."""
    images, yes = len(snapshot.image_ids), int((snapshot.labels == 1).sum())
    if start.fresh:
        why = "because the weights started at random"
        return "all", f"prompts and interaction, {why}; {images} images with {yes} yes labels"
    return "all" if interaction_suffices(images, yes) else "prompts", tuned_words(images, yes)


def options_for(how: Tune, start: Start, epochs: int | None, seed: int) -> TrainingOptions:
    """The settings of every training of a version."""
    return TrainingOptions(
        epochs=epochs or start.epochs,
        batch_size=_BATCH,
        learning_rate=start.rate,
        tune=how,
        prompt_delta=True,
        seed=seed,
    )
