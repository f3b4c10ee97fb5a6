"""Metadata of an HTML page: JSON-LD, meta tags, title, canonical link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.articles.readers.boilerplate import collapse_whitespace
from index.articles.urls import is_address
from index.language.dates import read_datetime
from index.models.period import has_time

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MAX_JSON_DEPTH = 20
_MAX_JSON_CHARACTERS = 1_000_000
_ARTICLE_TYPES = re.compile(r"article|blogposting|webpage|report", re.IGNORECASE)
_DATE_NAMES = (
    "article:published_time og:published_time og:article:published_time "
    "pubdate publishdate publish_date publish-date datepublished publication_date "
    "dc.date dc.date.issued dcterms.created dc.created date sailthru.date"
).split()
_SUFFIX = re.compile(r" (?:[|–—•»]|-) ")
_LONGEST_TITLE = 1_000  # characters; a headline has 300 at most
_SITE_WORDS = re.compile(
    r"\b(?:báo|tin|tạp chí|cổng|trang|đài|online|điện tử|news|press|\w+\.(?:vn|com|net|org))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMeta:
    """Metadata of a page; None where it is missing. `published` holds dates as text."""

    headline: str | None
    page_title: str | None
    published: tuple[str, ...]
    author: str | None
    source: str | None
    url: str | None


def read_meta(tree: HtmlElement) -> PageMeta:
    """Read the metadata of a parsed page, before anything is cut from it."""
    tags = _meta_tags(tree)
    facts = list(_json_ld(tree))
    article = next((fact for fact in facts if _is_article(fact)), {})
    published = [_text(article.get("datePublished"))]
    published += [_text(fact.get("datePublished")) for fact in facts]
    published += [tags.get(name) for name in _DATE_NAMES]
    published += [_attribute(node) for node in tree.iter("time") if node.get("datetime")]
    titles = [collapse_whitespace(str(node.text_content())) for node in tree.iter("title")]
    source = tags.get("og:site_name") or _name(article.get("publisher"))
    author = _name(article.get("author")) or tags.get("article:author") or tags.get("author")
    return PageMeta(
        headline=_text(article.get("headline")) or tags.get("og:title"),
        page_title=next(filter(None, titles), None),
        published=tuple(filter(None, published)),
        author=author if author != source and not is_address(author) else None,
        source=source,
        url=_canonical(tree) or next(filter(is_address, [tags.get("og:url")]), None),
    )


def strip_site_name(title: str, source: str | None) -> str:
    """Strip the site's name from the end of a page's title ("… | Báo Sông Thương").

    Args:
        title: A title in one line; of a longer one the first 1,000 characters count.
        source: The name of the site, if known.
    """
    title = title[:_LONGEST_TITLE]
    for cut in reversed(list(_SUFFIX.finditer(title))):
        head, tail = title[: cut.start()], title[cut.end() :]
        is_site = "-" not in cut[0] or _SITE_WORDS.search(tail) or _is_same(tail, source)
        if not is_site or len(head.split()) < 3:
            break
        title = head
    return title


def _is_same(tail: str, source: str | None) -> bool:
    return source is not None and tail.casefold() in source.casefold()


def _meta_tags(tree: HtmlElement) -> dict[str, str]:
    tags: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        content = collapse_whitespace(node.get("content") or "")
        if name and content:
            tags.setdefault(name.strip().lower(), content)
    return tags


def _attribute(node: HtmlElement) -> str:
    """Return a <time> element's date, or its text where only that has the time of day."""
    value = collapse_whitespace(node.get("datetime"))
    shown = read_datetime(str(node.text_content()))
    exact = read_datetime(value)
    if shown and has_time(shown) and not (exact and has_time(exact)):
        return collapse_whitespace(str(node.text_content()))
    return value


def _canonical(tree: HtmlElement) -> str | None:
    for node in tree.iter("link"):
        href = (node.get("href") or "").strip()
        if "canonical" in (node.get("rel") or "").lower().split() and is_address(href):
            return href
    return None


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for node in tree.iter("script"):
        if (node.get("type") or "").strip().lower() != "application/ld+json":
            continue
        text = (node.text or "").strip().removesuffix(";")
        if len(text) > _MAX_JSON_CHARACTERS:
            continue
        try:
            yield from _json_ld_objects(json.loads(text, strict=False), 0)
        except (ValueError, RecursionError):  # broken JSON in a page is common, and no reason
            continue


def _json_ld_objects(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_JSON_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _json_ld_objects(value.get(name), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _json_ld_objects(item, depth + 1)


def _is_article(fact: dict[str, Any]) -> bool:
    kinds = fact.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return "datePublished" in fact or any(
        isinstance(name, str) and _ARTICLE_TYPES.search(name) and "headline" in fact
        for name in names
    )


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return collapse_whitespace(value) or None if isinstance(value, str) else None


def _name(value: object) -> str | None:
    people = value if isinstance(value, list) else [value]
    names = [_text(person.get("name") if isinstance(person, dict) else person) for person in people]
    return ", ".join(filter(None, names)) or None
