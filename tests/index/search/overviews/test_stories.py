"""Top stories from a real store and engine: windows, clusters, names that are suddenly frequent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from index import Article, Library
from index.models.period import Period
from index.models.stories import RisingName, StoryPage, StoryWindow
from index.search.overviews import stories
from tests.support.articles import VIETNAM
from tests.support.libraries import open_library
from tests.support.news_of_day import (
    BRIDGE,
    DAY,
    DAY_OF_NEWS,
    HARVEST,
    HOUR,
    NOW,
    OTHERS,
    news,
    other_news,
)


@contextmanager
def library_of(folder: Path, articles: tuple[Article, ...]) -> Iterator[Library]:
    with open_library(folder / "data", articles) as library:
        yield library


def page_of(library: Library, at: datetime = NOW, limit: int = 50, offset: int = 0) -> StoryPage:
    page = library.stories(at, limit=limit, offset=offset)
    assert page is not None
    return page


def titles(page: StoryPage) -> list[str]:
    return [story.article.title for story in page.stories]


class TestStories:
    def test_of_most_sources_come_first_with_their_sources_and_a_sentence(
        self, tmp_path: Path
    ) -> None:
        with library_of(tmp_path, DAY_OF_NEWS) as library:
            page = page_of(library)

        bridge, harvest, *rest = page.stories
        assert set(bridge.sources) == {"Báo A", "Báo B", "Báo C"}
        assert (bridge.articles, harvest.articles) == (3, 2)
        assert bridge.article.title in {article.title for article in BRIDGE}
        assert bridge.quote.text == bridge.article.text[bridge.quote.start : bridge.quote.end]
        assert bridge.quote.position == 1
        assert set(harvest.sources) == {"Báo A", "Báo B"}
        assert {story.articles for story in rest} == {1}
        assert len(rest) == len(OTHERS)
        assert page.articles == len(DAY_OF_NEWS)
        assert page.is_complete

    def test_of_equal_weight_come_newest_first_each_once_on_pages(self, tmp_path: Path) -> None:
        times = [NOW - number * timedelta(minutes=7) for number in range(25)]
        articles = tuple(other_news(number, at) for number, at in enumerate(times))
        with library_of(tmp_path, articles) as library:
            pages = [page_of(library, limit=10, offset=offset) for offset in (0, 10, 20)]

        assert [title for page in pages for title in titles(page)] == [a.title for a in articles]
        assert [page.more for page in pages] == [True, True, False]

    def test_are_not_chained_by_an_article_between_them(self, tmp_path: Path) -> None:
        one = news(1, "alpha1 alpha2 alpha3 alpha4", "alpha5 alpha6 alpha7 alpha8.", "Báo A")
        other = news(2, "beta1 beta2 beta3 beta4", "beta5 beta6 beta7 beta8.", "Báo B")
        both = news(3, "alpha1 alpha2 alpha3 alpha4", "beta1 beta2 beta3 beta4.", "Báo C")
        with library_of(tmp_path, (one, other, both, *OTHERS)) as library:
            first, *_ = page_of(library).stories

        assert first.article.title == both.title
        assert first.quote.text == both.text
        assert first.articles == 3

        further = news(4, "gamma1 gamma2 gamma3 gamma4", "beta5 beta6 beta7 beta8.", "Báo D")
        with library_of(tmp_path / "more", (one, other, both, further, *OTHERS)) as library:
            sizes = [story.articles for story in page_of(library).stories][:3]

        assert sizes == [3, 1, 1]

    def test_join_fetched_articles_with_one_text_and_other_openings(self, tmp_path: Path) -> None:
        body = " ".join(f"Chung{number}" for number in range(300)) + "."
        one, other = (
            replace(
                news(
                    number,
                    f"mở{number}a mở{number}b",
                    f"Đầu{number} bài{number}. Câu{number} khác{number}. {body}",
                    name,
                ),
                is_fetched=True,
            )
            for number, name in ((1, "Báo A"), (2, "Báo B"))
        )
        separate = replace(other, text=f"{other.text} Thêm {' '.join(map(str, range(130)))}.")
        with library_of(tmp_path, (one, separate, *OTHERS)) as library:
            first, *_ = page_of(library).stories

        assert set(first.sources) == {"Báo A", "Báo B"}

    def test_are_not_made_of_the_many_articles_of_one_template(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = " ".join(f"Mẫu{number}" for number in range(300))
        rates = tuple(
            replace(
                news(
                    number, f"giá{number}", f"Ngày{number}. Giờ{number}. {body} {number}.", "Báo A"
                ),
                is_fetched=True,
            )
            for number in range(1, 4)
        )
        with library_of(tmp_path, (*rates, *OTHERS)) as library:
            assert page_of(library).stories[0].articles == 3
            monkeypatch.setattr("index.store.articles.view.MOST_SHARING_A_KEY", 2)

            page = page_of(library, NOW + timedelta(minutes=1))

        assert {story.articles for story in page.stories} == {1}

    def test_do_not_need_every_copy_of_their_articles(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = " ".join(f"Chung{number}" for number in range(300)) + "."
        more = f"{body} Thêm {' '.join(map(str, range(130)))}."
        pair = tuple(
            replace(
                news(number, f"mở{number}", text, name), is_fetched=True, published=NOW - 3 * HOUR
            )
            for number, text, name in ((1, body, "Báo A"), (2, more, "Báo B"))
        )
        with library_of(tmp_path, (*pair, *OTHERS)) as library:
            assert page_of(library).stories[0].articles == 2
            monkeypatch.setattr(stories, "MOST_ARTICLES", 3)

            page = page_of(library, NOW + timedelta(minutes=1))

        assert [story.articles for story in page.stories] == [1, 1, 1]

    def test_are_found_once_in_a_minute_until_news_comes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = Mock(wraps=stories.find_stories)
        monkeypatch.setattr(stories, "find_stories", found)
        with library_of(tmp_path, DAY_OF_NEWS) as library:
            before = page_of(library)
            again = page_of(library, NOW + timedelta(seconds=30))
            assert found.call_count == 1
            library.ingest([news(77, "Tin vừa đến", "Câu mới tinh.", "Báo D")])
            after = page_of(library)

        assert again == before
        assert after.articles == before.articles + 1

    def test_say_if_they_are_of_the_newest_articles_only(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(stories, "MOST_ARTICLES", 21)
        with library_of(tmp_path, DAY_OF_NEWS) as library:
            page = page_of(library)

        assert (page.articles, page.is_complete) == (21, False)


class TestTheWindow:
    def test_is_today_until_now(self, tmp_path: Path) -> None:
        later = other_news(90, NOW + HOUR)
        yesterday = other_news(91, NOW - DAY)
        with library_of(tmp_path, (*DAY_OF_NEWS, later, yesterday)) as library:
            page = page_of(library)

        assert page.window is StoryWindow.DAYS
        assert page.period == Period(NOW.date(), NOW.date())
        assert page.articles == len(DAY_OF_NEWS)

    def test_is_the_last_24_hours_where_today_has_few(self, tmp_path: Path) -> None:
        yesterday = other_news(91, NOW - DAY + HOUR)
        before = other_news(92, NOW - DAY - HOUR)
        with library_of(tmp_path, (*HARVEST, yesterday, before)) as library:
            page = page_of(library)

        assert page.window is StoryWindow.LAST_HOURS
        assert page.articles == len(HARVEST) + 1

    def test_is_the_newest_day_where_these_have_none(self, tmp_path: Path) -> None:
        with library_of(tmp_path, (*HARVEST, other_news(91, NOW - 3 * DAY))) as library:
            page = page_of(library, NOW + 5 * DAY)

        assert page.window is StoryWindow.NEWEST_DAY
        assert page.period == Period(NOW.date(), NOW.date())
        assert page.articles == len(HARVEST)

    def test_begins_at_midnight_in_vietnam(self, tmp_path: Path) -> None:
        midnight = NOW.replace(hour=0)
        articles = (
            *(other_news(number, midnight) for number in range(20)),
            *(other_news(50 + number, midnight - timedelta(seconds=1)) for number in range(3)),
        )
        with library_of(tmp_path, articles) as library:
            page = page_of(library, midnight + HOUR)

        assert page.window is StoryWindow.DAYS
        assert page.articles == 20

    def test_is_that_of_the_days_asked_for(self, tmp_path: Path) -> None:
        asked = Period(date(2026, 11, 26), date(2026, 11, 26))
        with library_of(tmp_path, (*HARVEST, other_news(91, NOW - 3 * DAY))) as library:
            page = library.stories(NOW, period=asked)
            none = library.stories(NOW, period=Period(date(2026, 1, 1), date(2026, 1, 1)))

        assert page is not None
        assert page.articles == 1
        assert none is None

    def test_is_none_without_dates(self, tmp_path: Path) -> None:
        undated = replace(OTHERS[0], published=None)
        with library_of(tmp_path, (undated,)) as library:
            assert library.stories(NOW) is None


class TestRisingNames:
    def names(self, folder: Path, articles: tuple[Article, ...]) -> tuple[RisingName, ...]:
        with library_of(folder, articles) as library:
            return page_of(library).names

    def about(self, number: int, name: str, published: datetime) -> Article:
        base = other_news(number, published)
        text = f"tin{number} đến từ {name} hôm ấy. {base.text}"
        return replace(base, text=text)

    def of_long_ago(self) -> list[Article]:
        return [other_news(500 + n, NOW - 20 * DAY) for n in range(400)]

    def test_are_counted_in_the_window_and_in_the_seven_days_before(self, tmp_path: Path) -> None:
        before = [self.about(100 + n, "Hòn Mây", NOW - 8 * DAY + n * HOUR) for n in range(2)]
        before += [self.about(110, "Hòn Mây", NOW - 2 * DAY)]
        usual = [other_news(200 + n, NOW - (1 + n % 6) * DAY) for n in range(60)]
        today = [self.about(300 + n, "Hòn Mây", NOW - HOUR) for n in range(6)]
        articles = (*before, *usual, *today, *OTHERS)

        (name,) = self.names(tmp_path, articles)

        assert name == RisingName(name="Hòn Mây", articles=6, before=1)

    def test_are_not_those_that_are_as_frequent_every_day(self, tmp_path: Path) -> None:
        usual = [self.about(100 + n, "Hòn Mây", NOW - (n // 6) * DAY - HOUR) for n in range(6 * 7)]
        assert self.names(tmp_path, (*usual, *self.of_long_ago(), *OTHERS)) == ()

    def test_are_none_where_nothing_was_stored_before(self, tmp_path: Path) -> None:
        today = [self.about(300 + n, "Hòn Mây", NOW - HOUR) for n in range(6)]
        assert self.names(tmp_path, (*today, *self.of_long_ago(), *OTHERS)) == ()

    def test_are_whole_names(self, tmp_path: Path) -> None:
        usual = [other_news(200 + n, NOW - (1 + n % 6) * DAY) for n in range(60)]
        today = [self.about(300 + n, "ông Trần Văn Khải", NOW - HOUR) for n in range(6)]
        today += [self.about(320 + n, "Bộ Giáo dục", NOW - HOUR) for n in range(6)]

        found = self.names(tmp_path, (*usual, *today, *OTHERS))

        assert [name.name for name in found] == ["Trần Văn Khải"]


def test_an_article_of_another_zone_is_of_its_day_in_vietnam(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 20, 1, 0, tzinfo=VIETNAM)
    utc = other_news(1, moment.astimezone(UTC))
    with library_of(tmp_path, (utc,)) as library:
        assert page_of(library).period == Period(moment.date(), moment.date())
