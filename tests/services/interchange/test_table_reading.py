"""What others write into tables is read as they meant it, or refused with a sentence that names what is
unclear."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInputError
from app.services.interchange.format import ReadOptions
from app.services.interchange.registry import FORMATS, recognised


@pytest.fixture
def read(tmp_path):
    """``read(text, format="csv", **options)`` reads a file with this text, in the encoding ``written``."""

    def call(text, name="csv", written="utf-8", **options):
        path = tmp_path / "in.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(written))
        return FORMATS[name].read(path, ReadOptions(**options))

    return call


def content(file):
    """{image: {category: 1 yes, 0 no, None left open}}, reviewed images with the key "reviewed"."""
    found = {}
    for one in file.images:
        said = found.setdefault(one.file_name, {})
        for value, positions in ((1, one.yes), (0, one.no), (None, one.open)):
            said |= {file.categories[at]: value for at in positions}
        if one.reviewed:
            said["reviewed"] = True
    return found


WIDE = {"a.jpg": {"fox": 1, "größe": 0}, "b, c.jpg": {"größe": 1}, "line\nbreak.jpg": {"fox": 0}}


def wide(yes="1", no="0", blank="", heading="file", **dialect):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, **dialect)
    words = {1: yes, 0: no, None: blank}
    writer.writerow([heading, "fox", "größe (adult)"])
    for name, said in WIDE.items():
        writer.writerow([name, *(words[said.get(one)] for one in ("fox", "größe"))])
    return stream.getvalue()


TRUTH = {
    name: {{"größe": "größe (adult)"}.get(one, one): value for one, value in said.items()}
    for name, said in WIDE.items()
}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out_and_told(read, encoding, delimiter):
    file = read(wide(delimiter=delimiter), written=encoding)
    assert content(file) == TRUTH
    words = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
    assert f"columns separated by {words[delimiter]}" in file.notes[0]
    assert ("a guess" in file.notes[0]) == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(read, ending):
    text = ending.join(["file,fox,deer", "a.jpg,1,0", "b.jpg,,1"])
    assert content(read(text)) == {"a.jpg": {"fox": 1, "deer": 0}, "b.jpg": {"deer": 1}}


def test_old_mac_files_are_in_the_encoding_of_the_mac(read):
    file = read("file,fox\rgröße.jpg,1\r", written="mac_roman")
    assert content(file) == {"größe.jpg": {"fox": 1}}


@pytest.mark.parametrize(
    ("encoding", "heading", "fox"),
    [
        ("cp1251", "файл", "лиса"),
        ("shift_jis", "ファイル", "狐"),
        ("gb18030", "文件名", "红色的狐狸和小鹿"),
        ("cp1250", "plik", "żubr"),
    ],
)
def test_other_scripts_are_recognised(read, encoding, heading, fox):
    assert content(read(f"{heading};{fox}\na.jpg;1\nb.jpg;0\n", written=encoding))["a.jpg"] == {fox: 1}


def test_the_options_go_before_what_is_found_out(read):
    text = "файл;лиса\na.jpg;да\n"
    assert content(read(text, written="koi8_r", encoding="koi8_r")) == {"a.jpg": {"лиса": 1}}
    assert content(read("file:fox\na.jpg:1\n", delimiter=":")) == {"a.jpg": {"fox": 1}}
    assert content(read("file,tags\na.jpg,fox/deer\n", separator="/")) == {"a.jpg": {"fox": 1, "deer": 1}}
    assert content(read("file,tags\na.jpg,fox|deer\n", separator="none")) == {"a.jpg": {"fox|deer": 1}}


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "klingon"},
        {"encoding": "hex"},
        {"encoding": "a\0b"},
        {"delimiter": ",,"},
        {"delimiter": '"'},
    ],
)
def test_an_option_that_makes_no_sense_is_refused(read, options):
    with pytest.raises(BadInputError):
        read(wide(), **options)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        *(
            ("1", "0"),
            ("1.0", "0.0"),
            ("1,0", "0,0"),
            ("TRUE", "FALSE"),
            ("WAHR", "FALSCH"),
            ("vrai", "faux"),
        ),
        *(("Yes", "No"), ("ja", "nein"), ("oui", "non"), ("y", "n"), ("+", "-"), ("1", "-1"), (" x ", "no")),
    ],
)
def test_answers_in_many_spellings(read, yes, no):
    file = read(wide(yes, no, delimiter=";"))
    assert content(file) == TRUTH
    assert f"{yes.strip()} yes, {no.strip()} no, blank unknown" in file.notes[0]


@pytest.mark.parametrize("blank", ["", " ", "?", "n/a", "NaN", "null", "unknown"])
def test_what_says_nothing_stays_unknown(read, blank):
    assert content(read(wide(blank=blank))) == TRUTH


def test_a_dash_is_a_no_only_beside_a_plus(read):
    assert content(read("file,fox,deer\na.jpg,x,-\n")) == {"a.jpg": {"fox": 1}}


def test_minus_one_is_a_no_unless_zero_could_be_it(read):
    with pytest.raises(BadInputError, match="both -1 and 0"):
        read("file,fox,deer\na.jpg,1,-1\nb.jpg,0,1\n")


@pytest.mark.parametrize(
    "heading",
    [
        "file",
        "File Name",
        "FILENAME",
        "image_path",
        " image ",
        "Datei",
        "Dateiname",
        "fichier",
        "ImageID",
        "path",
    ],
)
def test_the_column_of_images_has_many_names(read, heading):
    assert set(content(read(wide(heading=heading)))) >= {"a.jpg", "b, c.jpg"}


@pytest.mark.parametrize(
    "text",
    [
        "fox,file,deer\n1,a.jpg,0\n",
        "id,file_name,fox,deer\n7,a.jpg,1,0\n",
        "image_id,file_name,fox,deer\n7,a.jpg,1,0\n",
        ",file,fox,deer\n0,a.jpg,1,0\n",
        "Was ist das,fox,deer\na.jpg,1,0\n",
        "My labels\n\nfile,fox,deer\na.jpg,1,0\n",
        "sep=,\nfile,fox,deer\na.jpg,1,0\n",
        '"sep=,"\nfile,fox,deer\na.jpg,1,0\n',
        "file, fox, deer\na.jpg, 1, 0\n",
        "\n\nfile,fox,deer,,\n,,,,\na.jpg,1,0,,\n,,,,\n",
        "file,fox,deer\na.jpg,1,0,,\n",
        "file,width,height,split,fox,deer,area,confidence\na.jpg,640,480,train,1,0,1.5,0.8\n",
    ],
)
def test_columns_are_found_wherever_they_are(read, text):
    assert content(read(text)) == {"a.jpg": {"fox": 1, "deer": 0}}


def test_columns_that_are_no_categories_are_left_out_and_named(read):
    file = read("id,file,fox,width,split,area\n0,a.jpg,1,640,train,0.5\n1,b.jpg,0,480,val,7\n")
    assert list(file.categories) == ["fox"]
    for name in ("id", "width", "split", "area"):
        assert f'"{name}"' in file.notes[1]


def test_a_single_wrong_cell_is_listed_and_costs_no_other(read):
    rows = "".join(f"{n}.jpg,{n % 2},1\n" for n in range(20))
    file = read(f"file,fox,deer\n{rows}z.jpg,maybe,1\n")
    assert content(file)["z.jpg"] == {"deer": 1}
    assert [str(one) for one in file.left_out] == ['line 22: column "fox": "maybe" is neither yes nor no']


def test_rows_of_the_wrong_length_are_listed_and_never_shifted(read):
    file = read("file,fox,deer\na.jpg,1,0\nb, c.jpg,0,1\nd.jpg,1\n,1,1\ne.jpg,0,1\n")
    assert content(file) == {"a.jpg": {"fox": 1, "deer": 0}, "e.jpg": {"fox": 0, "deer": 1}}
    assert [one.place for one in file.left_out] == ["line 3", "line 4", "line 5"]


def test_columns_of_one_category_that_disagree_are_two_entries(read):
    file = read("file,Fox,FOX\na.jpg,1,0\nb.jpg,1,1\n")
    assert [(one.place, one.yes, one.no) for one in file.images] == [
        ("line 2", {0}, set()),
        ("line 2, column 3", set(), {1}),
        ("line 3", {0, 1}, set()),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("file\na.jpg\n", "one column only"),
        ("file,fox\n", "no rows"),
        ("file,fox\na.jpg\n", "no row fits"),
        ("a.jpg,1,0\nb.jpg,0,1\n", "no headings"),
        ("a.jpg,fox\nb.jpg,deer\n", "no headings"),
        ("size,fox\n3,1\n", "images"),
        ("file,label\na.jpg,1\nb.jpg,0\n", "of which category is unclear"),
        ("file,label\na.jpg,3\nb.jpg,17\n", "names of the categories are needed"),
        ("file,animal\na.jpg,fox\n", "heading category"),
        ("file,fox,deer\na.jpg,3,0\nb.jpg,7,12\n", "no column has answers"),
        ("file;fox;deer\na.jpg;0,87;0\nb.jpg;0,13;0\n", "fractions such as"),
        ("file;fox\na.jpg;87%\n", "fractions such as"),
        ("file,label,score\na.jpg,fox,0.8\n", "confidences of a model"),
        ("file,label,confidence\na.jpg,fox,87\n", "which of them mean yes is unclear"),
        ("file,label,state\na.jpg,fox,rejected\n", "which of them mean yes is unclear"),
        ('file,fox\n"a.jpg,1\nb.jpg,0\n', "line 2 and is never closed"),
        ("file,label\na.jpg,fox|deer\na.jpg,owl\n", "one category or several"),
        ("file,tags\na.jpg,fox|deer;adult\n", "one category or several"),
        ('file,label\na.jpg,"fox, adult"\nb.jpg,owl\n', "one category or several"),
        ('{"images": []}', "JSON"),
        ("<html>", "web page"),
        ("version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"PK\x03\x04" + bytes(range(256)), "workbook"),
        (b"\x00\x01\xff" * 100, "binary"),
        ("file,fox\na.jpg," + "x" * 200_000, "more than"),
    ],
)
def test_what_is_unclear_is_refused_with_a_sentence_that_says_what(read, text, words):
    with pytest.raises(BadInputError, match=words):
        read(text)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("fox|red deer", "|"),
        ("fox;red deer", ";"),
        ("fox#red deer", "#"),
        ("#fox #red deer", "#"),
        ('"fox, red deer"', ","),
        ('"fox,red deer,"', ","),
        ('"fox\nred deer"', None),
        ("\"['fox', 'red deer']\"", None),
        ("['fox' 'red deer']", None),
        ('"[""fox"", ""red deer""]"', None),
    ],
)
@pytest.mark.parametrize("heading", ["labels", "Tags", "Kategorien"])
def test_several_categories_in_one_cell(read, cell, told, heading):
    file = read(f"file,{heading}\na.jpg,{cell}\nb.jpg,owl\nc.jpg,\nd.jpg,nan\n")
    fox = {"fox": 1, "red deer": 1}
    assert content(file) == {"a.jpg": fox, "b.jpg": {"owl": 1}, "c.jpg": {}, "d.jpg": {}}
    assert told is None or f'separated by "{told}"' in file.notes[0]


def test_lists_separated_by_blanks_are_not_taken_for_names(read):
    tags = [
        f"{a} {b} {c}" for a in ("haze", "clear") for b in ("water", "road") for c in ("farm", "wood", "sand")
    ]
    text = "image_name,tags\n" + "".join(f"train_{n},{tag}\n" for n, tag in enumerate(tags))
    with pytest.raises(BadInputError, match="one category or several"):
        read(text)
    assert content(read(text, separator=" "))["train_0"] == {"haze": 1, "water": 1, "farm": 1}


def test_rows_that_name_one_category_each(read):
    file = read('Time,Answer,Category,Image\n9,yes,fox,a.jpg\n9,no,"red deer, adult",a.jpg\n9,,owl,b.jpg\n')
    assert content(file) == {"a.jpg": {"fox": 1, "red deer, adult": 0}, "b.jpg": {"owl": None}}


def test_rows_about_one_image_that_disagree_are_two_entries(read):
    file = read("image,category,state\na.jpg,fox,1\nb.jpg,fox,1\na.jpg,fox,0\n")
    assert [(one.place, one.yes, one.no) for one in file.images] == [
        ("line 2", {0}, set()),
        ("line 3", {0}, set()),
        ("line 4", set(), {0}),
    ]


def test_an_unclear_answer_leaves_out_its_row_only(read):
    file = read("image,category,state\na.jpg,fox,1\na.jpg,deer,perhaps\n")
    assert content(file) == {"a.jpg": {"fox": 1}}
    assert [str(one) for one in file.left_out] == ['line 3: "perhaps" is neither yes nor no']


def test_open_images_with_the_names_of_its_identifiers(read, tmp_path):
    text = "ImageID,Source,LabelName,Confidence\na.jpg,verification,/m/01,1\na.jpg,verification,/m/02,0\n"
    with pytest.raises(BadInputError, match="identifiers such as /m/01"):
        read(text)
    (tmp_path / "oidv7-class-descriptions.csv").write_text(
        'LabelName,DisplayName\n/m/01,Fox\n/m/02,"Deer, red"\n'
    )
    assert content(read(text)) == {"a.jpg": {"Fox": 1, "Deer, red": 0}}


def test_labels_of_machines_are_suggestions_and_never_answers(read):
    rows = ["ImageID,Source,LabelName,Confidence", "a.jpg,machine,fox,0.8", "a.jpg,machine,owl,0.1"]
    text = "\n".join([*rows, "b.jpg,machine,fox,1"])
    file = read(text, confidence=0.5)
    assert content(file) == {"a.jpg": {}, "b.jpg": {}}
    assert [one.suggested for one in file.images] == [{0: 0.8}, {0: 1.0}]
    wide_file = read("file;fox\na.jpg;0,87\nb.jpg;0,2\n", confidence=0.5)
    assert [one.suggested for one in wide_file.images] == [{0: 0.87}, {}]


def test_a_review_leaves_open_what_is_blank(read):
    file = read("path,fox,deer,owl,reviewed\na.jpg,1,0,,1\nb.jpg,0,,,0\n")
    assert content(file) == {"a.jpg": {"fox": 1, "owl": None, "reviewed": True}, "b.jpg": {"fox": 0}}


def test_bytes_that_are_no_text_in_a_utf_8_file_cost_only_their_row(read):
    text = "file,tags\nä.jpg,füchse\nö.jpg,füchse\nü.jpg,füchse\n".encode() + b"x\xff.jpg,f\xffx\n"
    file = read(text)
    assert content(file)["ü.jpg"] == {"füchse": 1}
    assert [one.place for one in file.left_out] == ["line 5"]


def test_long_and_tags_read_a_column_whatever_its_heading(read):
    for name in ("long", "tags-csv"):
        assert content(read("file,animal\na.jpg,fox\n", name)) == {"a.jpg": {"fox": 1}}


@pytest.mark.parametrize(
    ("name", "text", "certain"),
    [
        ("a.csv", "file,fox\na.jpg,1\n", True),
        ("a.tsv", "file\tfox\na.jpg\t1\n", True),
        ("a.txt", "file\tfox\na.jpg\t1\n", True),
        ("a.txt", "a.jpg 1\nb.jpg -1\n", False),
        ("a.csv", "a.jpg,1\n", False),
        ("metadata.csv", "file_name,labels\na.jpg,fox\n", False),
        ("a.csv", "{}", False),
        ("a.csv", "", False),
    ],
)
def test_only_a_table_with_a_heading_for_images_is_certain(tmp_path, name, text, certain):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = recognised(path)
    assert (found is not None and found.name == "csv") == certain


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    from app.services.interchange.delimited import reading

    path = tmp_path / "in.csv"
    path.write_text("file,fox\na.jpg,1\n")
    found = reading.survey

    def grow_after(table):
        result = found(table)
        with path.open("a") as file:
            file.write("b.jpg,1\n")
        return result

    monkeypatch.setattr(reading, "survey", grow_after)
    with pytest.raises(BadInputError, match="changed while it was read"):
        FORMATS["csv"].read(path, ReadOptions())


def test_missing_files_and_folders_are_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(BadInputError, match=r"is not a file|does not exist|cannot be read"):
            FORMATS["csv"].read(path, ReadOptions())


PIECES = st.sampled_from(
    [
        *",;\t|\"'\r\n \x00\ufeff=-+/\\",
        "file",
        "image",
        "labels",
        "state",
        "fox",
        "a.jpg",
        "1",
        "0",
        "0,5",
        "sep=;",
        "yes",
        "\udc80",
        "ß",
    ]
)


@given(
    st.lists(PIECES, max_size=40).map("".join) | st.binary(max_size=60),
    st.sampled_from(["csv", "long", "jsonl"]),
)
@settings(max_examples=60, deadline=None)
def test_wild_text_is_read_or_refused_with_a_sentence(tmp_path_factory, text, name):
    path = tmp_path_factory.getbasetemp() / "wild.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    try:
        file = FORMATS[name].read(path, ReadOptions())
    except BadInputError as error:
        assert error.sentence
    else:
        assert len(file.categories) == len(file.category_places)
        for one in file.images:
            assert all(0 <= at < len(file.categories) for at in one.yes | one.no | one.open)
            assert not one.yes & one.no
