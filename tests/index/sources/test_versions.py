"""An article that its feed moves to a new address, by the id that it keeps, is one article."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.sources.fetch.fetcher import Fetcher
from index.sources.report import CheckReport
from index.sources.schedule import REVISIT_AFTER
from tests.support.alerts import claim_deliveries, subscribe
from tests.support.duplicates import AGENCY, PARAGRAPH
from tests.support.follower import FollowerDesk, feed, item, open_desk, page
from tests.support.web_site import Site

STUB = AGENCY.text.split("\n")[0]
GROWN = AGENCY.text + PARAGRAPH
MORE_DEAD = GROWN.replace("hai người bị thương", "ba người bị thương")
UNDATED = ("Thứ Hai 04/09/2023 08:05", "")
OTHER_DAY = ("04/09/2023", "05/09/2023")


def news(text: str, title: str = AGENCY.title, *changes: tuple[str, str]) -> str:
    whole = page(title, "</p><p>".join(text.split("\n")))
    for old, new in changes:
        whole = whole.replace(old, new)
    return whole


async def announce(
    site: Site, desk: FollowerDesk, path: str, text: str, *changes: tuple[str, str], guid: str = "7"
) -> CheckReport:
    """Publish an article at a path, which is then all that its feed announces."""
    site.page(path, news(text, AGENCY.title, *changes))
    site.page("/rss", feed(item(site, path, AGENCY.title, guid=guid)))
    return await desk.check()


async def follow(site: Site, desk: FollowerDesk) -> None:
    site.page("/rss", feed())
    desk.add(site.url("/rss"))
    await desk.check()  # the back catalogue: nothing
    subscribe(desk.library, "*")


@pytest.mark.parametrize(
    ("before", "after"),
    [(STUB, GROWN), (AGENCY.text, MORE_DEAD), (GROWN, AGENCY.text), (AGENCY.text, AGENCY.text)],
    ids=["grown", "other numbers", "cut", "same"],
)
@pytest.mark.parametrize("old", ["redirects", "stays", "is gone"])
async def test_an_article_that_moves_is_updated_and_told_once(
    site: Site, desk: FollowerDesk, before: str, after: str, old: str
) -> None:
    await follow(site, desk)
    assert await announce(site, desk, "/tin-1.html", before) == CheckReport(new=1)
    (first,) = desk.library.latest(5)
    if old == "redirects":
        site.redirect("/tin-1.html", "/tin-1-moi.html", 301)
    elif old == "is gone":
        site.page("/tin-1.html", status=404)

    report = await announce(site, desk, "/tin-1-moi.html", after)

    assert report.new == 0
    assert len(claim_deliveries(desk.library)) == 1
    (article,) = desk.library.latest(5)
    assert (article.number, article.id, article.text) == (first.number, first.id, after)
    for path in ("/tin-1.html", "/tin-1-moi.html"):  # answers that link the old one stay of use
        assert desk.library.find(site.url(path)) == article
    assert article.also == ()
    desk.clock.now += REVISIT_AFTER
    report = await desk.check()
    assert (report.new, report.removed, report.error) == (0, 0, None)
    assert desk.library.latest(5) == [article]


async def test_an_article_that_moves_again_and_back_is_told_once(
    site: Site, desk: FollowerDesk
) -> None:
    await follow(site, desk)
    for path, text in (("/1", STUB), ("/2", AGENCY.text), ("/3", GROWN), ("/1", GROWN)):
        await announce(site, desk, path, text)

    assert len(claim_deliveries(desk.library)) == 1
    assert desk.library.status().articles == 1


async def test_what_a_feed_names_by_its_first_address_moves_too(
    site: Site, desk: FollowerDesk
) -> None:
    await follow(site, desk)
    first = site.url("/tin-1.html")
    await announce(site, desk, "/tin-1.html", STUB, guid=first)
    await announce(site, desk, "/tin-1-moi.html", GROWN, guid=first)

    assert len(claim_deliveries(desk.library)) == 1


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (PARAGRAPH.strip(), (OTHER_DAY,)),
        (PARAGRAPH.strip(), (UNDATED,)),
        (MORE_DEAD, (OTHER_DAY,)),
    ],
    ids=["other day", "no day", "a form filled in anew"],
)
async def test_another_article_with_the_id_of_an_earlier_one_is_told_too(
    site: Site, desk: FollowerDesk, text: str, changes: tuple[tuple[str, str], ...]
) -> None:
    await follow(site, desk)
    await announce(site, desk, "/tin-1.html", AGENCY.text)

    assert await announce(site, desk, "/tin-2.html", text, *changes) == CheckReport(new=1)

    assert len(claim_deliveries(desk.library)) == 2
    assert desk.library.status().articles == 2


async def test_a_feed_without_ids_has_an_article_at_each_address(
    site: Site, desk: FollowerDesk
) -> None:
    await follow(site, desk)
    await announce(site, desk, "/tin-1.html", STUB, guid="")

    assert await announce(site, desk, "/tin-2.html", GROWN, guid="") == CheckReport(new=1)


async def test_the_text_of_a_feed_replaces_no_whole_article(site: Site, desk: FollowerDesk) -> None:
    await follow(site, desk)
    await announce(site, desk, "/tin-1.html", AGENCY.text)
    site.page("/tin-2.html", status=403)
    site.page("/rss", feed(item(site, "/tin-2.html", AGENCY.title, STUB, guid="7")))

    await desk.check()

    (article,) = desk.library.latest(5)
    assert article.text == AGENCY.text
    assert len(claim_deliveries(desk.library)) == 1


async def test_another_newspaper_with_the_same_ids_has_articles_of_its_own(
    site: Site, desk: FollowerDesk
) -> None:
    await follow(site, desk)
    await announce(site, desk, "/tin-1.html", STUB)
    site.page("/b.rss", feed())
    desk.add(site.url("/b.rss"), name="Báo B")
    await desk.check("Báo B")
    site.page("/tin-2.html", news(GROWN))
    site.page("/b.rss", feed(item(site, "/tin-2.html", guid="7")))

    assert await desk.check("Báo B") == CheckReport(new=1)


async def test_items_stored_without_ids_get_them_when_the_feed_is_read_again(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    with open_desk(tmp_path, fetcher) as desk:
        await follow(site, desk)
        await announce(site, desk, "/tin-1.html", STUB)
    with closing(sqlite3.connect(tmp_path / "hoibao.db")) as database, database:
        database.execute("UPDATE source_items SET guid = NULL")
    with open_desk(tmp_path, fetcher) as desk:
        await desk.check()
        await announce(site, desk, "/tin-1-moi.html", GROWN)

        assert len(claim_deliveries(desk.library)) == 1
        assert desk.library.status().articles == 1
