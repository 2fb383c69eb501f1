"""Near-duplicates among the images that look most alike."""

from types import SimpleNamespace

import numpy as np

from app.services.query import stacks
from app.services.query.stacks import stacks_of

# Five directions; images 20 and 40 look like 10, image 50 like 30.
UNITS = np.eye(5, dtype=np.float32)[[0, 0, 1, 0, 1, 2]]
IDS = np.array([10, 20, 30, 40, 50, 60])
LIVE = SimpleNamespace(
    image_ids=IDS, vectors=UNITS.astype(np.float16), has=lambda image_ids: np.isin(image_ids, IDS)
)


def test_the_first_of_the_list_leads_and_the_order_is_that_of_the_list():
    assert stacks_of(LIVE, [10, 60, 20, 50, 40, 30]) == {10: (20, 40), 50: (30,)}
    assert stacks_of(LIVE, [40, 20, 10]) == {40: (20, 10)}


def test_images_without_features_are_passed_over():
    assert stacks_of(LIVE, [5, 10, 15, 20, 70]) == {10: (20,)}
    assert stacks_of(LIVE, []) == {}


def test_only_the_beginning_of_the_list_is_compared(monkeypatch):
    monkeypatch.setattr(stacks, "LOOKED_AT", 2)
    assert stacks_of(LIVE, [10, 30, 20]) == {}
