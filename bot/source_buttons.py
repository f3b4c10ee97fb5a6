"""What a button under a source says to the bot: callback data, written and read.

Its form is `1So5.t3k9qz:2`: version, `S`, verb; the source; the page of the list that it was
opened from; numbers in base 36. A source is named by its number and by when it was added, since
the number of one that was removed is given to another later.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.buttons import VERSION, base36
from index.store.sources import Source

MARK = f"{VERSION}S"
"""How the data of each button of sources begins."""

_NUMBER = "[0-9a-z]{1,12}"
_FORM = re.compile(
    rf"{MARK}(?P<verb>[a-z])(?:(?P<id>{_NUMBER})\.(?P<added>{_NUMBER}))?(?::(?P<page>{_NUMBER}))?"
)


class SourceVerb(StrEnum):
    """What a button does; the first two need no source."""

    LIST = "l"  # show a page of the list
    CHECK_PAUSED = "g"  # check all that are paused because they failed
    OPEN = "o"  # show one source
    CHECK = "c"  # check it now; a paused one goes on
    PAUSE = "p"
    REMOVE = "r"  # ask whether to follow it no more
    REMOVE_SURELY = "d"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePress:
    """A button of sources: what to do, with which source, on which page of the list."""

    verb: SourceVerb
    source: tuple[int, int] | None = None
    page: int = 0

    def encode(self) -> str:
        """Return the callback data: at most 40 of the 64 bytes that Telegram takes."""
        named = ".".join(map(base36, self.source)) if self.source else ""
        return f"{MARK}{self.verb}{named}:{base36(self.page)}"

    @classmethod
    def decode(cls, data: str) -> Self | None:
        """Read callback data; None if it is not such a press, or of another version."""
        match = _FORM.fullmatch(data)
        if not match:
            return None
        try:
            verb = SourceVerb(match["verb"])
        except ValueError:
            return None
        source = (int(match["id"], 36), int(match["added"], 36)) if match["id"] else None
        if source is None and verb not in _WITHOUT_SOURCE:
            return None
        return cls(verb=verb, source=source, page=int(match["page"] or "0", 36))


_WITHOUT_SOURCE = frozenset({SourceVerb.LIST, SourceVerb.CHECK_PAUSED})


def identity(source: Source) -> tuple[int, int]:
    """Return what tells a source from every other, also from those that were removed."""
    return source.id, source.added_at
