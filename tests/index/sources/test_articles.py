"""What followed sources announce comes in once, in full, and what fails is tried again."""

import pytest

from index.sources.report import CheckReport
from index.store.sources.items import ItemState
from tests.support.follower import (
    BOUNDS,
    FLOOD,
    START,
    FollowerDesk,
    feed,
    item,
    page,
    states,
    taking,
    with_two_articles,
)
from tests.support.web_site import Site, answer, reset, when_changed


@pytest.fixture
def site(site: Site) -> Site:
    return with_two_articles(site)


async def test_the_articles_of_a_feed_can_be_asked_in_full(site: Site, desk: FollowerDesk) -> None:
    site.page("/rss", feed(item(site, "/lu.html", text="Tóm tắt."), item(site, "/mua.html")))
    desk.add(site.url("/rss"))
    assert await desk.check() == CheckReport(new=2)
    answer = desk.library.ask("bao nhiêu hộ dân bị cô lập?")
    assert "120 hộ dân" in answer.quotes[0].text
    assert answer.quotes[0].article.source == "Báo Thử"


async def test_an_article_keeps_the_name_that_its_page_gives(
    site: Site, desk: FollowerDesk
) -> None:
    named = "<meta property='og:site_name' content='Báo Nghệ An'>"
    site.page("/lu.html", page("Lũ quét ở Mường Lống", "Có 120 hộ dân bị cô lập.", named))
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    assert [found.name for found in desk.library.sources()] == ["Báo Nghệ An"]


