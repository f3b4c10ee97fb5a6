"""Reading of HTML pages: title, publication date, author and sentences of the page's article.

A page is read as lines, one for each paragraph, list item, caption or row of a table
(`page_lines`); the rest is chosen among these. The evidence, in the order in which it counts:

1. **Headline** (`headline`): a line that is a title of the metadata, in `h1` or another heading,
   named as a title, in bold or large letters, with a date beside it and sentences below it. The
   name of the site is none, whatever says so. Everything else is found from here.
2. **Furniture** (`furniture`, `marks`): names of elements, unless the element holds most of the
   text below the headline; forms, players and invitations; titles that link to other articles,
   with the text beside them; headings of links; lines that are links; lines that stand on most
   pages of the same source.
3. **Body** (`body`): the smallest element with the headline and half of the text below it, and in
   turn its part with most of the text, without columns, sections of the page, later entries of a
   discussion and the imprint below a rule.
4. **Date** (`page_date`): structured data of this headline, meta tags, the lines around the
   headline, an element named as the publication, the end of the text. First publications count,
   not updates; shown dates correct the order of day and month, and give the time of day.
5. **Author** (`byline`): elements named as the author's, lines of credit before and after the
   text, structured data and meta tags.

Words of tools, counters, imprints and invitations (`boilerplate`) and of credits (`credits`) are
shared with pages saved as text.
"""

from index.articles.readers.html.elements import parse_html
from index.articles.readers.html.marks import Mark
from index.articles.readers.html.metadata import title_key
from index.articles.readers.html.page import (
    Cut,
    PageReading,
    parse_html_page,
    read_html_page,
)
from index.articles.readers.html.reasons import CutReason

__all__ = [
    "Cut",
    "CutReason",
    "Mark",
    "PageReading",
    "parse_html",
    "parse_html_page",
    "read_html_page",
    "title_key",
]
