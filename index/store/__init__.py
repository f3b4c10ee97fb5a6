"""The store is the truth: articles, their analyses and what chats asked to remember.

One file a subject over one database: `database` opens and migrates it,
`tables` says what is in it, `articles` and `chats` read and write.
"""

from index.store.articles import Articles, Upsert
from index.store.chats import Chats
from index.store.database import Database

__all__ = ["Articles", "Chats", "Database", "Upsert"]
