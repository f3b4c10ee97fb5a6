"""Identity of articles: content digest, URL key and public id."""

import base64
import hashlib

from index.articles.urls import is_address, normalize_url
from index.models.article import Article


def digest(article: Article) -> bytes:
    """Hash an article's content to 16 bytes, which change with the article."""
    published = article.published.isoformat() if article.published else ""
    content = (article.title, article.text, published, article.author or "")
    return hashlib.blake2b("\0".join(content).encode(), digest_size=16).digest()


def url_key(url: str | None) -> str | None:
    """Normalise a URL to the key of an article; None if it is no web address."""
    return normalize_url(url) if url and is_address(url.strip()) else None


def public_id(article: Article) -> str:
    """Return an article's own id, or else one hashed from its URL, or from its content."""
    if article.id:
        return article.id
    key = url_key(article.url)
    short = hashlib.blake2b(key.encode() if key else digest(article), digest_size=10).digest()
    return base64.b32encode(short).decode().lower()
