import subprocess
import sys
from pathlib import Path

from app.services.interchange.registry import FORMATS

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "formats.md"


def test_the_table_of_formats_says_what_the_registry_says():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "format_table.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_format_is_described():
    text = PAGE.read_text(encoding="utf-8")
    assert not [name for name in FORMATS if f"\n## {name}\n" not in text]
