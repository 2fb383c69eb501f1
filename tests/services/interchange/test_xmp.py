import io
import os
import struct
from xml.etree import ElementTree

import pytest
from folder_trees import JPEG, make_tree, read, reasons, yes
from labelled_projects import make_project, say, states
from PIL import Image

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ReadOptions
from app.services.interchange.formats.xmp_packets import embedded
from app.services.interchange.importing import import_labels

SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "mediapro": "http://ns.iview-multimedia.com/mediapro/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
TREE = ["Nature|Animals|Cat"]


def packet(*properties, rating=None):
    names = " ".join(f"xmlns:{prefix}='{space}'" for prefix, space in SPACES.items())
    rate = f" xmp:Rating='{rating}'" if rating else ""
    return (
        f"<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta {names}><rdf:RDF>"
        f"<rdf:Description rdf:about=''{rate}>{''.join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta>"
        "<?xpacket end='w'?>"
    )


def keywords(name, values, kind="Bag"):
    items = "".join(f"<rdf:li>{value}</rdf:li>" for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def subject(*values, kind="Bag"):
    return keywords("dc:subject", values, kind)


def found(tmp_path, *properties, **options):
    make_tree(tmp_path, {"a.jpg": None, "a.xmp": packet(*properties)})
    return yes(read("xmp", tmp_path, **options))["a.jpg"]


@pytest.mark.parametrize(
    ("properties", "leaf", "parents"),
    [
        ([subject("cat", "dog")], {"cat", "dog"}, {"cat", "dog"}),
        ([subject("cat", kind="Seq")], {"cat"}, {"cat"}),
        ([subject("2026", "1e5", "007")], {"2026", "1e5", "007"}, {"2026", "1e5", "007"}),
        ([subject("castle, knight", "rock &amp; roll")],) + ({"castle, knight", "rock & roll"},) * 2,
        (["<dc:subject>cat</dc:subject>"], {"cat"}, {"cat"}),
        ([keywords("lr:hierarchicalSubject", TREE, "Seq")], {"Cat"}, {"Nature", "Animals", "Cat"}),
        ([keywords("digiKam:TagsList", ["Nature/Cat"])], {"Cat"}, {"Nature", "Cat"}),
        ([keywords("mediapro:CatalogSets", ["Nature|Cat"])], {"Cat"}, {"Nature", "Cat"}),
        ([keywords("digiKam:TagsList", ["_Digikam_Internal_Tags_/Pick Label None"])], set(), set()),
        (
            [subject("Cat", "Animals"), keywords("lr:hierarchicalSubject", TREE)],
            {"Cat", "Animals"},
            {"Cat", "Animals", "Nature"},
        ),
        (
            [keywords("lr:hierarchicalSubject", ["Nature", "Nature|Animals", *TREE, "Place|Home"])],
            {"Nature", "Cat", "Home"},
            {"Nature", "Animals", "Cat", "Place", "Home"},
        ),
    ],
)
def test_keywords_of_every_program_are_united_and_trees_read_as_chosen(tmp_path, properties, leaf, parents):
    assert found(tmp_path, *properties) == leaf
    assert found(tmp_path, *properties, keywords="leaf") == leaf
    assert found(tmp_path, *properties, keywords="all") == parents


def test_an_unknown_meaning_of_trees_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="'some'; use leaf or all"):
        read("xmp", tmp_path, keywords="some")


def test_what_trees_mean_is_kept_by_the_project_and_told(tmp_path):
    tree = make_tree(tmp_path / "in", {"a.jpg.xmp": packet(keywords("lr:hierarchicalSubject", TREE))})
    with make_project(tmp_path, ["a.jpg"]) as project:
        report = import_labels(project, "xmp", tree, dry_run=True)
        assert "the last part (Cat) is the category" in report.notes[0]
        assert report.created == ["Cat"]
        import_labels(project, "xmp", tree, dry_run=True, options=ReadOptions(keywords="all"))
        assert import_labels(project, "xmp", tree, dry_run=True).created == ["Cat"]
        import_labels(project, "xmp", tree, options=ReadOptions(keywords="all"))
        report = import_labels(project, "xmp", tree)
        assert "every part is a category" in report.notes[0]
        assert report.unchanged == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packet(subject("cut"))[:120], "the sidecar is damaged"),
        ("", "the sidecar is empty"),
        ("just text", "the sidecar is damaged"),
        (
            "<!DOCTYPE a [<!ENTITY b 'c'>]>" + packet(subject("&b;")),
            "the sidecar declares XML entities, which are refused",
        ),
    ],
)
def test_a_damaged_sidecar_is_named_and_the_rest_is_read(tmp_path, content, reason):
    make_tree(tmp_path, {"a.jpg": None, "b.jpg": None, "a.xmp": content, "b.xmp": packet(subject("cat"))})
    file = read("xmp", tmp_path)
    assert yes(file) == {"b.jpg": {"cat"}}
    assert reasons(file)["a.xmp"].startswith(reason)


def test_a_shared_sidecar_is_told(tmp_path):
    make_tree(tmp_path, {"g.jpg": None, "g.png": None, "g.xmp": packet(subject("shared"))})
    file = read("xmp", tmp_path)
    assert reasons(file) == {"g.xmp": "belongs to several images: g.jpg, g.png"}
    assert not file.images


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path):
    make_tree(tmp_path, {"out/a.xmp": packet(subject("secret")), "in/a.jpg": None, "in/b.jpg": None})
    (tmp_path / "in" / "a.xmp").symlink_to(tmp_path / "out" / "a.xmp")
    os.mkfifo(tmp_path / "in" / "b.xmp")
    file = read("xmp", tmp_path / "in")
    assert reasons(file) == {"a.xmp": "is a link that leads out of the folder", "b.xmp": "is not a file"}


