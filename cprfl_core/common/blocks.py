"""Rows in blocks, so that work over many of them takes little memory."""


def blocks(count: int, rows: int) -> list[slice]:
    """Slices of so many ``rows`` that cover ``count`` of them; none for no rows."""
    return [slice(at, min(at + rows, count)) for at in range(0, count, rows)]
