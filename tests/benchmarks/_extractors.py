"""Extraction of an article's text from a page by other libraries, each under its own defaults."""

import logging
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

from lxml import html

Extract = Callable[[str], str]
"""From the HTML of a page to the text of its article, a paragraph a line."""

_BREAKS = "br p div li td tr h1 h2 h3 h4 h5 h6 section article blockquote figcaption".split()


def extractors() -> tuple[dict[str, Extract], list[str]]:
    """Return the extractors by name, and the names of those that are not installed."""
    for library in ("goose3", "readability", "trafilatura"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    known = {name: extract for name, (module, extract) in _EXTRACTORS.items() if find_spec(module)}
    return known, [name for name in _EXTRACTORS if name not in known]


def _trafilatura(page: str, **settings: Any) -> str:
    import trafilatura

    return trafilatura.extract(page, include_comments=False, **settings) or ""


def _readability(page: str) -> str:
    import readability

    return _lines(readability.Document(page).summary())


def _justext(page: str) -> str:
    import justext

    paragraphs = justext.justext(page.encode("utf-8"), justext.get_stoplist("Vietnamese"))
    return "\n".join(each.text for each in paragraphs if not each.is_boilerplate)


def _resiliparse(page: str) -> str:
    from resiliparse.extract import html2text

    return str(html2text.extract_plain_text(page, main_content=True))


def _newspaper4k(page: str) -> str:
    import newspaper

    article: Any = newspaper.Article("https://bao.example/bai", language="vi")
    article.download(input_html=page)
    article.parse()
    return str(article.text)


def _goose3(page: str) -> str:
    import goose3

    return str(goose3.Goose().extract(raw_html=page).cleaned_text)


def _lines(page: str) -> str:
    tree = html.fromstring(page)
    for node in tree.iter(*_BREAKS):
        node.text = f"\n{node.text or ''}"
        node.tail = f"\n{node.tail or ''}"
    return str(tree.text_content())


_EXTRACTORS: dict[str, tuple[str, Extract]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura, fast": ("trafilatura", partial(_trafilatura, fast=True)),
    "trafilatura, favor_precision": ("trafilatura", partial(_trafilatura, favor_precision=True)),
    "trafilatura, favor_recall": ("trafilatura", partial(_trafilatura, favor_recall=True)),
    "readability-lxml": ("readability", _readability),
    "jusText": ("justext", _justext),
    "resiliparse": ("resiliparse", _resiliparse),
    "newspaper4k": ("newspaper", _newspaper4k),
    "goose3": ("goose3", _goose3),
}
