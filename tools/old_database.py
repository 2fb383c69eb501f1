"""Store the database of an older version of this program, for tests/storage/test_old_databases.py.

    python tools/old_database.py CHECKOUT

CHECKOUT is a checkout of that version. Its own command line makes a small project with everything that a
person says: labels of three states, reviews, an import, steps that were undone and redone. Written are
``tests/data/databases/REVISION.zip`` with ``project.db`` and ``labels.csv``, what that version exports.
Run it before a new migration is added, with the present checkout.
"""

import json
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

DATA = Path(__file__).parents[1] / "tests" / "data" / "databases"
NAMES = ("one", "two", "three", "four", "five", "six")
STEPS = (
    "label PROJECT one.png --yes cat --no dog",
    "reviewed PROJECT one.png two.png",
    "label PROJECT two.png --yes bird",
    "label PROJECT two.png --unknown cat",
    "label PROJECT three.png --yes cat --yes dog",
    "undo PROJECT",
    "redo PROJECT",
    "import PROJECT coco IMPORT",
    "label PROJECT five.png --no bird",
    "undo PROJECT",
    "undo PROJECT",
    "redo PROJECT",
    "reviewed PROJECT one.png --off",
    "label PROJECT six.png --yes cat",
    "undo PROJECT",
    "export PROJECT csv EXPORT --all",
)


def main(checkout: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        project, database = place / "project", place / "project" / "project.db"
        make_files(place)
        words = {"PROJECT": project, "IMPORT": place / "import.json", "EXPORT": place / "labels.csv"}
        run(checkout, "new", project, "--images", place / "images", "--categories", "cat,dog,bird")
        for step in STEPS:
            run(checkout, *(words.get(word, word) for word in step.split()))
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            connection.execute("UPDATE root SET path = '/elsewhere/images'")
            connection.commit()
            connection.execute("VACUUM")
        DATA.mkdir(exist_ok=True)
        with zipfile.ZipFile(DATA / f"{revision}.zip", "w", zipfile.ZIP_DEFLATED) as stored:
            for path in (database, place / "labels.csv"):
                entry = zipfile.ZipInfo(path.name, (2026, 1, 1, 0, 0, 0))
                stored.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        print(f"{DATA / f'{revision}.zip'}")


def run(checkout: Path, *arguments: object) -> None:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    subprocess.run(command, cwd=checkout, check=True, stdout=subprocess.DEVNULL)


def make_files(place: Path) -> None:
    (place / "images").mkdir()
    for number, name in enumerate(NAMES):
        (place / "images" / f"{name}.png").write_bytes(picture(number))
    document = {
        "images": [{"id": 1, "file_name": "four.png"}, {"id": 2, "file_name": "three.png"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 7}],
        "categories": [{"id": 7, "name": "newt"}],
    }
    (place / "import.json").write_text(json.dumps(document))


def picture(number: int) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([40 * number, 255 - 40 * number, 90]) * 4 for _ in range(4))
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
