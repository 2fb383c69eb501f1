"""Category names from a file or a list."""

import pytest

from app.domain.categories import JoinedNames
from app.domain.errors import BadInputError
from app.services.labelling.naming import read_names


def listed(tmp_path, data):
    path = tmp_path / "names.txt"
    path.write_bytes(data)
    return str(path)


def test_names_of_one_category_are_counted_once_and_listed_with_their_lines(tmp_path):
    text = "CO2\nstra\u00dfe\n\nCO\u2082\nSTRASSE\nfox\n"
    names, joined = read_names(listed(tmp_path, text.encode()))
    assert names == ["CO2", "stra\u00dfe", "fox"]
    assert joined == [
        JoinedNames("CO2", ("CO2", "CO\u2082"), ("line 1", "line 4")),
        JoinedNames("stra\u00dfe", ("stra\u00dfe", "STRASSE"), ("line 2", "line 5")),
    ]


def test_a_list_with_commas_is_joined_likewise():
    names, joined = read_names("fox,Fox ,owl,")
    assert names == ["fox", "owl"]
    assert [(one.names, one.places) for one in joined] == [(("fox", "Fox"), ("name 1", "name 2"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_line_ends_part_names(tmp_path, end):
    names, _ = read_names(listed(tmp_path, f"red\u200cfox{end}owl\u2028barn{end}".encode("utf-8-sig")))
    assert names == ["red\u200cfox", "owl barn"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"fox\nf\xc3\xbcchse\nB\xe4r\n", "names.txt is not UTF-8 text (line 3, column 2)"),
        (b"\xef\xbb\xbfB\xe4r\n", "names.txt is not UTF-8 text (line 1, column 2)"),
        ("fox\nowl\n".encode("utf-16"), "looks like UTF-16"),
        (b"fox\n\xe2\x80\x8b\n", "names.txt line 2: A category needs a name"),
        (b"fox\n" + b"x" * 300, "names.txt line 2: The category name"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path, data, expected):
    with pytest.raises(BadInputError) as caught:
        read_names(listed(tmp_path, data))
    assert expected in caught.value.sentence


def test_undecodable_bytes_in_a_list_are_refused_with_their_place():
    with pytest.raises(
        BadInputError, match=r"The list of categories, name 2: .* not valid text: character 2"
    ):
        read_names("fox,B\udce4r")
