"""Mutate news pages: change their markup at random in ways that no reader of a page sees.

The text of a page stays; so do the order of the article's sentences and what stands near its
headline. Blocks beside the article change places.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree, html

from index.articles.readers.encoding import decode
from tests.support.page_corpus import CorpusPage, Expected, normalise

Tree = Any
"""Element of lxml, which has no types."""

Change = Callable[[Tree, Expected, random.Random], None]
"""Alters the tree of a page; the expected article tells it what to leave in its place."""

LEAST_CHANGES, MOST_CHANGES = 2, 6  # of a mutant
_OFTEN, _SOMETIMES, _RARELY = 0.6, 0.2, 0.05

_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr "
    "ul".split()
)
_CONTAINERS = frozenset("article body div main section".split())
_SIDES = frozenset("aside div form nav section table td".split())
_NOT_TEXT = frozenset("iframe noscript option pre script style svg template textarea".split())
_HIDING = re.compile("hid|sr-only|screen-reader|d-none|invisible", re.IGNORECASE)
_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_KEPT_META = re.compile("viewport|refresh|robots", re.IGNORECASE)
_PLACED_BY_NAME = re.compile("head|foot|top|bottom|copyright|menu|nav|banner", re.IGNORECASE)
_PLACED_BY_WORDS = re.compile(
    "©|bản quyền|giấy phép|tổng biên tập|tòa soạn|địa chỉ|điện thoại", re.IGNORECASE
)
_DATE = re.compile(r"\d\s?[/.-]\s?\d|\d\s?[:h]\s?\d|tháng|trước|hôm", re.IGNORECASE)
_LONGEST_STAMP = 120  # characters of a block that may be the article's date
_NOISE = (
    ("align", "justify"),
    ("data-index", "3"),
    ("data-track", "view"),
    ("dir", "ltr"),
    ("onclick", "void(0)"),
    ("style", "box-sizing: border-box"),
    ("tabindex", "-1"),
)
_COMMENTS = (" end ", " #box ", " 12 ", "[if lt IE 9]><br><![endif]", "googleoff: index")
_PADDING = ("", "\n", "\n\n\t\t", "\n      ")
_SWAPS = (
    {"div": "section"},
    {"section": "div", "article": "div", "main": "div"},
    {"b": "strong", "i": "em"},
    {"strong": "b", "em": "i"},
    {"p": "div"},
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """Mutated page, with the names of its changes."""

    page: CorpusPage
    changes: tuple[str, ...]


def mutants(pages: Sequence[CorpusPage], number: int, seed: int) -> Iterator[Mutant]:
    """Yield so many mutated pages, going round the pages: the same ones for the same seed."""
    for place in range(number):
        page = pages[place % len(pages)]
        draw = random.Random(f"{seed} {place} {page.name}")
        changes = draw.sample(list(CHANGES), draw.randint(LEAST_CHANGES, MOST_CHANGES))
        yield mutate(page, changes, draw)


def mutate(page: CorpusPage, changes: Sequence[str], draw: random.Random) -> Mutant:
    """Make a variant of a page in UTF-8 by changes named in `CHANGES`, in the order there."""
    parser = html.HTMLParser(encoding="utf-8")
    tree = html.document_fromstring(decode(page.data).encode("utf-8"), parser=parser)
    made = tuple(name for name in CHANGES if name in changes)
    for name in made:
        CHANGES[name](tree, page.expected, draw)
    for meta in tree.xpath("//meta[@charset or @http-equiv]"):
        meta.drop_tree()
    data = etree.tostring(tree, encoding="utf-8", method="html", doctype="<!DOCTYPE html>")
    return Mutant(replace(page, data=data), made)


def move_side_blocks(tree: Tree, expected: Expected, draw: random.Random) -> None:
    """Let the blocks beside the article change places, some to above it; header and footer stay."""
    branch = _find_article(tree, expected)
    while branch is not None and branch.tag != "body":
        parent = branch.getparent()
        sides = [child for child in parent if _is_side(child, expected)]
        places = {parent.index(side) for side in sides}
        draw.shuffle(sides)
        above = sides.pop() if sides and draw.random() < _OFTEN else None
        rest = iter(sides)
        children = [next(rest, None) if at in places else child for at, child in enumerate(parent)]
        children.insert(children.index(branch), above)
        parent[:] = [child for child in children if child is not None]
        branch = parent


def remove_wrappers(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Remove blocks that hold one block only, which takes over their names."""
    for node in tree.xpath("//body//div | //body//section"):
        is_wrapper = len(node) == 1 and node[0].tag in _BLOCKS and {*node.keys()} <= {"class", "id"}
        if is_wrapper and not _has_own_text(node) and draw.random() < _OFTEN:
            names = " ".join(filter(None, (node.get("class"), node.get("id"))))
            if names:
                node[0].set("class", f"{names} {node[0].get('class') or ''}".strip())
            node.drop_tag()


