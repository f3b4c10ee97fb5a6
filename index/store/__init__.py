"""The store is the truth: articles, their analyses, sources, chats and what they are owed.

One file a subject over one database: `database` opens and migrates it,
`tables` says what is in it, `articles`, `storing`, `definitions`, `source_names`, `sources`,
`chats`, `subscriptions`, `deliveries`, `feedback`, `key_values` and `vectors` read and write;
`inspection` looks at what is there, `backup` makes and restores copies.
"""

from index.store.articles.abbreviations import AbbreviationDefinitions
from index.store.articles.repository import Articles
from index.store.articles.source_names import SourceNames
from index.store.articles.vectors import Vectors
from index.store.articles.view import View
from index.store.articles.writer import UpsertResult
from index.store.chats.chats import Chats
from index.store.chats.deliveries import Outbox
from index.store.chats.feedback import Feedback
from index.store.chats.subscriptions import Subscriptions
from index.store.database import Database
from index.store.inspection import Inspection
from index.store.meta import KeyValueStore
from index.store.sources.sources import Sources

__all__ = [
    "AbbreviationDefinitions",
    "Articles",
    "Chats",
    "Database",
    "Feedback",
    "Inspection",
    "KeyValueStore",
    "Outbox",
    "SourceNames",
    "Sources",
    "Subscriptions",
    "UpsertResult",
    "Vectors",
    "View",
]
