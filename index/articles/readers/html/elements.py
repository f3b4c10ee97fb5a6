"""Parse HTML to a tree of bounded size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import InputError
from index.models.problem import Code, Problem

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MAX_ELEMENTS = 100_000  # a page of 20,000 takes about a second; none of news has as many
_MAX_DEPTH = 400
_MAX_MARKUP = 4 * _MAX_ELEMENTS  # "<" signs, counted before a tree of 200 bytes each is built
_TOO_LARGE = Problem(Code.DEEP_PAGE, elements=_MAX_ELEMENTS, depth=_MAX_DEPTH)


def parse_html(text: str) -> HtmlElement:
    """Parse an HTML page, without its comments.

    Raises:
        InputError: If it is no HTML (`Code.NO_HTML`), too large or too deep (`Code.DEEP_PAGE`).
    """
    from lxml import etree, html

    if text.count("<") > _MAX_MARKUP:
        raise InputError(_TOO_LARGE)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise InputError(Problem(Code.NO_HTML)) from None
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if count > _MAX_ELEMENTS or depth > _MAX_DEPTH:
            raise InputError(_TOO_LARGE)
    return tree
