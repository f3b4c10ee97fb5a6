"""Marks: names of elements that are no article, however they are written."""

import pytest

from index.articles.readers.html.marks import Mark, mark_of


@pytest.mark.parametrize(
    ("names", "mark"),
    [
        ("tin-lien-quan", Mark.RELATED),
        ("boxTinLienQuan", Mark.RELATED),
        ("tinlienquanbox", Mark.RELATED),
        ("RelatedOneNews", Mark.RELATED),
        ("details__morenews", Mark.RELATED),
        ("divBinhLuan", Mark.COMMENTS),
        ("CommentBox", Mark.COMMENTS),
        ("detail-tag-list", Mark.TAGS),
        ("jwplayer", Mark.TOOLS),
        ("Quảng-cáo", Mark.ADVERT),
        ("main main-sidebar", Mark.SIDE),
    ],
)
def test_a_name_that_ends_with_a_mark_marks(names: str, mark: Mark) -> None:
    assert mark_of(tuple(names.split())) is mark


@pytest.mark.parametrize(
    "names",
    [
        "has-sidebar",
        "no-comments",
        "hidden-print",
        "d-print-none",
        "post tag-lon-giong category-chan-nuoi",
        "content",
        "advice",
        "tagline",
        "noi-dung",
        "",
    ],
)
def test_other_names_mark_nothing(names: str) -> None:
    assert mark_of(tuple(names.split())) is None
