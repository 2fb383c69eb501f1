"""Every setting that a person changes, made from the schema, and the keys."""
