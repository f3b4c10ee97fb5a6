"""Read articles from URLs, files, folders and standard input."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from index.articles.preview import Preview, preview
from index.articles.readers import Progress, Reading, read_with_cuts
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
    for item in [inputs] if isinstance(inputs, _ONE) else inputs:
        if not isinstance(item, str | Path):
            yield item
        else:
            for found in read_place(item, on_progress, web):
                yield found.article if isinstance(found, Reading) else found


def preview_inputs(
    inputs: Iterable[str], web: FetchOptions | None = None
) -> Iterator[Preview | Rejection]:
    """Preview the articles of addresses, files, folders and standard input, one at a time.

    Args:
        inputs: Paths and URLs; see `read_inputs`.
        web: Options of HTTP requests.

    Yields:
        In order, each article as ingesting would store it, and each rejection. A file has the
        name by which it was given.
    """
    for place in inputs:
        path = str(Path(place))
        for found in read_place(place, web=web):
            named = replace(found, input=place) if found.input == path else found
            yield preview(named) if isinstance(named, Reading) else named


def read_place(
    place: str | Path,
    on_progress: Progress | None = None,
    web: FetchOptions | None = None,
) -> Iterator[Reading | Rejection]:
    """Read articles, and what their pages lost, from an address, a file or a folder.

    Args:
        place: A URL, a path, or "-" for standard input; see `read_inputs`.
        on_progress: Called with the number of bytes of files read since the last call.
        web: Options of HTTP requests.
    """
    if not re.match(r"https?:", str(place), re.IGNORECASE):
        yield from read_with_cuts([place], on_progress=on_progress)
        return
    # Imported here because the HTTP client is slow to import.
    from index.sources.articles import read_address

    web = web or FetchOptions()
    yield from read_address(str(place), web.contact, web.private_networks)
