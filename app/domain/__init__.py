"""Plain values and rules, without input or output, Qt, torch or NumPy."""
