"""The store is the truth: articles, their analyses, sources, and what chats asked to remember.

One file a subject over one database: `database` opens and migrates it,
`tables` says what is in it, `articles`, `sources`, `chats` and `notes` read and write.
"""

from index.store.articles import Articles, Upsert
from index.store.chats import Chats
from index.store.database import Database
from index.store.notes import Notes
from index.store.sources import Sources

__all__ = ["Articles", "Chats", "Database", "Notes", "Sources", "Upsert"]
