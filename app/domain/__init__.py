"""Plain values and rules: no input or output, no Qt, no torch, no NumPy."""
