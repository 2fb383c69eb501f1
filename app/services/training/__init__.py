"""Training a version on the labels of a project, and judging it."""
