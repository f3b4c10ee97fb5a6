"""The commands of sources, and the sources of the settings."""

import asyncio
import json
import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from pydantic import ValidationError

from bot.app import runner
from bot.cli import sources as commands
from bot.cli.context import Context
from bot.cli.sources import sources as group
from bot.playground import Playground
from bot.settings import Following, Settings, SourceSetting
from bot.sources.following import make_follower, running_follower
from bot.sources.registry import follow_settings
from index import HoiBaoError, Library
from index.models.source_kind import SourceKind
from index.sources.schedule import Bounds
from tests.support.admin import with_a_feed
from tests.support.follower import FLOOD, feed, item
from tests.support.playground import serve_playground
from tests.support.waiting import PATIENCE_SECONDS
from tests.support.web_site import Request, Site, hang


@pytest.fixture
def site(site: Site) -> Site:
    return with_a_feed(site)


def as_toml(sources: Sequence[SourceSetting], following: Following) -> str:
    tables = [("[following]", following), *(("[[sources]]", source) for source in sources)]
    lines = ["private_networks = true"]
    for heading, table in tables:
        values = table.model_dump(mode="json", exclude_none=True)
        lines += [heading, *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    return "\n".join(lines)


class Commands:
    def __init__(
        self, folder: Path, *settings: SourceSetting, following: Following | None = None
    ) -> None:
        folder.mkdir(exist_ok=True)
        config = folder / "hoibao.toml"
        config.write_text(as_toml(settings, following or Following()), encoding="utf-8")
        self.context = Context(config, folder / "data")

    async def __call__(self, *arguments: str) -> Result:
        """Run a command in a thread: the site is served by this one."""
        return await asyncio.to_thread(CliRunner().invoke, group, list(arguments), obj=self.context)

    async def done(self, *arguments: str) -> str:
        result = await self(*arguments)
        assert result.exit_code == 0, result.output
        return result.output

    async def refused(self, *arguments: str) -> str:
        result = await self(*arguments)
        assert isinstance(result.exception, HoiBaoError)
        assert "\n" not in str(result.exception)
        return str(result.exception)


@pytest.fixture
def sources(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.mark.parametrize("name", sorted(group.commands))
def test_each_command_has_help(name: str) -> None:
    command = group.commands[name]
    assert command.help
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert all(option.help for option in options)


async def test_a_feed_is_found_from_its_sites_address_checked_and_removed(
    site: Site, sources: Commands
) -> None:
    added = await sources.done("add", site.url("/"))
    assert added.startswith(f"added Báo: feed {site.url('/tin.rss')}\n")
    assert "not checked yet" in await sources.done("list")
    assert (await sources.done("check")).startswith("Báo: 1 new, 0 updated, 0 failed\n")
    assert "checked 20" in await sources.done("list")
    assert await sources.done("remove", "Báo") == "removed Báo\n"
    assert "No sources are followed yet" in await sources.done("list")


async def test_adding_previews_the_newest_article_and_stores_none(
    site: Site, sources: Commands
) -> None:
    site.page("/cu.html", FLOOD.replace("Lũ quét", "Tin cũ"))
    old = item(site, "/cu.html", date="Fri, 01 Sep 2023 08:00:00 +0700")
    new = item(site, "/lu.html", date="Mon, 04 Sep 2023 08:00:00 +0700")
    site.page("/tin.rss", feed(old, new))
    added = await sources.done("add", site.url("/tin.rss"))
    preview = added.partition("its newest article:\n")[2].splitlines()
    assert preview[:3] == [
        site.url("/lu.html"),
        "  Lũ quét ở Mường Lống",
        "  Monday, 4 September 2023, 08:05",
    ]
    assert "120 hộ dân" in added
    assert not site.asked("/cu.html")
    assert (await sources.done("check")).startswith("Báo: 2 new, 0 updated, 0 failed\n")


async def test_of_a_folder_the_file_that_changed_last_is_previewed(
    sources: Commands, tmp_path: Path
) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    assert f"no preview: {folder}: there is no article in it yet" in await sources.done(
        "add", str(folder)
    )
    await sources.done("remove", "tin")
    for name, seconds in (("a.txt", 2), ("b.txt", 1)):
        (folder / name).write_text(f"Bài {name}\n\nCó 120 hộ dân bị cô lập.", encoding="utf-8")
        os.utime(folder / name, (seconds, seconds))
    added = await sources.done("add", str(folder))
    assert f"{folder}/a.txt\n  Bài a.txt\n  date unknown\n  author unknown\n  from tin\n" in added


async def test_a_source_whose_newest_article_cannot_be_fetched_is_added_all_the_same(
    site: Site, sources: Commands
) -> None:
    site.page("/tin.rss", feed(item(site, "/none.html")))
    added = await sources.done("add", site.url("/tin.rss"))
    *_, last = added.splitlines()
    assert last.startswith(f"no preview: {site.url('/none.html')}: 127.0.0.1: it answered 404")
    added = await sources.done("add", site.url("/none.rss"), "--kind", "feed")
    *_, last = added.splitlines()
    assert last.startswith(f"no preview: {site.url('/none.rss')}: 127.0.0.1: it answered 404")
    assert (await sources.done("list")).count("not checked yet") == 2


async def test_a_check_shows_how_the_last_articles_read(site: Site, sources: Commands) -> None:
    site.page("/ngan.html", "<html><body><h1>Tin ngắn</h1><p>Chợ họp sớm hơn mọi ngày.</p></body>")
    login = "Bạn cần đăng nhập để xem tiếp nội dung này của tòa soạn."
    site.page("/khoa.html", f"<html><body><h1>Đăng nhập</h1><p>{login}</p></body></html>")
    items = item(site, "/khoa.html", "Bến Lức khánh thành cầu treo", "Cầu dài 64 m thông xe.")
    site.page("/tin.rss", feed(items, item(site, "/lu.html"), item(site, "/ngan.html", "Tin ngắn")))
    await sources.done("add", site.url("/tin.rss"), "--name", "Báo")
    result = await sources("check")
    assert result.stdout.splitlines() == [
        "Báo: 3 new, 0 updated, 1 failed",
        "  last 3 articles: 1 to 2 sentences, usually 1; 2 without a date; "
        "1 with the text of the feed, not of the page",
        "  lines cut: 1 date",
    ]


async def test_a_check_of_nothing_shows_no_articles(site: Site, sources: Commands) -> None:
    site.page("/tin.rss", feed())
    await sources.done("add", site.url("/tin.rss"), "--name", "Báo")
    assert await sources.done("check") == "Báo: 0 new, 0 updated, 0 failed\n"


async def test_a_paused_source_is_checked_by_its_name_only_and_goes_on(
    site: Site, sources: Commands
) -> None:
    await sources.done("add", site.url("/tin.rss"), "--name", "Tin nhanh")
    await sources.done("pause", "Tin nhanh")
    assert "paused: by command" in await sources.done("list")
    assert await sources.done("check") == ""
    checked = await sources.done("check", "Tin nhanh")
    assert checked.startswith("Tin nhanh: resumed\nTin nhanh: 1 new")
    assert "resumed" not in await sources.done("check", "Tin nhanh")
    assert "paused" not in await sources.done("list")


async def test_a_folder_is_watched(sources: Commands, tmp_path: Path) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    (folder / "lu.txt").write_text("Lũ quét\n\nCó 120 hộ dân bị cô lập.", encoding="utf-8")
    added = await sources.done("add", str(folder))
    assert added.startswith(f"added tin: folder {folder}\nits newest article:\n")
    assert (await sources.done("check", "tin")).splitlines() == [
        "tin: 1 new, 0 updated, 0 failed",
        "  last 1 article: 1 sentence each; 1 without a date",
    ]


async def test_a_check_that_fails_says_so_with_its_exit_status(
    site: Site, sources: Commands
) -> None:
    await sources.done("add", site.url("/none.rss"), "--kind", "feed", "--name", "Hỏng")
    result = await sources("check")
    assert result.exit_code == 1
    assert "Hỏng: 127.0.0.1: it answered 404" in result.output
    assert "failures in a row: 1 (" in await sources.done("list")


async def test_a_source_that_another_process_checks_is_left_to_it(
    site: Site, sources: Commands, tmp_path: Path
) -> None:
    await sources.done("add", site.url("/tin.rss"), "--kind", "feed", "--name", "Báo")
    with Library.open(tmp_path / "data") as library, library.workers.joined("other", []) as other:
        source = library.followed.by_name("Báo")
        assert library.followed.claims.take(other.id, source.id)
        asked = len(site.requests)
        assert await sources.done("check") == (
            "Báo: another process is at its site now; it is due next\n"
        )
        assert len(site.requests) == asked
        assert library.followed.by_id(source.id).checked_at is None
        library.followed.claims.require(source.id, other.id)
    assert (await sources.done("check")).startswith("Báo: 1 new, 0 updated, 0 failed\n")


async def test_a_source_that_the_bot_checks_is_left_to_it(
    site: Site, sources: Commands, tmp_path: Path
) -> None:
    await sources.done("add", site.url("/tin.rss"), "--kind", "feed", "--name", "Báo")
    asked = asyncio.Event()

    async def tell_and_hang(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        asked.set()
        await hang(request, reader, writer)

    site.handlers["/tin.rss"] = tell_and_hang
    async with serve_playground(Playground()) as client:
        values = {"token": client.playground.token, "api_url": client.address}
        settings = Settings.model_validate(
            values | {"private_networks": True, "answering_processes": 0}
        )
        with Library.open(tmp_path / "data") as library:
            async with runner._running_bot(library, settings):
                await asyncio.wait_for(asked.wait(), PATIENCE_SECONDS)
                count = len(site.requests)
                assert await sources.done("check") == (
                    "Báo: another process is at its site now; it is due next\n"
                )
                assert len(site.requests) == count
            assert library.workers.members() == []


async def test_a_source_is_paused_after_as_many_failures_as_the_settings_say(
    site: Site, tmp_path: Path
) -> None:
    sources = Commands(tmp_path, following=Following(failures=1))
    await sources.done("add", site.url("/none.rss"), "--kind", "feed", "--name", "Hỏng")
    await sources("check")
    assert "paused: it failed 1 times in a row" in await sources.done("list")


async def test_a_source_that_does_not_answer_is_added_without_waiting_for_long(
    site: Site, sources: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "PREVIEW_SECONDS", 0.1)
    site.handlers["/tin.rss"] = hang
    added = await sources.done("add", site.url("/tin.rss"), "--kind", "feed")
    *_, last = added.splitlines()
    assert last == f"no preview: {site.url('/tin.rss')}: it did not answer in time"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("remove", "Không có"), "no source is named 'Không có'"),
        (("pause", "Không có"), "hoibao sources list"),
        (("check", "Không có"), "no source is named"),
        (("add", "no/such/folder"), "neither an address nor a folder"),
        (("add", "./tin", "--kind", "folder"), "there is no such folder"),
        (("add", "ftp://a.example/", "--kind", "feed"), "ftp://a.example/"),
        (("add", "https://u:p@a.example/", "--kind", "feed"), "user name or password"),
        (("add", "https://a.example/", "--kind", "feed", "--pattern", "/x"), "listing pages only"),
        (("add", "https://a.example/", "--pattern", "^("), "is not a pattern"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(
    sources: Commands, arguments: tuple[str, ...], words: str
) -> None:
    assert words in await sources.refused(*arguments)


async def test_a_name_is_kept_on_a_line_in_one_form(site: Site, sources: Commands) -> None:
    name = unicodedata.normalize("NFD", "Báo\x01  Nghệ\nAn")
    await sources.done("add", site.url("/tin.rss"), "--kind", "feed", "--name", name)
    assert (await sources.done("list")).startswith("Báo Nghệ An: feed")


async def test_a_source_is_added_once(site: Site, sources: Commands) -> None:
    await sources.done("add", site.url("/tin.rss"))
    assert "followed already, as 'Báo'" in await sources.refused("add", site.url("/"))


async def test_a_site_with_nothing_to_follow_is_refused(site: Site, sources: Commands) -> None:
    site.page("/trong.html", "<html><body>Không có gì.</body></html>")
    site.page("/", "<html><body>Không có gì.</body></html>")
    assert "no feed and no list" in await sources.refused("add", site.url("/trong.html"))


async def test_sources_go_out_as_opml_and_come_in_elsewhere(
    site: Site, sources: Commands, tmp_path: Path
) -> None:
    await sources.done("add", site.url("/tin.rss"), "--kind", "feed", "--name", "Báo A")
    await sources.done("add", site.url("/tin"), "--pattern", "/tin/*", "--name", "Cổng B")
    file = tmp_path / "nguon.opml"
    await sources.done("export", str(file))
    assert file.read_text("utf-8") == await sources.done("export")
    elsewhere = Commands(tmp_path / "elsewhere")
    assert await elsewhere.done("import", str(file)) == "2 added, 0 skipped\n"
    assert await elsewhere.done("list") == await sources.done("list")
    again = await elsewhere("import", str(file))
    assert "0 added, 2 skipped" in again.output


async def test_a_hostile_list_is_refused_and_changes_nothing(
    sources: Commands, tmp_path: Path
) -> None:
    file = tmp_path / "x.opml"
    file.write_text("<!DOCTYPE a [<!ENTITY b 'c'>]><opml><body/></opml>", encoding="utf-8")
    assert "entities" in await sources.refused("import", str(file))
    assert "No source" in await sources.done("list")


async def test_the_sources_of_the_settings_are_followed_beside_the_others(
    site: Site, tmp_path: Path
) -> None:
    await Commands(tmp_path).done("add", site.url("/a.rss"), "--kind", "feed", "--name", "A")
    setting = SourceSetting.model_validate({"url": site.url("/"), "name": "Tin nhanh"})
    sources = Commands(tmp_path, setting)
    assert "1 new" in await sources.done("check", "Tin nhanh")
    listed = await sources.done("list")
    assert f"Tin nhanh: feed {site.url('/tin.rss')}" in listed
    assert "A: feed" in listed
    assert listed == await sources.done("list")


def test_folders_of_one_name_are_two_sources(tmp_path: Path) -> None:
    values = [{"folder": f"/srv/{place}/tin"} for place in "ab"]
    wanted = tuple(SourceSetting.model_validate(value) for value in values)
    with Library.open(tmp_path) as library:
        follow_settings(library.followed, wanted)
        followed = library.followed.all()
        follow_settings(library.followed, wanted)
        assert library.followed.all() == followed
    assert [source.name for source in followed] == ["/srv/b/tin", "tin"]


def test_a_name_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    values = [{"name": "Tin", "folder": f"/srv/{place}"} for place in "ab"]
    wanted = tuple(SourceSetting.model_validate(value) for value in values)
    with Library.open(tmp_path) as library, pytest.raises(HoiBaoError, match="given twice"):
        follow_settings(library.followed, wanted)


def test_settings_that_changed_change_their_source(tmp_path: Path) -> None:
    def setting(**values: object) -> tuple[SourceSetting, ...]:
        return (SourceSetting.model_validate({"name": "Cổng"} | values),)

    with Library.open(tmp_path) as library:
        followed = library.followed
        follow_settings(followed, setting(url="https://a.example/tin", pattern="/a/*"))
        (added,) = followed.all()
        assert added.kind is SourceKind.LISTING
        follow_settings(followed, setting(url="https://a.example/tin", pattern="/a/*"))
        assert followed.all() == [added]
        follow_settings(followed, setting(url="https://b.example/tin", pattern="/b/*"))
        (moved,) = followed.all()
        assert (moved.id, moved.address, moved.pattern) == (
            added.id,
            "https://b.example/tin",
            "/b/*",
        )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"url": "https://a.example/", "folder": "tin"},
        {"url": "https://a.example/", "kind": "folder"},
        {"folder": "tin", "kind": "feed"},
        {"url": "không phải địa chỉ"},
        {"url": "https://a.example/", "kind": "twitter"},
        {"url": "https://a.example/", "pattern": "^("},
        {"url": "https://a.example/", "every": 5},
    ],
)
def test_a_source_setting_that_makes_no_sense_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        SourceSetting.model_validate(values)


def test_sources_are_followed_within_the_bounds_of_the_settings() -> None:
    chosen = Following(failures=3, shortest_minutes=30, longest_hours=12)
    assert chosen.bounds == Bounds(failures=3, shortest=1800, longest=43_200, nearby=5)
    assert Following().bounds == Bounds(nearby=5)


async def test_sources_are_followed_for_as_long_as_the_bot_runs(site: Site, tmp_path: Path) -> None:
    asked = asyncio.Event()
    play = site.handlers["/lu.html"]

    async def tell(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await play(request, reader, writer)
        asked.set()

    site.handlers["/lu.html"] = tell
    setting = SourceSetting.model_validate({"url": site.url("/tin.rss"), "kind": "feed"})
    with Library.open(tmp_path) as library:
        settings = Settings(sources=(setting,), private_networks=True)
        async with running_follower(make_follower(library, settings), library, settings):
            await asyncio.wait_for(asked.wait(), PATIENCE_SECONDS)
        (source,) = library.followed.all()
        assert source.name.endswith("/tin.rss")