async def test_what_is_there_at_first_is_back_catalogue_and_what_comes_later_is_not(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    desk.clock.now += 600
    site.page("/rss", feed(item(site, "/mua.html"), item(site, "/lu.html")))
    assert (await desk.check()).new == 1
    old, new = desk.library.followed.items.all(desk.source().id)
    assert (old.is_back_catalogue, old.first_seen_at) == (True, START)
    assert (new.is_back_catalogue, new.first_seen_at) == (False, START + 600)
    rain = desk.library.find(site.url("/mua.html"))
    assert rain is not None
    assert new.article == rain.number


async def test_news_after_an_empty_first_reading_are_no_back_catalogue(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed())
    desk.add(site.url("/rss"))
    assert await desk.check() == CheckReport()
    site.page("/rss", feed(item(site, "/lu.html")))
    await desk.check()
    (found,) = desk.library.followed.items.all(desk.source().id)
    assert not found.is_back_catalogue


async def test_an_item_is_fetched_once(site: Site, desk: FollowerDesk) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    assert await desk.check() == CheckReport()
    assert len(site.asked("/lu.html")) == 1


async def test_a_feed_that_did_not_change_costs_one_request_without_a_body(
    site: Site, desk: FollowerDesk
) -> None:
    body = feed(item(site, "/lu.html")).encode()
    site.handlers["/rss"] = when_changed(body, '"a"', "Tue, 05 Jan 2021 07:23:00 GMT")
    desk.add(site.url("/rss"))
    await desk.check()
    asked = len(site.requests)
    assert await desk.check() == CheckReport(not_modified=True)
    assert await desk.check() == CheckReport(not_modified=True)
    assert len(site.requests) == asked + 2
    assert site.asked("/rss")[-1].headers["if-none-match"] == '"a"'


async def test_an_article_that_its_feed_changes_is_fetched_and_updated(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét")))
    desk.add(site.url("/rss"))
    await desk.check()
    site.page("/lu.html", FLOOD.replace("120 hộ", "118 hộ"))
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét (đính chính)")))
    assert await desk.check() == CheckReport(updated=1)
    assert "118 hộ" in desk.library.ask("bao nhiêu hộ dân bị cô lập?").quotes[0].text


async def test_a_change_whose_page_fails_does_not_cut_the_article_to_the_feeds_text(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét")))
    desk.add(site.url("/rss"))
    await desk.check()
    site.page("/lu.html", status=404)
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét mới", "Tóm tắt ngắn của tòa soạn.")))
    report = await desk.check()
    assert (report.updated, len(report.failed)) == (0, 1)
    stored = desk.library.find(site.url("/lu.html"))
    assert stored is not None
    assert "120 hộ" in stored.text


async def test_the_feeds_own_text_stands_in_until_the_page_can_be_got(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/lu.html", status=503)
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét", "Nước lũ lên nhanh trong đêm.")))
    desk.add(site.url("/rss"))
    report = await desk.check()
    assert (report.new, len(report.failed)) == (1, 1)
    assert "503" in report.failed[0].reason
    site.page("/lu.html", FLOOD)
    desk.clock.now += 300
    assert await desk.check() == CheckReport(updated=1)
    stored = desk.library.find(site.url("/lu.html"))
    assert stored is not None
    assert "120 hộ" in stored.text


async def test_an_item_that_fails_is_tried_again_a_few_times_and_then_given_up(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/lu.html", status=503)
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    for _ in range(10):
        report = await desk.check()
        assert report.error is None
        assert await desk.check() == CheckReport()  # not before its time
        desk.clock.now += 6 * 3600
    assert len(site.asked("/lu.html")) == 4
    assert states(desk) == [ItemState.FAILED]


async def test_a_page_that_is_gone_is_not_asked_again(site: Site, desk: FollowerDesk) -> None:
    site.page("/rss", feed(item(site, "/gone.html")))
    desk.add(site.url("/rss"))
    for _ in range(3):
        await desk.check()
        desk.clock.now += 6 * 3600
    assert len(site.asked("/gone.html")) == 1


async def test_an_address_with_tracking_parameters_is_the_same_article(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/lu.html?utm_source=rss", FLOOD)
    site.page("/rss", feed(item(site, "/lu.html?utm_source=rss"), item(site, "/lu.html", "Lũ")))
    desk.add(site.url("/rss"))
    assert (await desk.check()).new == 1
    assert desk.library.status().articles == 1


async def test_an_article_that_two_sources_announce_is_fetched_and_stored_once(
    site: Site, desk: FollowerDesk
) -> None:
    for path in ("/rss", "/atom"):
        site.page(path, feed(item(site, "/lu.html", path)))
    desk.add(site.url("/rss"))
    desk.add(site.url("/atom"), name="Báo Khác")
    await desk.check()
    assert await desk.check("Báo Khác") == CheckReport()
    assert len(site.asked("/lu.html")) == 1
    first, second = (
        desk.library.followed.items.all(desk.source(name).id)[0] for name in ("Báo Thử", "Báo Khác")
    )
    assert first.article == second.article is not None


async def test_a_site_that_cannot_be_reached_any_more_is_not_asked_for_the_rest(
    site: Site, desk: FollowerDesk
) -> None:
    paths = [f"/bai-{n}.html" for n in range(6)]
    site.handlers[paths[0]] = reset
    for path in paths[1:]:
        site.page(path, status=429)
    site.page("/rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/rss"))
    report = await desk.check()
    assert len(report.failed) == 3
    assert states(desk).count(ItemState.SEEN) == 3
    assert desk.source().next_check_at == START + BOUNDS.shortest


@pytest.mark.parametrize(("position", "left"), [(0, 3), (3, 0)])
async def test_a_site_whose_page_asks_to_wait_is_left_alone_for_that_long(
    site: Site, desk: FollowerDesk, position: int, left: int
) -> None:
    paths = [f"/bai-{n}.html" for n in range(4)]
    for path in paths:
        site.page(path, page(path, f"Chuyện của {path} ngày hôm qua."))
    site.page(paths[position], status=429, headers={"Retry-After": "5000"})
    site.page("/rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/rss"))
    await desk.check()
    assert states(desk).count(ItemState.SEEN) == left
    assert desk.source().next_check_at == START + 5000


async def test_a_site_that_takes_long_gives_the_others_their_turn(
    site: Site, desk: FollowerDesk
) -> None:
    paths = [f"/bai-{n}.html" for n in range(4)]
    for path in paths:
        plain = answer(page(path, f"Chuyện của {path} ngày hôm qua."))
        site.handlers[path] = taking(200, desk.clock, plain)
    site.page("/rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/rss"))
    assert (await desk.check()).new == 2
    assert desk.source().next_check_at == desk.clock.now + BOUNDS.shortest
    assert (await desk.check()).new == 2
    assert states(desk) == [ItemState.STORED] * 4


@pytest.mark.parametrize("link", ["http://xn--/a", "http://[::1/", "http://" + "a" * 3_000])
async def test_an_address_that_is_none_costs_only_its_item(
    site: Site, desk: FollowerDesk, link: str
) -> None:
    broken = f"<item><title>Tin</title><link>{link}</link><description>Có chữ.</description></item>"
    site.page("/rss", feed(item(site, "/lu.html"), broken, item(site, "/mua.html")))
    desk.add(site.url("/rss"))
    report = await desk.check()
    assert (report.error, report.new) == (None, 3)


@pytest.mark.parametrize("target", ["http://xn--/a", "http:////["])
async def test_a_redirect_to_an_address_that_is_none_costs_only_its_item(
    site: Site, desk: FollowerDesk, caplog: pytest.LogCaptureFixture, target: str
) -> None:
    site.redirect("/xa.html", target)
    site.page("/rss", feed(*(item(site, path) for path in ("/lu.html", "/xa.html", "/mua.html"))))
    desk.add(site.url("/rss"))
    report = await desk.check()
    assert (report.error, report.new, len(report.failed)) == (None, 2, 1)
    assert "error in this program" not in caplog.text


async def test_an_item_without_a_page_is_the_text_of_its_feed(
    site: Site, desk: FollowerDesk
) -> None:
    for path, text in (("/rss", "Gió giật cấp 8."), ("/atom", "Nắng nóng 39 độ.")):
        bare = f"<item><guid>1</guid><title>Bản tin</title><description>{text}</description></item>"
        site.page(path, feed(bare))
    desk.add(site.url("/rss"))
    desk.add(site.url("/atom", host="localhost"), name="Báo Khác")
    assert (await desk.check()).new == (await desk.check("Báo Khác")).new == 1
    assert desk.library.status().articles == 2
