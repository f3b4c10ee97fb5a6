"""Run by Alembic: migrate over the connection that `upgrade` was given."""

from alembic import context

from index.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
