"""Exceptions that the library raises, as one tree.

    HoiBaoError
    ├── InputError          an invalid article, page or file
    ├── ModelError          an embedding model that cannot be loaded
    ├── QuestionError       an invalid question or filter
    │   └── FilterError     a filter typed in a question, see `index.search.query.filters`
    ├── StorageError        a data folder, database or engine that cannot be used
    │   ├── DamagedError    damaged files of the engine
    │   └── UnavailableError  a search cluster that does not answer now
    │       ├── DatabaseLostError  a server of PostgreSQL that does not; the log says so
    │       └── SnapshotLostError  a snapshot that a search cluster does not have any more
    └── WorkerError         a worker process that died

Each message is one line that a person can act on: what, where, what to do.
"""

PROGRAM_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError),
    *(RuntimeError, TypeError, ValueError),
)
"""Errors by which a defect, here or in another package, shows on input that nobody foresaw.

Caught where one item of many is read, so that it costs only that item.
"""


class HoiBaoError(Exception):
    """Base class of all exceptions of the library."""


class InputError(HoiBaoError):
    """An invalid article, page or file; the message is the reason."""


class ModelError(HoiBaoError):
    """An embedding model of the semantic search that cannot be loaded."""


class QuestionError(HoiBaoError):
    """An invalid question or filter."""


class StorageError(HoiBaoError):
    """A data folder, database or engine that cannot be used."""


class DamagedError(StorageError):
    """Damaged files of the engine."""


class UnavailableError(StorageError):
    """A search cluster that does not answer now; it may do so in a moment."""


class DatabaseLostError(UnavailableError):
    """A server of PostgreSQL that does not answer now; the log has one line of it already."""


class SnapshotLostError(UnavailableError):
    """A snapshot that a search cluster does not have any more; another one can be taken."""


class WorkerError(HoiBaoError):
    """A worker process that was killed or died."""
