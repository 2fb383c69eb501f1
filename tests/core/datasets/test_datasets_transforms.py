"""What the benchmark shows a network, against torchvision and by the properties of each operation."""

import random

import numpy as np
import pytest
import torch
from miniature import CATEGORIES, drawing
from PIL import Image
from torchvision import transforms

from cprfl_core.common.errors import DatasetError
from cprfl_core.datasets.splits import stratified_folds
from cprfl_core.datasets.torch_dataset import LabelledImages
from cprfl_core.datasets.transforms import (
    NORMALISATIONS,
    OPERATION_NAMES,
    Transform,
    apply_operation,
    cutout,
    rand_augment,
)


def photograph(width: int = 90, height: int = 60) -> Image.Image:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def test_without_augmentation_it_is_torchvisions_resize_and_to_tensor_to_the_last_bit():
    expected = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])(photograph())
    found = Transform(64)(photograph(), random.Random(0))
    assert np.array_equal(found, expected.numpy())
    assert found.dtype == np.float32


def test_normalisation_is_torchvisions():
    steps = [transforms.Resize((32, 32)), transforms.ToTensor()]
    steps.append(transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    found = Transform(32, "none", *NORMALISATIONS["imagenet"])(photograph(), random.Random(0))
    np.testing.assert_allclose(found, transforms.Compose(steps)(photograph()).numpy(), atol=1e-6)


def test_cutout_paints_at_most_half_of_each_side_in_one_colour():
    image = Image.new("RGB", (64, 48), (1, 2, 3))
    areas = []
    for seed in range(60):
        painted = np.asarray(cutout(image, random.Random(seed)))
        changed = (painted != (1, 2, 3)).any(axis=2)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        # Pillow's rectangles hold their last row and column.
        assert len(rows) <= 25
        assert len(columns) <= 33
        assert changed[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
        assert len(np.unique(painted[changed], axis=0)) == 1
        areas.append(changed.mean())
    assert max(areas) > 0.24  # uncut
    assert min(areas) < 0.12  # cut at a border
    assert np.array_equal(np.asarray(image)[0, 0], (1, 2, 3))


@pytest.mark.parametrize("name", OPERATION_NAMES)
def test_each_operation_keeps_size_and_mode_and_changes_pixels_at_full_strength(name):
    image = Image.fromarray(np.asarray(photograph()) // 2 + 40)
    changed = apply_operation(image, name, 9, random.Random(1))
    assert (changed.size, changed.mode) == (image.size, "RGB")
    assert not np.array_equal(np.asarray(changed), np.asarray(image))


@pytest.mark.parametrize("name", sorted(set(OPERATION_NAMES) - {"invert", "autocontrast", "equalize"}))
def test_an_operation_of_no_strength_changes_nothing(name):
    image = photograph()
    assert np.array_equal(np.asarray(apply_operation(image, name, 0, random.Random(1))), np.asarray(image))


def test_fifteen_operations_are_drawn_and_a_quarter_of_the_images_stays_as_it_is():
    image = photograph(24, 16)
    same = sum(
        np.array_equal(np.asarray(rand_augment(image, random.Random(seed))), np.asarray(image))
        for seed in range(400)
    )
    assert len(OPERATION_NAMES) == 15
    # Both operations are left out with chance 1/4; a few more change no pixel of this image.
    assert 0.2 < same / 400 < 0.36


def test_an_augmentation_follows_from_the_generator_at_the_moment_of_asking(tmp_path):
    files = [tmp_path / f"{number}.png" for number in range(3)]
    for number, file in enumerate(files):
        drawing((number,), number).save(file)
    images = LabelledImages(files, np.eye(len(CATEGORIES), dtype=np.int8), Transform(32, "published"))

    def ask(index, number):
        random.seed(number)
        return images[index][0]

    seen = [ask(i, 100 + i) for i in range(3)]
    assert all(torch.equal(ask(i, 100 + i), seen[i]) for i in reversed(range(3)))
    assert not all(torch.equal(ask(i, 200 + i), seen[i]) for i in range(3))
    assert images[2][1].tolist() == [0, 0, 1]
    assert len(images) == 3


def test_a_file_that_vanished_is_named(tmp_path):
    images = LabelledImages([tmp_path / "gone.jpg"], np.zeros((1, 2), dtype=np.int8), Transform(8))
    with pytest.raises(DatasetError, match=r"gone.jpg cannot be read: not found"):
        images[0]


def test_folds_share_every_category_as_evenly_as_its_images_allow():
    draw = np.random.default_rng(0)
    labels = (draw.random((300, 12)) < np.geomspace(0.5, 0.012, 12)).astype(np.int8)
    fold = stratified_folds(labels, 5, seed=3)
    sizes = np.bincount(fold, minlength=5)
    assert sizes.sum() == 300
    assert sizes.max() - sizes.min() <= 12
    counts = np.stack([labels[fold == k].sum(axis=0) for k in range(5)])
    rare = labels.sum(axis=0) < 20
    assert (counts[:, rare].max(axis=0) - counts[:, rare].min(axis=0)).max() <= 2
    assert np.array_equal(fold, stratified_folds(labels, 5, seed=3))
    assert not np.array_equal(fold, stratified_folds(labels, 5, seed=4))


def test_images_without_a_category_are_dealt_out_as_well():
    labels = np.zeros((10, 2), dtype=np.int8)
    labels[:2, 0] = 1
    assert sorted(np.bincount(stratified_folds(labels, 2), minlength=2)) == [5, 5]


def test_more_folds_than_images_are_refused():
    with pytest.raises(DatasetError, match="3 training images cannot be split into 4 folds"):
        stratified_folds(np.zeros((3, 2), dtype=np.int8), 4)
