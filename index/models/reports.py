"""What became of articles, and what there is of them."""

from dataclasses import dataclass, field

from index.models.article import Rejection


@dataclass(slots=True)
class IngestReport:
    """What became of the articles given."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the library; `behind` counts changes that are not yet searchable.

    `embedded` counts the articles that are found by meaning too; None where that is off.
    """

    articles: int
    sentences: int
    sources: int
    behind: int
    embedded: int | None = None
