"""Meanings of category names against facts of WordNet 3.0 and ImageNet that were looked up by hand."""

import pytest

from app.domain.category_properties import AUTOMATIC, CategoryEdit, MeaningUse
from app.domain.errors import BadInputError, NotFoundError
from app.services.features.category_properties import category_properties
from app.services.labelling.decisions import next_undo, undo
from app.services.project.categories import edit_category, set_aliases, set_description, set_sense
from app.services.project.creation import create_project

SEAL_ANIMAL, SEAL_WAX, SEAL_STAMP, SEAL_PELT = "n02076196", "n04160036", "n04159058", "n14766040"
GIRAFFE, NIGHT, CRANE_MACHINE, CRANE_BIRD = "n02439033", "n15167027", "n03126707", "n02012849"
NAMES = ["seal", "giraffe", "night", "xqzt", "crane"]
SEAL, GIRAFFE_NUMBER, NIGHT_NUMBER, XQZT, CRANE = range(1, 6)


@pytest.fixture
def photos(tmp_path, images_folder):
    with create_project(tmp_path / "photos", [images_folder], NAMES, "photo-lite0") as created:
        yield created


def used(project, number):
    found = category_properties(project, number)
    return None if found.used is None else found.used.sense, found.chosen


def test_the_meanings_of_a_homonym_say_how_the_image_model_scores_them(photos):
    found = category_properties(photos, SEAL)
    by_sense = {one.sense: one for one in found.meanings}
    animal = found.meanings[0]
    assert animal.words == "seal: any of numerous marine mammals that come on shore to breed"
    assert (animal.sense, animal.use, animal.classes) == (SEAL_ANIMAL, MeaningUse.DIRECT, 1)  # the sea lion
    assert by_sense[SEAL_STAMP].names == "seal, stamp"
    assert by_sense[SEAL_STAMP].use is MeaningUse.RELATED
    assert by_sense[SEAL_PELT].use is MeaningUse.NONE
    assert len(found.meanings) == 9  # WordNet has nine nouns "seal"
    assert found.used == found.automatic == animal and not found.chosen and found.problem == ""


@pytest.mark.parametrize(
    ("number", "sense", "use"),
    [(GIRAFFE_NUMBER, GIRAFFE, MeaningUse.RELATED), (NIGHT_NUMBER, NIGHT, MeaningUse.NONE)],
)
def test_relatives_stand_in_for_a_meaning_without_classes_unless_they_are_too_far(photos, number, sense, use):
    found = category_properties(photos, number)
    assert (found.used.sense, found.used.use) == (sense, use)


def test_an_unknown_word_has_no_meaning_and_says_what_to_do(photos):
    found = category_properties(photos, XQZT)
    assert (found.used, found.automatic, found.meanings, found.chosen) == (None, None, [], False)
    assert found.problem == (
        "The image model does not know the word 'xqzt'; add another name for it, or label a few images."
    )
    set_aliases(photos, XQZT, ["giraffe camel"])
    assert category_properties(photos, XQZT).problem == ""


def test_a_person_chooses_a_meaning_and_leaves_it_to_the_program_again(photos):
    set_sense(photos, CRANE, CRANE_BIRD)
    assert used(photos, CRANE) == (CRANE_BIRD, True)
    assert category_properties(photos, CRANE).automatic.sense == CRANE_MACHINE
    assert next_undo(photos) == "Change the meaning of 'crane'"
    edit_category(photos, CRANE, CategoryEdit(sense=AUTOMATIC))
    assert used(photos, CRANE) == (CRANE_MACHINE, False)
    undo(photos)
    assert used(photos, CRANE) == (CRANE_BIRD, True)


def test_a_meaning_that_is_not_of_the_name_is_listed_while_it_is_used(photos):
    set_description(photos, XQZT, "a large giraffe with spots")
    assert [one.sense for one in category_properties(photos, XQZT).meanings] == [GIRAFFE]
    set_sense(photos, SEAL, SEAL_WAX)
    edit_category(photos, SEAL, CategoryEdit(name="stamp animal"))
    found = category_properties(photos, SEAL)
    assert found.chosen and found.used in found.meanings


def test_an_edit_can_be_looked_at_before_it_is_made(photos):
    edit = CategoryEdit(name="crane", aliases=("digger",), sense=CRANE_BIRD)
    found = category_properties(photos, XQZT, edit)
    assert found.used.sense == CRANE_BIRD and found.chosen
    assert category_properties(photos, XQZT, CategoryEdit(name=" ")).meanings == []
    assert category_properties(photos, XQZT).used is None


def test_a_model_with_a_text_encoder_reads_prompts(project):
    found = category_properties(project, 1)
    assert not found.by_nouns and found.meanings == () and found.problem == ""
    assert found.category.prompts() == ("a photo of a cat.",)


def test_several_properties_are_one_step(photos):
    before = category_properties(photos, SEAL)
    wanted = CategoryEdit("sea lion", ("seal", "Sea Lion"), " barks ", ("{name} on a beach",), SEAL_STAMP)
    assert edit_category(photos, SEAL, wanted).categories == [SEAL]
    category = category_properties(photos, SEAL).category
    assert (category.name, category.aliases, category.description) == ("sea lion", ("seal",), "barks")
    assert (category.prompts(), category.sense) == (("sea lion on a beach",), SEAL_STAMP)
    assert next_undo(photos) == "Change the properties of 'seal'"
    undo(photos)
    assert category_properties(photos, SEAL) == before


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "Crane"}, "already belongs to the category 'crane'"),
        ({"aliases": ("crane",)}, "already belongs to the category 'crane'"),
        ({"aliases": ("",)}, "needs a name"),
        ({"templates": ("",)}, "at least one prompt"),
        ({"sense": "n99999999"}, "no noun with the sense 'n99999999'"),
    ],
)
def test_a_property_that_is_refused_changes_none(photos, wrong, words):
    before = category_properties(photos, SEAL)
    with pytest.raises(BadInputError, match=words):
        edit_category(photos, SEAL, CategoryEdit(**{"name": "sea lion", "description": "barks"} | wrong))
    assert category_properties(photos, SEAL) == before


def test_an_unknown_number_is_refused(photos):
    with pytest.raises(NotFoundError, match="no category with the number 99"):
        category_properties(photos, 99)
