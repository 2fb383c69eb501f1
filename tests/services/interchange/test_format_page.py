from pathlib import Path

from app.services.interchange.registry import FORMATS

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"


def test_every_format_is_described():
    text = PAGE.read_text(encoding="utf-8")
    assert not [name for name in FORMATS if f"\n## {name}\n" not in text]
