"""Tables of articles with their analyses, duplicates, abbreviations, sources and vectors."""

from index.store.articles.abbreviations import AbbreviationDefinitions, DefinitionCount
from index.store.articles.repository import Articles, DatedTermCodes
from index.store.articles.vectors import StoredVector, Vectors
from index.store.articles.writer import ChangedArticle

__all__ = [
    "AbbreviationDefinitions",
    "Articles",
    "ChangedArticle",
    "DatedTermCodes",
    "DefinitionCount",
    "StoredVector",
    "Vectors",
]
