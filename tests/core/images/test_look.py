"""The perceptual hash is the same for versions of one picture and differs between pictures."""

import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from cprfl_core.images.look import PLAIN, SAME_LOOK, distances, look_of


def scene(seed, size=(320, 240)):
    """Coarse random fields, as photographs have most of their energy at low frequencies."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def apart(one, other):
    return int(distances(np.array([look_of(one)]), np.array([look_of(other)]))[0])


def test_versions_of_a_picture_are_alike_and_others_are_not():
    for seed in range(20):
        image = scene(seed)
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=30)
        for version in (
            image.resize((160, 120)),
            image.resize((80, 240)),
            Image.open(io.BytesIO(stream.getvalue())),
            ImageEnhance.Brightness(image).enhance(0.8),
        ):
            assert apart(image, version) <= SAME_LOOK
        assert apart(image, scene(seed + 100)) > SAME_LOOK
        assert apart(image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > SAME_LOOK


def test_a_picture_without_content_is_like_no_other():
    assert look_of(Image.new("RGB", (50, 50), (200, 10, 10))) == PLAIN
    assert look_of(Image.new("RGB", (1, 1))) == PLAIN
    assert look_of(scene(1)) != PLAIN


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=20))
def test_distances_count_the_bits_that_differ(looks):
    values = np.array(looks, np.int64)
    wanted = [[bin((one ^ other) & (2**64 - 1)).count("1") for other in looks] for one in looks]
    assert distances(values[:, None], values[None]).tolist() == wanted
