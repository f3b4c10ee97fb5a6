"""Store news articles, answer questions by quoting them, and match alerts; no Telegram here.

A page or record is read into an `Article`, split into sentences and analysed into terms
(`articles`, `language`), stored in a database (`store`, the truth) and indexed by a search
engine (`engine`, derived from the store). A question becomes a `Query`, the engine returns
candidates, BM25 ranks them, and the best become the quotes of an `Answer` (`search`). Followed
feeds and pages bring articles (`sources`), and subscriptions turn them into alerts (`alerts`).
"""

from index.errors import HoiBaoError, InputError, QuestionError, StorageError
from index.library import Library
from index.models.answer import Answer, Certainty, Quote
from index.models.article import (
    Article,
    IngestReport,
    Rejection,
    SourceSummary,
    Status,
    StoredArticle,
)
from index.models.period import Period

__all__ = [
    "Answer",
    "Article",
    "Certainty",
    "HoiBaoError",
    "IngestReport",
    "InputError",
    "Library",
    "Period",
    "QuestionError",
    "Quote",
    "Rejection",
    "SourceSummary",
    "Status",
    "StorageError",
    "StoredArticle",
]