# ---------------------------------------------------------------- packets inside image files


def with_segment(marker, payload):
    return JPEG[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + JPEG[2:]


def saved(kind, **options):
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, kind, **options)
    return stream.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + b"\0\0\0\0"


IPTC = b"\x1c\x01\x5a\x00\x03\x1b%G" + b"".join(
    b"\x1c\x02\x19" + struct.pack(">H", len(one)) + one for one in (b"fox", "Füchse".encode())
)
XMP = packet(subject("embedded")).encode()
HOLDERS = {
    "jpeg": with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
    "png": saved("PNG")[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP) + saved("PNG")[33:],
    "webp": saved("WEBP", xmp=XMP),
    "tiff": saved("TIFF", tiffinfo={700: XMP}),
    "gif": saved("GIF") + XMP,
}


@pytest.mark.parametrize("kind", HOLDERS)
def test_packets_in_image_files_are_found(tmp_path, kind):
    make_tree(tmp_path, {f"a.{kind}": HOLDERS[kind], "b.jpg": None})
    assert yes(read("xmp", tmp_path)) == {f"a.{kind}": {"embedded"}}


@pytest.mark.parametrize("kind", HOLDERS)
def test_a_file_that_ends_anywhere_has_a_packet_or_none(kind):
    for end in range(0, len(HOLDERS[kind]), 7):
        embedded(io.BytesIO(HOLDERS[kind][:end]))


def test_iptc_keywords_are_united_with_the_sidecar(tmp_path):
    resource = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(IPTC)) + IPTC
    make_tree(tmp_path, {"a.jpg": with_segment(0xED, resource), "a.jpg.xmp": packet(subject("snow", "fox"))})
    assert yes(read("xmp", tmp_path)) == {"a.jpg": {"fox", "Füchse", "snow"}}


# ---------------------------------------------------------------- export


def values(path, name):
    prefix, _, tag = name.partition(":")
    root = ElementTree.fromstring(path.read_bytes())
    return [
        item.text
        for element in root.iter(f"{{{SPACES[prefix]}}}{tag}")
        for item in element.iter(f"{{{SPACES['rdf']}}}li")
    ]


def test_an_export_keeps_what_others_wrote_and_leaves_the_originals_alone(tmp_path):
    others = packet(
        subject("Cat", "dog", "Holiday"),
        keywords("lr:hierarchicalSubject", [*TREE, "Pets|dog"]),
        keywords("digiKam:TagsList", ["Pets/dog"]),
        rating=4,
    )
    with make_project(tmp_path, ["a.jpg", "b.jpg", "sub/c.jpg"]) as project:
        make_tree(tmp_path / "photos", {"a.jpg": None, "a.xmp": others, "sub/c.jpg.xmp": "<cut"})
        say(project, "a.jpg", cat="yes", dog="no", snow="yes", **{"a|b & c": "yes"})
        say(project, "sub/c.jpg", cat="yes")
        report = export_labels(project, "xmp", tmp_path / "out")
    assert (tmp_path / "photos" / "a.xmp").read_text("utf-8") == others
    assert sorted(one.name for one in (tmp_path / "photos").iterdir()) == ["a.jpg", "a.xmp", "sub"]
    written = tmp_path / "out" / "a.xmp"
    assert 'xmp:Rating="4"' in written.read_text("utf-8")
    assert written.read_text("utf-8").startswith("<?xpacket")
    assert values(written, "dc:subject") == ["Cat", "Holiday", "snow", "a|b & c"]
    assert values(written, "lr:hierarchicalSubject") == [*TREE, "snow"]
    assert values(written, "digiKam:TagsList") == ["cat", "snow", "a|b & c"]
    assert values(tmp_path / "out" / "sub" / "c.jpg.xmp", "dc:subject") == ["cat"]
    assert not (tmp_path / "out" / "b.jpg.xmp").exists()
    assert report.notes == [
        "1 sidecar beside the images taken over with everything else in them",
        "the sidecars beside sub/c.jpg cannot be read and were not taken over",
    ]


def test_a_shared_sidecar_is_not_the_base_of_an_export(tmp_path):
    with make_project(tmp_path, ["g.jpg", "g.png"]) as project:
        make_tree(tmp_path / "photos", {"g.jpg": None, "g.png": None, "g.xmp": packet(subject("shared"))})
        say(project, "g.jpg", fox="yes")
        export_labels(project, "xmp", tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["g.jpg.xmp"]
    assert values(tmp_path / "out" / "g.jpg.xmp", "dc:subject") == ["fox"]


def test_exported_sidecars_are_read_back_by_their_paths(tmp_path):
    with make_project(tmp_path, ["a.jpg", "sub/a.jpg"]) as project:
        say(project, "sub/a.jpg", **{"rock & roll": "yes", "x|y": "yes"})
        before = states(project)
        export_labels(project, "xmp", tmp_path / "out")
    with make_project(tmp_path / "other", ["a.jpg", "sub/a.jpg"]) as project:
        import_labels(project, "xmp", tmp_path / "out")
        assert states(project) == before
