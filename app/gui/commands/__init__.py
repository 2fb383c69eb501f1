"""The table of commands and keys, and the palette and the help page made from it."""
