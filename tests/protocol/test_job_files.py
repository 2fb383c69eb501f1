"""The files that carry the bulk of a job."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.protocol.files import ItemLine, PromptLine, read_items, read_prompts, write_items, write_prompts

relaxed = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
names = st.text(st.characters(codec=None), max_size=30)


@relaxed
@given(
    st.lists(
        st.builds(ItemLine, st.integers(0, 2**63 - 1), names, st.integers(0, 2**64 - 1), st.integers(0, 640)),
        max_size=5,
    )
)
def test_items_are_read_back_as_written_whatever_the_file_names(tmp_path_factory, items):
    path = tmp_path_factory.mktemp("items") / "items.jsonl"
    assert write_items(path, items) == len(items)
    assert list(read_items(path)) == items


@relaxed
@given(st.lists(st.builds(PromptLine, names, st.lists(names, max_size=3).map(tuple)), max_size=5))
def test_prompts_are_read_back_as_written(tmp_path_factory, prompts):
    path = tmp_path_factory.mktemp("prompts") / "prompts.jsonl"
    assert write_prompts(path, prompts) == len(prompts)
    assert list(read_prompts(path)) == prompts


@pytest.mark.parametrize("text", ["[1, 2]\n", "{}\n", '[1,"a"', "7\n"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "items.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 1|delimiter|Expecting"):
        list(read_items(path))