def add_wrappers(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Put blocks, or several paragraphs together, or all within a block, into a new block."""
    for parent in [node for node in _elements(tree) if node.tag in _CONTAINERS]:
        for child in list(parent):
            if child.tag in _BLOCKS and child.getparent() is parent and draw.random() < _SOMETIMES:
                run = [child]
                while _is_paragraph_pair(run[-1]) and draw.random() < _OFTEN:
                    run.append(run[-1].getnext())
                _wrap(parent, run, draw)
        if draw.random() < _RARELY and len(parent) and not _has_own_text(parent):
            _wrap(parent, list(parent), draw)


def rename_without_meaning(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Replace classes and ids by a letter and a number, the same ones by the same."""
    names: dict[str, str] = {}
    letter = draw.choice("cksuxz")
    _rename(tree, lambda name: names.setdefault(name, f"{letter}{len(names) + 10}"))


def rename_in_another_style(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Write the words of classes and ids in another way, as `tin_moi` or `TinMoi` for `tin-moi`."""
    separator, first, rest = draw.choice(
        (
            ("-", str.lower, str.lower),
            ("_", str.lower, str.lower),
            ("", str.lower, str.title),
            ("", str.title, str.title),
            ("__", str.lower, str.lower),
        )
    )

    def restyled(name: str) -> str:
        words = _WORD.findall(name)
        return separator.join([*map(first, words[:1]), *map(rest, words[1:])]) or name

    _rename(tree, restyled)


def drop_metadata(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Remove some of the structured data: meta and link elements, JSON-LD, microdata, times."""
    for node in tree.xpath("//meta | //link | //script[contains(@type, 'ld+json')]"):
        is_kept = _KEPT_META.search(f"{node.get('name')} {node.get('http-equiv')}")
        if not is_kept and draw.random() < _OFTEN:
            node.drop_tree()
    for node in tree.xpath("//*[@itemprop or @itemscope or @datetime]"):
        for attribute in ("itemprop", "itemscope", "itemtype", "datetime"):
            if attribute in node.attrib and draw.random() < _OFTEN:
                del node.attrib[attribute]


def add_attributes(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Add attributes without a meaning to some elements."""
    for node in _elements(tree):
        attribute, value = draw.choice(_NOISE)
        if attribute not in node.attrib and draw.random() < _SOMETIMES:
            node.set(attribute, value)


def swap_tags(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Use another element of the same look throughout: `section` for `div`, `b` for `strong`."""
    swap = draw.choice(_SWAPS)
    for node in _elements(tree):
        if node.tag in swap and node.tag != "body":
            node.tag = swap[node.tag]


def add_comments(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Add comments between and within elements."""
    for node in _elements(tree):
        if draw.random() < _SOMETIMES:
            node.insert(draw.randint(0, len(node)), etree.Comment(draw.choice(_COMMENTS)))


def change_white_space(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Change the white space between blocks, and some of the spaces within texts."""
    for node in _elements(tree):
        if node.text and node.text.strip():
            node.text = _respaced(node.text, draw)
        elif node.tag in _BLOCKS and len(node) and node[0].tag in _BLOCKS:
            node.text = draw.choice(_PADDING)
        if node.tail and node.tail.strip():
            node.tail = _respaced(node.tail, draw)
        elif node.tag in _BLOCKS and (node.getnext() is None or node.getnext().tag in _BLOCKS):
            node.tail = draw.choice(_PADDING)


def capitalise_tags(tree: Tree, _: Expected, draw: random.Random) -> None:
    """Write the tags in capitals, all or those of some elements."""
    tags = {node.tag for node in _elements(tree)}
    chosen = draw.choice((tags, {tag for tag in tags if draw.random() < _OFTEN}))
    for node in _elements(tree):
        if node.tag in chosen:
            node.tag = node.tag.upper()


CHANGES: dict[str, Change] = {
    "side blocks moved": move_side_blocks,
    "wrappers removed": remove_wrappers,
    "wrappers added": add_wrappers,
    "names without meaning": rename_without_meaning,
    "names in another style": rename_in_another_style,
    "meta data missing": drop_metadata,
    "attributes added": add_attributes,
    "tags swapped": swap_tags,
    "comments added": add_comments,
    "white space changed": change_white_space,
    "tags in capitals": capitalise_tags,
}
"""The changes by name, in the order in which they are made."""


def _elements(tree: Tree) -> list[Tree]:
    """List the elements of the body but those that hold no running text."""
    return [
        node
        for node in tree.find("body").iter(etree.Element)
        if node.tag not in _NOT_TEXT
        and not any(around.tag in _NOT_TEXT for around in node.iterancestors())
    ]


def _find_article(tree: Tree, expected: Expected) -> Tree | None:
    """Find the smallest element that holds all sentences and the title."""
    wanted = [_squash(each) for each in (expected.title, *expected.sentences)]
    article = tree.find("body")
    if not all(each in _text_of(article) for each in wanted):
        return None
    while True:
        parts = (part for part in article.iterchildren(etree.Element))
        inner = next(
            (part for part in parts if all(each in _text_of(part) for each in wanted)), None
        )
        if inner is None:
            return article
        article = inner


def _text_of(node: Tree) -> str:
    texts = node.xpath(".//text()[not(parent::script or parent::style)]")
    return _squash("".join(texts))


def _squash(text: str) -> str:
    """Remove all white space, for comparison across the borders of elements."""
    return normalise(text).replace(" ", "")


def _is_side(node: Tree, expected: Expected) -> bool:
    """Tell whether an element is a block of its own that may stand anywhere beside the article."""
    before = node.getprevious()
    stands_alone = before is None or before.tag in _BLOCKS - {"h1", "h2", "h3", "h4", "h5", "h6"}
    if node.tag not in _SIDES or not stands_alone or (node.tail or "").strip():
        return False
    text = "".join(node.itertext())
    names = f"{node.get('class')} {node.get('id')}"
    if _PLACED_BY_NAME.search(names) or _PLACED_BY_WORDS.search(text):
        return False
    if len(text) <= _LONGEST_STAMP and _DATE.search(text):
        return False
    squashed = _text_of(node)
    of_article = (expected.title, expected.author, *expected.sentences, *expected.optional)
    return not any(_squash(piece) in squashed for piece in of_article if piece)


def _has_own_text(node: Tree) -> bool:
    return any((text or "").strip() for text in (node.text, *(child.tail for child in node)))


def _is_paragraph_pair(node: Tree) -> bool:
    after = node.getnext()
    return node.tag == "p" and after is not None and after.tag == "p"


def _wrap(parent: Tree, run: list[Tree], draw: random.Random) -> None:
    wrapper = parent.makeelement("div")
    if draw.random() < _OFTEN:
        wrapper.set("class", draw.choice(("inner", "row", "w1", "box-2")))
    parent.insert(parent.index(run[0]), wrapper)
    tail, run[-1].tail = run[-1].tail, None
    wrapper.extend(run)
    wrapper.tail = tail


def _rename(tree: Tree, new_name: Callable[[str], str]) -> None:
    """Rename classes and ids, but those that hide an element."""

    def renamed(name: str) -> str:
        return name if _HIDING.search(name) else new_name(name)

    for node in tree.iter(etree.Element):
        for attribute in ("class", "id", "for", "aria-labelledby", "aria-controls"):
            if names := node.get(attribute):
                node.set(attribute, " ".join(map(renamed, names.split())))
        if (node.get("href") or "").startswith("#") and node.get("href") != "#":
            node.set("href", f"#{renamed(node.get('href')[1:])}")


def _respaced(text: str, draw: random.Random) -> str:
    pieces = text.split(" ")
    return pieces[0] + "".join(
        draw.choice(("\n    ", "  ")) + piece if draw.random() < _RARELY else f" {piece}"
        for piece in pieces[1:]
    )
