"""Extract links, title and feed addresses from a web page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from index.articles.readers import parse_html
from index.errors import InputError
from index.models.problem import Code, Problem, reason
from index.sources.errors import FeedError
from index.sources.feeds.xml import first_line, place_of, resolve_link

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MAX_CHARACTERS = 10_000_000
_MAX_LINKS = 5_000  # the busiest front pages have 1,000
_BOILERPLATE = ("nav", "header", "footer")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link: absolute URL, text on one line, and whether it is in a menu."""

    url: str
    text: str
    in_menu: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Title, links in document order, and feed addresses of a web page."""

    title: str
    links: tuple[PageLink, ...]
    feeds: tuple[str, ...]


def read_page(text: str, url: str) -> Page:
    """Extract links, title and feed addresses from a web page.

    Raises:
        FeedError: If it is too large or no HTML.
    """
    if len(text) > _MAX_CHARACTERS:
        raise FeedError(Problem(Code.LARGE_PAGE, place_of(url)))
    try:
        tree = parse_html(text)
    except InputError as error:
        code = Code.NO_PAGE if reason(error) == Problem(Code.NO_HTML) else Code.LARGE_PAGE
        raise FeedError(Problem(code, place_of(url))) from None
    base_node = tree.find(".//base[@href]")
    base = (resolve_link(url, base_node.get("href")) if base_node is not None else None) or url
    links = []
    for node in islice(tree.iter("a", "area"), _MAX_LINKS):
        if address := resolve_link(base, node.get("href")):
            links.append(PageLink(address, _text(node), _in_menu(node)))
    feeds = [
        address
        for node in tree.iter("link")
        if "alternate" in (node.get("rel") or "").lower().split()
        and (node.get("type") or "").strip().lower() in _FEED_TYPES
        and (address := resolve_link(base, node.get("href")))
    ]
    return Page(_title(tree), tuple(links), tuple(dict.fromkeys(feeds)))


def _text(node: HtmlElement) -> str:
    text = first_line(node.text_content())
    if text:
        return text
    pictures = (image.get("alt") for image in node.iter("img"))
    return first_line(next(filter(None, (node.get("title"), *pictures)), ""))


def _in_menu(node: HtmlElement) -> bool:
    for parent in node.iterancestors():
        if parent.tag in _BOILERPLATE and parent.getparent() is not None:
            inside_article = next(parent.iterancestors("article"), None) is not None
            return not inside_article
        names = f"{parent.get('class') or ''} {parent.get('id') or ''}".lower().split()
        if any(name.startswith(("menu", "nav", "breadcrumb", "footer")) for name in names):
            return True
    return False


def _title(tree: HtmlElement) -> str:
    for node in tree.iter("meta"):
        if (node.get("property") or "").lower() == "og:site_name" and node.get("content"):
            return first_line(node.get("content"))
    return first_line(tree.findtext(".//title") or "")
