"""Short ways to decide."""

import pytest

from app.domain.labels import Decision, LabelState


@pytest.fixture
def yes():
    """``yes(image_id, category_id)``"""
    return lambda image_id, category_id: Decision(image_id, category_id, LabelState.YES)
