"""The place of an image in the list, compared with a search through the list."""

from hypothesis import given
from hypothesis import strategies as st

from app.gui.labelling.image_cursor import ImageCursor

LISTS = st.lists(st.integers(1, 30), unique=True)
MOVES = st.lists(
    st.tuples(st.one_of(LISTS, st.none()), st.one_of(st.none(), st.integers(1, 31))), max_size=12
)


@given(MOVES)
def test_a_place_is_where_the_image_is_in_the_newest_list(moves):
    cursor, ids = ImageCursor(), []
    for new, image in moves:
        if new is not None:
            ids = new
            cursor.set_list(ids, image)
        cursor.move_to(image)
        for one in (image, None, 7, *ids[:3]):
            assert cursor.place_of(one) == (ids.index(one) if one in ids else None)
        if image in ids[:-1]:
            assert cursor.target(image, 1) == ids[ids.index(image) + 1]
