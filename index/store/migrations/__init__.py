"""Migrate a database to `tables.HEAD`, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from index.errors import StorageError
from index.store.tables import HEAD


def upgrade(connection: Connection, name: str) -> None:
    """Run the missing migrations within the connection's transaction.

    Raises:
        StorageError: The database is of a version that this one does not know.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise StorageError(
            f"database {name}: made by a newer version of Hỏi Báo ({error}); update hoibao"
        ) from error
