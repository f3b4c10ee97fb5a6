"""Readers of articles: parse HTML pages, text pages and JSON Lines; decode and clean their text."""

from index.articles.readers.boilerplate import collapse_whitespace, has_sentence, is_prose
from index.articles.readers.encoding import decode, strip_controls
from index.articles.readers.files import (
    Progress,
    list_files,
    read,
    read_with_cuts,
    total_size,
)
from index.articles.readers.html import (
    Cut,
    CutReason,
    Mark,
    PageReading,
    parse_html_page,
    read_html_page,
    title_key,
)
from index.articles.readers.html.elements import parse_html
from index.articles.readers.json_lines import parse_record
from index.articles.readers.reading import Reading

__all__ = [
    "Cut",
    "CutReason",
    "Mark",
    "PageReading",
    "Progress",
    "Reading",
    "collapse_whitespace",
    "decode",
    "has_sentence",
    "is_prose",
    "list_files",
    "parse_html",
    "parse_html_page",
    "parse_record",
    "read",
    "read_html_page",
    "read_with_cuts",
    "strip_controls",
    "title_key",
    "total_size",
]
