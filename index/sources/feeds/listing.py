"""Extract article links from a listing page, for sites without a feed.

A pattern says which links are articles. It is matched against the path of a link, with its
query if the pattern has one: a regular expression if it begins with "^", else a glob, in
which `*` stands for anything within one part of the path and `**` for anything.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import mean
from urllib.parse import parse_qsl, urlsplit

import re2

from index.articles.urls import normalize_url, registered_domain
from index.models.problem import Code, Problem
from index.sources.errors import FeedError
from index.sources.feeds.items import Feed, FeedItem
from index.sources.feeds.links import PageLink, read_page
from index.sources.feeds.xml import place_of

_MAX_LINKS = 500
_MAX_PATTERN = 300  # characters
_FEWEST = 3  # links that make a list
_FEWEST_WORDS = 4.5  # a link, on average: headlines have 8 to 15 syllables, menus 1 to 4
_MOST_WORDS = 15.0
_MOST_MEMBERS = 20
_STRONG = 2.0  # weight of an id or date in the address
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|mp[34]|m4a|avi|mov|webm|wav|pdf|docx?|xlsx?|pptx?"
    r"|zip|rar|7z|gz|apk|exe|css|js|json|xml|rss)$",
    re.IGNORECASE,
)
_NO_ARTICLE = frozenset(
    """
    tag tags the tu-khoa keyword keywords chu-de topic topics su-kien-chu-de category categories
    chuyen-muc danh-muc muc search tim-kiem page trang author authors tac-gia
    login logout register signin signup dang-nhap dang-ky dang-xuat account tai-khoan user
    lien-he contact gioi-thieu about quang-cao dieu-khoan privacy sitemap rss feed feeds
    video videos clip podcast podcasts radio audio truyen-hinh photo photos gallery thu-vien-anh
    wp-admin wp-login.php wp-content share print in-bai gui-bai comment comments
    """.split()
)
_PAGINATION = re.compile(r"(?:^|[/-])(?:page|trang|p)[-/]?\d{1,4}(?:\.\w+)?/?$", re.IGNORECASE)
_ID_PARAMETER = re.compile(r"(?:.*id|p|news|item|tin|bai)", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z]{2,5}$")
_ID_LAST = re.compile(r"[^/]+?[-_.](?P<letters>[A-Za-z]{0,6})\d{3,}")
_ID_FIRST = re.compile(r"(?P<letters>[A-Za-z]{0,2})\d{3,}-[^/]*[A-Za-z][^/]*")
_ID_ONLY = re.compile(r"\d{3,}")
_DATED = re.compile(r"/(?:19|20)\d\d/\d{1,2}/(?:\d{1,2}/)?")
_SLUG_PARTS = 4


def parse_listing(text: str, url: str, pattern: str | None = None) -> Feed:
    """Extract the article links of a listing page, on the same site, in order, each once.

    Of several links to an article, the one with the longest text gives its title.

    Args:
        text: The page.
        url: Its address.
        pattern: Which links are articles, see above; found by `guess_pattern` if not given.

    Raises:
        FeedError: If the page cannot be read, no link is an article, or the pattern is invalid.
    """
    links = _own(read_page(text, url).links, url)
    if not pattern:
        links = list(filter(_may_be_article, links))
        pattern = _best(links)
    items = _matching(links, compile_pattern(pattern)) if pattern else ()
    if not items:
        raise FeedError(Problem(Code.NO_LINKS, place_of(url)))
    return Feed(items)


def guess_pattern(links: Iterable[PageLink], url: str) -> str | None:
    """Guess the URL pattern of the links to articles on a page; None if it lists no articles.

    Links are grouped by the shape of their addresses; the best group has many links, long
    texts, and ids or dates in the addresses.
    """
    return _best(filter(_may_be_article, _own(links, url)))


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a link pattern (glob or regular expression) to one that takes linear time (RE2).

    Raises:
        FeedError: If it is invalid, or looks ahead, back, or for the same text again.
    """
    if len(pattern) > _MAX_PATTERN:
        raise FeedError(f"the pattern is longer than {_MAX_PATTERN} characters")
    if not pattern.startswith("^"):
        parts = re.split(r"(\*+)", pattern if pattern.startswith(("/", "**")) else f"/{pattern}")
        translated = {"*": r"[^/]*"}
        words = [translated.get(p, ".*") if p.startswith("*") else re.escape(p) for p in parts]
        pattern = rf"^{''.join(words)}\z"
    options = re2.Options()
    options.log_errors = False
    try:
        compiled: re.Pattern[str] = re2.compile(pattern.replace(r"\Z", r"\z"), options)
    except re2.error as error:
        words = error.args[0].decode(errors="replace")
        raise FeedError(f"{pattern!r} is not a pattern: {words}") from None
    return compiled


