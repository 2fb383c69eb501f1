"""Parts of pages that are written by a tool: between two comments, the first of which names the tool."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def update(page: Path, tool: str, part: str, *, check: bool) -> int:
    """Write ``part`` into ``page``; or only compare. Returns an exit status: 1 if it was an old one."""
    begin, end = f"<!-- written by tools/{tool} -->", f"<!-- end of tools/{tool} -->"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    wanted = f"{before}{begin}\n{part}\n{end}{after}"
    if check:
        if text != wanted:
            print(f"{page} is not true; run python tools/{tool}. It should have:\n{part}")
        return int(text != wanted)
    page.write_text(wanted, encoding="utf-8")
    return 0
