"""Alembic's entry: the connection is handed in by store.migrate, which owns the transaction."""

from __future__ import annotations

from alembic import context

from store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
    user_module_prefix="types.",
)
with context.begin_transaction():
    context.run_migrations()