def _matching(links: Iterable[PageLink], pattern: re.Pattern[str]) -> tuple[FeedItem, ...]:
    items: dict[str, FeedItem] = {}
    for link in links:
        if _matches(pattern, link.url):
            key = normalize_url(link.url)
            item = items.setdefault(key, FeedItem(id=link.url, url=link.url, title=link.text))
            if len(item.title) < len(link.text):
                items[key] = replace(item, title=link.text)
    return tuple(items.values())[:_MAX_LINKS]


def _matches(wanted: re.Pattern[str], url: str) -> bool:
    parts = urlsplit(url)
    path = parts.path or "/"
    full = f"{path}?{parts.query}" if parts.query else path
    return bool(wanted.search(full) or wanted.search(path))


def _own(links: Iterable[PageLink], url: str) -> list[PageLink]:
    site, here = registered_domain(url), normalize_url(url)
    return [
        link
        for link in links
        if registered_domain(link.url) == site and normalize_url(link.url) != here
    ]


def _may_be_article(link: PageLink) -> bool:
    path = urlsplit(link.url).path
    parts = [part.lower() for part in path.split("/") if part]
    barred = any(part.rpartition(".")[0] in _NO_ARTICLE or part in _NO_ARTICLE for part in parts)
    return not (link.in_menu or barred or _MEDIA.search(path) or _PAGINATION.search(path))


def _best(links: Iterable[PageLink]) -> str | None:
    groups: defaultdict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for link in links:
        if (shape := _shape(link.url)) and len(shape[0]) <= _MAX_PATTERN:
            texts = groups[shape]
            key = normalize_url(link.url)
            texts[key] = max(texts.get(key, 0), len(link.text.split()))
    scores: dict[str, float] = {}
    for (pattern, strong), texts in groups.items():
        words = mean(texts.values())
        if len(texts) >= _FEWEST and words >= _FEWEST_WORDS:
            weight = _STRONG if strong else 1.0
            scores[pattern] = min(len(texts), _MOST_MEMBERS) * min(words, _MOST_WORDS) * weight
    return max(scores, key=lambda pattern: scores[pattern], default=None)


def _shape(url: str) -> tuple[str, bool] | None:
    """Return the pattern of a URL's shape, and whether it has an id or a date."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    extension = _EXTENSION.search(name)
    stem = name[: extension.start()] if extension else name
    tail = (re.escape(extension[0]) if extension else "") + "/?$"
    if parts.query and (shape := _query_shape(parts.path, parts.query)):
        return shape, True
    if found := _ID_LAST.fullmatch(stem):
        return rf"^/(?:[^/]+/)*[^/]+[-_.]{found['letters']}\d{{3,}}{tail}", True
    if found := _ID_FIRST.fullmatch(stem):
        return rf"^/(?:[^/]+/)*{found['letters']}\d{{3,}}-[^/]+{tail}", True
    if _DATED.search(f"{folder}/"):
        return rf"^/(?:[^/]+/)*(?:19|20)\d\d/\d{{1,2}}/(?:[^/]+/)*[^/]+{tail}", True
    if _ID_ONLY.fullmatch(stem):
        return rf"^{re.escape(folder)}/\d{{3,}}{tail}", True
    if len([part for part in re.split("[-_]", stem) if part]) >= _SLUG_PARTS:
        return rf"^{re.escape(folder)}/[^/_-]+(?:[-_]+[^/_-]+){{{_SLUG_PARTS - 1},}}{tail}", False
    return None


def _query_shape(path: str, query: str) -> str | None:
    parameters = parse_qsl(query, keep_blank_values=True)
    ids = [
        name for name, value in parameters if _ID_PARAMETER.fullmatch(name) and value.isdecimal()
    ]
    if not ids:
        return None
    return rf"^{re.escape(path or '/')}\?(?:.*&)?{re.escape(ids[-1])}=\d+(?:&.*)?$"
