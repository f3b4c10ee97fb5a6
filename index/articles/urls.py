"""URL normalisation, and the host and registered domain of a URL."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

LONGEST_ADDRESS = 2_048
"""The most characters of an address, as of those in sitemaps (sitemaps.org)."""


def is_address(text: str | None) -> bool:
    """Tell whether a text is an http(s) address with a host, of at most `LONGEST_ADDRESS`."""
    if not text or len(text) > LONGEST_ADDRESS or re.search(r"[\s\x00-\x1f]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def host_of(url: str | None) -> str | None:
    """Return the host of an address, without "www."."""
    host = urlsplit(url).hostname if url and is_address(url) else None
    return host.removeprefix("www.") if host else None


def is_localhost(url: str) -> bool:
    """Tell whether an address is of this machine: localhost, 127.0.0.1, [::1]."""
    host = host_of(url) or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_LONGEST_HOST = 253  # characters (RFC 1035)
_PASSES_MAX = 10  # over a path: more are needed by none but "/amp/amp/amp/…"

_TRACKING = frozenset(
    """
    zarsrc zalo gidzl zsrc
    fbclid fb_action_ids fb_action_types fb_source fb_ref mibextid igshid igsh
    gclid gclsrc dclid gbraid wbraid _ga _gl _gac gad_source srsltid
    msclkid yclid twclid ttclid li_fat_id
    mc_cid mc_eid mkt_tok _hsenc _hsmi vero_id
    vn_source vn_medium vn_campaign vn_term vn_content vn_thumb vn_aid
    ref refer ref_src ref_url referrer reflink cmpid ocid spm share shared from_feed
    """.split()
)
_TRACKING_FAMILIES = ("utm_", "itm_", "pk_", "mtm_", "hsa_", "at_")
_AMP_PARAMETERS = frozenset({"amp", "amp=", "amp=1", "amp=true", "outputtype=amp"})
_MOBILE_PREFIXES = ("www.", "m.", "mobile.", "wap.", "touch.", "amp.")
_SECOND_LEVEL = frozenset(
    "com net org gov edu ac co info int name pro health biz id io ai".split()
)  # "com.vn" is no site: m.com.vn is one
_INDEX_PAGE = re.compile(
    r"/(?:index|default|home)\.(?:html?|php|aspx?|jsp|shtml)/?$", re.IGNORECASE
)
_AMP_PATH = re.compile(r"^/amp(?=/.)|[/.]amp/?$|\.amp(?=\.html?$)", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = r"A-Za-z0-9._~!$'()*+,;=:@/-"  # in a path and in a query
_ODD_IN_PATH = re.compile(rf"%([0-9A-Fa-f]{{2}})|([^%&{_SAFE}]+|%)")
_ODD_IN_QUERY = re.compile(rf"%([0-9A-Fa-f]{{2}})|([^%?\[\]{_SAFE}]+|%)")


def normalize_url(url: str) -> str:
    """Normalise the address of an article, for comparison.

    The result is not for fetching: the scheme is always https,
    "www." and its mobile and AMP variants are removed, as are default ports, fragments,
    tracking parameters, index pages and a slash at the end. Percent-encoding and
    international host names take one form. Parameters keep their order.

    Args:
        url: An address from a feed, a page or a person.

    Returns:
        The normalised address; text that is no http(s) address, or too long or too nested for
        one, is stripped only. `normalize_url(normalize_url(url)) == normalize_url(url)`.
    """
    bare = url.strip()
    if len(bare) > LONGEST_ADDRESS:
        return bare
    try:
        parts = urlsplit(bare)
        host, port = _host(parts), parts.port
        if parts.scheme.lower() not in ("http", "https") or host is None:
            return bare
        path = _path(parts.path)
    except ValueError:
        return bare
    authority = host if port in (None, 80, 443) else f"{host}:{port}"
    query = _query(parts.query)
    return f"https://{authority}{path}{'?' if query else ''}{query}"


def registered_domain(url: str) -> str | None:
    """Return the registered domain of an address: "example.vn", "example.com.vn"."""
    if len(url) > LONGEST_ADDRESS:
        return None
    try:
        host = _host(urlsplit(url.strip()))
    except ValueError:
        return None
    if host is None or host.startswith("[") or host.rpartition(".")[2].isdigit():
        return host
    labels = host.split(".")
    return ".".join(labels[-3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else -2 :])


def _host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").rstrip(".")
    if len(host) > _LONGEST_HOST:
        return None
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = _punycode(host)
    host = _strip_mobile_prefix(host.lower())
    return host if _HOST.fullmatch(host) else None


def _punycode(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _strip_mobile_prefix(host: str) -> str:
    while True:
        prefix = next((prefix for prefix in _MOBILE_PREFIXES if host.startswith(prefix)), None)
        rest = host.removeprefix(prefix or "")
        labels = rest.split(".")
        is_site = len(labels) > 2 or (len(labels) == 2 and labels[0] not in _SECOND_LEVEL)
        if prefix is None or not is_site or not all(labels) or labels[-1].isdigit():
            return host
        host = rest


def _path(path: str) -> str:
    """Normalise a path.

    Raises:
        ValueError: It takes too many passes.
    """
    for _ in range(_PASSES_MAX):  # each rule can uncover the next one: "/a/amp/index.html"
        before = path
        path = _remove_dot_segments(_ODD_IN_PATH.sub(_percent_encode, path))
        path = _AMP_PATH.sub("", _INDEX_PAGE.sub("/", _SESSION.sub("", path)))
        path = re.sub(r"/{2,}", "/", f"/{path}")
        path = path.rstrip("/") or "/"
        if path == before:
            return path
    raise ValueError("a path of too many parts that are left out")


def _remove_dot_segments(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for place, segment in enumerate(segments):
        if segment in (".", ".."):
            if segment == ".." and len(kept) > 1:
                kept.pop()
            if place == len(segments) - 1:
                kept.append("")
        else:
            kept.append(segment)
    return "/".join(kept)


def _query(query: str) -> str:
    parameters = (_ODD_IN_QUERY.sub(_percent_encode, part) for part in query.split("&"))
    return "&".join(part for part in parameters if part and not _is_tracking(part))


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return (
        name in _TRACKING
        or name.startswith(_TRACKING_FAMILIES)
        or parameter.lower() in _AMP_PARAMETERS
    )


def _percent_encode(match: re.Match[str]) -> str:
    code, odd = match.groups()
    if code is None:
        return quote(odd, safe="", errors="replace")
    plain = chr(int(code, 16))
    return plain if plain in _UNRESERVED else f"%{code.upper()}"
