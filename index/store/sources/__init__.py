"""Tables of followed sources (feeds, pages, folders), their items, and their last pages."""

from index.store.sources.errors import ClaimLostError, SourceError
from index.store.sources.items import ItemState, RevisitItem, SourceItem
from index.store.sources.pages import ReadPage, RepeatedLines, SourcePages
from index.store.sources.readings import SourceReadings
from index.store.sources.sources import Source, Sources, SourceState

__all__ = [
    "ClaimLostError",
    "ItemState",
    "ReadPage",
    "RepeatedLines",
    "RevisitItem",
    "Source",
    "SourceError",
    "SourceItem",
    "SourcePages",
    "SourceReadings",
    "SourceState",
    "Sources",
]
