"""Reads image files as upright 8-bit RGB, or gives the reason why not. No torch."""
