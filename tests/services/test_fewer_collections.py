"""The garbage collector is as before once the last of several imports has ended."""

import gc

from app.services.fewer_collections import fewer_collections


def test_the_thresholds_return_with_the_last_block_in_whatever_order_they_end():
    before = gc.get_threshold()
    first, second = fewer_collections(), fewer_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] >= 1_000_000
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before
