"""Database of articles, chats with their subscriptions and pending alerts, and followed sources.

It is the truth that the search index is derived from. `database` opens and migrates it, `tables`
defines the schema, `articles`, `chats` and `sources` read and write the tables of each subject,
`usage` counts questions by day, `sharing` is what several processes share (leases, workers, inbox,
limits), `inspection` checks the stored data, `transfer` backs up, restores and copies, and
`private_files` makes files that only their owner can read.
"""

from index.store.articles.abbreviations import AbbreviationDefinitions
from index.store.articles.repository import Articles
from index.store.articles.source_names import SourceNames
from index.store.articles.vectors import Vectors
from index.store.articles.view import LEAD_SENTENCES, Lead, View
from index.store.articles.writer import UpsertResult
from index.store.chats.bulletins import Bulletins
from index.store.chats.chats import Chats
from index.store.chats.deliveries import Outbox
from index.store.chats.feedback import Feedback
from index.store.chats.subscriptions import Subscriptions
from index.store.database import Database
from index.store.inspection import Inspection
from index.store.meta import KeyValueStore
from index.store.sharing import FloodBuckets, Inbox, Leases, SharedPace, Worker, Workers
from index.store.sources.sources import Sources
from index.store.usage import Usage, UsageBatch, UsageSummary

__all__ = [
    "LEAD_SENTENCES",
    "AbbreviationDefinitions",
    "Articles",
    "Bulletins",
    "Chats",
    "Database",
    "Feedback",
    "FloodBuckets",
    "Inbox",
    "Inspection",
    "KeyValueStore",
    "Lead",
    "Leases",
    "Outbox",
    "SharedPace",
    "SourceNames",
    "Sources",
    "Subscriptions",
    "UpsertResult",
    "Usage",
    "UsageBatch",
    "UsageSummary",
    "Vectors",
    "View",
    "Worker",
    "Workers",
]
