"""What can go wrong in the library, as one small tree.

    HoiBaoError
    ├── InputError          an article, page or file that cannot be taken in
    ├── ModelError          the optional model that reads meaning cannot be used
    ├── QuestionError       a question or filter that cannot be understood
    │   └── FilterError     a filter typed in a question, see `index.search.query.filters`
    ├── StorageError        the data folder, database or engine cannot be used
    │   └── DamagedError    the engine's files are damaged
    └── WorkerError         a process that helped was killed

Each message is one line that a person can act on: what, where, what to do.
"""


class HoiBaoError(Exception):
    """Base of every error that the library raises on purpose."""


class InputError(HoiBaoError):
    """An article, page or file that cannot be taken in; the message is the reason."""


class ModelError(HoiBaoError):
    """The optional model that reads meaning cannot be used."""


class QuestionError(HoiBaoError):
    """A question or filter that cannot be understood."""


class StorageError(HoiBaoError):
    """The data folder, database or engine cannot be used."""


class DamagedError(StorageError):
    """The engine's files are damaged."""


class WorkerError(HoiBaoError):
    """A process that helped was killed, or died at its work."""
