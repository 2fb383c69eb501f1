import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.passed_over import NO_SUFFIX, PassedOver, suffix_of


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.NEF", ".nef"),
        ("scan.dcm", ".dcm"),
        ("brain.nii.gz", ".nii.gz"),
        ("clip.3gp", ".3gp"),
        ("IMG_0001", ""),
        ("1.2.840.113619.2.55", ""),
        ("Photo 12.5 copy", ""),
        ("line\nbreak.x\ny", ""),
        ("ends with a dot.", ""),
        (".hidden", ""),
        ("a.aVeryLongEndingOfAName", ""),
    ],
)
def test_a_suffix_is_what_looks_like_one(name, suffix):
    assert suffix_of(name) == suffix


def test_unsupported_pictures_are_listed_by_kind_and_the_rest_as_a_number():
    found = PassedOver.of({".txt": 40, ".nef": 12, ".dcm": 3, ".xmp": 1_000, "": 4})
    assert found.words() == (
        "12 .nef (camera raw, not supported yet), 3 .dcm (DICOM, not supported yet), "
        "1,044 other files (.xmp, .txt, without suffix)"
    )
    assert found.not_supported == {"camera raw": 12, "DICOM": 3}
    assert found.total == 1_059


def test_kinds_with_several_suffixes_are_counted_together():
    assert PassedOver.of({".nef": 1, ".cr3": 2, ".mp4": 5}).not_supported == {"video": 5, "camera raw": 3}


def test_files_without_a_suffix_are_described_by_the_content_of_the_first():
    dicom = PassedOver.of({"": 300}, "DICOM")
    assert dicom.words() == "300 without suffix (DICOM, not supported yet)"
    assert dicom.not_supported == {"DICOM": 300}
    jpeg = PassedOver.of({"": 2}, "JPEG", readable=True)
    assert jpeg.words() == "2 without suffix (JPEG; give the names a suffix such as .jpg)"
    assert jpeg.not_supported == {}


def test_nothing_passed_over_is_no_words():
    assert (PassedOver.of({}).words(), PassedOver.of({}).total) == ("", 0)


@given(st.dictionaries(st.text(max_size=20).map(suffix_of), st.integers(1, 10**6), max_size=300))
def test_every_file_is_counted_once_and_the_words_stay_short(suffixes):
    found = PassedOver.of(suffixes)
    assert found.total == sum(suffixes.values())
    assert len(found.counts) <= 101
    assert all(name == NO_SUFFIX or name.startswith(".") for name in found.counts)
    assert len(found.words()) < 700
    assert found.words().isprintable()


def test_a_hundred_thousand_suffixes_do_not_make_a_report_of_a_hundred_thousand_lines():
    found = PassedOver.of({f".x{number}": 1 for number in range(1_000)})
    assert len(found.counts) == 101
    assert found.counts[NO_SUFFIX] == 900
