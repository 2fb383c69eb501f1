"""What is kept of projects for the start page: complete, or as much as can be had."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.services.project.creation import create_project
from app.services.recent import LastView, ProjectCard, RecentCards, RecentError, is_project


def card(folder):
    return ProjectCard(folder, "savanna", 12, 3, 2, datetime(2026, 5, 4, 12, tzinfo=UTC), b"picture")


def test_a_card_survives_the_round_trip_and_says_whether_the_project_exists(tmp_path, images_folder):
    create_project(tmp_path / "savanna", [images_folder]).close()
    cards = RecentCards(tmp_path / "kept")
    cards.save(card(tmp_path / "savanna"))
    assert cards.read(tmp_path / "savanna") == card(tmp_path / "savanna")
    (tmp_path / "savanna").rename(tmp_path / "moved")
    gone = cards.read(tmp_path / "savanna")
    assert (gone.there, gone.images, gone.strip) == (False, 12, b"picture")


def test_a_card_kept_without_a_picture_leaves_the_one_that_is_there(tmp_path):
    cards = RecentCards(tmp_path / "kept")
    cards.save(card(tmp_path / "savanna"))
    cards.save(ProjectCard(tmp_path / "savanna", "savanna", 13, 3, 2))
    assert (cards.read(tmp_path / "savanna").images, cards.read(tmp_path / "savanna").strip) == (
        13,
        b"picture",
    )


@pytest.mark.parametrize("damage", [b"", b"[1]", b'{"name": 3}', b"\xff\xfe"])
def test_a_damaged_card_falls_back_to_the_name_of_the_folder(tmp_path, damage):
    cards = RecentCards(tmp_path / "kept")
    cards.save(card(tmp_path / "photos" / ".tailspotter"))
    for file in (tmp_path / "kept").glob("*.json"):
        file.write_bytes(damage)
    found = cards.read(tmp_path / "photos" / ".tailspotter")
    assert (found.name, found.images, found.opened_at) == ("photos", None, None)


def test_forgetting_takes_away_what_was_kept_and_nothing_else(tmp_path):
    cards = RecentCards(tmp_path / "kept")
    for name in ("savanna", "forest"):
        cards.save(card(tmp_path / name))
    cards.forget(tmp_path / "savanna")
    assert cards.read(tmp_path / "savanna").images is None
    assert cards.read(tmp_path / "forest").images == 12


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "kept").write_text("a file where a folder should be")
    with pytest.raises(RecentError, match="project itself is not affected"):
        RecentCards(tmp_path / "kept").save(card(tmp_path / "savanna"))


def test_projects_and_image_folders_with_and_without_one_are_distinguished(tmp_path, images_folder):
    assert not is_project(images_folder)
    create_project(images_folder, [images_folder]).close()
    assert is_project(images_folder)
    assert is_project(images_folder / ".tailspotter")
    assert not is_project(tmp_path / "nowhere")


@pytest.mark.parametrize("view", [None, LastView("is:unreviewed", 7, True, "review"), LastView()])
def test_what_was_shown_last_survives_the_round_trip(tmp_path, view):
    cards = RecentCards(tmp_path / "cards")
    cards.save(replace(card(tmp_path / "savanna"), view=view))
    assert cards.read(tmp_path / "savanna").view == view
