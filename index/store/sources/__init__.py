"""Tables of followed sources (feeds, pages, folders) and their items."""

from index.store.sources.items import ItemState, RevisitItem, SourceItem
from index.store.sources.sources import Source, SourceError, Sources

__all__ = ["ItemState", "RevisitItem", "Source", "SourceError", "SourceItem", "Sources"]
