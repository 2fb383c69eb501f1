"""The virtual grid of images: only what is visible is laid out, painted and loaded."""
