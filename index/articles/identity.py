"""Tell articles apart: the digest of an article's content, the key of its URL, its public id."""

import base64
import hashlib

from index.articles.urls import is_address, normalize_url
from index.models.article import Article


def digest(article: Article) -> bytes:
    """Hash an article's content, 16 bytes: another digest is another state of the article."""
    published = article.published.isoformat() if article.published else ""
    content = (article.title, article.text, published, article.author or "")
    return hashlib.blake2b("\0".join(content).encode(), digest_size=16).digest()


def url_key(url: str | None) -> str | None:
    """Normalise a URL, so that two spellings of it are one key; None for no web address."""
    return normalize_url(url) if url and is_address(url.strip()) else None


def public_id(article: Article) -> str:
    """Return an article's own id, else one that is made of its URL, or else of its content."""
    if article.id:
        return article.id
    key = url_key(article.url)
    short = hashlib.blake2b(key.encode() if key else digest(article), digest_size=10).digest()
    return base64.b32encode(short).decode().lower()
