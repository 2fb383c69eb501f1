"""Creating, opening and maintaining a project folder."""
