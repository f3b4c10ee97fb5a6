"""Read articles from URLs, files, folders and standard input."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.articles.readers import Progress, read
from index.models.article import Article, Input, Rejection

_ONE = (Article, Rejection, Mapping, str, Path)


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Options of HTTP requests: `contact` for the User-Agent, access to private networks."""

    contact: str | None = None
    private_networks: bool = False


def read_inputs(
    inputs: Input | Iterable[Input],
    on_progress: Progress | None = None,
    web: FetchOptions | None = None,
) -> Iterator[Article | Mapping[str, object] | Rejection]:
    """Read articles from addresses, files, folders and standard input, in bounded memory.

    Args:
        inputs: One or several of: URLs of articles, feeds and sitemaps; inputs of
            `index.articles.readers.read`; articles, records and rejections, which are passed
            on unchanged.
        on_progress: Called with the number of bytes of files read since the last call.
        web: Options of HTTP requests.

    Yields:
        Each article, and a rejection for each input that could not be read.
    """
    web = web or FetchOptions()
    for item in [inputs] if isinstance(inputs, _ONE) else inputs:
        if not isinstance(item, str | Path):
            yield item
        elif re.match(r"https?:", str(item), re.IGNORECASE):
            # Imported here because the HTTP client is slow to import.
            from index.sources.articles import read_address

            yield from read_address(str(item), web.contact, web.private_networks)
        else:
            yield from read([item], on_progress=on_progress)
