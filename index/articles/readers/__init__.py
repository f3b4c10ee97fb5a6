"""Readers of articles: parse HTML pages, text pages and JSON Lines; decode and clean their text."""

from index.articles.readers.boilerplate import collapse_whitespace
from index.articles.readers.encoding import decode, strip_controls
from index.articles.readers.files import Progress, list_files, read, total_size
from index.articles.readers.html_page import parse_html_page
from index.articles.readers.html_tree import parse_html
from index.articles.readers.json_lines import parse_record

__all__ = [
    "Progress",
    "collapse_whitespace",
    "decode",
    "list_files",
    "parse_html",
    "parse_html_page",
    "parse_record",
    "read",
    "strip_controls",
    "total_size",
]
