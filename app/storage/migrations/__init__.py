"""Alembic migrations of project.db; app.storage.migrate runs them."""
