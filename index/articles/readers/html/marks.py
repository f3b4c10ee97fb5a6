"""Names of elements that mark what is no article: navigation, related links, comments, tools.

Names are classes, ids and roles, in English or Vietnamese, written in any way: `tin-lien-quan`,
`boxTinLienQuan`, `tinlienquan`, `detail__related`. A name marks its element if its words end with a
mark, but for words of structure: `detail-tag-list` is a list of tags, `tag-nong-nghiep` an
article with that tag. Words such as `has-` and `no-` before a mark take it back.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from index.language.spelling import fold, nfc


class Mark(StrEnum):
    """Kinds of furniture that names mark."""

    NAVIGATION = "navigation"
    RELATED = "related articles"
    COMMENTS = "comments"
    SIDE = "side column"
    TOOLS = "tools"
    TAGS = "tags"
    ADVERT = "advertisement"
    SIGN_UP = "form or invitation"
    WIDGET = "widget"
    IMPRINT = "imprint"
    HIDDEN = "hidden"
    PROFILE = "profile"
    DETAILS = "details"


_PHRASES: dict[Mark, str] = {
    Mark.NAVIGATION: """
        nav navs navbar navigation menu menus breadcrumb breadcrumbs crumb crumbs
        bread-crumb topbar top-bar pagination pager page-nav pagenav site-map sitemap
        duong-dan toc table-of-contents ez-toc muc-luc site-header global-header
        top-header page-header-top masthead skip-link
    """,
    Mark.RELATED: """
        related relate relates relatednews related-news relatedone relation-news
        relationnews related-post related-posts related-article related-articles
        related-story related-stories tin-lien-quan bai-lien-quan bai-viet-lien-quan
        lien-quan tin-khac bai-khac bai-viet-khac cac-tin-khac tin-moi tin-moi-nhat
        bai-moi bai-viet-moi tin-cu tin-cu-hon tin-moi-hon cung-chuyen-muc
        tin-cung-chuyen-muc cung-loai tin-cung-loai tin-noi-bat noi-bat tin-hot
        tieu-diem tin-doc-nhieu tin-xem-nhieu doc-nhieu xem-nhieu doc-nhieu-nhat
        co-the-ban-quan-tam ban-quan-tam dung-bo-lo other-news other-post other-posts
        other-article other-articles other-stories news-other more-news morenews
        news-more more-stories more-posts more-articles more-from read-also see-also
        recommend recommends recommended recommendation recommendations suggest
        suggested suggestion suggestions most-read most-view most-viewed mostview
        most-popular popular popular-posts trending latest latest-news latest-posts
        newest next-post next-article prev-post you-may-like also-like outbrain taboola
        mgid teaser teasers
    """,
    Mark.COMMENTS: """
        comment comments comment-list cmt cmts binh-luan y-kien y-kien-ban-doc nhan-xet
        phan-hoi disqus reply replies fb-comments feedback
    """,
    Mark.SIDE: """
        sidebar sidebars side-bar side-col side-column right-col right-column col-right
        column-right right-bar right-side rightcol left-bar left-side left-col
        left-column leftcol col-left column-left cot-phai cot-trai aside complementary
        widget widgets
    """,
    Mark.TOOLS: """
        share shares sharing share-button social socials toolbar tool tools print
        print-icon cong-cu tien-ich rating ratings star-rating rate vote votes voting
        fb-like emoji reaction reactions audio audios player tts podcast report copy-link
        link-source actions btn button buttons chia-se danh-gia binh-chon doc-bai
    """,
    Mark.TAGS: "tag tags taglist keyword keywords keysword tu-khoa hashtag hashtags the-tag",
    Mark.ADVERT: """
        ad ads adv advert adverts advertise advertisement advertising quang-cao qc
        banner banners sponsor sponsored adsbygoogle promo promotion amp-ad amp-auto-ads
    """,
    Mark.SIGN_UP: """
        newsletter subscribe subscription dang-ky dang-ky-nhan-tin popup pop-up modal
        cookie cookies gdpr app-download download-app tai-app app-banner login dang-nhap
        search search-form tim-kiem searchform chat live-chat poll polls survey tham-do
        khao-sat paywall
    """,
    Mark.WIDGET: """
        weather thoi-tiet stock stocks chung-khoan co-phieu ma-ck ticker marquee today
        clock calendar thong-ke truy-cap thong-ke-truy-cap counter statistics
        visitor visitors online lien-ket lien-ket-website hotline lich-phat-song
        duong-day-nong ty-gia gia-vang
    """,
    Mark.IMPRINT: """
        footer site-footer page-footer main-footer foot chan-trang copyright copyrights
        ban-quyen imprint colophon contentinfo
    """,
    Mark.HIDDEN: """
        hidden hide-accessible sr-only screen-reader screen-reader-text visually-hidden
        visuallyhidden d-none invisible
    """,
    Mark.DETAILS: """
        meta metadata info byline article-info post-info entry-meta post-meta
        article-meta thong-tin-bai news-info detail-info posthead post-footer
        entry-footer article-footer
    """,
    Mark.PROFILE: """
        user-info userinfo usertitle user-title poster-info post-details-user signature
        chu-ky author-bio about-author author-description author-desc message-user
        member-info
    """,
}
_STRUCTURE = frozenset(
    "the one detail article articles news post posts entry content contents box boxes block blocks "
    "list lists item items wrap wrapper container inner outer area section group panel bottom "
    "top main page site body title heading head label links link cloud line row col cols column "
    "bt tin bai bai-viet viet div ul cms hidden-link right left center align full fixed sticky "
    "mobile desktop pc new form text bar first second third ngang doc duoi tren giua cuoi dau "
    "trai phai box inline out in of by for more".split()
)
_TAKEN_BACK = frozenset("has have no not non without with is hide show if can".split())
_SCREEN_SIZES = re.compile(
    r"(?:hidden|visible|d|show|hide)-?(?:print|xs|sm|md|lg|xl|phone|tablet|desktop)"
)
_LEAST_GLUED = 6  # letters of a mark that is looked for in words without a border
_UNMISTAKABLE = 8  # letters of one that counts after any other letters
_WORDS = re.compile(r"[A-ZĐ]?[a-zđ]+|[A-ZĐ]+(?![a-zđ])|\d+")
_POST_NAMES = frozenset(("hentry", "type-post", "status-publish", "post"))
_LONGEST_NAME = 80  # characters


def _phrases() -> dict[str, Mark]:
    return {phrase: mark for mark, text in _PHRASES.items() for phrase in text.split()}


_MARKS = _phrases()
_MARKS_GLUED = {
    glued: mark
    for phrase, mark in _MARKS.items()
    if len(glued := phrase.replace("-", "")) >= _LEAST_GLUED
}
_LONGEST_PHRASE = max(phrase.count("-") for phrase in _MARKS) + 1  # words


def mark_of(names: tuple[str, ...]) -> Mark | None:
    """Return what the names of an element mark it as, or None.

    Args:
        names: Classes, ids and roles.
    """
    is_post = not _POST_NAMES.isdisjoint(names)
    for name in names:
        if is_post and name.startswith(("tag-", "category-")):
            continue
        mark = _mark_of_name(name[:_LONGEST_NAME])
        if mark is not None:
            return mark
    return None


@lru_cache(maxsize=4096)
def _mark_of_name(name: str) -> Mark | None:
    if _SCREEN_SIZES.fullmatch(name):
        return None
    words = [word.lower() for word in _WORDS.findall(fold(nfc(name)))]
    for end in range(len(words), 0, -1):
        for start in range(max(0, end - _LONGEST_PHRASE), end):
            mark = _MARKS.get("-".join(words[start:end])) or _glued_mark(words[start:end])
            if mark is not None:
                return None if _TAKEN_BACK.intersection(words[:start]) else mark
        if not _is_structure(words[end - 1]):
            return None
    return None


def _glued_mark(words: list[str]) -> Mark | None:
    """Return the mark of a word that is glued from several: `boxtinlienquan`, `relatedonenews`."""
    if len(words) != 1 or len(words[0]) < _LEAST_GLUED:
        return None
    word = words[0]
    size = len(word)
    ends = [end for end in range(size, 0, -1) if end == size or word[end:] in _STRUCTURE]
    for start in range(size - _LEAST_GLUED + 1):
        for end in ends:
            mark = _MARKS_GLUED.get(word[start:end])
            if mark is not None and (
                start == 0 or _is_structure(word[:start]) or end - start >= _UNMISTAKABLE
            ):
                return mark
    return None


def _is_structure(word: str) -> bool:
    return word in _STRUCTURE or word.isdigit() or len(word) <= 2
