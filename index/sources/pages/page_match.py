"""Tell whether a page is the article of a feed item: not a login, paywall, error or front page.

The rules, in order. A page that was redirected to its site's front page is no article. A page is
about an item if its headline or `<title>` has at least half of the words of the item's title, or
is a part of it, as of a link with its summary; or if its text has a third of the title's pairs of
neighbouring words, not counting lines that the feed has, too, as a teaser on a front page does.
Short titles ("Xem tiếp") are not judged. A notice, short and with words such as "đăng nhập", is no
article if it has none of the sentences of the feed. The feed's text is better than that of a page
with less than half of it that lacks most of its sentences.
"""

import re
from itertools import pairwise
from urllib.parse import urlsplit

from index.articles.readers import title_key
from index.articles.urls import host_of, normalize_url
from index.language.patterns import Pattern
from index.language.sentences import split_sentences
from index.language.spelling import fold, has_diacritics, nfc, place_tones
from index.models.article import Article
from index.sources.feeds.items import FeedItem

_LEAST_WORDS = 4
"""Words of a title that is judged: shorter ones name a section, or are "Xem tiếp"."""

_LONGEST_NOTICE = 120  # words

_WORD = re.compile(r"\w+")
_FRONT = re.compile(r"/?(?:(?:vi|en|home|index|default|trang-chu)(?:\.\w{1,5})?/?)?", re.IGNORECASE)
_NOTICE = Pattern(
    r"""\b(?:
        đăng\snhập|thuê\sbao|gói\s(?:đọc|tháng|năm|hội\sviên)|hội\sviên|trả\sphí|mua\sgói
      | đăng\ský\s(?:thành\sviên|tài\skhoản|gói|để\s(?:đọc|xem))
      | javascript|cookies?|captcha|trình\sduyệt|người\smáy|robot
      | không\s(?:tồn\stại|tìm\sthấy|được\stìm\sthấy)|đã\sbị\s(?:xóa|xoá|gỡ)
      | log\s?in|sign\s(?:in|up)|subscrib\w+|not\sfound|browser
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)


def is_front_page(final_url: str, url: str) -> bool:
    """Tell whether the address of an article was redirected to the front page of its site."""
    return (
        host_of(final_url) == host_of(url)
        and _is_front(final_url)
        and normalize_url(final_url) != normalize_url(url)
    )


def speaks_of(article: Article, document_title: str, item: FeedItem, feed_text: str) -> bool:
    """Tell whether a page is about a feed item.

    Args:
        article: The article of the page, with its headline.
        document_title: Its `<title>`.
        item: The item of the feed.
        feed_text: The text in the feed, if any.
    """
    if len(item.title.split()) < _LEAST_WORDS:
        return True
    if any(_is_title_of(title, item.title) for title in (article.title, document_title)):
        return True
    repeated = title_key(item.title), title_key(feed_text)
    lines = article.text.split("\n")
    own = [line for line in lines if not any(title_key(line) in key for key in repeated)]
    title, text = _alike(item.title, "\n".join(own))
    pairs = _pairs(title)
    return len(pairs & _pairs(text)) * 3 >= len(pairs)


def shares_words(line: str, title: str) -> bool:
    """Tell whether a line has two neighbouring words of a title."""
    of_line, of_title = map(_pairs, _alike(line, title))
    return not of_line.isdisjoint(of_title)


def is_notice(text: str, feed_text: str) -> bool:
    """Tell whether a text is a notice (log in, subscribe, not found) in place of an article."""
    if not feed_text or len(text.split()) > _LONGEST_NOTICE or not _NOTICE.search(text):
        return False
    return _share_of_sentences(text, feed_text) == 0


def is_worse(text: str, feed_text: str) -> bool:
    """Tell whether the text of a page is far less of an article than that of its feed."""
    return len(text) * 2 < len(feed_text) and _share_of_sentences(text, feed_text) < 0.5


def _is_front(url: str) -> bool:
    parts = urlsplit(normalize_url(url))
    return not parts.query and _FRONT.fullmatch(parts.path) is not None


def _is_title_of(headline: str, title: str) -> bool:
    """Tell whether a headline has half of a title's words, or is a part of it, as of a link."""
    wanted, found = (set(_words(text)) for text in _alike(title, headline))
    if len(wanted & found) * 2 >= len(wanted):
        return True
    return len(found) >= _LEAST_WORDS and title_key(headline) in title_key(title)


def _share_of_sentences(text: str, feed_text: str) -> float:
    """Return the share of the feed's text whose sentences stand in a text."""
    whole = title_key(text)
    keys = [title_key(feed_text[start:end]) for start, end in split_sentences(feed_text)]
    letters = sum(map(len, keys))
    return sum(len(key) for key in keys if key in whole) / letters if letters else 0.0


def _alike(one: str, other: str) -> tuple[str, str]:
    """Return two texts in one spelling: without diacritics, if one of them has none."""
    texts = [place_tones(nfc(text)).casefold() for text in (one, other)]
    if not all(map(has_diacritics, texts)):
        texts = [fold(text) for text in texts]
    return texts[0], texts[1]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(_words(text)))
