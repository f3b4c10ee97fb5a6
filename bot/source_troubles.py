"""Why a source failed, in words for a person: the library's one line, in their language.

The line is what the store keeps, so it is told by its words. One that is not known is shown as
it is.
"""

import re
from collections.abc import Mapping

from bot.captions import Voice, clipped

TROUBLE_LIMIT = 140  # UTF-16 units

_KEYS: Mapping[str, str] = {
    r"there is no host of this name": "trouble_no_host",
    r"the connection failed: .*certificate.*": "trouble_certificate",
    r"the connection failed: .*": "trouble_network",
    r"it did not answer in time": "trouble_silent",
    r"it answered (?P<status>\d{3}\b.*)": "trouble_status",
    r"its robots\.txt forbids this": "trouble_robots",
    r"\S+ is not a public address.*": "trouble_private",
    r"port (?P<port>\d+) is not allowed.*": "trouble_port",
    r".*user name (?:or|and) password.*": "trouble_password",
    r"it is not (?:a web|an http or https) address.*": "trouble_address",
    r"neither an address nor a folder that is there": "trouble_address",
    r"an IP address is written as four decimal numbers": "trouble_address",
    r"it points to no web address": "trouble_address",
    r"more than \d+ redirects": "trouble_redirects",
    r"it is larger than .*": "trouble_large",
    r".* is larger than .*": "trouble_large",
    r".* too large(?: .*)?": "trouble_large",
    r"it has more than .* tags": "trouble_large",
    r"compressed as .*, which was not asked for": "trouble_coding",
    r"it is a web page, not .*": "trouble_web_page",
    r"no feed and no list of articles was found.*": "trouble_nothing_found",
    r"no link to an article found": "trouble_no_links",
    r"it is (?:not a feed|not a sitemap|a sitemap, not a feed|JSON, but not .*)": "trouble_no_feed",
    r"the answer is empty|it is empty": "trouble_empty",
    r"it is .*, not text.*|its encoding is not known.*": "trouble_unreadable",
    r"no article in .*": "trouble_no_article",
    r"the text is in (?P<font>\w+), an old font encoding.*": "trouble_font",
    r"it is not OPML": "trouble_no_opml",
    r"its pattern is for the command line": "trouble_pattern",
    r".*\bdeclares entities\b.*": "trouble_hostile",
    r".*\b(?:damaged|cut off)\b.*": "trouble_damaged",
    r"it is followed already, as '(?P<name>.*)'": "trouble_followed",
    r"a source of this name is followed already": "trouble_name_taken",
    r"String should have at most (?P<most>\d+) characters": "trouble_name_long",
    r"neither its page nor the feed gives a text": "trouble_no_text",
    r"folder (?P<folder>.*): it cannot be read: .*": "trouble_folder",
}
_FORMS = tuple((re.compile(form, re.DOTALL), key) for form, key in _KEYS.items())


def in_words(voice: Voice, trouble: str) -> str:
    """Return why something failed, as plain text on one line.

    Args:
        voice: Who speaks.
        trouble: A line of the library, "host: what is wrong" or only what is wrong.
    """
    line = " ".join(trouble.split())
    for place, words in ((line.partition(": ")[0], line.partition(": ")[2]), ("", line)):
        for form, key in _FORMS:
            if words and (found := form.fullmatch(words)):
                told = voice.plain(key, **found.groupdict())
                return clipped(f"{place}: {told}" if place else told, TROUBLE_LIMIT)
    return clipped(line, TROUBLE_LIMIT)
