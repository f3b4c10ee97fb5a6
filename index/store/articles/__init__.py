"""Tables of articles, their duplicates, abbreviations and vectors."""

from index.store.articles.abbreviations import AbbreviationDefinitions, Defined
from index.store.articles.repository import Articles, Dated
from index.store.articles.vectors import StoredVector, Vectors
from index.store.articles.writer import ChangedArticle

__all__ = [
    "AbbreviationDefinitions",
    "Articles",
    "ChangedArticle",
    "Dated",
    "Defined",
    "StoredVector",
    "Vectors",
]
