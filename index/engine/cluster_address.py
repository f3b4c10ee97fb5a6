"""Address of an OpenSearch cluster, and of an index in it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Address of a cluster, and of an index in it.

    Args:
        urls: One or more nodes, as `https://host:9200`.
        user: The user name; None without authentication.
        password: The password; a secret.
        ca: A file with the certificates that are trusted; None for those of the system.
        prefix: What the names of the index and its alias begin with.
        shards: Of a new index.
        replicas: Of a new index, beside the original.
    """

    urls: tuple[str, ...]
    user: str | None = None
    password: str | None = None
    ca: Path | None = None
    prefix: str = "hoibao"
    shards: int = 1
    replicas: int = 1

    def __repr__(self) -> str:
        return f"ClusterAddress({self.name!r}, prefix={self.prefix!r})"

    @property
    def name(self) -> str:
        """The nodes, without a password."""
        return ", ".join(map(_without_password, self.urls))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
