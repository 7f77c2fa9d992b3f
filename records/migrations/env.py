"""Run by Alembic with the connection ``records.store`` hands over; there is no alembic.ini and no command line."""

from alembic import context

from records.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
