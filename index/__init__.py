"""Articles in, quoted answers out: a library that knows nothing of Telegram.

The way through it: a page or record is read into an `Article`, split into
sentences and analysed into terms, kept in the store (the truth) and indexed by
an engine (derived, can be rebuilt). A question becomes a `Query`; the engine
proposes candidates, ranking orders them with BM25 under the collection's own
statistics, and the best become the quotes of an `Answer`.
"""

from index.errors import HoiBaoError, InputError, QuestionError, StorageError
from index.library import Library
from index.models.answer import Answer, Quote
from index.models.article import Article, Rejection, SourceSummary, StoredArticle
from index.models.period import Period
from index.models.reports import IngestReport, Status

__all__ = [
    "Answer",
    "Article",
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
