"""Tables of followed sources and their items."""

from index.store.sources.items import ItemState, Revisit, SourceItem
from index.store.sources.sources import Source, SourceError, Sources

__all__ = ["ItemState", "Revisit", "Source", "SourceError", "SourceItem", "Sources"]
