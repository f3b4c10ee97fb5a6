"""Tables of chats, subscriptions, deliveries (the outbox of alerts), feedback, and the inbox."""

from index.store.chats.bulletins import Bulletin
from index.store.chats.chats import Chat
from index.store.chats.deliveries import Backlog, ChatBatch, Delivery, queue_deliveries
from index.store.chats.delivery_rows import DropReason
from index.store.chats.feedback import Vote
from index.store.chats.flood_buckets import Bucket, FloodBuckets
from index.store.chats.inbox import MOST_ATTEMPTS, Inbox, Received, State, Turn
from index.store.chats.subscriptions import (
    LimitError,
    Recipient,
    Subscription,
    changed_queries,
    recipients,
    subscription_ids_if_deleted,
)

__all__ = [
    "MOST_ATTEMPTS",
    "Backlog",
    "Bucket",
    "Bulletin",
    "Chat",
    "ChatBatch",
    "Delivery",
    "DropReason",
    "FloodBuckets",
    "Inbox",
    "LimitError",
    "Received",
    "Recipient",
    "State",
    "Subscription",
    "Turn",
    "Vote",
    "changed_queries",
    "queue_deliveries",
    "recipients",
    "subscription_ids_if_deleted",
]
