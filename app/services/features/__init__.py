"""Computing and reading the features of a project."""
