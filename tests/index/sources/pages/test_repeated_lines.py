"""Lines that stand on most pages of a followed source are cut from its articles."""

from collections.abc import Sequence

import pytest

from index.sources.schedule import REVISIT_AFTER
from index.store.sources.pages import LINES_A_PAGE, PAGES_KEPT, ReadPage
from tests.support.follower import START, FollowerDesk, feed, item
from tests.support.web_site import Site

INVITED = "Bà con ghé quầy sách của báo ở đầu cầu rạch Chanh mỗi sáng thứ bảy."
PLACES = (
    *("Ba Động", "Cồn Ốc", "Vàm Láng", "Hòn Me", "Tân Thuận", "Giồng Trôm", "Cái Nứa", "Gò Bói"),
    *("Bến Đá", "Lò Heo", "Mỹ Xương", "Rạch Miễu", "Xẻo Quýt"),
)


def title(number: int) -> str:
    return f"Chợ {PLACES[number]} mở thêm dãy hàng"


def lead(number: int) -> str:
    return f"Dãy hàng mới ở chợ {PLACES[number]} có {number + 20} sạp bán rau và cá đồng."


def story(number: int) -> str:
    return f"Tiểu thương góp mỗi người {number + 3} triệu đồng để lợp lại mái tôn cũ."


def page(number: int, *lines: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><head><title>{title(number)}</title></head><body><h1>{title(number)}</h1>"
        f"<div>04/09/2023 08:{number + 10}</div>{paragraphs}</body></html>"
    )


def publish(site: Site, numbers: Sequence[int], *below: str, above: str = "") -> None:
    """Publish articles, with the same lines on each page, and announce them."""
    for number in numbers:
        lines = [above] if above else []
        site.page(f"/{number}.html", page(number, *lines, lead(number), story(number), *below))
    announced = (item(site, f"/{number}.html", title(number)) for number in numbers)
    site.page("/rss", feed(*announced))


def text(site: Site, desk: FollowerDesk, number: int) -> list[str]:
    article = desk.library.find(site.url(f"/{number}.html"))
    assert article is not None
    return article.text.split("\n")


@pytest.mark.parametrize("above", ["", "Tờ báo này do bà con ba ấp góp tiền in từ năm 1998."])
async def test_a_line_on_most_pages_is_cut_from_the_articles_of_the_first_check(
    site: Site, desk: FollowerDesk, above: str
) -> None:
    publish(site, range(6), INVITED, above=above)
    desk.add(site.url("/rss"))
    await desk.check()
    for number in range(6):
        assert text(site, desk, number) == [lead(number), story(number)]


async def test_a_line_that_was_learned_is_cut_from_later_articles_and_stays_known(
    site: Site, desk: FollowerDesk
) -> None:
    publish(site, range(6), INVITED)
    desk.add(site.url("/rss"))
    await desk.check()
    for number in range(6, 13):
        publish(site, [number], INVITED)
        await desk.check()
        assert text(site, desk, number) == [lead(number), story(number)]
    source = desk.source()
    assert desk.library.followed.pages.cuts(source.id)["stands on most pages of this source"] == 7


async def test_an_article_that_is_fetched_again_does_not_get_the_line_back(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed())
    desk.add(site.url("/rss"))
    await desk.check()
    publish(site, range(6), INVITED)
    await desk.check()
    desk.clock.now += REVISIT_AFTER
    assert (await desk.check()).updated == 0
    assert text(site, desk, 0) == [lead(0), story(0)]


async def test_a_line_on_fewer_pages_stays(site: Site, desk: FollowerDesk) -> None:
    publish(site, range(4), INVITED)
    desk.add(site.url("/rss"))
    await desk.check()
    assert text(site, desk, 0) == [lead(0), story(0), INVITED]


async def test_a_line_on_half_of_the_pages_stays(site: Site, desk: FollowerDesk) -> None:
    publish(site, range(8))
    for number in range(4):
        site.page(f"/{number}.html", page(number, lead(number), story(number), INVITED))
    desk.add(site.url("/rss"))
    await desk.check()
    assert text(site, desk, 0) == [lead(0), story(0), INVITED]


async def test_the_lead_of_an_article_stays_though_others_of_its_series_have_it(
    site: Site, desk: FollowerDesk
) -> None:
    same = "Chợ quê mở thêm dãy hàng mới sau mùa nước nổi năm nay."
    for number in range(6):
        site.page(f"/{number}.html", page(number, same, lead(number)))
    announced = [item(site, f"/{number}.html", title(number)) for number in range(6)]
    site.page("/rss", feed(*announced))
    desk.add(site.url("/rss"))
    await desk.check()
    assert text(site, desk, 0) == [same, lead(0)]


async def test_the_lead_that_its_feed_gives_stays(site: Site, desk: FollowerDesk) -> None:
    announced = []
    for number in range(6):
        site.page(f"/{number}.html", page(number, INVITED, lead(number)))
        announced.append(item(site, f"/{number}.html", title(number), INVITED))
    site.page("/rss", feed(*announced))
    desk.add(site.url("/rss"))
    await desk.check()
    assert text(site, desk, 0) == [INVITED, lead(0)]


async def test_an_article_of_repeated_lines_only_stays(site: Site, desk: FollowerDesk) -> None:
    publish(site, range(6), INVITED)
    desk.add(site.url("/rss"))
    await desk.check()
    site.page("/12.html", page(12, INVITED))
    site.page("/rss", feed(item(site, "/12.html", title(12))))
    await desk.check()
    assert text(site, desk, 12) == [INVITED]


def read_page(number: int, *lines: str) -> ReadPage:
    return ReadPage(f"bài {number}", lines, {})


async def test_what_is_remembered_is_bounded_and_forgotten_in_time(desk: FollowerDesk) -> None:
    source = desk.add("http://bao.example/rss")
    pages = desk.library.followed.pages
    pages.record(source.id, START, [read_page(number, "cũ") for number in range(50)])
    assert pages.repeated(source.id).among(["cũ", "mới"]) == {"cũ"}
    many = [str(number) for number in range(LINES_A_PAGE + 100)]
    for number in range(50, 50 + PAGES_KEPT):
        pages.record(source.id, START + number, [read_page(number, *many)])
    known = pages.repeated(source.id)
    assert known.among(["cũ", *many]) == set(many[:LINES_A_PAGE])


async def test_versions_of_one_article_count_once(desk: FollowerDesk) -> None:
    source = desk.add("http://bao.example/rss")
    pages = desk.library.followed.pages
    for moment in range(20):
        pages.record(source.id, START + moment, [read_page(1, "mở đầu")])
    assert not pages.repeated(source.id).hashes


async def test_a_source_that_was_removed_meanwhile_is_not_remembered(desk: FollowerDesk) -> None:
    source = desk.add("http://bao.example/rss")
    pages = desk.library.followed.pages
    pages.record(source.id, START, [read_page(n, "cũ") for n in range(9)])
    desk.library.followed.remove(source.id)
    pages.record(source.id, START, [read_page(n, "cũ") for n in range(9)])
    assert not pages.repeated(source.id).hashes
