"""Nouns against facts of WordNet 3.0 and ImageNet that were looked up by hand."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cprfl_core.common.errors import InputError
from cprfl_core.nouns.dictionary import NOUNS_FILE, Nouns, load_nouns
from cprfl_core.nouns.meaning import find_meaning, possible_senses
from cprfl_core.nouns.words import defined_noun, singulars

WORDNET = Path("/usr/share/wordnet")
DOG, ANIMAL_SEAL, SEA_LION = "n02084071", "n02076196", "n02077923"
CRANE_BIRD, CRANE_MACHINE = "n02012849", "n03126707"
GIRAFFE, EVEN_TOED = "n02439033", "n02394477"


@pytest.fixture(scope="module")
def nouns():
    return load_nouns()


def sense(nouns, name, *aliases, description="", chosen=None):
    found = find_meaning(nouns, name, aliases, description, chosen)
    return None if found is None else found.sense


def test_the_classes_are_imagenets_in_its_order(nouns):
    assert len(nouns.classes) == 1000
    assert (nouns.classes[0], nouns.classes[150], nouns.classes[999]) == ("n01440764", SEA_LION, "n15075141")


def test_hypernyms_of_the_dog_lead_to_the_entity_by_both_ways(nouns):
    above = nouns.ancestors(DOG)
    assert {one: above[one] for one in ("n02083346", "n01317541", "n02075296")} == {
        "n02083346": 1,  # canine
        "n01317541": 1,  # domestic animal
        "n02075296": 2,  # carnivore
    }
    assert above["n00001740"] == max(above.values())  # entity


def test_the_dogs_are_the_classes_beneath_the_dog(nouns):
    beneath = nouns.classes_beneath(DOG)
    assert beneath[:118] == tuple(range(151, 269))
    assert len(beneath) == 118
    assert nouns.classes_beneath(ANIMAL_SEAL) == (150,)
    assert nouns.classes_beneath(GIRAFFE) == ()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("dog", "dog"),
        ("Dogs", "dog"),
        ("geese", "goose"),
        ("mice", "mouse"),
        ("knives", "knife"),
        ("ponies", "pony"),
        ("boxes", "box"),
        ("men", "man"),
        ("sea lions", "sea lion"),
        ("sea_lion", "sea lion"),
        ("sea-lion", "sea lion"),
        ("wine glass", "wineglass"),
        ("T-shirt", "t shirt"),
        ("sports ball", "ball"),
        ("big red fire truck", "fire truck"),
        ("dogs 0", "dog"),
        ("fire truck 10 2", "fire truck"),
        ("  Golden   Retriever ", "golden retriever"),
        ("jalapeño", "jalapeno"),
    ],
)
def test_names_are_found_in_the_singular_as_one_word_and_by_their_head(nouns, name, word):
    assert find_meaning(nouns, name).word == word


@pytest.mark.parametrize("name", ["xqzt", "猫", "собака", "Wölfe", "", "   ", "()", "123456", "🐕"])
def test_an_unknown_word_has_no_meaning(nouns, name):
    assert find_meaning(nouns, name) is None


def test_of_several_senses_the_first_with_classes_is_meant(nouns):
    # The first sense of "seal" is sealing wax.
    assert nouns.senses_of("seal")[0] != ANIMAL_SEAL
    assert sense(nouns, "seal") == ANIMAL_SEAL
    offered = [one.id for one in possible_senses(nouns, "seals")]
    assert offered[0] == ANIMAL_SEAL
    assert len(offered) == len(set(offered)) == 9


def test_words_in_brackets_choose_the_sense(nouns):
    assert sense(nouns, "crane (bird)") == CRANE_BIRD
    assert sense(nouns, "crane (machine)") == CRANE_MACHINE
    assert sense(nouns, "crane [machine]") == CRANE_MACHINE
    assert sense(nouns, "crane (nonsense)") == sense(nouns, "crane")


def test_a_chosen_sense_wins_and_one_that_does_not_exist_is_ignored(nouns):
    assert sense(nouns, "crane", chosen=CRANE_BIRD) == CRANE_BIRD
    assert sense(nouns, "crane", chosen="n99999999") == sense(nouns, "crane")


def test_aliases_and_the_description_are_tried_where_the_name_is_unknown(nouns):
    assert sense(nouns, "xqzt", "dogs") == DOG
    assert sense(nouns, "xqzt", description="A dog that guards sheep") == DOG
    assert sense(nouns, "xqzt", description="kind of a crane, used on ships") == sense(nouns, "crane")
    # The name as a whole comes before aliases, these before its last word.
    assert sense(nouns, "dog", "cat") == DOG
    assert sense(nouns, "xqzt dog", "giraffe") == GIRAFFE


def test_without_classes_beneath_its_ancestors_stand_for_a_noun(nouns):
    dog, giraffe = find_meaning(nouns, "dog"), find_meaning(nouns, "giraffe")
    assert dog.sets == ((nouns.classes_beneath(DOG), 1.0),)
    assert dog.trust == 1.0
    assert giraffe.trust == 0.5
    assert giraffe.sets[0][0] == nouns.classes_beneath(nouns.sense(GIRAFFE).above[0])
    assert sum(weight for _, weight in giraffe.sets) == pytest.approx(1)
    assert giraffe.sets[0][1] == max(weight for _, weight in giraffe.sets)


def test_a_noun_far_from_every_class_has_no_text_score(nouns):
    night = find_meaning(nouns, "night")
    assert (night.sets, night.trust) == ((), 0.0)


def test_persons_and_places_known_by_name_are_no_nouns(nouns):
    assert find_meaning(nouns, "Rembrandt") is None
    assert find_meaning(nouns, "Copenhagen") is None


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("A large bird that swims", "large bird"),
        ("any of several kinds of gull, seen in ports", "several kinds"),
        ("the animal", "animal"),
        ("", ""),
    ],
)
def test_the_noun_phrase_at_the_beginning_of_a_description(text, noun):
    assert defined_noun(text) == noun


def test_irregular_plurals_come_before_the_rules(nouns):
    assert singulars(nouns, "wolves")[0] == "wolf"
    assert singulars(nouns, "traffic lights") == ["traffic light"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=60))
def test_any_text_has_a_meaning_or_none(name, description):
    found = find_meaning(load_nouns(), name, (name[::-1],), description)
    assert found is None or load_nouns().sense(found.sense) is not None


@pytest.mark.parametrize("damage", ["missing", "no gzip", "cut", "altered", "other"])
def test_a_damaged_dictionary_is_one_sentence(tmp_path, damage):
    path = tmp_path / "nouns.txt.gz"
    whole = NOUNS_FILE.read_bytes()
    content = {
        "no gzip": b"plain",
        "cut": whole[:5000],
        "altered": whole[:5000] + bytes([whole[5000] ^ 255]) + whole[5001:],
        "other": gzip.compress(b"[words]\n"),
    }
    if damage != "missing":
        path.write_bytes(content[damage])
    with pytest.raises(InputError, match="nouns"):
        Nouns(path)


@pytest.mark.slow
@pytest.mark.skipif(not WORDNET.is_dir(), reason="needs WordNet 3.0, Debian's package wordnet-base")
def test_the_build_is_deterministic_and_is_what_ships(tmp_path):
    for name in ("a", "b"):
        subprocess.run([sys.executable, "tools/build_nouns.py", "--out", tmp_path / name], check=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert gzip.decompress((tmp_path / "a").read_bytes()) == gzip.decompress(NOUNS_FILE.read_bytes())


def test_the_build_names_the_package_where_wordnet_is_missing(tmp_path):
    done = subprocess.run(
        [sys.executable, "tools/build_nouns.py", "--wordnet", tmp_path / "none", "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt install wordnet-base" in done.stderr
    assert not (tmp_path / "out").exists()
