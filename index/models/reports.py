"""Report of an ingest, and status of the library."""

from dataclasses import dataclass, field

from index.models.article import Rejection


@dataclass(slots=True)
class IngestReport:
    """Counts of added, updated and unchanged articles, and the rejected inputs."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of the library's contents; `behind` counts changes that are not yet searchable.

    `embedded` counts the articles with embeddings; None where semantic search is off.
    """

    articles: int
    sentences: int
    sources: int
    behind: int
    embedded: int | None = None
