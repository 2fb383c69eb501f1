"""Small reusable widgets, painted from the tokens."""
