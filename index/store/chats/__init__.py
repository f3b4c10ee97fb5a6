"""Tables of chats, subscriptions, deliveries (the outbox of alerts) and feedback."""

from index.store.chats.bulletins import Bulletin
from index.store.chats.chats import Chat
from index.store.chats.deliveries import Backlog, ChatBatch, Delivery, queue_deliveries
from index.store.chats.delivery_rows import DropReason
from index.store.chats.feedback import Vote
from index.store.chats.subscriptions import (
    LimitError,
    Recipient,
    Subscription,
    changed_queries,
    recipients,
    subscription_ids_if_deleted,
)

__all__ = [
    "Backlog",
    "Bulletin",
    "Chat",
    "ChatBatch",
    "Delivery",
    "DropReason",
    "LimitError",
    "Recipient",
    "Subscription",
    "Vote",
    "changed_queries",
    "queue_deliveries",
    "recipients",
    "subscription_ids_if_deleted",
]
