"""Turn a data folder into one of an older version: analyses, schema."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from index.store import migrations
from index.store.database import Database, sqlite_address


def age_analyses(data: Path) -> None:
    """Mark analyses and search index as made by an older analyser."""
    with closing(sqlite3.connect(data / "hoibao.db")) as connection, connection:
        connection.execute("UPDATE analyses SET version = 0, terms = replace(terms, 'lũ', 'lu')")
        connection.execute("UPDATE collection SET value = '0' WHERE name = 'analyser'")
    path = data / "engine" / "mark.json"
    mark = json.loads(path.read_text())
    mark["origin"]["analyser"] = 0
    path.write_text(json.dumps(mark))


def downgrade(path: Path, version: str) -> None:
    """Downgrade a database to an older schema."""
    database = Database(sqlite_address(path))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, version)
    database.close()
