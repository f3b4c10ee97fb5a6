"""The store is the truth: articles, their analyses, sources, chats and what they are owed.

One file a subject over one database: `database` opens and migrates it,
`tables` says what is in it, `articles`, `storing`, `definitions`, `source_names`, `sources`,
`chats`, `subscriptions`, `deliveries`, `feedback`, `notes` and `vectors` read and write;
`inspection` looks at what is there, `backup` makes and restores copies.
"""

from index.store.articles import Articles
from index.store.chats import Chats
from index.store.database import Database
from index.store.definitions import Definitions
from index.store.deliveries import Outbox
from index.store.feedback import Feedback
from index.store.inspection import Inspection
from index.store.notes import Notes
from index.store.source_names import SourceNames
from index.store.sources import Sources
from index.store.storing import UpsertResult
from index.store.subscriptions import Subscriptions
from index.store.vectors import Vectors
from index.store.view import View

__all__ = [
    "Articles",
    "Chats",
    "Database",
    "Definitions",
    "Feedback",
    "Inspection",
    "Notes",
    "Outbox",
    "SourceNames",
    "Sources",
    "Subscriptions",
    "UpsertResult",
    "Vectors",
    "View",
]
