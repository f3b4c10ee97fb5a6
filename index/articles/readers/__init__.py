"""Readers of article files: HTML, text and JSON Lines."""

from index.articles.readers.boilerplate import collapse
from index.articles.readers.encoding import decode, without_controls
from index.articles.readers.files import Progress, read, total_size
from index.articles.readers.html_page import parse_html_page
from index.articles.readers.json_lines import parse_record

__all__ = [
    "Progress",
    "collapse",
    "decode",
    "parse_html_page",
    "parse_record",
    "read",
    "total_size",
    "without_controls",
]
