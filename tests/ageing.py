"""Making a data folder look as an older version would have left it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path


def age_analyses(data: Path) -> None:
    """Have what is analysed and indexed count as the work of an older analyser."""
    with closing(sqlite3.connect(data / "hoibao.db")) as connection, connection:
        connection.execute("UPDATE analyses SET version = 0, terms = replace(terms, 'lũ', 'lu')")
        connection.execute("UPDATE collection SET value = '0' WHERE name = 'analyser'")
    path = data / "engine" / "mark.json"
    mark = json.loads(path.read_text())
    mark["origin"]["analyser"] = 0
    path.write_text(json.dumps(mark))
