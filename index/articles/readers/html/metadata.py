"""Metadata of an HTML page: JSON-LD, meta tags, title, canonical link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.articles.readers.boilerplate import collapse_whitespace
from index.articles.urls import is_address
from index.language.patterns import UPPER

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MAX_JSON_DEPTH = 20
_MAX_JSON_CHARACTERS = 1_000_000
_MOST_FACTS = 500
_ARTICLE_TYPES = re.compile(r"article|posting|report", re.IGNORECASE)
_OTHER_TYPES = re.compile(r"webpage|video|imagegallery|socialmedia", re.IGNORECASE)
_PUBLISHED_NAMES = (
    "article:published_time og:published_time og:article:published_time pubdate publishdate "
    "publish_date publish-date datepublished publication_date dc.date.issued dcterms.created "
    "dc.created dc.date date sailthru.date"
).split()
_PART_BORDER = re.compile(r"\s(?:[|–—•·»>/]|-|::)\s|:\s")
_SUFFIX = re.compile(r" (?:[|–—•»]|-) ")
_SITE_WORDS = re.compile(
    r"\b(?:báo|tin|tạp chí|cổng|trang|đài|online|điện tử|news|press|\w+\.(?:vn|com|net|org))\b",
    re.IGNORECASE,
)
_LONGEST_SITE_NAME = 120  # characters
_LONGEST_TITLE = 1_000  # characters; a headline has 300 at most
_MOST_PARTS = 12  # of a title: section, headline, site
_LEAST_WORDS = 3  # of a part of a title that can be a headline
_SITE_NAME = re.compile(
    r"""(?:cổng|trang|website|chuyên\strang)\s(?:thông\stin|tin|ttđt|web|chủ)\b.{0,80}
    | (?:báo|tạp\schí|đài|kênh|tin\stức)\b.{0,60}\b(?:điện\stử|online|truyền\shình)
    | (?:báo|tạp\schí)(?:\s[^\W\d_]+){1,4}
    | [\w-]{1,40}\.(?:vn|com|net|org)(?:\.vn)?
    """,
    re.IGNORECASE | re.VERBOSE,
)


_BODY = r"""(?i:ubnd|hđnd|(?:ủy|uỷ)\sban\snhân\sdân|xã|phường|thị\strấn|huyện|quận|thị\sxã
    |thành\sphố|tỉnh|trường|đảng\sbộ|hội|sở|phòng|trung\stâm|bệnh\sviện|công\san|đài|huyện\sđoàn)"""
_BODY_NAME = re.compile(rf"{_BODY}(?:\s(?:{_BODY}|[{UPPER}\d][^\W_]*)){{1,8}}", re.VERBOSE)
"""A body's name: "Trường THCS Trù Hựu", "Đảng bộ xã Lương Nha". A headline says more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An article or video that JSON-LD describes; dates and names as text, None if missing."""

    headline: str | None
    published: str | None
    author: str | None
    is_article: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """Metadata of a page; None or empty where it is missing.

    `titles` are what the headline may be, likeliest first: `og:title` and the like, and the parts
    of the page's title. `published` holds the dates of meta tags as text.
    """

    titles: tuple[str, ...]
    facts: tuple[Fact, ...]
    published: tuple[str, ...]
    author: str | None
    source: str | None
    url: str | None

    def fact_of(self, title: str) -> Fact | None:
        """Return what JSON-LD says of the article with a title, or of the page's only article."""
        named = [fact for fact in self.facts if fact.headline and _are_like(fact.headline, title)]
        if named:
            return max(named, key=lambda fact: (fact.is_article, fact.published is not None))
        articles = [fact for fact in self.facts if fact.is_article and fact.published]
        others = [fact for fact in self.facts if fact.published]
        alone = articles if len(articles) == 1 else others if len(others) == 1 else []
        return next((fact for fact in alone if not fact.headline or fact.is_article), None)


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """Read the metadata of a parsed page."""
    tags = _meta_tags(tree)
    objects = list(_json_ld(tree))
    facts = tuple(_fact(entry) for entry in objects if _is_described(entry))
    publishers = [_name(entry.get("publisher")) for entry in objects]
    source = tags.get("og:site_name") or next(filter(None, publishers), None)
    author = tags.get("article:author") or tags.get("author") or tags.get("dc.creator")
    page_titles = [collapse_whitespace(str(node.text_content())) for node in tree.iter("title")]
    page_title = next(filter(None, page_titles), "")[:_LONGEST_TITLE]
    stated = [tags.get("og:title"), tags.get("twitter:title"), tags.get("headline")]
    return PageMetadata(
        titles=tuple(_titles([*filter(None, stated), page_title], source)),
        facts=facts[:_MOST_FACTS],
        published=tuple(filter(None, map(tags.get, _PUBLISHED_NAMES))),
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
        if not is_site or len(head.split()) < _LEAST_WORDS:
            break
        title = head
    return title


def _is_same(tail: str, source: str | None) -> bool:
    return source is not None and tail.casefold() in source.casefold()


def title_key(title: str) -> str:
    """Return the letters and digits of a title, by which titles are compared."""
    return "".join(filter(str.isalnum, title.casefold()))


def is_site_name(text: str, metadata: PageMetadata) -> bool:
    """Tell whether a text is the name of a site and no headline ("Cổng thông tin điện tử …")."""
    if metadata.source and title_key(text) == title_key(metadata.source):
        return True
    if len(text) > _LONGEST_SITE_NAME:
        return False
    return bool(_SITE_NAME.fullmatch(text) or _BODY_NAME.fullmatch(text))


def _are_like(one: str, other: str) -> bool:
    """Tell whether one title is the other, or most of it."""
    short, long = sorted((title_key(one), title_key(other)), key=len)
    return bool(short) and short in long and len(short) * 2 > len(long)


def _titles(stated: Iterable[str], source: str | None) -> Iterator[str]:
    """Yield titles as stated, then without the parts at their ends (site, section)."""
    titles = [title[:_LONGEST_TITLE] for title in dict.fromkeys(stated)]
    yield from (title for title in titles if title)
    for title in titles:
        borders = [found.span() for found in _PART_BORDER.finditer(title)]
        borders = borders[: _MOST_PARTS // 2] + borders[-(_MOST_PARTS // 2) :]
        heads = [title[:start] for start, _ in reversed(borders)]
        tails = [title[end:] for _, end in borders]
        for part in (*heads, *tails):
            if len(part.split()) >= _LEAST_WORDS and part != source:
                yield part


def _meta_tags(tree: HtmlElement) -> dict[str, str]:
    """Read the meta tags; those in the body describe other things too, and are left out."""
    tags: dict[str, str] = {}
    for node in tree.iter("meta"):
        if node.getparent() is not None and node.getparent().tag not in ("head", "html"):
            continue
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        content = collapse_whitespace(node.get("content") or "")
        if name and content:
            tags.setdefault(name.strip().lower(), content)
    return tags


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


def _types(entry: dict[str, Any]) -> str:
    kinds = entry.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return " ".join(name for name in names if isinstance(name, str))


def _is_described(entry: dict[str, Any]) -> bool:
    types = _types(entry)
    return bool(_ARTICLE_TYPES.search(types) or _OTHER_TYPES.search(types)) or (
        "datePublished" in entry
    )


def _fact(entry: dict[str, Any]) -> Fact:
    dates = (_text(entry.get(key)) for key in ("datePublished", "uploadDate", "dateCreated"))
    author = _name(entry.get("author"))
    return Fact(
        headline=_text(entry.get("headline")) or _text(entry.get("name")),
        published=next(filter(None, dates), None),
        author=author if author != _name(entry.get("publisher")) else None,
        is_article=bool(_ARTICLE_TYPES.search(_types(entry))),
    )


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return collapse_whitespace(value) or None if isinstance(value, str) else None


def _name(value: object) -> str | None:
    people = value if isinstance(value, list) else [value]
    names = [_text(person.get("name") if isinstance(person, dict) else person) for person in people]
    return ", ".join(filter(None, names)) or None
