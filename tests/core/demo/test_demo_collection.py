"""The demo collection: long-tailed, in themes, and the same for everybody."""

import hashlib
import json

import numpy as np
import pytest

from cprfl_core.demo import collection
from cprfl_core.demo.sprites import SPRITE_FOLDER
from cprfl_core.demo.themes import CATEGORIES, FREQUENCY_ORDER, THEMES, UNSEEN


def digest(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.jpg"))}


def test_truth_read_back_equals_truth_written(tmp_path):
    made = collection.generate(tmp_path, "pool", images=12, processes=1)
    read = collection.load(tmp_path)
    assert read.paths == made.paths
    assert read.categories == made.categories == CATEGORIES
    assert np.array_equal(read.truth, made.truth)
    assert all((made.folder / name).exists() for name in made.paths)


def test_pool_and_test_set_share_no_scene(tmp_path):
    collection.generate(tmp_path / "pool", "pool", images=6, processes=1)
    collection.generate(tmp_path / "test", "test", images=6, processes=1)
    pool, test = digest(tmp_path / "pool" / "images"), digest(tmp_path / "test" / "images")
    assert not set(pool.values()) & set(test.values())


@pytest.mark.slow
def test_the_number_of_processes_does_not_change_a_pixel(tmp_path):
    collection.generate(tmp_path / "one", "pool", images=60, processes=1)
    collection.generate(tmp_path / "two", "pool", images=60, processes=2)
    assert digest(tmp_path / "one" / "images") == digest(tmp_path / "two" / "images")


def test_planned_counts_have_a_head_a_middle_and_a_long_tail():
    counts = np.array([collection.expected_count(name) for name in CATEGORIES])
    assert 3 <= (counts >= 100).sum() <= 8
    assert (counts < 20).sum() >= 20
    assert counts.min() >= 1


def test_planned_scenes_stay_mostly_in_one_theme():
    rng = np.random.default_rng(0)
    theme_of = {name: theme for theme, names in THEMES.items() for name in names}
    plans = [collection.plan_scene(rng) for _ in range(400)]
    at_home = [all(theme_of[name] == plan.theme for name in plan.things) for plan in plans]
    assert 0.5 < np.mean(at_home) < 0.95


def test_every_demo_category_can_be_drawn_and_a_few_were_never_trained():
    index = json.loads((SPRITE_FOLDER / "index.json").read_text(encoding="utf-8"))
    known = {cell["category"] for cell in index["cells"]}
    assert set(CATEGORIES) <= known
    assert sorted(CATEGORIES) == sorted(FREQUENCY_ORDER)
    assert 4 <= len(UNSEEN & set(CATEGORIES)) <= 8
