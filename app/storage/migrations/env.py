"""Alembic's entry point: it runs on the connection and in the transaction that app.storage.migrate opened."""

from alembic import context

from app.storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
