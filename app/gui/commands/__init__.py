"""Everything that can be done by a key: one table, and the palette and the help that are made from it."""
